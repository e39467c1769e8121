"""Keeps what a question was answered, for as long as no record changes.

One rule: what is kept is found again only by the same question in the same language, for readers
with the same groups and rights, and in the same edition of the records. The edition is read before
anything is worked out, so a change meanwhile leaves behind only what nobody asks for any more.
Called by views, seeing and comparing.
"""

import hashlib
import zlib
from collections.abc import Callable
from functools import cached_property
from typing import TypeVar
from uuid import uuid4

from django.core.cache import cache
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from incidents.filters import Question
from incidents.models import THE_EDITION, Edition

MINUTES = 5 * 60  # seconds; what was written past the project's own doors shows after these
MOST_KEYS = 2_000  # what is told of more incidents, one by one, is worked out each time
QUICKLY = 1  # the level of compression that takes least time

Answer = TypeVar("Answer")


class Kept:
    """What is kept of the answer to one question, for its reader, in the edition there is now."""

    def __init__(self, question: Question) -> None:
        """Keep this question's answer; nothing is read before it is asked for."""
        self.question = question

    @cached_property
    def occasion(self) -> str:
        """Name all that an answer depends on: edition, question, language, groups and rights."""
        depends_on = (mark(), self.question.text, get_language(), rights_of(self.question.user))
        return hashlib.sha256(repr(depends_on).encode()).hexdigest()

    def recall(self, what: str, work_out: Callable[[], Answer]) -> Answer:
        """Give what is kept under this name, or work it out and keep it."""
        key = f"{self.occasion}:{what}"
        found = cache.get(key)
        if found is None:
            found = work_out()
            if not isinstance(found, dict) or len(found) <= MOST_KEYS:
                cache.set(key, found, MINUTES)
        return found

    def recall_text(self, what: str, write: Callable[[], str]) -> str:
        """Recall what a template wrote; kept in a few bytes, as such texts repeat themselves."""
        packed = self.recall(what, lambda: zlib.compress(write().encode(), QUICKLY))
        return mark_safe(zlib.decompress(packed).decode())  # noqa: S308 as the template wrote it

    def recall_page(self, what: str, work_out: Callable[[], Answer]) -> Answer:
        """Recall what belongs to one page of the list, and not to its question."""
        page = hashlib.sha256(self.question.cursor.encode()).hexdigest()
        return self.recall(f"{what}:{page}", work_out)


def mark() -> str:
    """Read the mark of this edition; before the first change one that nobody meets again."""
    marks = Edition.objects.filter(pk=THE_EDITION).values_list("mark", flat=True)
    return marks.first() or uuid4().hex


def rights_of(user) -> tuple:
    """Say what decides which records a reader may see; `user=None` stands for any viewer."""
    if user is None:
        return ()
    return user.is_superuser, *user.group_keys, *sorted(user.get_all_permissions())
