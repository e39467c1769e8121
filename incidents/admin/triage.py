"""The triage page: addresses are pasted, known ones shown, new ones queued, read, given on.

One rule: the page collects and shows; `incidents.triage` decides and writes, and what it refuses
stands as a sentence on the page. Every button is a form of its own and works without a script.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from incidents import desk, triage
from incidents.actions import Refused
from incidents.forms.triage import PasteForm
from incidents.models import Article, Claim, User, key_in

ROWS = 20
QUEUES = {
    "mine": gettext_lazy("Mine"),
    "unassigned": gettext_lazy("Nobody's yet"),
    "all": gettext_lazy("All to code"),
}
ORDERS = {"newest": gettext_lazy("newest first"), "oldest": gettext_lazy("oldest first")}


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the queue somebody is: whose, in which order, after which article."""

    queue: str = "mine"
    order: str = "newest"
    after: int = 0

    def query(self, **changed) -> str:
        """Write it as a query string, with some of it changed."""
        asked = QueryDict(mutable=True)
        asked.update(
            {
                name: value
                for name, value in {
                    "queue": self.queue,
                    "order": self.order,
                    "after": self.after or None,
                    **changed,
                }.items()
                if value is not None
            }
        )
        return asked.urlencode()


def place_in(asked: QueryDict) -> Place:
    """Read where somebody is; a value that is none is refused with the allowed ones."""
    queue, order = asked.get("queue") or "mine", asked.get("order") or "newest"
    for name, value, allowed in (("queue", queue, QUEUES), ("order", order, ORDERS)):
        if value not in allowed:
            raise BadRequest(
                _("%(name)s: “%(value)s” is not one of: %(allowed)s.")
                % {"name": name, "value": value, "allowed": ", ".join(allowed)}
            )
    return Place(queue, order, number_in(asked.get("after", "")))


def number_in(text: str) -> int:
    """Read the number of a record; 0 where there is none."""
    return key_in(text) or 0


def triage_view(request: HttpRequest) -> HttpResponse:
    """Show the queue; queue what was pasted and say for each line what became of it."""
    if not request.user.has_perm("incidents.change_article"):
        raise PermissionDenied
    form = PasteForm(request.POST or None, user=request.user)
    if not form.is_valid():
        return shown(request, form)
    outcomes, left = queued(request, form), "\n".join(bad.line for bad in form.bad)
    emptied = PasteForm(user=request.user, left=left)
    return shown(request, emptied, outcomes=outcomes, bad=form.bad)


def queued(request: HttpRequest, form: PasteForm) -> list["Outcome"]:
    """Queue the addresses of a paste, and gather what each already supports."""
    if not request.user.has_perm("incidents.add_article"):
        raise PermissionDenied
    became = triage.queue(
        urls=form.urls,
        by=request.user,
        why=gettext_noop("Queued to be coded."),
        assigned_to=form.cleaned_data["assigned_to"],
    )
    return outcomes_of(became, request.user)


def shown(request: HttpRequest, form: PasteForm, **more: Any) -> HttpResponse:
    """Make the page."""
    place, user, moved = place_in(request.GET), request.user, "done" in request.GET
    form.fields["pasted"].widget.attrs["autofocus"] = not moved and not more
    articles = list(queue_at(place, user)[: ROWS + 1])
    context = {
        **admin.site.each_context(request),
        "title": _("Triage"),
        "form": form,
        "tabs": tabs(place, user),
        "orders": [
            (name, label, place.query(order=name, after=None)) for name, label in ORDERS.items()
        ],
        "place": place,
        "articles": articles[:ROWS],
        "next": place.query(after=articles[ROWS - 1].pk) if len(articles) > ROWS else "",
        "first": place.query(after=None) if place.after else "",
        "coders": list(triage.coders()),
        "day": [*desk.day_of(user), desk.still_to_code(user)],
        "done": set_aside_just_now(request),
        "moved": moved,
        **more,
    }
    return TemplateResponse(request, "admin/triage.html", context)


def queue_at(place: Place, user: User) -> QuerySet:
    """Return the articles of a queue from a place on, in its order."""
    articles = in_queue(place.queue, user).with_logger().select_related("assigned_to", "publisher")
    if place.order == "oldest":
        return articles.filter(pk__gt=place.after).order_by("pk")
    return (articles.filter(pk__lt=place.after) if place.after else articles).order_by("-pk")


