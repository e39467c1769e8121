"""Many rows at once: the same as saving one by one, whatever the values, on both engines."""

import datetime as dt
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.db import connection, connections, transaction
from django.utils import timezone

from incidents import bulk
from incidents.models import (
    Article,
    Category,
    Claim,
    ClaimStep,
    Incident,
    IncidentLink,
    IncidentPlace,
    IncidentText,
    Place,
    Source,
)
from tests.factories import (
    make_article,
    make_claim,
    make_incident,
    make_place,
    make_source,
    make_user,
    touch,
)

pytestmark = pytest.mark.django_db

HOSTILE = [
    "",
    "plain",
    "a\tb\nc\rd\\e",
    "\\N",
    "\\.",
    "x\n\\.\ny",
    "NULL",
    "''quotes\"\" and, commas",
    "강제북송 遣返 🕊",
    "\x01\x1f\x7f\u2028",
    "%s {}",
]


def stored(model, *keys) -> list[dict]:
    """Read whole rows by key."""
    return list(model._base_manager.filter(pk__in=keys).order_by("pk").values())


def whole(record) -> dict:
    """Read everything that a record's row holds."""
    return type(record)._base_manager.filter(pk=record.pk).values().get()


def test_keys_are_nobody_elses():
    before = make_source()
    keys = bulk.next_keys(Source, 5)
    after = make_source()
    assert len(set(keys)) == 5
    assert before.pk < min(keys)
    assert max(keys) < after.pk


def test_keys_of_an_empty_table_begin_as_its_own():
    assert len(bulk.next_keys(Claim, 3)) == 3
    assert len({*bulk.next_keys(Claim, 2), *bulk.next_keys(Claim, 2)}) == 4


def test_no_keys():
    assert list(bulk.next_keys(Source, 0)) == []


def test_keys_that_adjoin_are_a_range():
    assert bulk.adjoining([3, 4, 5]) == range(3, 6)
    assert bulk.adjoining([3, 5]) == [3, 5]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_arrives_as_it_was(text):
    row = [Category.objects.first().pk, "Title", text]
    bulk.insert(Incident, ["category_id", "title", "summary"], [row])
    assert Incident.objects.get().summary == text


@pytest.mark.parametrize("half", [0xD800, 0xD801, 0xD802, 0xDC00])
def test_half_characters_are_refused(half):
    row = [Category.objects.first().pk, f"Title {chr(half)} of"]
    with pytest.raises(Exception, match="character|surrogate"), transaction.atomic():
        bulk.insert(Incident, ["category_id", "title"], [row])
    assert not Incident.objects.exists()


def test_inserted_rows_equal_saved_ones():
    category, place = Category.objects.first(), make_place("CN")
    values = {
        "category_id": category.pk,
        "title": "Sent back",
        "nationality_id": None,
        "sending_id": place.pk,
        "latitude": Decimal("-12.345600"),
        "longitude": Decimal("100"),
        "point_precision": Incident.PointPrecision.EXACT,
        "earliest": dt.date(2024, 4, 1),
        "latest": dt.date(2024, 4, 30),
        "date_inferred": True,
        "signed_at": dt.datetime(2024, 5, 1, 12, 30, 1, 5, tzinfo=dt.UTC),
        "people_low": 2**40,
        "cited": [["the “NGO”", 1, "https://a.example/\\", ""]],
    }
    saved = Incident(**values)
    saved.save()
    (key,) = bulk.next_keys(Incident, 1)
    assert bulk.insert(Incident, ["id", *values], [[key, *values.values()]]) == 1
    mine, theirs = whole(Incident(pk=key)), whole(saved)
    for row in (mine, theirs):
        assert abs(timezone.now() - row.pop("created")) < dt.timedelta(minutes=1)
        assert abs(timezone.now() - row.pop("updated")) < dt.timedelta(minutes=1)
        del row["id"]
    assert mine == theirs


def test_inserted_words_are_found():
    incident = make_incident("Jilin and 강제북송")
    before = IncidentText.objects.values("key", "words").get(incident=incident)
    IncidentText.objects.filter(key=before["key"]).delete()
    row = [before["key"], incident.pk, before["words"]]
    bulk.insert(IncidentText, ["key", "incident_id", "words"], [row, [1, incident.pk, ""]])
    assert IncidentText.objects.filter(pk__gt=1).values("key", "words").get() == before
    assert IncidentText.objects.asking(["jili*", "강제"]).get().incident_id == incident.pk


def test_rows_are_taken_a_piece_at_a_time(monkeypatch):
    monkeypatch.setattr(bulk, "PIECE", 3)
    rows = ([f"slug-{number}", str(number), str(number)] for number in range(10))
    assert bulk.insert(Source, ["slug", "name", "folded"], rows) == 10
    assert Source.objects.count() == 10


def test_keys_follow_from_the_table_where_none_are_given():
    bulk.insert(Source, ["slug", "name", "folded"], [["a", "A", "a"], ["b", "B", "b"]])
    assert Source.objects.order_by("pk").last().pk < make_source().pk


def test_row_that_breaks_a_rule_is_refused_with_all_others():
    rows = [["a", "A", "a"], ["a", "B", "b"]]
    with pytest.raises(Exception, match=r"(?i)unique"), transaction.atomic():
        bulk.insert(Source, ["slug", "name", "folded"], rows)
    assert not Source.objects.exists()


