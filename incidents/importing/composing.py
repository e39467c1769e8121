"""Makes a mapping of what somebody chose for each column of their sheet.

One rule: a column becomes one thing, and a column that nobody chose for stays as extra data.
`OFFERED` lists what can be chosen, in groups, in the order of the mapping page. Pure.
"""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from incidents.importing.presets import Preset, Section, Value
from incidents.importing.targets import ASSESSMENT, CLAIM, INCIDENT, PLACE

OFFERED = (
    (_("The row"), ("id", "incident.key")),
    (_("When and where"), ("date", "country", "division", "place", "latitude", "longitude")),
    (
        _("How many, and who says so"),
        tuple(
            f"claim.{name}"
            for name in (
                *("words", "source", "source_as_printed", "measure", "basis", "stance", "people"),
                *("act_words", "quote", "translation", "locator", "origin", "seen_original"),
                *("credibility", "status", "status_note"),
            )
        ),
    ),
    (
        _("The article"),
        tuple(
            f"claim.{name}"
            for name in (
                *(
                    "article_url",
                    "archive_url",
                    "article_title",
                    "publisher",
                    "credit",
                    "published",
                ),
                *("language", "article_kind"),
            )
        ),
    ),
    (
        _("The incident"),
        tuple(
            f"incident.{name}"
            for name in (
                *("title", "summary", "category", "kind", "people_label", "nationality", "sending"),
                *("receiving", "responsible", "wave"),
            )
        ),
    ),
    (
        _("Figures that the data set decided"),
        tuple(f"assessment.{name}" for name in ("low", "best", "high")),
    ),
)
OWN = {
    "id": _("Your own number of the row; with it, a newer edition is recognised row by row."),
    "date": INCIDENT["date"],
    "place": PLACE["place"],
    "country": _("Country where it happened, by code or name."),
    "division": _("Province or state where it happened; best beside a column for the country."),
    "latitude": _("Latitude in degrees, such as 42.97."),
    "longitude": _("Longitude in degrees, such as 129.84."),
}
NAMES = {
    "id": _("Number of the row"),
    "date": _("Date"),
    "place": _("Place"),
    "country": _("Country"),
    "division": _("Province or state"),
    "latitude": _("Latitude"),
    "longitude": _("Longitude"),
    "incident.key": _("Key of the incident"),
    "claim.words": _("How many people"),
    "claim.source": _("Source: who says so"),
    "claim.article_url": _("Link to the article"),
    "claim.source_as_printed": _("Source as printed"),
    "claim.measure": _("Measure"),
    "claim.basis": _("Basis"),
    "claim.stance": _("Stance"),
    "claim.people": _("People"),
    "claim.act_words": _("Act words"),
    "claim.quote": _("Quote"),
    "claim.translation": _("Translation"),
    "claim.locator": _("Locator"),
    "claim.origin": _("Origin"),
    "claim.seen_original": _("Seen original"),
    "claim.credibility": _("Credibility"),
    "claim.status": _("Status"),
    "claim.status_note": _("Status note"),
    "claim.archive_url": _("Archive URL"),
    "claim.article_title": _("Article title"),
    "claim.publisher": _("Publisher"),
    "claim.credit": _("Credit"),
    "claim.published": _("Published"),
    "claim.language": _("Language"),
    "claim.article_kind": _("Article kind"),
    "incident.title": _("Title"),
    "incident.summary": _("Summary"),
    "incident.category": _("Category"),
    "incident.kind": _("Kind"),
    "incident.people_label": _("People label"),
    "incident.nationality": _("Nationality"),
    "incident.sending": _("Sending state"),
    "incident.receiving": _("Receiving state"),
    "incident.responsible": _("Responsible"),
    "incident.wave": _("Wave"),
    "assessment.low": _("Lowest number"),
    "assessment.best": _("Best number"),
    "assessment.high": _("Highest number"),
}
SECTIONS = {"incident": INCIDENT, "claim": CLAIM, "assessment": ASSESSMENT}
READERS = {
    "claim.words": "count",
    "claim.source": "one_source",
    "claim.seen_original": "yes_no",
    "claim.published": "day",
    "assessment.low": "whole",
    "assessment.best": "whole",
    "assessment.high": "whole",
}
HAPPENED = Value(value="happened")
DECIDED = "As decided by whoever made the imported data set"
Columns = Mapping[str, str]  # what was chosen, and the header of the column


