"""The demo data, and with it the first acceptance fixture: an editorial taken apart.

One rule: what a careful researcher takes from the pages holds here, and the wrong answers that
are easy to reach (200, 260, 860, 2,860 …) do not. The data is loaded once for the file; each test
works in a transaction of its own inside it.
"""

import csv
import io
import xml.etree.ElementTree as ET

import pytest
from django.core.management import CommandError, call_command

from incidents import actions, demo, summaries
from incidents.filters import ask
from incidents.models import (
    Article,
    Category,
    Claim,
    ClaimStep,
    Incident,
    IncidentFigure,
    IncidentLink,
    IncidentPlace,
    IncidentRegion,
    Source,
    SourceAlias,
    User,
)
from incidents.reckoning import Reckoning
from incidents.settling import settle
from tests.factories import make_user

pytestmark = pytest.mark.django_db

REPORTED_RETURNS = [
    f"C{number:03}"
    for span in ((1, 25), (27, 29), (32, 35), (49, 52), (54, 57), (68, 70), (72, 72), (80, 82))
    for number in range(span[0], span[1] + 1)
]
EDITORIAL = [f"editorial C{number}" for number in (1, 2, 3, 5, 6, 7)]
OCTOBER, APRIL = "cn-kp-2023-10-09", "cn-kp-2024-04-26"
RECORDS = (Source, SourceAlias, Article, Incident, IncidentPlace, Claim, ClaimStep, IncidentLink)
TABLES = {table.name: table for table in demo.TABLES}

# key, (low, best, high), disputed
FIGURES = [
    (OCTOBER, (500, 600, 600), False),
    (APRIL, (50, None, 200), True),
    ("cn-kp-2012-02", (41, 41, 41), False),
    ("cn-kp-2012-02-29", (8, 8, 8), False),
    ("cn-kp-2012-03-07", (9, 9, 9), False),
    ("cn-kp-2012-dandong", (10, 10, 10), False),
    ("kr-kp-2019-11-07", (2, 2, 2), False),
    ("cn-kp-2021-07-14", (50, 50, None), False),
    ("dz-ne-2022-03", (1693, None, None), False),
    ("dz-ne-2022-10", (1964, None, None), False),
    ("lb-sy-2023-04", (50, None, None), True),
    ("cn-kp-2023-08-29", (80, 80, 80), False),
    ("cn-kp-2023-09-18", (40, 40, 40), False),
    ("cn-kp-2024-01-helong", (108, 108, 108), False),
    ("th-cn-2025-02-27", (40, 40, 40), False),
    ("cn-2024-08-21", (15, 15, 15), False),
    ("cn-kp-detained-2023", (None, 2000, None), False),
    ("cn-kp-2024-total", (406, None, None), False),
    ("dz-ne-2023", (26031, None, None), False),
]
EVERY_INCIDENT = [key for key, _figure, _disputed in FIGURES]


@pytest.fixture(scope="module", autouse=True)
def _demo(once) -> None:
    """Load places and demo data once, and take them away after the last test."""
    call_command("load_demo", stdout=io.StringIO())


def record(table: str, key: str):
    """Find a demo record by the key of its row."""
    return demo.loaded_before(TABLES[table])[key]


def incident(key: str) -> Incident:
    return record("incidents", key)


def claim(key: str) -> Claim:
    return record("claims", key)


def claims_of(key: str):
    return incident(key).claims.order_by("pk")


def numbers(found) -> tuple[int | None, int | None, int | None]:
    return found.people_low, found.people_best, found.people_high


def editorial_alone(key: str) -> Incident:
    """Set every claim aside that does not come from the editorial, and settle."""
    found = incident(key)
    others = found.claims.exclude(article=record("articles", "korea-times-editorial"))
    others.update(status=Claim.Status.SET_ASIDE, status_note="not the editorial's")
    settle([found.pk])
    found.refresh_from_db()
    return found


