"""What the pages of one incident, article or source show, as one reader may see it.

One rule: every list here is asked for through `visible_to`. Called by views alone.
"""

import json
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from incidents import reasons, records
from incidents.filters import ask
from incidents.models import (
    Article,
    Assessment,
    Claim,
    Incident,
    IncidentFigure,
    IncidentLink,
    Source,
    choices,
)
from incidents.pictures.claims import pictures_of
from incidents.records import Row
from incidents.sited import map_of

LATEST = 10


def of_incident(incident: Incident, user) -> dict[str, Any]:
    """Gather what stands on an incident's page."""
    question = ask("", user)
    claims = records.claim_rows([incident.pk], question)
    for claim in claims:
        claim["why_not"] = why_not(claim, claims, incident)
        claim["labels"] = labels(claim)
    speakers = {claim["id"]: claim["speaker"] for claim in claims}
    for claim in claims:
        claim["repeated"] = speakers.get(claim["repeats"])
    figures = list(IncidentFigure.objects.filter(incident=incident).order_by("measure"))
    places = list(incident.places.select_related("place", "place__country"))
    return {
        "incident": incident,
        "pictures": pictures_of(claims, figures, incident.category.measure),
        "map": map_of(incident, places),
        "extra": extra_of(incident),
        "row": head_of(incident),
        "claims": claims,
        "counting": sum(claim["counts"] for claim in claims),
        "figures": figures,
        "places": places,
        "links": links_of(incident, user),
        "events": events_of(incident, user),
        "wave": wave_of(incident, user),
        "assessments": assessments_of(incident, user),
        "versions": versions_of(incident),
    }


def extra_of(incident: Incident) -> dict[str, Any]:
    """The labelled data of an incident that have no column of their own."""
    try:
        found = json.loads(incident.extra or "{}")
    except ValueError:
        return {"": incident.extra}
    return found if isinstance(found, dict) else {"": found}


def head_of(incident: Incident) -> Row:
    """Say the figure, the place and the two states in the reader's language."""
    place, ends = incident.main_place, (incident.sending, incident.receiving)
    sending, receiving = (end.label if end else "" for end in ends)
    return {
        "figure_words": incident.figure_said,
        "place": place.label if place else "",
        "country": place.country.label if place and place.country else "",
        "sending_name": sending,
        "receiving_name": receiving,
        "sources_named": incident.sources_named,
        "unnamed_outlets": incident.unnamed_outlets,
    }


def why_not(claim: Row, claims: Sequence[Row], incident: Incident) -> str:
    """Say in a sentence why a claim does not count; empty when it does."""
    if claim["counts"]:
        return ""
    said = {name: claim[name] for name in SAID_OF_CLAIM}
    corrected = claim["id"] in {other["corrects"] for other in claims}
    return reasons.why_not(kind=incident.kind, corrected=corrected, **said)


SAID_OF_CLAIM = ("restricted", "status", "stance", "basis", "unit", "repeats")


def labels(claim: Row) -> dict[str, str]:
    """Name the codes of a claim for people."""
    vocabularies = {
        "stance": choices.Stance,
        "measure": choices.Measure,
        "basis": choices.Basis,
        "origin": choices.Origin,
        "status": choices.ClaimStatus,
        "place_role": choices.PlaceRole,
        "qualifier": choices.Qualifier,
    }
    return {
        name: str(codes(claim[name]).label) if claim[name] else ""
        for name, codes in vocabularies.items()
    }


def links_of(incident: Incident, user) -> list[dict[str, Any]]:
    """List the links of an incident whose other end this reader may see."""
    seen = Incident.objects.visible_to(user).values("pk")
    links = IncidentLink.objects.filter(Q(first=incident) | Q(second=incident))
    links = links.filter(first__in=seen, second__in=seen).select_related("first", "second")
    return [
        {
            "link": link,
            "other": link.second if link.first_id == incident.pk else link.first,
            "onward": link.first_id == incident.pk,
        }
        for link in links
    ]