def meaning(target: str) -> str:
    """Say what can stand in a column that becomes this."""
    section, _dot, name = target.rpartition(".")
    return str(OWN[target] if not section else SECTIONS[section][name])


def name_of(target: str) -> str:
    """Name a target in few words."""
    return str(NAMES[target])


def composed(chosen: Columns, *, rows: str, title: str) -> Preset:
    """Make the mapping of a sheet whose rows are incidents, or claims."""
    return Preset(
        name=title[:100],
        title=title,
        rows=rows,
        incident=incident_of(chosen, rows),
        places=tuple(places_of(chosen)),
        claims=tuple(claims_of(chosen, rows)),
        assessments=tuple(assessments_of(chosen)),
        id=(chosen["id"],) if "id" in chosen else (),
    )


def incident_of(chosen: Columns, rows: str) -> Section:
    """Make the part about the incident."""
    values = direct(chosen, "incident")
    if rows == "incidents":
        values.pop("key", None)
        if "date" in chosen:
            values["date"] = Value((chosen["date"],), read="day")
    if "latitude" in chosen and "longitude" in chosen:
        together = (chosen["latitude"], chosen["longitude"])
        values["point"] = Value(together=together, read="points")
        values["point_precision"] = Value(value="locality")
    return Section(values)


def places_of(chosen: Columns) -> list[Section]:
    """Make the parts about places: the one that is named, and the country or province."""
    found = []
    if "place" in chosen:
        named = (chosen["place"],)
        found.append({"place": Value(named, read="place"), "words": Value(named), "role": HAPPENED})
    if "division" in chosen and "country" in chosen:
        together = (chosen["country"], chosen["division"])
        found.append({"place": Value(together=together, read="division"), "role": HAPPENED})
    elif "division" in chosen:
        found.append({"place": Value((chosen["division"],), read="place"), "role": HAPPENED})
    elif "country" in chosen:
        found.append({"place": Value((chosen["country"],), read="country"), "role": HAPPENED})
    return [Section(values, needs=("place",)) for values in found]


def claims_of(chosen: Columns, rows: str) -> list[Section]:
    """Make the parts about claims; further addresses in a cell are articles that comment."""
    values = direct(chosen, "claim")
    if rows == "claims":
        return [Section(values | of_claim(chosen), label="claim")]
    if not values:
        return []
    if "source" in values and "source_as_printed" not in values:
        values["source_as_printed"] = Value((chosen["claim.source"],))
    if "article_url" not in values:
        return [Section(values, label="claim")]
    each = Value(values.pop("article_url").columns, read="urls")
    one = {"article_url": Value(part="url"), "archive_url": Value(part="archive_url")}
    more = {
        "words": Value(value="none stated"),
        "stance": Value(value="comments"),
        "article_url": Value(part="url"),
    }
    return [
        Section(one | values, each=each, only="first", label="claim"),
        Section(more, each=each, only="others", label="also"),
    ]


def of_claim(chosen: Columns) -> dict[str, Value]:
    """Make what a claim says of day and place where each row is a claim."""
    values = {}
    if "claim.source" in chosen and "claim.source_as_printed" not in chosen:
        values["source_as_printed"] = Value((chosen["claim.source"],))
    if "date" in chosen:
        values["date"] = Value((chosen["date"],), read="day")
    if "place" in chosen:
        values["place"] = Value((chosen["place"],), read="place")
        values["place_words"] = Value((chosen["place"],))
        values["place_role"] = HAPPENED
    return values


def assessments_of(chosen: Columns) -> list[Section]:
    """Make the part about figures that the data set decided itself."""
    values = direct(chosen, "assessment")
    if not values:
        return []
    constant = Value(value=DECIDED)
    return [Section(values | {"rule": constant, "reason": constant})]


def direct(chosen: Columns, section: str) -> dict[str, Value]:
    """Make the values of a part that are each one column."""
    begin = f"{section}."
    return {
        target.removeprefix(begin): Value((header,), read=READERS.get(target, "text"))
        for target, header in chosen.items()
        if target.startswith(begin)
    }
