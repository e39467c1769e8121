"""Saves what the coding page holds: the article's own fields, and one claim with all it starts.

One rule: one save is one transaction and one new version of the incident it touches; what nobody
may see of a restricted article leaves nothing in its history. Called by the coding page alone.
"""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_noop

from incidents import actions
from incidents.admin.saving import SHOWN_OF_ARTICLE, Touched, hold, reread_dates, sign
from incidents.forms import changed_fields
from incidents.forms.coding import CodingForm
from incidents.forms.facts import ArticleFactsForm
from incidents.forms.vocabularies import free_slug
from incidents.models import Article, Claim, Incident, IncidentPlace, Place, Source, User


@transaction.atomic
def save_article(facts: ArticleFactsForm, *, by: User, state: str | None) -> None:
    """Save what was typed about the article itself; revise its incidents where readers see it."""
    why = gettext_noop("Noted while reading the article.")
    write_article(facts, by=by, why=why, state=state).write(by=by, why=why)


@transaction.atomic
def save_claim(
    facts: ArticleFactsForm, form: CodingForm, *, by: User, state: str | None = None
) -> Claim:
    """Save the article and one claim, with the source, place and incident that it starts."""
    claim, article = form.instance, facts.instance
    # No title in it: that may be closed one day, a reason stays.
    why = gettext_noop("Added while coding an article.")
    hold([claim.incident.pk])
    touched = write_article(facts, by=by, why=why, state=state)
    claim.source = claim.source or add_source(
        form.new_source, form.cleaned_data["new_source_kind"], by=by, why=why
    )
    if form.new_place:
        claim.place = add_place(form, by=by, why=why)
    if form.draft is not None:
        claim.incident = start_incident(form, article, by=by, why=why)
    sign(claim, by, why)
    claim.save()
    touched.by_claim(form)
    if form.draft is not None:
        touched.revised.discard(form.draft.pk)
    touched.write(by=by, why=why)
    return claim


def write_article(facts: ArticleFactsForm, *, by: User, why: str, state: str | None) -> Touched:
    """Write the article where anything about it changed; return the incidents that touched."""
    article, touched = facts.instance, Touched()
    publisher = facts.publisher or add_source(facts.new_publisher, "outlet", by=by, why=why)
    changed = set(changed_fields(facts))
    if publisher != article.publisher:
        changed.add("publisher")
    if state not in (None, article.coding_state):
        changed.add("coding_state")
    if article.url and article.accessed_on is None:
        changed.add("accessed_on")
        article.accessed_on = timezone.now().date()
    if not changed:
        return touched
    article.publisher, article.coding_state = publisher, state or article.coding_state
    sign(article, by, why)
    article.save()
    if "date_words" in changed:
        reread_dates(article, by=by, why=why)
    if changed & SHOWN_OF_ARTICLE:
        touched.by_article(article, closed_before=article.restricted)
    return touched


def add_source(name: str, kind: str, *, by: User, why: str) -> Source | None:
    """Add a source by its name alone; none where no name is given."""
    if not name:
        return None
    need(by, "incidents.add_source")
    source = Source(name=name, slug=free_slug(name), kind=kind or Source.Kind.OTHER)
    actions.save(source, by=by, why=why)
    return source


def add_place(form: CodingForm, *, by: User, why: str) -> Place:
    """Add a place below the one that was named; its code is made from its name."""
    need(by, "incidents.add_place")
    parent, name = form.cleaned_data["new_place_parent"], form.new_place
    kind = form.cleaned_data["new_place_kind"] or Place.Kind.LOCALITY
    place = Place(code=free_code(parent, name), kind=kind, parent=parent, name=name)
    actions.save(place, by=by, why=why)
    return place


def free_code(parent: Place, name: str) -> str:
    """Make a code that no place has: CN-JL/tumen, else CN-JL/place-2 and so on."""
    base = f"{parent.code.partition('/')[0]}/{slugify(name)[:40] or 'place'}"
    taken = set(Place.objects.filter(code__startswith=base).values_list("code", flat=True))
    numbered = (f"{base}-{n}" for n in range(2, len(taken) + 3))
    return base if base not in taken else next(code for code in numbered if code not in taken)


def start_incident(form: CodingForm, article: Article, *, by: User, why: str) -> Incident:
    """Start the draft that the claim names; what starts from a closed article stays as closed."""
    need(by, "incidents.add_incident")
    draft, claim = form.draft, form.instance
    actions.save(draft, by=by, why=why)
    draft.restricted_to.set(article.restricted_to.all())
    if form.cleaned_data["new_incident_takes"] and claim.place:
        role = claim.place_role or IncidentPlace.Role.UNCLEAR
        touched = IncidentPlace(
            incident=draft, place=claim.place, role=role, words=claim.place_words
        )
        actions.save(touched, by=by, why=why)
    return draft


def need(by: User, right: str) -> None:
    """Refuse what the person's roles do not include."""
    if not by.has_perm(right):
        raise PermissionDenied