@pytest.mark.parametrize("number", [1, 7])
def test_update_gives_each_row_its_own_values(number, monkeypatch):
    monkeypatch.setattr(bulk, "PIECE", 3)
    made = [make_incident() for _ in range(number)]
    other = whole(make_incident())
    rows = [
        [incident.pk, f"Title\t{place}\\", dt.date(2000 + place, 1, 1), None, [["a", place]]]
        for place, incident in enumerate(made)
    ]
    columns = ["title", "sort_day", "sending_id", "cited"]
    assert bulk.update(Incident, "id", columns, iter(rows)) == number
    changed = Incident.objects.filter(pk__in=[i.pk for i in made]).order_by("pk")
    assert [list(row) for row in changed.values_list("id", *columns)] == rows
    assert whole(Incident(pk=other["id"])) == other


def test_no_rows_change_nothing():
    assert bulk.insert(Source, ["slug"], []) == 0
    assert bulk.update(Source, "id", ["slug"], []) == 0


def records() -> list:
    """Make one record of every kind that has a history, with unusual values."""
    place = make_place("CN")
    source = make_source("강제 \\ Source")
    article = make_article(publisher=source, date_words="2024-04-26")
    incident = make_incident(date_words="2024-04", latitude=1, longitude=2, point_precision="exact")
    claim = make_claim(incident, "around 200", quote="a\tb", article=article, place=place)
    touch(incident, place)
    step = ClaimStep.objects.create(claim=claim, position=1, name_as_printed="Someone")
    link = IncidentLink.objects.create(
        first=incident, second=make_incident(), kind="same_people", reason="Same days."
    )
    at = IncidentPlace.objects.get()
    return [place, source, article, incident, claim, step, link, at, Category.objects.first()]


HISTORIC = (
    Place,
    Source,
    Article,
    Incident,
    Claim,
    ClaimStep,
    IncidentLink,
    IncidentPlace,
    Category,
)


@pytest.mark.parametrize("kind", ["+", "~"])
@pytest.mark.parametrize("position", range(len(HISTORIC)), ids=[m.__name__ for m in HISTORIC])
def test_history_equals_that_of_saving(position, kind):
    record, by = records()[position], make_user("Researcher")
    record.refresh_from_db()
    record._history_user, record._change_reason = by, "Seen, row 7."
    record.save()
    theirs = record.history.values().order_by("history_id").last()
    assert bulk.write_history(type(record), [record.pk], by=by, why="Seen, row 7.", kind=kind) == 1
    mine = record.history.values().order_by("history_id").last()
    assert mine["history_id"] > theirs["history_id"]
    assert mine["history_date"] >= theirs["history_date"]
    for row in (mine, theirs):
        for name in ("history_id", "history_date", "updated"):
            row.pop(name, None)
    assert mine == {**theirs, "history_type": kind}


def test_every_model_with_history_is_proven():
    found = {
        model.history.model.instance_type
        for model in Incident._meta.apps.get_models()
        if hasattr(model, "history") and hasattr(model.history, "model")
    }
    assert found == set(HISTORIC)


def test_history_remembers_whom_a_record_is_kept_to():
    group = Group.objects.create(name="Circle")
    closed, opened = make_incident(restricted_to=group), make_incident()
    bulk.write_history(Incident, [closed.pk, opened.pk], by=None, why=None, kind="~")
    circles = Incident.history.model.restricted_to.model.objects.order_by("-m2m_history_id")
    mine, theirs = circles.values("id", "incident", "group", "history__history_type")
    assert mine == theirs
    assert list(circles.values_list("history", flat=True))[0] == closed.history.first().pk


@pytest.mark.parametrize("keys", [list, lambda keys: range(keys[0], keys[-1] + 1)])
def test_each_row_has_its_own_reason(keys, monkeypatch):
    monkeypatch.setattr(bulk, "REASONED", 2)
    rows = [[f"s{number}", "n", "n"] for number in range(5)]
    chosen = keys(bulk.next_keys(Source, 5))
    given = ([key, *row] for key, row in zip(chosen, rows, strict=True))
    bulk.insert(Source, ["id", "slug", "name", "folded"], given)
    why = {key: f"file “a.csv”, row {key}" for key in chosen}
    assert bulk.write_history(Source, chosen, by=make_user(), why=why) == 5
    reasons = Source.history.values_list("id", "history_change_reason")
    assert dict(reasons.filter(history_type="+")) == why


def test_one_reason_for_all_reaches_a_range_of_keys():
    chosen = [make_source().pk for _ in range(3)]
    assert bulk.write_history(Source, range(chosen[0], chosen[-1] + 1), by=None, why="All.") == 3


@pytest.mark.parametrize("why", ["All.", {}])
def test_history_of_what_is_missing_is_refused(why):
    source = make_source()
    keys = [source.pk] if why == {} else [source.pk, source.pk + 99]
    with pytest.raises(ValueError, match="1 of"):
        bulk.write_history(Source, keys, by=None, why=why)


def test_keys_need_a_transaction_where_nothing_else_guards_them(monkeypatch):
    if connection.vendor == "postgresql":
        assert bulk.next_keys(Source, 2)
        return
    with monkeypatch.context() as patch:
        patch.setattr(connections["default"], "in_atomic_block", False)
        with pytest.raises(RuntimeError, match="transaction"):
            bulk.next_keys(Source, 2)