def events_of(incident: Incident, user) -> QuerySet:
    """List the events of a wave that this reader may see."""
    return Incident.objects.visible_to(user).filter(wave=incident).order_by("sort_day", "pk")


def wave_of(incident: Incident, user) -> Incident | None:
    """Find the wave an event is part of, if this reader may see it."""
    return Incident.objects.visible_to(user).filter(pk=incident.wave_id).first()


def assessments_of(incident: Incident, user) -> list[dict[str, Any]]:
    """List the assessments, latest first, without those that rest on a claim they may not see.

    `holds` marks the one that stands for its measure; `newer` lists the claims it did not consider.
    """
    made_visible = incident.assessments.visible_to(user)
    made_visible = made_visible.select_related("made_by").prefetch_related("claims")
    counting = incident.claims.filter(counts=True).select_related("source").order_by("pk")
    held: set[str] = set()
    told = []
    for made in made_visible:
        used = list(made.claims.all())
        holds = made.measure not in held and not any(claim.restricted for claim in used)
        newer = newer_claims(made, used, counting) if holds else []
        held |= {made.measure} if holds else set()
        told.append(
            {"made": made, "claims": [claim.pk for claim in used], "holds": holds, "newer": newer}
        )
    return told


def newer_claims(made: Assessment, used: Sequence[Claim], counting: QuerySet) -> list[Claim]:
    """List the claims that count, came after an assessment, and were not considered in it."""
    return [
        claim
        for claim in counting
        if claim.measure == made.measure and claim.created > made.made_at and claim not in used
    ]


def versions_of(incident: Incident) -> list[Any]:
    """List the latest versions: who changed or signed it, when and why."""
    history = incident.history.select_related("history_user").order_by("-history_id")
    return list(history[:LATEST])


def of_article(article: Article, user) -> dict[str, Any]:
    """Gather what stands on an article's page."""
    claims = claims_for_lists(user).filter(article=article)
    reprints = Article.objects.visible_to(user).filter(reprint_of=article)
    original = Article.objects.visible_to(user).filter(pk=article.reprint_of_id).first()
    return {
        "article": article,
        "claims": claims.order_by("incident", "pk"),
        "reprints": reprints.select_related("publisher"),
        "original": original,
    }


def of_source(source: Source, user) -> dict[str, Any]:
    """Gather what stands on a source's page."""
    articles = Article.objects.visible_to(user).filter(Q(publisher=source) | Q(credit=source))
    return {
        "source": source,
        "aliases": list(source.aliases.all()),
        "branches": list(source.branches.standing()),
        "claims": claims_for_lists(user).filter(source=source).order_by("-incident__sort_day"),
        "articles": articles.select_related("publisher")[:100],
    }


def claims_for_lists(user) -> QuerySet:
    """Claims with all that a list of them shows."""
    return Claim.objects.visible_to(user).select_related(
        "incident", "incident__category", "source", "article", "article__publisher", "place"
    )


def sources(text: str, user) -> QuerySet:
    """List sources by name, each with how many claims and articles this reader may see."""
    found = Source.objects.standing()
    found = found.named(text) if text.strip() else found
    claims = Claim.objects.visible_to(user).filter(source=OuterRef("pk"))
    articles = Article.objects.visible_to(user).filter(publisher=OuterRef("pk"))
    return found.select_related("country").annotate(
        claim_count=counted(claims, "source"), article_count=counted(articles, "publisher")
    )


def counted(rows: QuerySet, column: str) -> Coalesce:
    """Count related rows in a subquery."""
    counts = rows.order_by().values(column).annotate(total=Count("pk")).values("total")
    return Coalesce(Subquery(counts), 0)


def citation(incident: Incident, accessed: str) -> str:
    """Say how to cite a record, so that the reader finds the same version again."""
    return _(
        "Attest, record %(code)s, version %(version)s, “%(title)s”, %(url)s, accessed %(day)s."
    ) % {
        "code": incident.code,
        "version": incident.version,
        "title": incident.title,
        "url": settings.SITE_URL + incident.get_absolute_url(),
        "day": accessed,
    }
