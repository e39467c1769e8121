"""Filters that write what a row holds as a person would read it.

One rule: no queries; each takes a row of records.py (or a record) and returns text. Used by the
page templates alone.
"""

from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext, pgettext

from incidents import dates, phrases
from incidents.models import choices
from incidents.records import Row
from incidents.retelling import retold

register = template.Library()
register.filter("retold", retold)


@register.filter
def days(dated: Any) -> str:
    """Write the two days of anything dated, no more exactly than they are known."""
    earliest, latest, edtf = (value_of(dated, n) for n in ("earliest", "latest", "date_edtf"))
    if not earliest and not latest:
        return ""
    written = days_between(earliest, latest, edtf)
    if "?" in edtf or "%" in edtf:
        written = _("%s, uncertain") % written
    return _("about %s") % written if "~" in edtf or "%" in edtf else written


def days_between(earliest, latest, edtf: str) -> str:
    """Write two inclusive days as a day, month, year, range or open range."""
    first, _slash, last = edtf.partition("/")
    if not earliest:
        return _("until %s") % edge(latest, last)
    if not latest:
        return _("from %s on") % edge(earliest, first)
    precision = dates.precision_of(earliest, latest)
    if precision in (*FORMATS, "year"):
        return written_as(precision, earliest)
    return f"{edge(earliest, first)} – {edge(latest, last)}"


def edge(day, edtf: str) -> str:
    """Write one end as a day, month or year, whichever its expression gives."""
    stated = edtf.translate(UNMARKED)
    is_plain = stated.replace("-", "").isdigit()
    precision = {4: "year", 7: "month"}.get(len(stated), "day") if is_plain else "day"
    return written_as(precision, day)


def written_as(precision: str, day) -> str:
    """Write a day, or the month or year that it stands for, as the reader's language does."""
    year_format = pgettext("format of a year", "Y")
    return date_format(day, year_format if precision == "year" else FORMATS[precision])


FORMATS = {"day": "DATE_FORMAT", "month": "YEAR_MONTH_FORMAT"}
UNMARKED = str.maketrans("", "", "?~%")


def value_of(record: Any, name: str) -> Any:
    """Read a value of a row or of a record."""
    return record[name] if isinstance(record, dict) else getattr(record, name)


@register.filter
def named_by(row: Row) -> str:
    """Say how many sources stand behind a row; never that they are independent."""
    total = row["sources_named"]
    unnamed = min(total, row["unnamed_outlets"])
    if not total:
        return _("no source that affirms it")
    if unnamed == total:
        return ngettext(
            "no named source; reported by %(n)s outlet",
            "no named source; reported by %(n)s outlets",
            total,
        ) % {"n": total}
    said = ngettext("named by %(n)s source", "named by %(n)s sources", total - unnamed) % {
        "n": total - unnamed
    }
    if not unnamed:
        return said
    return said + ngettext(
        "; %(n)s outlet names nobody",
        "; %(n)s outlets name nobody",
        unnamed,
    ) % {"n": unnamed}


@register.filter
def measure(code: str) -> str:
    """Name what is counted: people returned."""
    return phrases.people_in(code)


@register.filter
def understood(claim: Row) -> str:
    """Write how a claim's words were read: qualifier, number and unit."""
    numbers = [claim[name] for name in ("low", "value", "high") if claim[name] is not None]
    if not numbers:
        return _("no number")
    unit = choices.Unit(claim["unit"]).label
    written = [phrases.grouped(number) for number in numbers]
    if claim["qualifier"] == "between":
        return _("between %(low)s and %(high)s %(unit)s") % {
            "low": written[0],
            "high": written[-1],
            "unit": unit,
        }
    return _(UNDERSTOOD[claim["qualifier"]]) % {"number": written[0], "unit": unit}


UNDERSTOOD = {
    "exactly": gettext_noop("exactly %(number)s %(unit)s"),
    "about": gettext_noop("about %(number)s %(unit)s"),
    "nearly": gettext_noop("nearly %(number)s %(unit)s"),
    "odd": gettext_noop("a little over %(number)s %(unit)s"),
    "at_most": gettext_noop("at most %(number)s %(unit)s"),
    "less_than": gettext_noop("less than %(number)s %(unit)s"),
    "at_least": gettext_noop("at least %(number)s %(unit)s"),
    "more_than": gettext_noop("more than %(number)s %(unit)s"),
}


@register.filter
def grouped(number: int | None) -> str:
    """Write a number with its thousands apart; a dash where nobody said."""
    return "–" if number is None else phrases.grouped(number)


@register.filter
def here(request: HttpRequest) -> str:
    """The address of this page, to come back to; nothing that a browser takes for another site."""
    address = request.get_full_path()
    return address if url_has_allowed_host_and_scheme(address, allowed_hosts=None) else "/"


@register.filter
def from_top(per_cent: float) -> float:
    """Turn a height in a picture into a distance from its upper edge, in per cent."""
    return round(100 - per_cent, 3)


@register.filter
def address_of(request: HttpRequest) -> str:
    """Write the whole address of the page asked for, as it stands under a printed one."""
    return settings.SITE_URL + here(request)


@register.filter
def options(named: list[tuple[str, str]]) -> str:
    """Write codes and names as the options of a datalist; there are hundreds on every page."""
    return format_html_join("", '<option value="{}">{}</option>', named)
