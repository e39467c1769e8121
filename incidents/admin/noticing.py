"""Mentions after a save what a careful colleague would point out (`incidents.cautions`).

One rule: it only mentions, never blocks.
"""

from collections.abc import Iterable

from django.contrib import messages
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from incidents import cautions, foreseeing
from incidents.cautions import Caution
from incidents.forms import changed_fields
from incidents.models import Article, Claim, Incident

TEXTS = ("quote", "translation", "summary", "title")
SHAPES_INCIDENT = {"category", "kind", "sending", "receiving", "date_words", "wave"}
SAID = {"source", "source_as_printed", "source_suggested"}
COUNTED = {"words", "incident", "basis", "measure", "stance", "status", "repeats", "corrects"}


def notice(request, forms: Iterable) -> None:
    """Mention what stands out among the texts and records that these forms changed."""
    for form in forms:
        changed = set(changed_fields(form))
        if changed:
            mention(request, [*texts(form, changed), *record(request.user, form, changed)])


def texts(form, changed: set[str]) -> list[Caution]:
    """Look for names in the texts that were changed."""
    return cautions.on_names(form.cleaned_data.get(name) or "" for name in TEXTS if name in changed)


def record(user, form, changed: set[str]) -> list[Caution]:
    """Look at the record that was changed, as far as the change is about more than texts."""
    saved = form.instance
    if isinstance(saved, Incident) and changed & SHAPES_INCIDENT:
        return cautions.on_twins(saved, user)
    if isinstance(saved, Article) and changed & {"url", "title", "publisher"}:
        return cautions.on_same_page(saved, user)
    return on_claim(user, saved, changed) if isinstance(saved, Claim) else []


def on_claim(user, claim: Claim, changed: set[str]) -> list[Caution]:
    """Look at who says it, and at what it cannot be true together with."""
    found = cautions.on_source(claim) if changed & SAID else []
    if changed & COUNTED:
        found += cautions.on_contradiction(claim, foreseeing.contradictions(claim), user)
    return found


def mention(request, found: Iterable[Caution]) -> None:
    """Put cautions among the messages of the next page."""
    for caution in found:
        text = render_to_string("admin/_caution.html", {"caution": caution})
        messages.warning(request, mark_safe(text.strip()), extra_tags="caution")  # noqa: S308  escaped by the template
