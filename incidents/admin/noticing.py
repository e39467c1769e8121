"""Notices when a text seems to name a person; Attest counts people and keeps no names of them.

One rule: it only mentions, never blocks: a public figure may be named, a victim may not, and which
one it is only a person can tell.
"""

import re

from django.contrib import messages
from django.utils.translation import gettext as _

from incidents.forms import changed_fields

TEXTS = ("quote", "translation", "summary", "title")
SURNAMES = "Kim|Lee|Park|Pak|Choi|Choe|Jung|Jong|Kang|Cho|Yoon|Jang|Lim|Han|Seo|Shin|Kwon|Hwang|Ahn"
SIGNS = (
    r"\b(?:Mr|Mrs|Ms|Miss|Dr)\.? [A-Z][\w-]+",
    r"\b(?:named|called|identified as|surnamed) [A-Z][\w-]+(?: [A-Z][\w-]+)*",
    rf"\b(?:{SURNAMES}) [A-Z][a-z]+(?:[- ]?[A-Z]?[a-z]+)?\b",
    r"[가-힣]{2,4}\s?(?:씨|양|군)(?=[\s,.(은는이가의와과을를]|$)",
    r"[가-힣]{2,4}\s?\(\d{1,2}\)",
    r"\b(?:born|b\.) (?:on |in )?(?:\d{1,2} )?(?:[A-Z][a-z]+ )?(?:19|20)\d\d\b",
)
NAMES = re.compile("|".join(SIGNS))


def seems_to_name(text: str) -> str:
    """Return the first piece of a text that looks like a person's name or birth date, or ``""``."""
    found = NAMES.search(text)
    return found[0].strip() if found else ""


def notice_names(request, forms) -> None:
    """Mention texts changed in this save that seem to name a person."""
    for form in forms:
        for name in set(TEXTS) & set(changed_fields(form)):
            if found := seems_to_name(form.cleaned_data.get(name) or ""):
                messages.warning(
                    request,
                    _(
                        "Saved. “%(found)s” looks like a person's name. If it is a victim's, a "
                        "witness's or a relative's, take it out: Attest keeps no names."
                    )
                    % {"found": found},
                )