def keys_of(query: str) -> set[str]:
    """Ask as any viewer, and name the incidents found by their demo keys."""
    loaded = demo.loaded_before(TABLES["incidents"])
    names = {record.pk: key for key, record in loaded.items()}
    return {names[pk] for pk in ask(query, None).incidents.values_list("pk", flat=True)}


def total_of(query: str, measure: str = "returned"):
    """Total a question; it gives at most one total of a measure here."""
    totals = {each.measure: each.total for each in summaries.totals(Reckoning(ask(query, None)))}
    return totals[measure]


# --- everything is there ---


def test_each_claim_of_the_files_is_accounted_for():
    rows = list(demo.read("claims"))
    assert sorted({row["origin_id"] for row in rows}) == sorted([*REPORTED_RETURNS, *EDITORIAL])
    assert Claim.objects.count() == len(rows)


def test_there_are_47_reported_claims():
    assert len(REPORTED_RETURNS) == 47


def test_every_incident_has_a_tested_figure():
    assert set(demo.loaded_before(TABLES["incidents"])) == set(EVERY_INCIDENT)


@pytest.mark.parametrize(("key", "figure", "disputed"), FIGURES, ids=EVERY_INCIDENT)
def test_figure(key, figure, disputed):
    found = incident(key)
    assert (numbers(found), found.disputed) == (figure, disputed)


def test_all_but_one_incident_are_published_second_read():
    waiting = Incident.objects.exclude(status="published")
    assert [(i.pk, i.status) for i in waiting] == [(incident("cn-2024-08-21").pk, "in_review")]
    published = Incident.objects.published()
    assert {found.review for found in published} == {"second_read"}


def test_every_derived_column_is_proved():
    call_command("settle", "--check", stdout=io.StringIO())


@pytest.mark.parametrize("model", [table.model for table in demo.TABLES])
def test_history_says_who_and_why(model):
    first = model.history.filter(history_type="+")
    assert set(first.values_list("history_user__username", flat=True)) == {"researcher"}
    assert all(
        reason.startswith("Demo data: ")
        for reason in first.values_list("history_change_reason", flat=True)
    )


def test_quotes_are_short():
    assert max(len(quote) for quote in Claim.objects.values_list("quote", flat=True)) < 150


def test_slugs_are_ascii():
    assert all(slug.isascii() for slug in Source.objects.values_list("slug", flat=True))


@pytest.mark.parametrize(
    ("name", "slug"),
    [("자유아시아방송", "radio-free-asia"), ("휴먼라이츠", "human-rights-watch")]
    + [("연합뉴스", "yonhap"), ("Korea Unification", "korean-unification-solidarity")],
)
def test_source_is_found_by_other_names(name, slug):
    assert [found.slug for found in Source.objects.named(name)] == [slug]


# --- 9 October 2023 ---


def test_october_is_one_incident():
    assert keys_of("from=2023-10-09&to=2023-10-09&dates=certain") == {OCTOBER}
    origins = {row["origin_id"] for row in demo.read("claims") if row["incident"] == OCTOBER}
    assert origins == {*REPORTED_RETURNS[:11], "editorial C6"}


def test_october_editorial_alone_gives_only_an_upper_bound():
    found = editorial_alone(OCTOBER)
    assert numbers(found) == (None, None, 600)
    assert (found.figure_words, found.disputed) == ("up to 600", False)


def test_october_editorial_names_no_source():
    found = claim("editorial-C6")
    assert (found.source, found.source_as_printed) == (None, "")


def test_october_editorial_date_is_a_reading():
    found = claim("editorial-C6")
    assert found.date_words.startswith("shortly after the Asian Games in Hangzhou")
    assert (found.date_edtf, found.date_inferred) == ("2023-10~", True)


def test_syndicated_copy_adds_no_source():
    copy, before = claim("C003"), incident(OCTOBER)
    assert (copy.repeats, copy.counts) == (claim("C002"), False)
    assert copy.article.reprint_of == claim("C002").article
    Claim.objects.filter(pk=copy.pk).update(status="set_aside", status_note="left out")
    settle([before.pk])
    after = incident(OCTOBER)
    assert (after.sources_named, numbers(after)) == (before.sources_named, numbers(before))


