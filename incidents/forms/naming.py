"""What can be the name of a source or a place that somebody adds on the spot."""

from django.utils.translation import gettext as _

from incidents.names import fold

LONGEST_NAME = 200  # of the search key too, which can be longer than the name


def why_no_name(name: str) -> str:
    """Say why a text cannot be the name of a source or place; empty when it can."""
    if not any(character.isalnum() for character in name):
        return _("“%s” holds no letter, so it cannot be a name.") % name
    if not name.isprintable() or len(fold(name)) > LONGEST_NAME:
        return _("“%s” cannot be a name: at most 200 characters, all of which can be read.") % name
    return ""
