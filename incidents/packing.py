"""Which records belong to the package of a question.

One rule: what the reader may not see is not in it and is not counted; what they may see but did not
ask for is left out where a row refers to it, and counted. Called by package, inside one picture of
the database.
"""

from collections import Counter
from collections.abc import Iterable
from functools import cached_property

from django.contrib.auth.models import Group
from django.db.models import Q

from incidents import ledgers
from incidents.filters import Question
from incidents.keysets import Keys, in_pieces
from incidents.loading import edited_places
from incidents.models import (
    Article,
    Assessment,
    Category,
    Claim,
    ClaimStep,
    IncidentLink,
    IncidentPlace,
    Merge,
    Origin,
    Place,
    Source,
    SourceAlias,
    choices,
)
from incidents.models.asking import EDITING
from incidents.packed import BY_NAME, TABLES, Table

CHUNK = 500
PULLED = frozenset({"users", "groups", "categories", "places", "sources"})
WHOLE = frozenset(
    [("kind", code) for code in choices.IncidentKind.values]
    + [("status", code) for code in choices.Status.values]
)
MERGED = {
    choices.MergeKind.INCIDENT: "incidents",
    choices.MergeKind.SOURCE: "sources",
    choices.MergeKind.PLACE: "places",
}


def is_whole(question: Question) -> bool:
    """Tell whether a question asks for every record: all kinds, all statuses, and nothing else."""
    asked = [pair.partition("=") for pair in question.text.split("&")]
    return frozenset((name, value) for name, _equals, value in asked) == WHOLE