def in_queue(name: str, user: User) -> QuerySet:
    """Return the articles that wait in a queue, as far as this person may see them."""
    articles = Article.objects.visible_to(user).to_code()
    if name == "all":
        return articles
    return articles.filter(assigned_to=user if name == "mine" else None)


def tabs(place: Place, user: User) -> list[tuple[str, str, str, bool]]:
    """List the queues: name, how many wait, address, whether it is the one shown."""
    return [
        (
            label,
            desk.said(desk.counted(in_queue(name, user))),
            place.query(queue=name, after=None),
            name == place.queue,
        )
        for name, label in QUEUES.items()
    ]


def set_aside_just_now(request: HttpRequest) -> Article | None:
    """Find the article that the last button set aside, so that it can be put back at once."""
    key = number_in(request.GET.get("done", ""))
    aside = Article.objects.visible_to(request.user).filter(
        coding_state=Article.CodingState.NOTHING_NEW
    )
    return aside.filter(pk=key).first() if key else None


@dataclass(slots=True)
class Known:
    """A recorded article, with the claims that it already supports."""

    article: Article
    address: str
    claims: list[Claim] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one pasted address."""

    url: str
    became: str
    articles: list[Known]


def outcomes_of(became: list[triage.Queued], user: User) -> list[Outcome]:
    """Say what became of each address; a constant number of queries for any number."""
    keys = {article.pk for queued in became for article in queued.articles}
    claims: dict[int, list[Claim]] = defaultdict(list)
    said = Claim.objects.visible_to(user).filter(article__in=keys)
    for claim in said.select_related("incident", "source").order_by("pk"):
        claims[claim.article_id].append(claim)
    return [
        Outcome(
            queued.url,
            queued.became,
            [Known(a, coding_address(a), claims[a.pk]) for a in queued.articles],
        )
        for queued in became
    ]


def coding_address(article: Article) -> str:
    """Say where an article is coded."""
    return reverse("admin:code", args=[article.pk])


def move_view(request: HttpRequest) -> HttpResponse:
    """Do what a button of the queue says with one article, and go back to where it was pressed."""
    if request.method != "POST":
        raise Http404
    if not request.user.has_perm("incidents.change_article"):
        raise PermissionDenied
    place, step = place_in(request.POST), request.POST.get("step", "")
    if step not in MOVES:
        raise BadRequest(_("step: “%s” is not a button of this page.") % step)
    seen = Article.objects.visible_to(request.user)
    article = get_object_or_404(seen, pk=number_in(request.POST.get("article", "")))
    try:
        done = MOVES[step](request, article)
    except Refused as refused:
        messages.error(request, str(refused))
        done = 0
    return HttpResponseRedirect(f"{reverse('admin:triage')}?{place.query(done=done)}")


def read_nothing_new(request: HttpRequest, article: Article) -> int:
    """Set it aside; returns its key, so that the page can offer to put it back."""
    triage.set_aside(article=article, by=request.user, why=gettext_noop("Read: nothing new."))
    return article.pk


def back_to_queue(request: HttpRequest, article: Article) -> int:
    """Put it back."""
    triage.put_back(article=article, by=request.user, why=gettext_noop("Put back into the queue."))
    messages.success(request, _("Waits to be coded again: %s") % article)
    return 0


def take(request: HttpRequest, article: Article) -> int:
    """Put it into the person's own queue."""
    give_to(request, article, request.user)
    return 0


def give(request: HttpRequest, article: Article) -> int:
    """Put it into the queue of whoever was chosen; of nobody where nobody was."""
    chosen = request.POST.get("person", "")
    person = triage.coders().filter(pk=number_in(chosen)).first() if chosen else None
    if chosen and person is None:
        raise Refused(_("Choose somebody who codes articles."))
    give_to(request, article, person)
    return 0


def give_to(request: HttpRequest, article: Article, person: User | None) -> None:
    """Assign it, and say so."""
    name = person.get_username() if person else _("whoever comes first")
    why = "Given to whoever comes first."
    if person is not None:
        why = f"Given to {person.get_username()}."
    triage.assign(article=article, to=person, by=request.user, why=why)
    messages.success(
        request, _("Now for %(name)s: %(article)s") % {"name": name, "article": article}
    )


MOVES = {"nothing_new": read_nothing_new, "back": back_to_queue, "take": take, "give": give}

admin.site.add_page("triage/", triage_view, "triage")
admin.site.add_page("triage/move/", move_view, "triage_move")
