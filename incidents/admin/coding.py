"""The coding page: one article, its claims, and one form that takes the next claim.

One rule: before anything is saved the page can say what it understood, what the claim would do to
the figure and what to look at; by script as somebody types, without script at the press of a
button. The same parts are drawn by the same templates either way.
"""

from dataclasses import dataclass, field
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from incidents import cautions, foreseeing, recognising, triage
from incidents.addresses import host_of
from incidents.admin import once
from incidents.admin.coded import save_article, save_claim
from incidents.admin.meanwhile import met_on_page
from incidents.admin.noticing import mention
from incidents.admin.reprints import article_called, proposed_originals
from incidents.cautions import Caution
from incidents.foreseeing import Effect
from incidents.forms.coding import CodingForm
from incidents.forms.facts import ArticleFactsForm
from incidents.forms.understood import counting
from incidents.models import Article, Claim, key_in
from incidents.refusals import Refused
from incidents.turns import wait_for_turn

RIGHTS = ("incidents.change_article", "incidents.add_claim")
REPRINT = "reprint-"  # how the buttons begin that say of which article this is a reprint
READINGS = ("words", "who", "date", "place", "incident", "effect")
COPIED = (
    "source_as_printed",
    "basis",
    "date_words",
    "place_words",
    "stance",
    "measure",
    "place_role",
    "people",
    "act_words",
    "origin",
)


@dataclass(slots=True)
class Coding:
    """What one request to the page is about: the article and its two forms."""

    request: HttpRequest
    article: Article
    facts: ArticleFactsForm
    form: CodingForm
    effect: Effect | None = None
    cautions: list[Caution] = field(default_factory=list)
    original_error: str = ""

    def look(self) -> None:
        """Read both forms, foresee the effect and gather what to point out; write nothing."""
        self.facts.is_valid()
        if self.form.is_empty:
            return
        self.form.is_valid()
        claim, user = self.form.instance, self.request.user
        closed = self.article.restricted
        if readable(self.form):
            self.effect = foreseeing.foresee(claim.incident, [claim], closed=closed)
        self.cautions = [
            *cautions.on_names([claim.quote, claim.translation, self.form.data.get(TITLE, "")]),
            *([] if self.form.new_source else cautions.on_source(claim)),
        ]
        if self.effect:
            self.cautions += cautions.on_contradiction(claim, self.effect.contradicted, user)
            self.cautions += cautions.on_earlier_words(claim, user)
        if self.form.draft:
            self.cautions += cautions.on_twins(self.form.draft, user, self.form.places[:3])


TITLE = "claim-new_incident_title"


def readable(form: CodingForm) -> bool:
    """Tell whether enough is understood to say what the claim would do to a figure."""
    blocked = {"words", "incident_find", "new_incident_title", "new_incident_category"}
    return bool(form.instance.words) and not blocked & set(form.errors)


def code_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an article with its claims, and take the next one."""
    if request.method != "POST":
        return TemplateResponse(request, "admin/code.html", code_context(opened(request, pk)))
    with transaction.atomic():
        wait_for_turn()
        coding = opened(request, pk)
        done = once.is_repeated(request) or take(coding)
    if done:
        return HttpResponseRedirect(after(coding))
    return TemplateResponse(request, "admin/code.html", code_context(coding))


def take(coding: Coding) -> bool:
    """Save what was typed, when it is to be saved and can be; tell whether it was."""
    step = coding.request.POST.get("step", "save")
    coding.look()
    if step == "check" or not coding.facts.is_valid():
        return False
    if coding.form.is_empty:
        return take_article(coding, step)
    if step == "nothing_new" or step.startswith(REPRINT):
        coding.form.add_error(None, _("A claim is typed here. Save it, or empty its fields first."))
        return False
    if not coding.form.is_valid():
        return False
    state = Article.CodingState.CODED if step == "finish" else None
    claim = save_claim(coding.facts, coding.form, by=coding.request.user, state=state)
    once.remember(coding.request, claim, once.ADDITION)
    messages.success(coding.request, said_of(claim))
    mention(coding.request, coding.cautions)
    return True


def take_article(coding: Coding, step: str) -> bool:
    """Save the article's own fields, and its state where a button says so."""
    by, state = coding.request.user, Article.CodingState.CODED if step == "finish" else None
    if step == "finish" and not claims_of(coding.article, by):
        sentence = _("No claim is recorded yet. If it brings nothing, press “Read – nothing new”.")
        coding.form.add_error(None, sentence)
        return False
    if step.startswith(REPRINT) and original_named(coding) is None:
        coding.original_error = _("No article is recorded under this URL or number.")
        return False
    if step == "save" and not coding.facts.changes:
        coding.form.add_error("words", _("Type the count as the source words it."))
        return False
    try:
        with transaction.atomic():
            save_article(coding.facts, by=by, state=state)
            if step == "nothing_new":
                triage.set_aside(
                    article=coding.article, by=by, why=gettext_noop("Read – nothing new.")
                )
    except Refused as refused:
        coding.form.add_error(None, str(refused))
        return False
    once.remember(coding.request, coding.article, once.CHANGE)
    messages.success(coding.request, _("Saved: %s") % coding.article)
    mention(coding.request, cautions.on_same_page(coding.article, coding.request.user))
    return True