def test_part_through_dandong_is_not_counted():
    part = claim("C006-dandong")
    assert (part.basis, part.of, part.high) == ("part", claim("C006"), 200)
    assert (part.place.code, part.counts) == ("CN-LN/dandong", False)


def test_ministry_gives_no_number():
    found = claim("C002-ministry")
    assert (found.stance, found.words) == ("affirms_in_part", "many")
    assert (found.low, found.value, found.high) == (None, None, None)


@pytest.mark.parametrize("query", ["region=CN-ZJ/hangzhou", "region=CN-ZJ"])
def test_hangzhou_is_never_matched(query):
    assert keys_of(query) == set()


def test_hangzhou_stands_only_as_context():
    hangzhou = IncidentPlace.objects.filter(place__code="CN-ZJ/hangzhou")
    assert [(at.incident, at.role) for at in hangzhou] == [(incident(OCTOBER), "context")]
    assert not IncidentRegion.objects.filter(place__code__startswith="CN-ZJ").exists()
    assert not Claim.objects.filter(place__code__startswith="CN-ZJ").exists()


# --- 26 April 2024 ---


def test_april_is_one_incident():
    assert keys_of("from=2024-04-26&to=2024-04-26&dates=certain") == {APRIL}
    origins = {row["origin_id"] for row in demo.read("claims") if row["incident"] == APRIL}
    assert origins == {*REPORTED_RETURNS[18:24], *EDITORIAL[:4]}


def test_april_states_50_to_200():
    found = incident(APRIL)
    assert (found.stated_min, found.stated_max) == (50, 200)


def test_april_editorial_alone_is_disputed_without_a_lower_bound():
    found = editorial_alone(APRIL)
    assert (numbers(found), found.disputed) == ((None, None, 200), True)
    assert found.sources_named == 2


def test_april_editorial_alone_in_words():
    words = editorial_alone(APRIL).figure_words
    assert words == (
        "disputed: up to 60 (Radio Free America) to around 200 (The Korean Unification Solidarity)"
    )


def test_radio_free_america_stays_as_printed():
    for key in ("editorial-C2", "editorial-C3"):
        found = claim(key)
        assert (found.speaker, found.source_suggested) == ("Radio Free America", True)
        assert found.source.slug == "radio-free-asia"


def test_radio_free_asia_is_nobody_s_words_in_the_editorial():
    editorial = record("articles", "korea-times-editorial")
    printed = [found.source_as_printed for found in editorial.claims.all()]
    printed += ClaimStep.objects.filter(claim__article=editorial).values_list(
        "name_as_printed", flat=True
    )
    assert "Radio Free Asia" not in printed


@pytest.mark.parametrize("key", ["editorial-C2", "editorial-C3", "editorial-C5"])
def test_undated_claim_stays_undated(key):
    found = claim(key)
    assert (found.date_words, found.earliest, found.latest) == ("", None, None)


def test_placing_the_undated_is_said_to_be_a_judgement():
    assert "gives no day; its two claims are placed here by judgement" in incident(APRIL).summary


def test_first_claim_says_its_year_is_inferred():
    found = claim("editorial-C1")
    assert (found.date_words, found.date_edtf) == ("April 26", "2024-04-26")
    assert found.date_inferred
    assert "year" in found.date_reasoning


SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def april_drawn(client):
    """The picture of April, its bars by the words above them, and its page; in a language."""

    def ask_in(language):
        client.force_login(make_user("Viewer", language=language))
        address = incident(APRIL).get_absolute_url()
        drawn = ET.fromstring(client.get(f"{address}picture.svg").content)  # noqa: S314  of our own
        part = next(shape for shape in drawn if shape.tag == f"{SVG}svg")
        bars, said = {}, ""
        for shape in part:
            said = shape.text if shape.tag == f"{SVG}text" else said
            if shape.tag == f"{SVG}svg":
                bars[said] = shape
        return bars, "\n".join(drawn.itertext()), client.get(address).content.decode()

    return ask_in


