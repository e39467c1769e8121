"""Makes the columns of records out of what a row says, and checks each as the forms would.

One rule: what the database would refuse is refused here, with the row, column, value and what is
allowed; so that nothing is saved half. Called by planning.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext as _

from incidents.addresses import url_key
from incidents.importing.binding import Line, Said
from incidents.importing.chain import steps_in
from incidents.importing.resolving import KnownCategory, Vocabulary
from incidents.importing.understanding import NONE_STATED, Understood
from incidents.models import Article, Claim, ClaimStep, Incident, IncidentPlace
from incidents.models.shapes import counted_columns, dated_columns

Columns = dict[str, Any]
MOST_PEOPLE = 10**9
is_url = URLValidator(schemes=("http", "https", "ftp", "ftps"))
# Addresses that is_url takes, without asking it; most are such, and it takes 30 microseconds.
USUAL = re.compile(r"https?://(?:[a-z0-9]{1,30}\.){1,5}[a-z]{2,20}(?:/[a-zA-Z0-9./?=&%+_-]*)?")
ARTICLE = (
    *("article_url", "article_title", "language", "article_kind", "archive_url", "published"),
    *("published_read",),
)
MOST_REMEMBERED = 20_000
AS_IMPORTED = "As in the file it was imported from."


class Building:
    """Makes records of rows, with the vocabularies of the database."""

    def __init__(self, vocabulary: Vocabulary, *, default_category: str = "other") -> None:
        """Make records that fall into this category where a row names none."""
        self.vocabulary, self.default_category = vocabulary, default_category
        self.articles: dict[tuple, Columns] = {}  # those that nothing was to be said about

    def incident(self, understood: Understood) -> Columns:
        """Make the columns of an incident; `extra` is known when all of its row was made."""
        said, row = understood.incident, Checked(understood)
        category = self.category(said.get("category"), row)
        columns: Columns = {
            "kind": row.choice(Incident, "kind", said.get("kind") or "event"),
            "category_id": category.key,
            "title": row.text(Incident, "title", said.get("title") or ""),
            "summary": said.get("summary") or "",
            "people_label": row.text(Incident, "people_label", said.get("people_label") or ""),
            "responsible": row.text(Incident, "responsible", said.get("responsible") or ""),
            **dated(said, row),
            **self.point(said, row),
        }
        for name in ("nationality", "sending", "receiving"):
            columns[f"{name}_id"] = self.country(said.get(name), name, row)
        columns["title"] = columns["title"] or self.title(understood, category.name)
        columns["date_not_stated"] = not columns["date_words"]
        return columns

    def category(self, name: str | None, row: "Checked") -> KnownCategory:
        """Find the category that a row names, or the one for rows that name none."""
        found = self.vocabulary.category(name or self.default_category)
        if found is None:
            codes = sorted({known.code for known in self.vocabulary.categories.values()})
            why = _("is no category, and the mapping does not say what it means: %s.")
            row.reject("category", name or "", why % ", ".join(codes))
        return found or KnownCategory(0, "other", "affected", "")

    def country(self, asked: Any, target: str, row: "Checked") -> int | None:
        """Find a country that a row names; one that is not known stays as extra data."""
        if not asked:
            return None
        name = asked[-1] if isinstance(asked, tuple) else asked
        found = self.vocabulary.country(name)
        if found is None:
            row.aside(target, name, _("is no country of the gazetteer"))
        return found

    def point(self, said: Said, row: "Checked") -> Columns:
        """Make the point that the row itself gives, with its precision."""
        if not said.get("point"):
            return {"latitude": None, "longitude": None, "point_precision": ""}
        latitude, longitude, *precision = said["point"]
        wanted = precision[0] if precision else said.get("point_precision") or "locality"
        found = row.choice(Incident, "point_precision", wanted)
        return {"latitude": latitude, "longitude": longitude, "point_precision": found}

    def title(self, understood: Understood, category: str) -> str:
        """Put a title together from the rest: what, where, when."""
        claims = understood.claims
        words = next((claim["words"] for claim in claims if claim.get("words")), "")
        where = next((said["words"] for said in understood.places if said.get("words")), "")
        where = where or next((c["place_words"] for c in claims if c.get("place_words")), "")
        when = understood.incident.get("date") or next(
            (claim["date"] for claim in claims if claim.get("date")), ""
        )
        parts = [category, words, where, when]
        return ", ".join(" ".join(part.split()) for part in parts if part)[:300]

    def places(self, understood: Understood) -> list[Columns]:
        """Make the places of an incident; what the gazetteer lacks stays in the words alone."""
        row, made = Checked(understood), []
        for said in [*understood.places, *self.places_of_claims(understood)]:
            words = row.text(IncidentPlace, "words", " ".join((said.get("words") or "").split()))
            asked = said.get("place") or (("place", words) if words else None)
            found = self.vocabulary.place(as_asked(asked)) if asked else None
            if found is None:
                if asked:
                    row.aside(
                        said.get("column") or "place", asked[-1], _("is no place of the gazetteer")
                    )
                continue
            role = row.choice(IncidentPlace, "role", said.get("role") or "unclear")
            made.append({"place_id": found, "role": role, "words": words})
        return list({(place["place_id"], place["role"]): place for place in made}.values())

    def places_of_claims(self, understood: Understood) -> list[Said]:
        """List the places of claims, for an incident that names none of its own."""
        if understood.places:
            return []
        return [
            {
                "place": said["place"],
                "role": usual_role(said.get("place_role")),
                "words": said.get("place_words"),
            }
            for said in understood.claims
            if said.get("place")
        ]

    def claim(self, said: Said, understood: Understood, measure: str) -> Columns:
        """Make the columns of a claim, without its article, incident and other claims."""
        row, count = Checked(understood), said.get("count")
        columns: Columns = {
            "words": (said.get("words") or NONE_STATED).strip(),
            "measure": row.choice(Claim, "measure", said.get("measure") or measure),
            "basis": row.choice(Claim, "basis", said.get("basis") or "event"),
            "stance": row.choice(Claim, "stance", said.get("stance") or "affirms"),
            "origin": row.choice(Claim, "origin", said.get("origin") or "not_known"),
            "status": row.choice(Claim, "status", said.get("status") or "accepted"),
            "status_note": said.get("status_note") or "",
            "seen_original": bool(said.get("seen_original")),
            "credibility": row.whole("credibility", said.get("credibility"), 1, 6),
            "place_role": row.choice(Claim, "place_role", said.get("place_role") or ""),
            "place_id": self.place_of_claim(said, row),
            "quote": said.get("quote") or "",
            "translation": said.get("translation") or "",
            **dated(said, row),
        }
        for name in ("source_as_printed", "people", "act_words", "place_words", "locator"):
            columns[name] = row.text(Claim, name, said.get(name) or "")
        if columns["status"] != "accepted" and not columns["status_note"]:
            columns["status_note"] = AS_IMPORTED
        if count is not None:
            for name in ("low", "value", "high"):
                row.whole("words", getattr(count, name), 0, MOST_PEOPLE)
            columns |= counted_columns(count)
        return columns

    def place_of_claim(self, said: Said, row: "Checked") -> int | None:
        """Find the place that a claim names."""
        if not said.get("place"):
            return None
        asked = as_asked(said["place"])
        found = self.vocabulary.place(asked)
        if found is None:
            row.aside("place", asked[-1], _("is no place of the gazetteer"))
        return found

    def article(self, said: Said, understood: Understood) -> Columns:
        """Make the columns of an article, without publisher and credit; neighbours share them."""
        asked, lines = tuple(map(said.get, ARTICLE)), len(understood.lines)
        found = self.articles.get(asked)
        if found is None:
            found = self.new_article(said, Checked(understood))
            if len(self.articles) > MOST_REMEMBERED:
                self.articles.clear()
            if len(understood.lines) == lines:
                self.articles[asked] = found
        return found

    def new_article(self, said: Said, row: "Checked") -> Columns:
        """Make the columns of an article that was not met yet."""
        url = row.url(said.get("article_url") or "")
        title = row.text(Article, "title", said.get("article_title") or "")
        if not url and not title:
            title = f"[{(said.get('article_url') or '')[:400]}]"
        read = said.get("published_read")
        return {
            "url": url,
            "url_key": url_key(url),
            "title": title,
            "language": row.text(Article, "language", said.get("language") or ""),
            "kind": row.choice(Article, "kind", said.get("article_kind") or "news"),
            "archive_url": row.url(said.get("archive_url") or ""),
            "coding_state": "coded",
            **days(said.get("published") or "", read),
        }


def usual_role(role: str | None) -> str:
    """Take the role that a claim gives its place; one that is none is refused with the claim."""
    return role if role in choices_of(IncidentPlace, "role") else "unclear"


def as_asked(place: Any) -> tuple[str, ...]:
    """See a place as the vocabulary is asked for it."""
    return place if isinstance(place, tuple) else ("place", place)


def dated(said: Said, row: "Checked") -> Columns:
    """Make the columns of a date from its words and what they were read as."""
    return days(row.text(Claim, "date_words", said.get("date") or ""), said.get("read"))


def days(words: str, read: Any) -> Columns:
    """Make the columns of a date."""
    return {"date_words": words if read else "", **dated_columns(read)}


class Checked:
    """Checks values against the fields they go into; what does not fit rejects the row."""

    def __init__(self, understood: Understood) -> None:
        """Note what is wrong among the lines of this row."""
        self.understood = understood

    def reject(self, column: str, value: str, why: str) -> None:
        """Reject the row: what was wrong, and what is allowed."""
        column = self.understood.columns.get(column, column)
        shown = value if len(value) <= 80 else value[:79] + "…"
        message = f"“{shown}” {why}"
        self.understood.lines.append(Line(self.understood.row, column, value[:1000], message))

    def aside(self, column: str, value: str, why: str) -> None:
        """Keep a value as extra data."""
        column = self.understood.columns.get(column, column)
        self.understood.extra.setdefault(column, value)
        message = _("%s; kept as extra data.") % f"“{value}” {why}"
        line = Line(self.understood.row, column, value, message, "kept")
        if line not in self.understood.lines:
            self.understood.lines.append(line)

    def text(self, model: type[models.Model], name: str, value: str) -> str:
        """Check the length of a text; one too long is cut, and whole among the extra data."""
        longest = longest_of(model, name)
        if longest is None or len(value) <= longest:
            return value
        why = _("has %(length)s characters, of which %(longest)s fit: cut here")
        label = f"{model._meta.model_name} {name}"
        self.aside(label, value, why % {"length": len(value), "longest": longest})
        return value[: longest - 1] + "…"

    def choice(self, model: type[models.Model], name: str, value: str) -> str:
        """Check a code."""
        allowed = choices_of(model, name)
        code = value.strip().lower().replace(" ", "_")
        if code in allowed:
            return code
        if code:
            self.reject(name, value, _("is not allowed: %s.") % ", ".join(filter(None, allowed)))
        return next(iter(allowed)) if "" not in allowed else ""

    def whole(self, name: str, value: Any, least: int, most: int) -> int | None:
        """Check a whole number."""
        if value in (None, ""):
            return None
        text = str(value)
        if text.isascii() and text.isdigit() and len(text) < 19 and least <= int(text) <= most:
            return int(value)
        self.reject(name, str(value), _("is not a number from %s to %s.") % (least, f"{most:,}"))
        return None

    def url(self, value: str) -> str:
        """Check an address; what is none stays as extra data."""
        value = value.strip()
        if not value or is_address(value):
            return value
        self.aside("article_url", value, _("is no web address"))
        return ""


@cache
def longest_of(model: type[models.Model], name: str) -> int | None:
    """How many characters a field holds."""
    return model._meta.get_field(name).max_length


@cache
def choices_of(model: type[models.Model], name: str) -> tuple[str, ...]:
    """Which codes a field may hold, the usual one first; "" where it may be empty."""
    field = model._meta.get_field(name)
    codes = [code for code, _label in field.choices]
    return (*codes, "") if field.blank else tuple(codes)


def is_address(url: str) -> bool:
    """Tell whether the database takes a text for a web address."""
    if len(url) <= 2000 and USUAL.fullmatch(url):
        return True
    try:
        is_url(url)
    except ValidationError:
        return False
    return len(url) <= 2000 and "\0" not in url


def steps_of(written: str) -> Sequence[Mapping[str, Any]]:
    """Read the chain of a claim as exports write it: `name, verb, date | name, verb, date`."""
    found = []
    for position, (name, verb, date) in enumerate(steps_in(written), start=1):
        longest = longest_of(ClaimStep, "name_as_printed") or 200
        found.append(
            {
                "position": position,
                "name_as_printed": name[:longest],
                "verb": verb[: longest_of(ClaimStep, "verb")],
                "date": date[: longest_of(ClaimStep, "date_words")],
            }
        )
    return found
