"""Knows the articles that a file's claims stand in, and adds those that are not recorded yet.

One rule: an address is one article; without an address, title, publisher and day are. What the run
itself made is remembered by two numbers each, however large the file is. Called by saving.
"""

from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils import timezone

from incidents import bulk
from incidents.chunks import in_chunks
from incidents.importing.planning import ClaimDraft
from incidents.importing.resolving import Vocabulary
from incidents.models import Article, User

Key = tuple[Any, ...]
MOST_REMEMBERED = 20_000  # articles that are held whole; of others only the key


class Known(NamedTuple):
    """A recorded article, as far as what follows from a claim depends on it."""

    key: int
    publisher: int | None
    url: str
    archive_url: str


DETAILS = ("pk", "publisher_id", "url", "archive_url")


class Articles:
    """The articles of one file."""

    def __init__(self, vocabulary: Vocabulary, *, by: User, why: str) -> None:
        """Add them by this person, for this reason."""
        self.vocabulary, self.by, self.why = vocabulary, by, why
        self.now = timezone.now()
        self.first: int | None = None  # the first key that this run added
        self.made: dict[int, int] = {}  # what it added without an address, by the key's hash
        self.known: dict[Key, Known] = {}

    def add(self, claims: Iterable[ClaimDraft]) -> None:
        """Add the articles of these claims that are not recorded yet."""
        wanted: dict[Key, ClaimDraft] = {}
        for claim in claims:
            wanted.setdefault(self.key_of(claim), claim)
        if len(self.known) > MOST_REMEMBERED:
            self.known.clear()
        missing = [key for key in wanted if key not in self.known]
        self.recall({pk: key for key in missing if (pk := self.made.get(hash(key)))})
        self.known |= self.recorded([key for key in missing if key not in self.known])
        new = [key for key in missing if key not in self.known]
        if new:
            self.insert({key: wanted[key] for key in new})

    def insert(self, new: dict[Key, ClaimDraft]) -> None:
        """Add these articles."""
        source = self.vocabulary.source
        keys = bulk.next_keys(Article, len(new))
        names = sorted(next(iter(new.values())).article)
        columns = ("id", "publisher_id", "credit_id", "created", "updated", *names)
        values_of, rows = itemgetter(*names), []
        for key, (named, claim) in zip(keys, new.items(), strict=True):
            publisher, credit = source(claim.names["publisher"]), source(claim.names["credit"])
            article = claim.article
            rows.append((key, publisher, credit, self.now, self.now, *values_of(article)))
            self.known[named] = Known(key, publisher, article["url"], article["archive_url"])
            if not article["url"]:
                self.made[hash(named)] = key
        self.first = self.first or keys[0]
        bulk.insert(Article, columns, rows)
        bulk.write_history(Article, keys, by=self.by, why=self.why)

    def of(self, claim: ClaimDraft) -> Known:
        """Give the article of a claim, after it was added."""
        return self.known[self.key_of(claim)]

    def key_of(self, claim: ClaimDraft) -> Key:
        """Give what names an article: its address, else title, publisher and day."""
        article = claim.article
        if article["url"]:
            return (article["url"],)
        publisher = self.vocabulary.source(claim.names["publisher"])
        return article["title"], publisher, article["date_words"]

    def recall(self, made: dict[int, Key]) -> None:
        """Read articles again that this run added and no longer holds whole."""
        for some in in_chunks(made):
            for row in Article.objects.filter(pk__in=some).values_list(*DETAILS):
                self.known[made[row[0]]] = Known(*row)

    def recorded(self, keys: Sequence[Key]) -> dict[Key, Known]:
        """Find recorded articles among those that everybody may see, and that `recall` does not."""
        found: dict[Key, Known] = {}
        open_ones = Article.objects.filter(restricted=False)
        before = open_ones.filter(url="", **({"pk__lt": self.first} if self.first else {}))
        addresses = [key[0] for key in keys if len(key) == 1]
        for some in in_chunks(addresses):
            rows = open_ones.filter(~Q(url=""), url__in=some)
            found |= {(row[2],): Known(*row) for row in rows.values_list(*DETAILS)}
        titles = [key for key in keys if len(key) == 3 and key[1] is not None]
        for some in in_chunks(titles):
            rows = before.filter(
                publisher__in={key[1] for key in some}, title__in={key[0] for key in some}
            )
            found |= {
                row[:3]: Known(*row[3:])
                for row in rows.values_list("title", "publisher_id", "date_words", *DETAILS)
            }
        wanted = set(keys)
        return {key: known for key, known in found.items() if key in wanted}
