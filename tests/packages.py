"""Packages for tests: made, opened and changed, and a full world to pack.

`empty` takes the records of a database away, so that a package can be restored into it.
"""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

from django.apps import apps
from django.contrib.auth.models import Group
from django.db import transaction

from incidents import actions, merging
from incidents.filters import ask
from incidents.models import (
    Category,
    Claim,
    Import,
    Incident,
    Origin,
    Place,
    PlaceAncestor,
    PlaceName,
    User,
    choices,
)
from incidents.package import package_stream
from incidents.packed import MANIFEST, TABLES
from incidents.seeds import ROLES
from incidents.settling import settle
from tests.factories import make_article, make_claim, make_incident, make_user
from tests.worlds import World, make_world

WHOLE = "&".join(
    [f"kind={code}" for code in choices.IncidentKind.values]
    + [f"status={code}" for code in choices.Status.values]
)
GAZETTEER = (Place, PlaceName, PlaceAncestor, Category, User)
NASTY = 'two\nlines, "quoted"; 강제북송\rand a lone CR, =1+1, \'apostrophe, '


def package_of(query: str = WHOLE, user: User | None = None) -> bytes:
    """Make the package of a question."""
    return b"".join(package_stream(ask(query, user)))


def texts_in(package: bytes) -> dict[str, str]:
    """Unpack every file."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def rows_in(package: bytes, file: str) -> list[dict[str, str]]:
    """Read the rows of one file."""
    return list(csv.DictReader(io.StringIO(texts_in(package)[file], newline="")))


def manifest_in(package: bytes) -> dict:
    """Read the manifest."""
    return json.loads(texts_in(package)[MANIFEST])


def zipped(texts: dict[str, str]) -> bytes:
    """Pack files as they are."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts.items():
            archive.writestr(name, text)
    return packed.getvalue()


def changed(package: bytes, file: str, change: Callable[[str], str]) -> bytes:
    """Change a file and have the manifest agree, as somebody would who forges a package."""
    texts = texts_in(package)
    before = texts[file]
    texts[file] = change(before)
    assert texts[file] != before
    said = json.loads(texts[MANIFEST])
    for entry in said["files"]:
        if entry["name"] == file:
            entry["rows"] = len(list(csv.reader(io.StringIO(texts[file], newline="")))) - 1
            entry["sha256"] = hashlib.sha256(texts[file].encode()).hexdigest()
    texts[MANIFEST] = json.dumps(said)
    return zipped(texts)


def with_cell(package: bytes, file: str, column: str, value: str, row: int = 0) -> bytes:
    """Put another value into one cell."""

    def change(text: str) -> str:
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        rows[row][column] = value
        written = io.StringIO(newline="")
        writer = csv.DictWriter(written, rows[0], lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows(rows)
        return written.getvalue()

    return changed(package, file, change)


def saved_as(package: bytes, folder: Path) -> Path:
    """Write a package to a file."""
    path = folder / "package.zip"
    path.write_bytes(package)
    return path


@transaction.atomic
def empty(*, keep_gazetteer: bool = True) -> None:
    """Take every record away; without the gazetteer all but the roles and superusers."""
    kept = GAZETTEER if keep_gazetteer else ()
    config = apps.get_app_config("incidents")
    for model in config.get_models(include_auto_created=True):
        if model not in kept and model not in (User, User.groups.through):
            rows = model._base_manager.all()
            rows._raw_delete(rows.db)
    if keep_gazetteer:
        return
    others = User.objects.filter(is_superuser=False)
    through = User.groups.through.objects.filter(user__in=others)
    for rows in (through, others, Group.objects.exclude(name__in=ROLES)):
        rows._raw_delete(rows.db)


def make_full_world() -> World:
    """Make a world that has something in every table and nearly every column."""
    world = make_world()
    actor = world.actor
    reader = make_user("Reviewer", "Reviewer 한")
    events = world.incidents
    for merge, records in (
        (merging.merge_incidents, (events[1], events[0])),
        (merging.merge_sources, (world.sources[2], world.sources[3])),
        (merging.merge_places, (world.places[4], world.places[5])),
    ):
        gone, survivor = (type(record).objects.get(pk=record.pk) for record in records)
        merge(gone=gone, survivor=survivor, by=actor, why=f"one\n{NASTY}")
    make_restricted(world)
    draft = make_incident(
        NASTY,
        published=False,
        kind="event",
        date_words="2023-10~",
        latitude="-42.5",
        longitude="129.843",
        point_precision="exact",
        extra='{"Main ID": "7"}',
        summary=NASTY,
        logged_by=reader,
        review_note="Say where.",
    )
    claim = make_claim(draft, "200여 명", quote=NASTY, credibility=2, place_words="강가")
    make_claim(draft, "about 30", of=claim, basis="part", status="needs_work", status_note="look")
    actions.assess(
        incident=Incident.objects.get(pk=events[0].pk),
        measure="returned",
        claims=list(events[0].claims.filter(restricted=False)),
        low=10,
        best=20,
        high=None,
        rule="the lowest documented count",
        why=NASTY,
        by=actor,
    )
    make_article(title="waits", assigned_to=reader, accessed_on="2024-05-07")
    make_imported(actor)
    settle(Incident.objects.values_list("pk", flat=True))
    return world


def make_restricted(world: World) -> None:
    """Keep an incident, an article and a claim each to a group."""
    group = world.groups[0]
    closed = make_incident("SECRET incident", restricted_to=group)
    make_claim(closed, "at least 5", source_as_printed="SECRET claimant")
    open_one = Incident.objects.get(pk=world.incidents[3].pk)
    make_claim(open_one, "9", restricted_to=group, quote="SECRET quote")
    make_claim(open_one, "8", article=make_article(title="SECRET page", restricted_to=group))
    actions.link(
        first=open_one,
        second=closed,
        by=world.actor,
        why="SECRET tie",
        kind="same_people",
        certainty="possible",
    )


def make_imported(by: User) -> None:
    """Say of every incident and claim that it was imported, by two runs of one file."""
    first, last = (
        Import.objects.create(
            name=f"{NASTY}.csv",
            sha256="0" * 64,
            size=2**40,
            file="imports/SECRET.csv",
            mapping='[columns]\ntitle = "Title"',
            dataset="made-up",
            delimiter="\t",
            state="saved",
            by=by,
            rows=7,
            progress=100,
            report=[[1, "title", "SECRET value", "SECRET message", "kept"]],
        )
        for _run in range(2)
    )
    incidents = [(f"i{key}", key, None) for key in Incident.objects.values_list("pk", flat=True)]
    claims = [
        (f"c{claim}", incident, claim)
        for claim, incident in Claim.objects.values_list("pk", "incident")
    ]
    Origin.objects.bulk_create(
        Origin(
            dataset="made-up",
            own_id=own_id,
            made_by=first,
            last=last,
            row=2,
            digest="d" * 32,
            incident_id=incident,
            claim_id=claim,
            version=1,
        )
        for own_id, incident, claim in incidents + claims
    )


FILE_NAMES = [table.file for table in TABLES]
