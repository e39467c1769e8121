"""Filters that write the cells of the list page.

One rule: no queries; each takes a row of listed.py and returns markup with every value escaped.
A page has hundreds of cells, so each is written at once and not piece by piece in the template.
"""

from collections.abc import Iterable, Sequence

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from incidents.listed import speaker_and_address
from incidents.records import Row
from incidents.retelling import retold
from incidents.templatetags.reading import days, measure, named_by

register = template.Library()
SHOWN_AT_ONCE = 5
NOTHING = mark_safe("")


@register.filter
def when(row: Row) -> SafeString:
    """Write the days of a row, and how sure they are."""
    stated = days(row) or row["date_words"]
    marks = [_("inferred")] if row["date_inferred"] else []
    if row["date_match"] == "possible":
        marks.append(_("possibly inside"))
    elif row["date_match"] == "open":
        marks.append(_("no firm date"))
    cell = format_html("{}", stated) if stated else soft(_("no date stated"))
    return cell + badge_list(("open", mark) for mark in marks)


@register.filter
def badges(row: Row) -> SafeString:
    """Write what a reader must know of the record beside its title."""
    return badge_list(row["badges"])


@register.filter
def where(row: Row) -> SafeString:
    """Write the place, its country, and from which state to which people were sent."""
    country = row["country"] if row["country"] != row["place"] else ""
    stated = " · ".join(filter(None, (row["place"], country)))
    cell = format_html("{}", stated) if row["place"] else soft(_("no place stated"))
    if not (row["sending"] or row["receiving"]):
        return cell
    arrow = '\n<div class="meta">{} <span aria-label="{}">→</span> {}</div>'
    ends = (row["sending"] or "?", pgettext("between two states", "to"), row["receiving"] or "?")
    return cell + format_html(arrow, *ends)


@register.filter
def how_many(row: Row) -> SafeString:
    """Write the figure in words, what it counts, and what must be known beside it."""
    cell = format_html('<span class="figure">{}</span>', row["figure_words"])
    if row["figure_kind"] == "none":
        return cell
    cell += format_html('<span class="meta">{}</span>', measure(row["category__measure"]))
    if row["disputed"]:
        cell += badge_list([("amber", _("disputed"))])
    if newer := row["newer_claims"]:
        words = ngettext("%(n)s newer claim", "%(n)s newer claims", newer) % {"n": newer}
        cell += badge_list([("open", words)])
    if not row["counted"]:
        sentence = _("not in the total: %s") % retold(row["counted_why"])
        cell += format_html('\n<div class="meta">{}</div>', sentence)
    return cell


@register.filter
def who_says_so(row: Row) -> SafeString:
    """Write how many sources stand behind a row, and each with a link to where it says so."""
    cell = format_html('<span class="meta">{}</span>', named_by(row))
    if not row["cited"]:
        return cell
    cell += format_html("\n<ul>{}</ul>", citation_list(row["cited"][:SHOWN_AT_ONCE]))
    rest = row["cited"][SHOWN_AT_ONCE:]
    if rest:
        more = ngettext("%(n)s more", "%(n)s more", len(rest)) % {"n": len(rest)}
        folded = '<details><summary class="meta">{}</summary><ul>{}</ul></details>'
        cell += format_html(folded, more, citation_list(rest))
    return cell


def citation_list(citations: Iterable[Sequence]) -> SafeString:
    """Write each citation as a list item: who says it, linked, and in whose pages."""
    return format_html_join(
        "",
        '<li><a href="{}" rel="noopener noreferrer">{}</a>{}</li>',
        (
            (address, speaker, published_in(publisher))
            for speaker, address, publisher in map(speaker_and_address, citations)
        ),
    )


def published_in(publisher: str) -> SafeString:
    """Name the publisher of a citation, if it is another than who says it."""
    if not publisher:
        return NOTHING
    return format_html(' <span class="meta">{} {}</span>', _("in"), publisher)


def badge_list(named: Iterable[tuple[str, str]]) -> SafeString:
    """Write badges: look and words of each."""
    return format_html_join(
        "",
        ' <span class="{}">{}</span>',
        ((f"badge {look}".strip(), words) for look, words in named),
    )


def soft(words: str) -> SafeString:
    """Write what stands where nothing is stated."""
    return format_html('<span class="soft">{}</span>', words)
