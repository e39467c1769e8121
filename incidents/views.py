"""The pages: each takes a request, asks one question, and renders the answer.

One rule: what a reader may see is decided by `visible_to` and `filters.ask`, never here.
"""

from collections.abc import Callable
from functools import partial, wraps

from django.contrib.auth.decorators import login_not_required, permission_required
from django.core.paginator import Paginator
from django.db import connection
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    JsonResponse,
    QueryDict,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone

from incidents import (
    codebook,
    detail,
    exports,
    keyset,
    listed,
    phrases,
    sheet,
    summaries,
)
from incidents.controls import Control, controls, loosened, place_suggestions, uses_more
from incidents.filters import BadQuestion, Question, ask, ask_vocabulary
from incidents.kept import Kept
from incidents.models import Article, Incident, Source, pk_of, survivor_of
from incidents.package import package_stream
from incidents.pictures import framing
from incidents.reckoning import Reckoning, beside_list

reads = permission_required("incidents.view_incident", raise_exception=True)
takes_away = permission_required("incidents.export_incident", raise_exception=True)


def says_what_is_wrong(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Refuse what a page does not understand with 400 and the sentences."""

    @wraps(view)
    def answer(request: HttpRequest, **kwargs) -> HttpResponse:
        try:
            return view(request, **kwargs)
        except BadQuestion as refusal:
            return refused(request, refusal)

    return answer


def answers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Hand a page its question, or refuse it."""

    @says_what_is_wrong
    @wraps(view)
    def answer(request: HttpRequest, **kwargs) -> HttpResponse:
        question = ask(request.GET, request.user)
        keyset.check_cursor(question)
        return view(request, question, **kwargs)

    return answer


def refused(request: HttpRequest, refusal: BadQuestion) -> HttpResponse:
    """Say what was not understood: on a page, or as plain text where a file was asked for."""
    if request.path.endswith((".csv", ".zip", ".svg", ".png")):
        sentences = "\n".join(refusal.sentences) + "\n"
        return HttpResponse(sentences, status=400, content_type="text/plain; charset=utf-8")
    context = {"sentences": refusal.sentences}
    if request.resolver_match.url_name == "incident-sheet":
        context |= {"code": request.resolver_match.kwargs["code"], "today": timezone.now()}
        return render(request, "incidents/sheet_refused.html", context, status=400)
    context |= filter_form(request.GET)
    return render(request, "incidents/refused.html", context, status=400)


def written_form(request: HttpRequest, made: dict[str, Control]) -> str:
    """Write the filter form of a question that was understood."""
    return render_to_string("incidents/_filters.html", form_of(made), request)


def filter_form(asked: QueryDict) -> dict:
    """What the filter form needs where a question is not kept, or was not understood."""
    return form_of(controls(asked))


def form_of(made: dict[str, Control]) -> dict:
    """What the filter form needs to show these controls.

    The places that it suggests are asked for by the template, which keeps them for minutes.
    """
    return {
        "controls": made,
        "more_is_open": uses_more(made),
        "suggested_places": place_suggestions,
    }


def asked_again(request: HttpRequest, question: Question) -> dict:
    """What a page needs to say its question, and to have it asked again: changed, or for less."""
    form, asked = filter_form(request.GET), QueryDict(question.text)
    return {
        "question": question,
        "in_words": phrases.in_words(question),
        "asked": asked,
        "loosened": partial(loosened, asked, form["controls"]),
        **form,
    }


@reads
@answers
def incident_list(request: HttpRequest, question: Question) -> HttpResponse:
    """The incidents that a question finds, with their sources and articles.

    Counts and totals stand on the first page, so that the thousandth is as quick.
    """
    kept, reckoning = Kept(question), beside_list(question)
    page, rows = kept.recall_page("page", partial(page_with_rows, kept, reckoning))
    asked = QueryDict(question.text)
    made = controls(asked)
    context = {
        "question": question,
        "in_words": phrases.in_words(question),
        "page": page,
        "table": rows,
        "overview": None,
        "asked": asked,
        "controls": made,
        "form": kept.recall("form", partial(written_form, request, made)),
    }
    if not page.previous:
        overview = partial(summaries.overview_of_list, reckoning)
        context["overview"] = kept.recall("overview", overview)
    if not page.keys:
        context["loosened"] = loosened(asked, made)
    return render(request, "incidents/list.html", context)


def page_with_rows(kept: Kept, reckoning: Reckoning) -> tuple[keyset.Page, str]:
    """Cut one page, and write its rows."""
    page = keyset.page_of(reckoning.question)
    return page, table(page, kept, reckoning)


def table(page: keyset.Page, kept: Kept, reckoning: Reckoning) -> str:
    """Write the rows of one page, each with how it stands in the total where the list has one."""
    standings = partial(summaries.standings_of_list, reckoning, kept.recall)
    rows = listed.rows(page.keys, reckoning.question, standings)
    return render_to_string("incidents/_rows.html", {"rows": rows})


def taken_away(svg: str, name: str, form: str) -> HttpResponse:
    """Answer with a picture as a file, SVG or PNG."""
    content = framing.as_png(svg) if form == "png" else svg
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=framing.TYPES[form], headers=headers)


