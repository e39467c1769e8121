"""The smallest valid records, for every test; each takes only what the test is about.

One rule: what a factory returns is settled, but for inside `settled_together`.
"""

import itertools
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.contrib.auth.models import Group
from django.utils import timezone

from incidents.models import Article, Category, Claim, Incident, IncidentPlace, Place, Source, User
from incidents.settling import settle, settle_articles

_numbers = itertools.count(1)
_waiting: list[set[int]] = []  # keys of incidents; one set for each `settled_together` around


@contextmanager
def settled_together() -> Iterator[None]:
    """Settle what is made inside once, at the end; nothing derived is true before."""
    _waiting.append(set())
    try:
        yield
    finally:
        keys = _waiting.pop()
    settle_now_or_later(keys)


def settle_now_or_later(keys: Iterable[int]) -> None:
    """Settle incidents, unless they wait to be settled together with others."""
    if _waiting:
        _waiting[-1].update(keys)
    else:
        settle(keys)


def make_user(role: str = "", name: str = "", **fields) -> User:
    """Make a person with one role: Viewer, Researcher, Reviewer, Administrator or none."""
    user = User.objects.create_user(name or f"person{next(_numbers)}", password="secret", **fields)
    if role:
        user.groups.add(Group.objects.get(name=role))
    return user


def make_place(code: str, *, parent: Place | None = None, **fields) -> Place:
    """Make a place; its kind follows from the code where that says it."""
    defaults = {"kind": kind_of(code), "name": code, "parent": parent}
    return Place.objects.create(code=code, **(defaults | fields))


def kind_of(code: str) -> str:
    """Tell from a place code what kind of place it names."""
    if code.startswith("m49:"):
        return "region"
    if "/" in code:
        return "locality"
    return "admin1" if "-" in code else "country"


def make_source(name: str = "", **fields) -> Source:
    """Make a source."""
    number = next(_numbers)
    defaults = {"name": name or f"Source {number}", "slug": f"source-{number}"}
    return Source.objects.create(**(defaults | fields))


def make_article(*, restricted_to: Group | None = None, **fields) -> Article:
    """Make an article; the date is read from `date_words`."""
    number = next(_numbers)
    defaults = {"title": f"Article {number}", "url": f"https://news.example/{number}"}
    if "publisher" not in fields:
        fields["publisher"] = make_source(f"Outlet {number}")
    article = Article(**(defaults | fields))
    article.read_date()
    article.save()
    if restricted_to:
        article.restricted_to.add(restricted_to)
        settle_articles([article.pk])
        article.refresh_from_db()
    return article


def make_incident(
    title: str = "",
    *,
    category: str = "forced_return",
    published: bool = True,
    restricted_to: Group | None = None,
    **fields,
) -> Incident:
    """Make an incident, by default published; the date is read from `date_words`."""
    incident = Incident(
        title=title or f"Incident {next(_numbers)}",
        category=Category.objects.get(code=category),
        **fields,
    )
    incident.read_date()
    if published:
        incident.status, incident.signed_version, incident.second_read = "published", 1, True
        incident.signed_at = incident.first_published = timezone.now()
        incident.signed_by = User.objects.filter(username="signer").first() or make_user(
            "Reviewer", "signer"
        )
    incident.save()
    if restricted_to:
        incident.restricted_to.add(restricted_to)
    settle_now_or_later([incident.pk])
    incident.refresh_from_db()
    return incident


def make_claim(
    incident: Incident, words: str = "9", *, restricted_to: Group | None = None, **fields
) -> Claim:
    """Make a claim that counts, with its count and date read from the words; settles."""
    defaults = {"basis": "event", "measure": incident.category.measure}
    if "article" not in fields:
        fields["article"] = make_article()
    claim = Claim(incident=incident, words=words, **(defaults | fields))
    claim.read_count()
    claim.read_date(claim.article.published_on)
    claim.save()
    if restricted_to:
        claim.restricted_to.add(restricted_to)
    settle_now_or_later([incident.pk])
    incident.refresh_from_db()
    claim.refresh_from_db()
    return claim


def touch(incident: Incident, place: Place, role: str = "happened") -> IncidentPlace:
    """Say that an incident touched a place; settles."""
    made = IncidentPlace.objects.create(incident=incident, place=place, role=role)
    settle_now_or_later([incident.pk])
    incident.refresh_from_db()
    return made
