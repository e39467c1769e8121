"""A second opinion on both files: rendered in plain Python, record by record, with no shared SQL.

One rule: nothing of columns, expressions or written is used here, so that what both say is right.
"""

from typing import Any

from django.utils.translation import get_language

from incidents import dates
from incidents.cells import BOM, Text, csv_lines, joined
from incidents.cited import citations
from incidents.filters import Question
from incidents.keyset import in_order
from incidents.models import Article, Claim, Incident, IncidentLink, code_of
from incidents.reckoning import one_by_one
from incidents.records import claim_values
from incidents.summaries import live_standings

SITE = "http://127.0.0.1:8000"
POINTS = ("locality", "site")
BESIDE_INCIDENT = (
    *("category", "sending", "receiving"),
    *("main_place__region", "main_place__country", "main_place__admin1"),
)
BESIDE_CLAIM = ("article__publisher", "article__credit", "source__country", "place")


def rendered(question: Question, table: str) -> bytes:
    """Render a whole file."""
    make = {"incidents": incident_cells, "claims": claim_cells}[table]
    rows = list(make(question))
    names = list(rows[0]) if rows else []
    body = csv_lines([row.values() for row in rows], raw=question.raw)
    header = csv_lines([names], raw=True) if rows else ""
    return ((header if question.raw else BOM + header) + body).encode()


def incident_cells(question: Question):
    """Go through the rows of incidents.csv."""
    stood = live_standings(one_by_one(question))
    incidents = Incident.objects.select_related(*BESIDE_INCIDENT).in_bulk()
    seen = set(Incident.objects.visible_to(question.user).values_list("pk", flat=True))
    for pk in in_order(question).values_list("pk", flat=True):
        incident, claims = incidents[pk], claim_values([pk], question.user)
        beside = told(incident, claims, seen, stood)
        yield {**facts(incident, question), **figures(incident), **beside}


def facts(incident: Incident, question: Question) -> dict[str, Any]:
    """The cells before the figure."""
    place, days = incident.main_place, (incident.earliest, incident.latest)
    own = incident.latitude is not None
    point = incident if own else place if place and place.kind in POINTS else None
    years = {day.year for day in days if day}
    return {
        "incident": incident.code,
        "kind": incident.kind,
        "title": Text(incident.title),
        "category": Text(incident.category.code),
        "measure": incident.category.measure,
        "status": incident.status,
        "review": str(incident.review),
        "date_edtf": incident.date_edtf,
        "date_words": Text(incident.date_words),
        "date_inferred": incident.date_inferred,
        "earliest": incident.earliest,
        "latest": incident.latest,
        "date_precision": dates.precision_of(*days),
        "date_match": question.match_of(*days),
        "year": years.pop() if all(days) and len(years) == 1 else None,
        **place_cells(place),
        "place_role": incident.main_role,
        "place_precision": incident.point_precision or precision(place),
        "latitude": point and point.latitude,
        "longitude": point and point.longitude,
        "sending": Text(incident.sending.code if incident.sending else ""),
        "receiving": Text(incident.receiving.code if incident.receiving else ""),
        "people": Text(incident.people_label),
        "responsible": Text(incident.responsible),
    }


def place_cells(place) -> dict[str, Any]:
    """The cells of the place and what it lies in."""
    cells: dict[str, Any] = {}
    for part in ("region", "country", "admin1"):
        above = getattr(place, part) if place else None
        cells[f"{part}_code"] = Text(above.code if above else "")
        if part == "country":
            cells["country_iso3"] = above.iso3 if above else ""
        cells[part] = Text(above.label if above else "")
    cells |= {"place_code": Text(place.code if place else "")}
    return cells | {"place": Text(place.label if place else "")}


def precision(place) -> str:
    """How exactly a place is known by its kind."""
    kinds = ("site", "locality", "admin2", "admin1", "country")
    return place.kind if place and place.kind in kinds else "none"


def figures(incident: Incident) -> dict[str, Any]:
    """The cells of the figure."""
    names = "people_low people_best people_high stated_min stated_max figure_kind".split()
    others = incident.figures.exclude(measure=incident.category.measure).order_by("measure")
    return {
        **{name: getattr(incident, name) for name in names},
        "figure_words": Text(words(incident)),
        "disputed": incident.disputed,
        "newer_claims": incident.newer_claims,
        "other_figures": joined(f"{its.measure} {numbers(its)} ({words(its)})" for its in others),
    }


def words(figure) -> str:
    """The words of a figure in the reader's language, else in English."""
    own = f"figure_words_{(get_language() or 'en')[:2]}"
    return getattr(figure, own, "") or figure.figure_words


def numbers(figure) -> str:
    """Write low, best and high."""
    values = (figure.people_low, figure.people_best, figure.people_high)
    return "/".join("-" if value is None else str(value) for value in values)


