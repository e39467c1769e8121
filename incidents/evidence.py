"""What a reviewer reads on one page before deciding: the claims, and the figure they alone give.

One rule: claims and assessments are asked for as this reader. Called by the action pages.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from incidents import deriving, detail, records
from incidents.filters import ask
from incidents.gathering import Row
from incidents.models import Incident, User, choices
from incidents.past import figures_from
from incidents.waiting import words_of


def of_incident(incident: Incident, user: User) -> dict[str, Any]:
    """Gather the claims with their words, whether each counts, and the decisions so far."""
    claims = claims_of(incident, user)
    return {
        "claims": claims,
        "counting": sum(claim["counts"] for claim in claims),
        "from_claims": figures_from_claims(incident),
        "assessments": detail.assessments_of(incident, user),
    }


def claims_of(incident: Incident, user: User) -> Sequence[Row]:
    """Read the claims that this person may see, each with why it does not count."""
    claims = records.claim_rows([incident.pk], ask("", user))
    for claim in claims:
        claim["why_not"] = detail.why_not(claim, claims, incident)
        claim["labels"] = detail.labels(claim)
    return claims


def figures_from_claims(incident: Incident) -> list[tuple[str, str]]:
    """Say the figure of each measure as it follows from the claims, without any assessment."""
    [stored] = deriving.read([incident.pk])
    figures = figures_from(replace(stored, assessments=[]))
    return [
        (str(choices.Measure(measure).label), words_of(figure))
        for measure, figure in figures.items()
    ]
