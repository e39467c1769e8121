"""Records on their way through the review, for its tests: submitted, signed, changed since."""

from incidents import actions
from incidents.models import Incident, User
from tests.factories import make_claim, make_incident


def submitted(by: User, title: str = "", *, words: str = "around 200", **fields) -> Incident:
    """Make a record that one person logged with one claim and handed in; it lacks nothing."""
    stated = {"date_not_stated": True, "place_not_stated": True, "logged_by": by}
    incident = make_incident(title, published=False, **(stated | fields))
    make_claim(incident, words)
    actions.revise(incidents=[incident.pk], by=by, why="logged")
    return actions.submit(incident=incident, by=by, why="ready")


def signed(by: User, reviewer: User, title: str = "", **fields) -> Incident:
    """Make a record that one person logged and another signed."""
    incident = submitted(by, title, **fields)
    return actions.publish(incident=incident, by=reviewer, why="read")


def summarised(incident: Incident, by: User, summary: str = "One more sentence.") -> Incident:
    """Change what no figure rests on."""
    Incident.objects.filter(pk=incident.pk).update(summary=summary)
    actions.revise(incidents=[incident.pk], by=by, why="summary")
    incident.refresh_from_db()
    return incident


def reported(incident: Incident, by: User, words: str = "up to 60", **fields) -> Incident:
    """Add a claim."""
    make_claim(incident, words, **fields)
    actions.revise(incidents=[incident.pk], by=by, why="another report")
    incident.refresh_from_db()
    return incident