def bar_of(bars, words):
    """Where a bar begins and ends and its mark stands, by hundredths of the scale; its edges."""
    (shape,) = [shape for said, shape in bars.items() if words in said]

    def along(name, of, attribute="x"):
        found = shape.findall(f".//{SVG}{of}[@class='{name}']")
        return [float(one.attrib[attribute].rstrip("%")) for one in found]

    return (
        *(along(name, "rect") + along(name, "rect", "width") for name in ("reach", "range")),
        along("near", "rect") + along("near", "rect", "width"),
        along("cap", "line", "x1"),
        along("mark", "circle", "cx"),
    )


@pytest.mark.parametrize(("language", "yanbian"), [("en", "Yanbian"), ("ko", "옌볜")])
def test_april_picture_leaves_up_to_60_open(april_drawn, language, yanbian):
    bars, *_texts = april_drawn(language)
    reach, closed, _near, edges, marks = bar_of(bars, yanbian)
    assert (reach, closed, edges, marks) == ([0, 24], [], [24], [])


@pytest.mark.parametrize("language", ["en", "ko"])
def test_april_picture_marks_around_200_with_its_tenth(april_drawn, language):
    bars, *_texts = april_drawn(language)
    reach, closed, near, edges, marks = bar_of(bars, "The Korean Unification Solidarity, ")
    assert (reach, closed, near, edges, marks) == ([], [], [72, 16], [], [80])


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Dandong: others (no number of persons)"),
        ("ko", "단둥: others (인원수 없음)"),
    ],
)
def test_april_picture_has_no_number_for_dandong(april_drawn, language, said):
    bars, drawn, _page = april_drawn(language)
    assert said in drawn
    assert not any(said in words for words in bars)


@pytest.mark.parametrize(
    ("language", "relays"), [("en", "(relays somebody else)"), ("ko", "(전언)")]
)
def test_april_picture_says_who_relays(april_drawn, language, relays):
    _bars, drawn, _page = april_drawn(language)
    lines = [line for line in drawn.split("\n") if relays in line]
    relaying = sorted(line.split(" · ")[1].split(",")[0] for line in lines)
    assert relaying == ["Radio Free Asia", "Yonhap News Agency"]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_april_picture_knows_no_hangzhou(april_drawn, language):
    _bars, drawn, page = april_drawn(language)
    assert not any(name in drawn + page for name in ("Hangzhou", "항저우", "杭州"))


def test_dandong_has_no_number():
    found = claim("editorial-C3")
    assert (found.words, found.qualifier) == ("others", "unstated")
    assert (found.low, found.value, found.high) == (None, None, None)
    assert (found.place.code, found.place_role) == ("CN-LN/dandong", "unclear")


def test_intelligence_service_is_no_third_count():
    found = claim("editorial-C5")
    assert (found.stance, found.counts) == ("does_not_deny", False)
    assert (found.low, found.value, found.high) == (None, None, None)


def test_the_media_is_nobody():
    assert not Source.objects.named("the media").exists()
    assert not Claim.objects.filter(source_as_printed__icontains="the media").exists()
    assert not ClaimStep.objects.filter(name_as_printed__icontains="the media").exists()


def test_chain_of_the_first_claim():
    steps = claim("editorial-C1").steps.all()
    assert [(step.name_as_printed, step.verb, str(step.earliest)) for step in steps[:2]] == [
        ("The Korean Unification Solidarity", "reported", "2024-05-02"),
        ("Korea Times", "", "2024-05-07"),
    ]
    assert [step.source.slug for step in steps[2:]] == ["yonhap", "cambodia-tribune"]


def test_editorial_has_an_inferred_year_and_one_reprint():
    article = record("articles", "korea-times-editorial")
    assert (article.date_edtf, article.date_inferred) == ("2024-05-07", True)
    assert article.date_words.startswith("May 7")
    reprint = article.reprints.get()
    assert reprint.url == "https://cambodiatribune.com/editorial-from-korea-times-on-may-7/"
    assert not reprint.claims.exists()