def reading_view(request: HttpRequest, pk: int) -> JsonResponse:
    """Say what is understood so far, as pieces of the page by their names."""
    if request.method != "POST":
        raise Http404
    coding = opened(request, pk)
    coding.look()
    context = {"form": coding.form, "coding": coding, "live": True}
    return JsonResponse(
        {part: render_to_string(f"admin/code/_{part}.html", context, request) for part in READINGS}
    )


def code_context(coding: Coding) -> dict[str, Any]:
    """Gather what stands on the page."""
    claims = claims_of(coding.article, coding.request.user)
    return {
        **admin.site.each_context(coding.request),
        "title": _("Code: %s") % coding.article,
        "coding": coding,
        "article": coding.article,
        "facts": coding.facts,
        "form": coding.form,
        "claims": [(claim, counting(claim)) for claim in claims],
        "same_page": cautions.on_same_page(coding.article, coding.request.user),
        "originals": proposed_originals(coding.article, coding.request.user),
        "meanwhile": met_on_page(coding.request.user, coding.facts, []),
        "original_typed": coding.request.POST.get("original", ""),
        "once": once.new_mark(),
        "opts": Article._meta,
    }


def opened(request: HttpRequest, pk: int) -> Coding:
    """Find the article as this person may see it, and make the page's forms."""
    if not request.user.has_perms(RIGHTS):
        raise PermissionDenied
    articles = Article.objects.visible_to(request.user).select_related("publisher", "reprint_of")
    article = get_object_or_404(articles, pk=pk)
    typed = request.POST if request.method == "POST" else None
    user = request.user
    shown = {"publisher_name": publisher_shown(article)}
    facts = ArticleFactsForm(typed, instance=article, user=user, prefix="article", initial=shown)
    form = CodingForm(
        typed,
        article=article,
        user=user,
        prefix="claim",
        initial=copied(request, article),
        empty_permitted=True,
        use_required_attribute=False,
    )
    form.repeated = once.complaint(request)
    return Coding(request, article, facts, form)


def publisher_shown(article: Article) -> str:
    """Name the publisher; where there is none, propose the one that the site's articles have."""
    if article.publisher or not article.url:
        return article.publisher.name if article.publisher else ""
    usual = recognising.usual_publisher(host_of(article.url))
    return usual.name if usual else ""


def copied(request: HttpRequest, article: Article) -> dict[str, Any]:
    """Start from another claim of the article (`?copy=12`): everything but its own words."""
    claims = Claim.objects.visible_to(request.user).filter(article=article)
    claim = claims.filter(pk=key_in(request.GET.get("copy", ""))).first()
    if claim is None:
        return {}
    taken = {name: getattr(claim, name) for name in COPIED}
    return {
        **taken,
        "incident_choice": str(claim.incident_id),
        "place_choice": str(claim.place_id or ""),
        "source_choice": str(claim.source_id or "") if claim.source_suggested else "",
    }


def claims_of(article: Article, user) -> list[Claim]:
    """List the article's claims that this person may see, with what the page names of them."""
    claims = Claim.objects.visible_to(user).filter(article=article)
    return list(claims.select_related("source", "incident", "place").order_by("pk"))


def said_of(claim: Claim) -> str:
    """Say in one line what was saved and what follows."""
    claim.incident.refresh_from_db()
    return _("Saved: “%(words)s” on %(incident)s. The figure there: %(figure)s.") % {
        "words": claim.words,
        "incident": claim.incident.code,
        "figure": claim.incident.figure_said,
    }


def after(coding: Coding) -> str:
    """Say where to go on: the next claim, a reprint's effect, or the queue once all is done."""
    step, pk = coding.request.POST.get("step", ""), coding.article.pk
    if step in ("finish", "nothing_new"):
        return reverse("admin:triage")
    if step.startswith(REPRINT):
        return reverse("admin:reprint", args=[pk, original_named(coding).pk])
    return reverse("admin:code", args=[pk])


def original_named(coding: Coding) -> Article | None:
    """Find the article whose button was pressed, or whose URL or number was typed."""
    asked = coding.request.POST.get("step", "").removeprefix(REPRINT)
    typed = coding.request.POST.get("original", "").strip()
    return article_called(asked or typed, coding.request.user)


admin.site.add_page("code/<int:pk>/", code_view, "code")
admin.site.add_page("code/<int:pk>/reading/", reading_view, "code_reading")
