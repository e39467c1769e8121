"""Finds the mapping that somebody used last for a sheet with the same columns.

One rule: a mapping is offered again to whoever made it, with the words it knows; the name of the
data set goes with it only where the file has the same name, since rows are recognised by it.
Called by the mapping page.
"""

import hashlib
from collections.abc import Sequence

from django.utils.text import slugify

from incidents.models import Import, User, choices


def key_of_headers(headers: Sequence[str]) -> str:
    """Name a set of columns, whatever their order."""
    text = "\x1f".join(sorted(headers))
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def last_alike(headers: Sequence[str], *, by: User) -> Import | None:
    """Find this person's latest import of such columns whose mapping was used, not only seen."""
    mine = Import.objects.filter(by=by, options__headers=key_of_headers(headers))
    used = mine.exclude(state=choices.ImportState.UPLOADED).exclude(mapping="")
    return used.order_by("-pk").first()


def stem_of(name: str) -> str:
    """Give the name of a file without its ending: `sheet.rejected-rows.csv` is sheet."""
    return name.partition(".")[0]


def same_name(one: str, other: str) -> bool:
    """Tell whether two files have one name, but for what downloads change in it."""
    return slugify(stem_of(one), allow_unicode=True) == slugify(stem_of(other), allow_unicode=True)