def told(incident: Incident, claims: list, seen: set[int], stood: dict) -> dict[str, Any]:
    """The cells of what stands beside the incident, as a reader who sees these claims may know."""
    cells = citations(claims)
    counted, why, group = standing(incident, stood)
    every = IncidentLink.objects.order_by("id")
    links = [link for link in every if {link.first_id, link.second_id} <= seen]
    same = [link for link in links if link.kind == "same_people"]
    return {
        "counted": counted,
        "counted_why": why,
        "overlap_group": code_of(group),
        "claims": len(claims),
        "sources_named": incident.sources_named,
        "sources_own": incident.sources_own,
        "wave": code_of(incident.wave_id) if incident.wave_id in seen else "",
        "may_overlap": joined(
            f"{code_of(other)} ({link.certainty})"
            for link in same
            for here, other in (
                (link.first_id, link.second_id),
                (link.second_id, link.first_id),
            )
            if here == incident.pk
        ),
        "next_stage": joined(
            code_of(link.second_id)
            for link in links
            if link.kind == "next_stage" and link.first_id == incident.pk
        ),
        "sources": cells["cited_sources"],
        "article_urls": cells["cited_urls"],
        "archive_urls": cells["cited_archives"],
        "summary": Text(incident.summary),
        "extra": Text(incident.extra),
        "version": incident.version,
        "first_published": incident.first_published,
        "updated": incident.updated,
        "url": f"{SITE}/incidents/{incident.code}/",
    }


def standing(incident: Incident, stood: dict) -> tuple[bool, str, int | None]:
    """Say whether an incident is a line of the total, why not, and in which group."""
    if incident.kind == "aggregate":
        return False, "aggregate", None
    if incident.pk in stood:
        its = stood[incident.pk]
        return its.counted, its.why, its.group
    has_figure = incident.figure_kind != "none"
    return has_figure, "" if has_figure else "no figure", None


def claim_cells(question: Question):
    """Go through the rows of claims.csv."""
    visible = Claim.objects.visible_to(question.user).order_by("pk")
    articles = Article.objects.visible_to(question.user)
    by_incident: dict[int, list[Claim]] = {}
    for claim in visible.select_related(*BESIDE_CLAIM).prefetch_related("steps"):
        by_incident.setdefault(claim.incident_id, []).append(claim)
    seen = set(visible.values_list("pk", flat=True)), set(articles.values_list("pk", flat=True))
    for pk in in_order(question).values_list("pk", flat=True):
        for claim in by_incident.get(pk, ()):
            yield cells_of_claim(claim, *seen)


def cells_of_claim(claim: Claim, claims: set[int], articles: set[int]) -> dict[str, Any]:
    """The cells of one claim, for a reader who sees these claims and articles."""
    article, source, place = claim.article, claim.source, claim.place

    def free(value: str | None) -> Text:
        return Text(value or "")

    def if_seen(seen: set[int], key: int | None) -> int | None:
        return key if key in seen else None

    return {
        "incident": code_of(claim.incident_id),
        "claim": claim.pk,
        "source": free(source and source.name),
        "source_slug": free(source and source.slug),
        "source_as_printed": free(claim.source_as_printed),
        "source_kind": source and source.kind,
        "source_country": free(source and source.country and source.country.code),
        "steps": joined(map(step, sorted(claim.steps.all(), key=lambda made: made.position))),
        "stance": claim.stance,
        "measure": claim.measure,
        "basis": claim.basis,
        "of": if_seen(claims, claim.of_id),
        "words": free(claim.words),
        **plain(claim, "qualifier low value high unit"),
        "people": free(claim.people),
        "act_words": free(claim.act_words),
        "date_edtf": claim.date_edtf,
        "date_words": free(claim.date_words),
        **plain(claim, "earliest latest"),
        "place_words": free(claim.place_words),
        "place_code": free(place and place.code),
        "place": free(place and place.label),
        "place_role": claim.place_role,
        "quote": free(claim.quote),
        "translation": free(claim.translation),
        "locator": free(claim.locator),
        **plain(claim, "origin seen_original"),
        "repeats": if_seen(claims, claim.repeats_id),
        "corrects": if_seen(claims, claim.corrects_id),
        **plain(claim, "credibility status counts"),
        "article": article.pk,
        "article_title": free(article.title),
        "publisher": free(article.publisher and article.publisher.name),
        "credit": free(article.credit and article.credit.name),
        "reprint_of": if_seen(articles, article.reprint_of_id),
        "published": article.date_edtf,
        "published_words": free(article.date_words),
        "language": free(article.language),
        "article_url": free(article.url),
        "archive_url": free(article.archive_url),
        "updated": claim.updated,
        "url": f"{SITE}/incidents/{code_of(claim.incident_id)}/#claim-{claim.pk}",
    }


def plain(record, names: str) -> dict[str, Any]:
    """Cells that are a field as it is."""
    return {name: getattr(record, name) for name in names.split()}


def step(made) -> str:
    """One step of a chain: name, verb and day."""
    return ", ".join(filter(None, (made.name_as_printed, made.verb, made.date_edtf)))