def test_nothing_in_the_editorial_was_seen_at_its_origin():
    editorial = record("articles", "korea-times-editorial")
    assert not editorial.claims.filter(seen_original=True).exists()


# --- totals, parts, aggregates ---


@pytest.mark.parametrize("wrong", [260, 860, 2860])
def test_number_nobody_said_is_nowhere(wrong):
    for table in (Incident, IncidentFigure):
        for figure in table.objects.all():
            found = (*numbers(figure), figure.stated_min, figure.stated_max)
            assert wrong not in found
    for query in ("", "sending=CN", "region=CN-JL", "from=2024-04&to=2024-05", "receiving=KP"):
        for each in summaries.totals(Reckoning(ask(query, None))):
            assert wrong not in (each.total.at_least, each.total.best, each.total.at_most)


@pytest.mark.parametrize(
    ("number", "key"),
    [(406, "cn-kp-2024-total"), (26031, "dz-ne-2023"), (2000, "cn-kp-detained-2023")],
)
def test_published_total_stands_only_on_its_aggregate(number, key):
    stated = Incident.objects.filter(stated_max=number)
    assert [(found, found.kind) for found in stated] == [(incident(key), "aggregate")]


def test_detained_population_is_a_stock():
    found = claim("editorial-C7")
    assert (found.basis, found.measure, found.value) == ("stock", "detained", 2000)


def test_misprint_is_kept_in_conflict():
    found = claim("C069")
    assert (found.status, found.counts, found.low) == ("conflict", False, 2631)
    assert found.status_note


def test_everything_published_adds_up():
    total = total_of("")
    assert (total.lines, total.left_out) == (13, 2)
    assert (total.at_least, total.best, total.at_most) == (4628, None, None)


def test_aggregates_stand_beside_the_total():
    listed = summaries.overview(Reckoning(ask("receiving=KP", None))).aggregates
    assert [found.pk for found in listed] == [incident("cn-kp-2024-total").pk]


def test_wave_and_its_events_are_41_together():
    query = "from=2012-02&to=2012-03"
    wave = incident("cn-kp-2012-02")
    assert {event.pk for event in wave.events.all()} == {
        incident("cn-kp-2012-02-29").pk,
        incident("cn-kp-2012-03-07").pk,
    }
    total = total_of(f"{query}&region=CN-JL")
    assert (total.at_least, total.best, total.at_most) == (41, 41, 41)
    assert total_of(query).at_least == 51


def test_wave_s_first_event_alone_is_8():
    total = total_of("from=2012-02-29&to=2012-02-29&dates=certain")
    assert (total.at_least, total.best, total.at_most) == (8, 8, 8)


def test_detained_in_kunming_are_no_return():
    found = incident("cn-2024-08-21")
    assert found.category.code == "arbitrary_detention"
    assert (found.sending, found.receiving) == (None, None)
    parts = found.claims.filter(basis="part").order_by("pk")
    assert [(part.words, part.value, part.of) for part in parts] == [
        ("13 women", 13, claim("C025")),
        ("2 children", 2, claim("C025")),
    ]


def test_arrests_in_lebanon_are_another_measure():
    figures = {row.measure: numbers(row) for row in incident("lb-sy-2023-04").figures.all()}
    assert figures["arrested"] == (None, 450, None)


def test_no_act_of_torture_is_recorded():
    used = Category.objects.filter(incidents__isnull=False).values_list("code", flat=True)
    assert set(used) == {"forced_return", "expulsion", "arbitrary_detention"}


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("sending=TH", {"th-cn-2025-02-27"}),
        ("sending=KR", {"kr-kp-2019-11-07"}),
        ("receiving=SY", {"lb-sy-2023-04"}),
        ("sending=DZ&receiving=NE", {"dz-ne-2022-03", "dz-ne-2022-10"}),
        ("region=CN-JL/helong", {"cn-kp-2024-01-helong"}),
        ("region=CN-LN&role=crossing", {OCTOBER, "cn-kp-2012-dandong"}),
        ("region=CN-JL&role=apprehension", {APRIL}),
        ("region=KP-03&role=destination", {"cn-kp-2012-dandong"}),
        ("region=NE-1", {"dz-ne-2022-03", "dz-ne-2022-10"}),
    ],
)
def test_question(query, keys):
    assert keys_of(query) == keys


