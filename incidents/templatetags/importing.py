"""The filter that makes links of the codes in an import's report.

One rule: no queries; what is no code stays text and is escaped.
"""

import re

from django import template
from django.urls import reverse
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString

from incidents.models import pk_of

register = template.Library()
CODE = re.compile(r"(\bAT-\d{6,15}\b)")


@register.filter
def with_links(message: str) -> SafeString:
    """Write a line of the report, each incident's code as a link to its page at the desk."""
    return format_html_join("", "{}", ((linked(part),) for part in CODE.split(message)))


def linked(part: str) -> SafeString:
    """Write a code as a link, anything else as it is."""
    if not CODE.fullmatch(part):
        return escape(part)
    page = reverse("admin:incidents_incident_change", args=[pk_of(part)])
    return format_html('<a href="{}">{}</a>', page, part)