class Packing:
    """The records of one package, by key, gathered when it is made."""

    def __init__(self, question: Question) -> None:
        self.user = question.user
        self.is_whole = is_whole(question)
        self.for_desk = self.user is not None and self.user.has_perms(EDITING)
        self.keys: dict[str, Keys] = {table.name: Keys() for table in TABLES}
        self.left_out: Counter[str] = Counter()
        self.edited = edited_places()
        self.keys["incidents"] = standing(question)
        self.gather()
        if self.for_desk:
            self.gather_origins()
            self.gather_merges()
        self.pull_named()

    def gather(self) -> None:
        """Find what hangs on the incidents, and who and what those rows name."""
        for incidents in in_pieces(self.keys["incidents"], CHUNK):
            self.gather_around(incidents)
        for claims in in_pieces(self.keys["claims"], CHUNK):
            steps = ClaimStep.objects.filter(claim__in=claims).order_by()
            self.keys["claim_steps"].update(steps.values_list("pk", flat=True))
        if self.is_whole:
            articles = Article.objects.visible_to(self.user).order_by()
            self.keys["articles"].update(articles.values_list("pk", flat=True).iterator())
            self.keys["sources"].update(Source.objects.order_by().values_list("pk", flat=True))
            self.keys["places"].update(self.edited)
            edits = Category.history.filter(history_user__isnull=False).order_by()
            known = Category.objects.filter(pk__in=edits.values("id"))
            self.keys["categories"].update(known.values_list("pk", flat=True))
        for table in TABLES:
            if table.name not in PULLED and table.name not in ("place_names", "merges"):
                self.pull(table)

    def gather_around(self, incidents: list[int]) -> None:
        """Find the claims, places, assessments and links of some incidents."""
        at = {"incident__in": incidents}
        claims = Claim.objects.visible_to(self.user).filter(**at).order_by()
        for claim, article in claims.values_list("pk", "article_id"):
            self.keys["claims"].add(claim)
            self.keys["articles"].add(article)
        touched = IncidentPlace.objects.filter(**at).order_by().values_list("pk", flat=True)
        self.keys["incident_places"].update(touched)
        made = Assessment.objects.visible_to(self.user).filter(**at).order_by()
        self.keys["assessments"].update(made.values_list("pk", flat=True))
        self.gather_links(incidents)

    def gather_links(self, incidents: list[int]) -> None:
        """Find the links between incidents of the package, and count those that lead out of it."""
        ends = Q(first__in=incidents) | Q(second__in=incidents)
        outside = []
        links = IncidentLink.objects.filter(ends).order_by()
        for link, *pair in links.values_list("pk", "first_id", "second_id"):
            others = [end for end in pair if end not in self.keys["incidents"]]
            outside += others
            if not others:
                self.keys["incident_links"].add(link)
        self.count_left_out("incident_links", "incidents", outside)

    def gather_origins(self) -> None:
        """Find where the records came from, and the imports that brought them."""
        for incidents in in_pieces(self.keys["incidents"], CHUNK):
            origins = Origin.objects.filter(incident__in=incidents).order_by()
            for origin, claim, *imports in origins.values_list("pk", "claim", "made_by", "last"):
                if claim is None or claim in self.keys["claims"]:
                    self.keys["origins"].add(origin)
                    self.keys["imports"].update(imports)
        self.pull(BY_NAME["imports"])

    def gather_merges(self) -> None:
        """Find the merges of which both records are here, and what they name."""
        self.pull_named()
        merges = Merge.objects.order_by("pk").values_list("pk", "kind", "gone", "survivor", "moved")
        groups = set()
        for merge, kind, gone, survivor, moved in merges.iterator():
            there = self.keys[MERGED[kind]]
            if gone in there and survivor in there:
                self.keys["merges"].add(merge)
                self.keys["places"].update(ledgers.places_in(moved))
                groups |= ledgers.groups_in(moved)
        known = Group.objects.filter(pk__in=groups).values_list("pk", flat=True)
        self.keys["groups"].update(known)
        self.pull(BY_NAME["merges"])

    def pull_named(self) -> None:
        """Add all that sources and places belong to and went into, and the names of sources."""
        for model in (Source, Place):
            name = "sources" if model is Source else "places"
            rows = model.objects.filter(Q(parent__isnull=False) | Q(merged_into__isnull=False))
            above = {row[0]: row[1:] for row in rows.values_list("pk", "parent_id", "merged_into")}
            waiting = list(self.keys[name])
            while waiting:
                found = {up for key in waiting for up in above.get(key, ()) if up is not None}
                waiting = [up for up in found if self.keys[name].add(up)]
            self.pull(BY_NAME[name])
        for sources in in_pieces(self.keys["sources"], CHUNK):
            aliases = SourceAlias.objects.filter(source__in=sources).order_by()
            self.keys["source_aliases"].update(aliases.values_list("pk", flat=True))

    def pull(self, table: Table) -> None:
        """Add the records that every reader may see and that rows of a table name."""
        named = {
            name: to
            for name, to in table.references.items()
            if to in PULLED and (self.for_desk or name not in table.desk)
        }
        if not named:
            return
        owners = self.keys[self.owner_of(table)]
        for keys in in_pieces(owners, CHUNK):
            rows = table.model._base_manager.filter(**{f"{table.owner or 'pk'}__in": keys})
            for row in rows.values_list(*named):
                for to, key in zip(named.values(), row, strict=True):
                    if key is not None:
                        self.keys[to].add(key)

    def owner_of(self, table: Table) -> str:
        """Name the table by whose keys the rows of a table are found."""
        return table.references[table.owner] if table.owner else table.name

    @cached_property
    def names(self) -> dict[str, dict[int, str]]:
        """What names each account, group, category and place in every database, by its key."""
        found = {}
        for table in TABLES:
            if table.named_by:
                found[table.name] = named = {}
                for keys in in_pieces(self.keys[table.name], CHUNK):
                    rows = table.model._base_manager.filter(pk__in=keys)
                    named.update(rows.values_list("pk", table.named_by))
        return found

    def in_order(self, name: str) -> Iterable[int]:
        """List the keys of a table by what names its rows in every database."""
        if not BY_NAME[name].named_by:
            return self.keys[name]
        return sorted(self.names[name], key=self.names[name].__getitem__)

    def count_left_out(self, what: str, to: str, keys: Iterable[int]) -> None:
        """Count the records outside of the package that rows referred to and the reader may see."""
        wanted = Counter(keys)
        if not wanted:
            return
        records = BY_NAME[to].model._default_manager
        if hasattr(records.all(), "visible_to"):
            records = records.visible_to(self.user)
        for part in in_pieces(sorted(wanted), CHUNK):
            seen = records.filter(pk__in=part).order_by().values_list("pk", flat=True)
            self.left_out[what] += sum(wanted[key] for key in seen)


def standing(question: Question) -> Keys:
    """The incidents that a question finds, without those merged into one that it does not find."""
    found = question.incidents.order_by()
    keys = Keys(found.values_list("pk", flat=True).iterator())
    merged = found.filter(merged_into__isnull=False).values_list("pk", "merged_into_id")
    into = dict(merged.iterator())
    return Keys(key for key in keys if leads_inside(key, into, keys))


def leads_inside(key: int, into: dict[int, int], keys: Keys) -> bool:
    """Tell whether an incident, and all that it was merged into, are among these."""
    while key in keys and key in into:
        key = into[key]
    return key in keys
