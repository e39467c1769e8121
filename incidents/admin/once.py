"""A page that is sent twice, by a double click or by going back, is saved once.

One rule: every record page and coding page carries a mark of its own. Django's log of the desk
remembers, for each mark, who sent it, what it held (as a digest) and which record came of it. The
caller has its turn.
"""

import hashlib
import re
import secrets

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.utils.html import format_html
from django.utils.translation import gettext as _

MARK = re.compile(r"[\w-]{16,40}", re.ASCII)


def new_mark() -> str:
    """Make the mark of one page."""
    return secrets.token_urlsafe(16)


def mark_of(request) -> str:
    """Read the mark of the page that was sent; nothing when it has none."""
    mark = request.POST.get("once", "")
    return mark if MARK.fullmatch(mark) else ""


def digest(request) -> str:
    """Sum up what was sent."""
    held = sorted((key, request.POST.getlist(key)) for key in request.POST)
    kept = [pair for pair in held if pair[0] != "csrfmiddlewaretoken"]
    return hashlib.sha256(repr([request.path, *kept]).encode("utf-8", "surrogatepass")).hexdigest()


def sent_before(request) -> LogEntry | None:
    """Find what came of this page when this person sent it before."""
    mark = mark_of(request)
    if request.method != "POST" or not mark:
        return None
    sent = LogEntry.objects.filter(user=request.user, change_message__startswith=f"{mark} ")
    return sent.order_by("-pk").first()


def remember(request, record, flag: int) -> None:
    """Note which record came of this page; nothing of what the record says."""
    if mark := mark_of(request):
        LogEntry.objects.create(
            user=request.user,
            content_type=ContentType.objects.get_for_model(record),
            object_id=str(record.pk),
            action_flag=flag,
            change_message=f"{mark} {digest(request)}",
        )


def is_repeated(request) -> bool:
    """Tell whether this very page was sent and saved before."""
    sent = sent_before(request)
    return sent is not None and sent.change_message.endswith(f" {digest(request)}")


def answered(model_admin, request):
    """Answer a page that was sent before with the same words as it was then; else return None."""
    sent = sent_before(request)
    if sent is None:
        return None
    record = model_admin.get_queryset(request).filter(pk=sent.object_id).first()
    if record is None or not sent.change_message.endswith(f" {digest(request)}"):
        return None
    answer = model_admin.response_add if sent.is_addition() else model_admin.response_change
    return answer(request, record)


def complaint(request) -> str:
    """Say that a page was sent before with other words; empty when it was not."""
    sent = sent_before(request)
    if sent is None:
        return ""
    return format_html(
        _(
            "You sent this page before, and it was saved: <a href='{}'>see the record</a>. What "
            "you changed since is kept below and not saved yet. Save again only if it should be "
            "added to what was saved."
        ),
        sent.get_admin_url(),
    )


__all__ = ["ADDITION", "CHANGE", "answered", "complaint", "new_mark", "remember"]