@takes_away
@answers
def table_csv(request: HttpRequest, question: Question, table: str) -> HttpResponse:
    """One table of the question's answer as a CSV file."""
    return exports.csv_response(request, question, table)


@takes_away
@answers
def package_zip(request: HttpRequest, question: Question) -> HttpResponse:
    """Every table of the question's answer, with its keys, in one zip file."""
    name = exports.file_name(question, "package", "zip")
    return exports.file_response(request, package_stream(question), name, "application/zip")


@reads
def incident_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One incident: its figure and how it came about, its claims, places, links and history."""
    incident = visible_incident(request, code)
    if incident.pk != pk_of(code):
        return redirect(incident)
    context = detail.of_incident(incident, request.user)
    context["citation"] = detail.citation(incident, phrases.day(timezone.now()))
    return render(request, "incidents/detail.html", context)


@reads
def incident_picture(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """What is said of one incident, as a picture to take away, with how to cite it."""
    incident = visible_incident(request, code)
    if form not in framing.TYPES:
        raise Http404
    if incident.pk != pk_of(code):
        return redirect("incident-picture", code=incident.code, form=form)
    pictures = detail.of_incident(incident, request.user)["pictures"]
    cited = detail.citation(incident, phrases.day(timezone.now()))
    parts = [picture.part() for picture in pictures]
    svg = framing.framed(incident.title, [cited], parts, address=incident.get_absolute_url())
    return taken_away(svg, f"attest-{incident.code}.{form}", form)


@reads
@says_what_is_wrong
def incident_sheet(request: HttpRequest, code: str) -> HttpResponse:
    """One incident's figure as of a day, with all that stands behind it, for paper.

    Whoever edits may still ask a merged record for the days before it was merged.
    """
    incident = visible_incident(request, code)
    if incident.pk != pk_of(code):
        gone = Incident.objects.itself_at(pk_of(code), request.user)
        if gone is None or "as_of" not in request.GET:
            return redirect("incident-sheet", code=incident.code)
        incident = gone
    context = sheet.of_incident(incident, sheet.ask_day(request.GET), request.user)
    return render(request, "incidents/sheet.html", context)


def visible_incident(request: HttpRequest, code: str) -> Incident:
    """Find what stands under a code for this reader, merged or not. Raises Http404 otherwise."""
    incidents = Incident.objects.select_related(
        *("category", "wave", "sending", "receiving", "nationality", "merged_into", "signed_by"),
        "main_place__country",
    )
    try:
        incident = incidents.standing_at(pk_of(code), request.user)
    except ValueError as error:
        raise Http404(str(error)) from error
    if incident is None:
        raise Http404
    return incident


@reads
def article_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One article: what it is, whom it credits, and which claims it supports."""
    articles = Article.objects.visible_to(request.user)
    article = get_object_or_404(articles.select_related("publisher", "credit", "reprint_of"), pk=pk)
    return render(request, "incidents/article.html", detail.of_article(article, request.user))


@reads
@says_what_is_wrong
def source_list(request: HttpRequest) -> HttpResponse:
    """All sources, found by any of their names in any script."""
    text, number = ask_vocabulary(request.GET)
    page = Paginator(detail.sources(text, request.user), 50).get_page(number)
    return render(request, "incidents/sources.html", {"page": page, "q": text})


@reads
@says_what_is_wrong
def source_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One source: what it said, and what it published."""
    source = get_object_or_404(Source.objects.select_related("parent", "country"), slug=slug)
    if source.merged_into_id:
        return redirect(survivor_of(source))
    context = detail.of_source(source, request.user)
    _text, number = ask_vocabulary(request.GET)
    context["page"] = Paginator(context["claims"], 50).get_page(number)
    return render(request, "incidents/source.html", context)


@reads
def codebook_page(request: HttpRequest) -> HttpResponse:
    """What every column, parameter and code means."""
    return render(request, "incidents/codebook.html", codebook.contents())


@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:
    """Say whether the server and its database answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})
