"""Fills in desk pages as a browser would: takes every field of a page, changes some, posts."""

from django.forms import BaseForm
from django.test import Client
from django.urls import reverse

from incidents.models import Incident, User


def signed_in(user: User) -> Client:
    """Open a browser for this person."""
    client = Client()
    client.force_login(user)
    return client


def address(model: str, *, pk: int | None = None, page: str = "change") -> str:
    """Give the address of a desk page; without a key, of the page that adds a record."""
    if pk is None:
        return reverse(f"admin:incidents_{model}_{'add' if page == 'change' else page}")
    return reverse(f"admin:incidents_{model}_{page}", args=[pk])


def act(incident: Incident, action: str) -> str:
    """Give the address of an action page."""
    return reverse("admin:incidents_incident_act", args=[incident.pk, action])


def filled(response) -> dict[str, object]:
    """Read every field that the page would post unchanged."""
    typed = values(response.context["adminform"].form)
    for shown in response.context["inline_admin_formsets"]:
        typed |= values(shown.formset.management_form)
        for form in shown.formset.forms:
            typed |= values(form)
    return typed


def values(form: BaseForm) -> dict[str, object]:
    """Read one form's fields as a browser posts them."""
    posted = {}
    for bound in form:
        value = bound.value()
        if value is None or value is False or value == []:
            continue
        posted[bound.html_name] = "on" if value is True else getattr(value, "pk", value)
    return posted


def save(client: Client, page: str, /, **changes):
    """Open a page, change some fields (`claims__0__words` is `claims-0-words`), save it."""
    typed = filled(client.get(page)) | {
        name.replace("__", "-"): value for name, value in changes.items()
    }
    return client.post(page, typed)


def errors(response) -> str:
    """Join every sentence that the page complains with."""
    said = [str(response.context["adminform"].form.errors)]
    for shown in response.context["inline_admin_formsets"]:
        said += [str(form.errors) for form in shown.formset.forms]
        said.append(str(shown.formset.non_form_errors()))
    return " ".join(said)