# --- loading again ---


def load_again() -> str:
    printed = io.StringIO()
    call_command("load_demo", stdout=printed)
    return printed.getvalue()


def everything() -> dict[str, list]:
    """Read every demo record and its history."""
    stored = {model.__name__: list(model.objects.order_by("pk").values()) for model in RECORDS}
    histories = [model.history for model in RECORDS if hasattr(model, "history")]
    stored["histories"] = [history.count() for history in histories]
    return stored


def test_second_run_changes_nothing():
    before = everything()
    assert load_again() == "Demo data: nothing added.\n"
    assert everything() == before


def test_what_people_did_since_stays():
    person = User.objects.get(username="researcher")
    reviewer = User.objects.get(username="reviewer")
    source, article = Source.objects.get(slug="ytn"), record("articles", "korea-times-editorial")
    changed, withdrawn = claim("C001"), incident(OCTOBER)
    source.name, article.title, changed.words = "YTN News", "Our own title", "around 550"
    changed.read_count()
    for edited in (source, article, changed):
        actions.save(edited, by=person, why="Better so")
    actions.withdraw(incident=withdrawn, by=reviewer, why="Not sure")
    ClaimStep.objects.filter(claim=claim("C020")).first().delete()
    IncidentPlace.objects.filter(incident=withdrawn, role="context").get().delete()
    before = everything()
    load_again()
    assert everything() == before


def test_new_row_joins_a_record_and_waits_for_a_second_read(monkeypatch):
    rows = {name: list(demo.read(name)) for name in TABLES}
    addition = {**rows["claims"][0], "key": "later", "words": "around 210"}
    rows["claims"].append(addition)
    monkeypatch.setattr(demo, "read", rows.__getitem__)
    assert load_again() == "Demo data: 1 claims added.\n"
    assert (incident(APRIL).stated_max, incident(APRIL).review) == (210, "changed")


def test_source_and_article_entered_by_people_are_used(monkeypatch):
    rows = {name: [] for name in TABLES}
    known = {"slug": "known", "name": "Known", "kind": "outlet"}
    Source.objects.create(slug="known", name="Entered by a person")
    rows["sources"].append(known)
    monkeypatch.setattr(demo, "read", rows.__getitem__)
    assert load_again() == "Demo data: nothing added.\n"
    assert Source.objects.get(slug="known").name == "Entered by a person"


def test_bad_row_is_named_and_nothing_saved(monkeypatch):
    rows = {name: list(demo.read(name)) for name in TABLES}
    rows["sources"].append({"slug": "new", "name": "New", "kind": "ngo"})
    rows["claims"].append({**rows["claims"][0], "key": "bad", "words": "about 600; up to 200"})
    monkeypatch.setattr(demo, "read", rows.__getitem__)
    with pytest.raises(CommandError, match=r"600; up to 200.*This is row “bad” of claims.csv"):
        load_again()
    assert not Source.objects.filter(slug="new").exists()


def test_accounts_have_no_password():
    for name, role in (("researcher", "Researcher"), ("reviewer", "Reviewer")):
        user = User.objects.get(username=name)
        assert not user.has_usable_password()
        assert [group.name for group in user.groups.all()] == [role]


@pytest.mark.parametrize("name", TABLES)
def test_file_is_plain_csv(name):
    text = (demo.FOLDER / f"{name}.csv").read_bytes().decode()
    assert "\r" not in text
    header, *rows = csv.reader(io.StringIO(text))
    assert {len(row) for row in rows} == {len(header)}
