"""The pages that see a list another way: its summary, timeline and map, and two side by side.

One rule: what is worked out or drawn of a question is kept until a record changes; who may see
what is decided by `ask`. A page's own lines (form, links, count) are written each time.
"""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from incidents import breakdowns, comparing, exports, facets, gaps, phrases, summaries
from incidents.controls import place_suggestions
from incidents.filters import Question
from incidents.kept import Kept
from incidents.mapped import WorldMap, ask_map, part_of, world_map
from incidents.pictures import framing
from incidents.pictures.timeline import Timeline
from incidents.reckoning import Reckoning, in_full, in_parts
from incidents.views import answers, asked_again, reads, says_what_is_wrong, taken_away


@reads
@answers
def summary(request: HttpRequest, question: Question) -> HttpResponse:
    """The totals of a question, opened into the lines that make them."""
    kept, reckoning = Kept(question), in_parts(question)
    overview = kept.recall("summed", partial(summaries.overview, reckoning))
    context = {
        "overview": overview,
        "opened": kept.recall_text("opened", partial(opened, reckoning, overview)),
        "gaps": kept.recall("gaps", lambda: list(gaps.gaps(overview.aggregates, request.user))),
        "facets": kept.recall("facets", partial(broken_down, reckoning)),
        **asked_again(request, question),
    }
    return render(request, "incidents/summary.html", context)


def opened(reckoning: Reckoning, overview: summaries.Overview) -> str:
    """Write the totals with the lines that make them."""
    if not overview.totals:
        return ""
    totals = overview.totals
    if overview.has_lines:
        totals = list(summaries.totals(reckoning, with_lines=True))
    context = {"overview": overview, "totals": totals}
    return render_to_string("incidents/_totals.html", context)


def broken_down(reckoning: Reckoning) -> list[facets.Facet]:
    """Break a question down in every way that there is."""
    return [*facets.facets(reckoning), *breakdowns.breakdowns(reckoning)]


@reads
@answers
def timeline(request: HttpRequest, question: Question) -> HttpResponse:
    """The incidents of a question over time, and the people in them."""
    kept, reckoning = Kept(question), in_full(question)
    context = {
        "overview": counted(kept, reckoning),
        "timeline": kept.recall("timeline", partial(drawn, reckoning)),
        **asked_again(request, question),
    }
    return render(request, "incidents/timeline.html", context)


def counted(kept: Kept, reckoning: Reckoning) -> summaries.Overview:
    """Count what a picture shows; a list keeps counts of its own, since it counts fewer."""
    return kept.recall("counted", partial(summaries.overview, reckoning, with_totals=False))


def drawn(reckoning: Reckoning) -> dict[str, Any]:
    """Draw a timeline, and say what the page around it must know."""
    made = Timeline(reckoning)
    context = {"timeline": made, "asked": QueryDict(reckoning.question.text)}
    return {
        "drawn": render_to_string("incidents/_timeline.html", context),
        "is_empty": made.is_empty,
        "is_bare": made.is_empty and not made.periods.undated.incidents,
        "leaves_out": made.leaves_out,
    }


def address_of(page: str, *asked: str) -> str:
    """Write the address of a page and what it is asked, parts that are empty left out."""
    query = "&".join(filter(None, asked))
    return reverse(page) + (f"?{query}" if query else "")


@reads
@answers
def timeline_picture(request: HttpRequest, question: Question, form: str) -> HttpResponse:
    """The timeline as a picture to take away, framed by what it shows."""
    made = Timeline(in_full(question), with_links=False)
    address = address_of("timeline", question.text)
    svg = framing.framed(_("Timeline"), phrases.in_words(question), made.parts(), address=address)
    return taken_away(svg, exports.file_name(question, "timeline", form), form)


@reads
@says_what_is_wrong
def compare(request: HttpRequest) -> HttpResponse:
    """Two questions side by side: the same for two places or two times."""
    first, second = comparing.asked_in(request.GET)
    sides = [comparing.side(asked, request.user) for asked in (first, second) if asked is not None]
    context = {
        "sides": sides,
        "tables": comparing.beside(sides) if len(sides) > 1 else [],
        "other": {name: request.GET.get(comparing.OTHER + name, "") for name in comparing.NAMES},
        "asked": first,
        "suggested_places": place_suggestions,
    }
    return render(request, "incidents/compare.html", context)


@reads
@says_what_is_wrong
def map_page(request: HttpRequest) -> HttpResponse:
    """The incidents of a question on a map, at the places where they stand."""
    question, size = ask_map(request.GET, request.user)
    kept, reckoning = Kept(question), in_full(question)
    made = kept.recall(f"map-{size}", partial(world_map, reckoning, size))
    context = {
        "drawn": kept.recall_text(f"drawn-{size}", partial(on_page, made)),
        **asked_again(request, question),
        "in_words": phrases.on_map(question),
        "map": made,
        "overview": counted(kept, reckoning if made.has_people else for_count(reckoning)),
    }
    return render(request, "incidents/map.html", context)


def for_count(reckoning: Reckoning) -> Reckoning:
    """Choose how to count what is drawn without its people: by table in whole numbers alone."""
    return Reckoning(reckoning.question) if reckoning.by_table else reckoning


def on_page(made: WorldMap) -> str:
    """Draw a map twice, for a desk and for a telephone, with its legend and the table behind it."""
    context = {"map": made, "wide": made.wide(), "narrow": made.narrow()}
    return render_to_string("incidents/_map.html", context)


@reads
@says_what_is_wrong
def map_picture(request: HttpRequest, form: str) -> HttpResponse:
    """The same map as a picture that stands alone, with what it shows written in it."""
    question, size = ask_map(request.GET, request.user)
    made = Kept(question).recall(f"map-{size}", partial(world_map, in_full(question), size))
    said = phrases.on_map(question)
    address = address_of("map", question.text, f"size={size}" if "size" in request.GET else "")
    title = _("Reported incidents by place")
    svg = framing.framed(title, said, [part_of(made)], address=address)
    return taken_away(svg, exports.file_name(question, "map", form), form)
