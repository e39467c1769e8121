"""The logging desk: pages for articles, claims, incidents, vocabularies and accounts.

One rule: a page shows and offers only what its reader may see, and every save goes through a form
and `actions.revise`. Each file registers its own records with the project's admin site.
"""

from incidents.admin import (
    accounts,
    articles,
    claims,
    coding,
    importing,
    incidents,
    reprints,
    reviewing,
    searching,
    start,
    triage,
    vocabularies,
)

__all__ = [
    "accounts",
    "articles",
    "claims",
    "coding",
    "importing",
    "incidents",
    "reprints",
    "reviewing",
    "searching",
    "start",
    "triage",
    "vocabularies",
]
