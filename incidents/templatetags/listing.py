"""The filter that writes the rows of the list page.

One rule: no queries; it takes a row of listed.py and returns markup with every value escaped. A
page has hundreds of cells, so a row is written at once and not piece by piece in the template,
which took three times as long.
"""

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from incidents.listed import speaker_and_address
from incidents.records import Row
from incidents.retelling import retold
from incidents.templatetags.reading import days, measure, named_by

register = template.Library()
SHOWN_AT_ONCE = 5


@register.filter
def written(rows: Iterable[Row]) -> SafeString:
    """Write the rows of the list, one under the other."""
    return mark_safe("".join(map(row_of, rows)))  # noqa: S308 every cell escapes what it is given


def row_of(row: Row) -> str:
    """Write one row: when, what, where, how many, who says so."""
    contested = ' class="disputed"' if row["disputed"] else ""
    return (
        f'<tr>\n<td>{when(row)}</td>\n<th scope="row">{what(row)}</th>\n<td>{where(row)}</td>\n'
        f"<td{contested}>{how_many(row)}</td>\n<td>{who_says_so(row)}</td>\n</tr>\n"
    )


def when(row: Row) -> str:
    """Write the days of a row, and how sure they are."""
    stated = days(row) or row["date_words"]
    marks = [_("inferred")] if row["date_inferred"] else []
    if row["date_match"] == "possible":
        marks.append(_("possibly inside"))
    elif row["date_match"] == "open":
        marks.append(_("no firm date"))
    cell = escape(stated) if stated else soft(_("no date stated"))
    return cell + badge_list(("open", mark) for mark in marks)


def what(row: Row) -> str:
    """Write the title, and what a reader must know of the record beside it."""
    link = f'<a class="title" href="{escape(row["path"])}">{escape(row["title"])}</a>'
    about = f'<span class="code">{row["code"]}</span> · {escape(row["category"])}'
    cell = f"{link}\n{meta(about + badge_list(row['badges']))}"
    if row["may_overlap"]:
        words = " ".join([_("may be the same people as"), ", ".join(row["may_overlap"])])
        cell += f"\n{meta(escape(words))}"
    return cell


def where(row: Row) -> str:
    """Write the place, its country, and from which state to which people were sent."""
    country = row["country"] if row["country"] != row["place"] else ""
    stated = " · ".join(filter(None, (row["place"], country)))
    cell = escape(stated) if row["place"] else soft(_("no place stated"))
    if not (row["sending"] or row["receiving"]):
        return cell
    start, end = escape(row["sending"] or "?"), escape(row["receiving"] or "?")
    arrow = f'<span aria-label="{escape(pgettext("between two states", "to"))}">→</span>'
    return f"{cell}\n" + meta(f"{start} {arrow} {end}")


def how_many(row: Row) -> str:
    """Write the figure in words, what it counts, and what must be known beside it."""
    cell = f'<span class="figure">{escape(row["figure_words"])}</span>'
    if row["figure_kind"] == "none":
        return cell
    cell += f'<span class="meta">{escape(measure(row["category__measure"]))}</span>'
    if row["disputed"]:
        cell += badge_list([("amber", _("disputed"))])
    if newer := row["newer_claims"]:
        words = ngettext("%(n)s newer claim", "%(n)s newer claims", newer) % {"n": newer}
        cell += badge_list([("open", words)])
    if not row["counted"]:
        sentence = _("not in the total: %s") % retold(row["counted_why"])
        cell += f"\n{meta(escape(sentence))}"
    return cell


def who_says_so(row: Row) -> str:
    """Write how many sources stand behind a row, and each with a link to where it says so."""
    cell = f'<span class="meta">{escape(named_by(row))}</span>'
    if not row["cited"]:
        return cell
    cell += f"\n<ul>{citation_list(row['cited'][:SHOWN_AT_ONCE])}</ul>"
    rest = row["cited"][SHOWN_AT_ONCE:]
    if rest:
        more = ngettext("%(n)s more", "%(n)s more", len(rest)) % {"n": len(rest)}
        heading = f'<summary class="meta">{escape(more)}</summary>'
        cell += f"<details>{heading}<ul>{citation_list(rest)}</ul></details>"
    return cell


def citation_list(citations: Iterable[Sequence]) -> str:
    """Write each citation as a list item: who says it, linked, and in whose pages."""
    return "".join(map(citation, citations))


def citation(cited: Sequence) -> str:
    """Write one citation."""
    speaker, address, publisher = speaker_and_address(cited)
    link = f'<a href="{escape(address)}" rel="noopener noreferrer">{escape(speaker)}</a>'
    if not publisher:
        return f"<li>{link}</li>"
    return f'<li>{link} <span class="meta">{escape(_("in"))} {escape(publisher)}</span></li>'


def badge_list(named: Iterable[tuple[str, str]]) -> str:
    """Write badges: look and words of each."""
    return "".join(badges_of(named))


def badges_of(named: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Go through badges, each written."""
    for look, words in named:
        yield f' <span class="{f"badge {look}".strip()}">{escape(str(words))}</span>'


def meta(markup: str) -> str:
    """Write a line of small print around markup."""
    return f'<div class="meta">{markup}</div>'


def soft(words: str) -> str:
    """Write what stands where nothing is stated."""
    return f'<span class="soft">{escape(words)}</span>'
