"""The reprint button of the coding page: an article that repeats another takes over its claims.

One rule: a repeated claim adds nothing to a figure; the page shows that before anything is saved.
"""

import datetime as dt
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from incidents import foreseeing
from incidents.addresses import url_key
from incidents.admin.saving import Touched, hold, sign
from incidents.likeness import days_around
from incidents.models import Article, Claim, User, key_in
from incidents.models.asking import STANDING
from incidents.names import fold
from incidents.turns import wait_for_turn

NEAR = dt.timedelta(days=7)
OFFERED = 5
TAKEN_OVER = (
    "incident source source_as_printed source_suggested stance measure basis words qualifier low "
    "value high unit people act_words place_words place place_role quote translation date_words "
    "date_edtf earliest latest date_inferred date_anchor date_reasoning"
).split()


@dataclass(slots=True)
class Repeat:
    """A claim of the original as the reprint would carry it, and what that does to the figure."""

    claim: Claim
    effect: foreseeing.Effect


def reprint_view(request: HttpRequest, pk: int, original: int) -> HttpResponse:
    """Show what saying so would do, then do it."""
    if not request.user.has_perms(("incidents.change_article", "incidents.add_claim")):
        raise PermissionDenied
    if request.method == "POST":
        with transaction.atomic():
            wait_for_turn()
            article, first = both(request.user, pk, original)
            if not why_no_reprint(article, first):
                taken = take_over(article, first, by=request.user)
                messages.success(request, said_of(first, len(taken)))
                return HttpResponseRedirect(reverse("admin:code", args=[article.pk]))
    article, first = both(request.user, pk, original)
    context = reprint_context(request, article, first)
    return TemplateResponse(request, "admin/reprint.html", context)


def both(user: User, pk: int, original: int) -> tuple[Article, Article]:
    """Find an article and the one it may repeat, as far as this person may see both."""
    articles = Article.objects.visible_to(user).select_related("publisher", "reprint_of")
    return get_object_or_404(articles, pk=pk), get_object_or_404(articles, pk=original)


def reprint_context(request, article: Article, original: Article) -> dict[str, Any]:
    """Gather what the page shows before anything is saved."""
    claims = repeats_of(article, original, request.user)
    effects = foreseeing.foresee_each(claims, closed=article.restricted)
    repeats = [Repeat(claim, effect) for claim, effect in zip(claims, effects, strict=True)]
    return {
        **admin.site.each_context(request),
        "title": _("Reprint of %s") % original,
        "article": article,
        "original": original,
        "repeats": repeats,
        "refusal": why_no_reprint(article, original),
        "opts": Article._meta,
    }


def proposed_originals(article: Article, user) -> list[Article]:
    """List coded articles of the days around, or of the body it credits, ranked by their titles."""
    if article.reprint_of_id:
        return []
    others = Article.objects.visible_to(user).exclude(pk=article.pk).exclude(reprint_of=article.pk)
    near = Q(pk=None)
    if day := article.published_on:
        near |= Q(earliest__range=days_around(day, NEAR))
    if article.title:
        near |= Q(title=article.title)
    if article.credit_id:
        near |= Q(publisher=article.credit_id)
    found = others.filter(near, coding_state=Article.CodingState.CODED).select_related("publisher")
    ranked = sorted(found.order_by("-pk")[:100], key=lambda one: -likeness_of(article, one))
    return ranked[:OFFERED]


def likeness_of(article: Article, other: Article) -> float:
    """Say how alike two titles are, from 0 to 1; a body it credits comes first."""
    credited = article.credit_id is not None and other.publisher_id == article.credit_id
    titles = SequenceMatcher(None, fold(article.title)[:200], fold(other.title)[:200])
    return credited + titles.ratio()


def article_called(text: str, user) -> Article | None:
    """Find the article that a URL or number names, among those this person may see."""
    articles = Article.objects.visible_to(user)
    if (number := key_in(text)) is not None:
        return articles.filter(pk=number).first()
    key = url_key(text)
    return articles.filter(url_key=key).first() if key else None


def why_no_reprint(article: Article, original: Article) -> str:
    """Say why one article cannot be a reprint of the other; empty when it can."""
    if article.reprint_of_id not in (None, original.pk):
        return _(
            "This article is already recorded as a reprint of another. Clear that on the page "
            "with all its fields first."
        )
    passed, above = {article.pk}, original
    while above is not None:
        if above.pk in passed:
            return _("“%s” is itself a reprint of this article.") % original
        passed.add(above.pk)
        above = above.reprint_of
    return ""


def repeats_of(article: Article, original: Article, user) -> list[Claim]:
    """Write, without saving, the original's claims as this article repeats them.

    A claim that one of this article's own claims repeats already is left out, and one that is
    kept to groups: its copy would stand in an open article.
    """
    done = Claim.objects.filter(article=article).exclude(repeats=None)
    claims = Claim.objects.visible_to(user).filter(article=original, incident__status__in=STANDING)
    claims = claims.filter(restricted=False).exclude(pk__in=done.values("repeats"))
    return [
        Claim(
            article=article,
            repeats=claim,
            origin=Claim.Origin.RELAYS,
            **{name: getattr(claim, name) for name in TAKEN_OVER},
        )
        for claim in claims.select_related("incident__category", "source").order_by("pk")
    ]


def take_over(article: Article, original: Article, *, by: User) -> list[Claim]:
    """Note that an article is a reprint, and save the claims it repeats."""
    claims = repeats_of(article, original, by)
    hold(claim.incident_id for claim in claims)
    why = gettext_noop("Noted as a reprint.")  # a title may be closed one day, a reason stays
    article.reprint_of = original
    if claims:
        article.coding_state = Article.CodingState.CODED
    sign(article, by, why)
    article.save()
    for claim in claims:
        sign(claim, by, why)
        claim.save()
    touched = Touched()
    touched.by_article(article, closed_before=article.restricted)
    touched.write(by=by, why=why)
    return claims


def said_of(original: Article, taken: int) -> str:
    """Say what was saved."""
    said = ngettext(
        "Saved as a reprint of “%(title)s”: %(n)s claim repeated.",
        "Saved as a reprint of “%(title)s”: %(n)s claims repeated.",
        taken,
    )
    return said % {"title": original, "n": taken}


admin.site.add_page("code/<int:pk>/reprint-of/<int:original>/", reprint_view, "reprint")
