"""Names the texts of Django's own pages that our catalogues say in better words.

One rule: nothing reads this list but `make messages`; a text that stands here is translated with
ours, and ours are asked before Django's.
"""

from django.utils.translation import gettext_noop

BORROWED = (
    gettext_noop(" By %(filter_title)s "),
    gettext_noop("Select %s to change"),
    gettext_noop("Select %s to view"),
    gettext_noop("Select this object for an action - {}"),
)
