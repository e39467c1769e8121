"""The one door: strict, the same for everybody, and blind to what a reader may not see."""

import pytest
from django.contrib.auth.models import Group

from incidents.aggregates import newest_aggregates
from incidents.filters import BadQuestion, ask
from incidents.filterset import IncidentFilter
from incidents.models import Incident, code_of
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


@pytest.fixture
def jilin():
    asia = make_place("m49:030", name="Eastern Asia")
    china = make_place("CN", parent=asia, name="China")
    return make_place("CN-JL", parent=china, name="Jilin", name_ko="지린성")


def titles(query: str, user=None) -> set[str]:
    return set(ask(query, user).incidents.values_list("title", flat=True))


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        pytest.param("regoin=CN", "“regoin” is not a parameter", id="misspelt parameter"),
        pytest.param("from=2024-13-01", "2024-13-01", id="no such month"),
        pytest.param("from=2024-02-30", "2024-02-30", id="no such day"),
        pytest.param("from=24", "24", id="year of two digits"),
        pytest.param("from=2024-05&to=2024-04", "after", id="from after to"),
        pytest.param("from=2024&from=2025", "give it once", id="from twice"),
        pytest.param("region=XX", "“XX” is not a place code", id="no such place"),
        pytest.param("role=context", "“context” is not known", id="context is no role to ask for"),
        pytest.param("sending=m49:030", "country code", id="a region sends nobody"),
        pytest.param("category=murder", "“murder” is not known", id="no such category"),
        pytest.param("measure=lost", "“lost” is not known", id="no such measure"),
        pytest.param("kind=events", "“events” is not known", id="no such kind"),
        pytest.param("status=open", "“open” is not known", id="no such status"),
        pytest.param("dates=maybe", "“maybe” is not known", id="no such match"),
        pytest.param("source=nobody", "“nobody” is not known", id="no such source"),
        pytest.param("people_min=few", "whole number", id="people in words"),
        pytest.param("people_min=-1", "whole number", id="negative people"),
        pytest.param("disputed=maybe", "“maybe” is not known", id="disputed neither yes nor no"),
        pytest.param("wave=41", "AT-000123", id="no code of a wave"),
        pytest.param("wave=AT-999999", "is not known", id="no such wave"),
        pytest.param("order=title", "“title” is not known", id="no such order"),
        pytest.param("raw=yes", "raw", id="raw is 1 or nothing"),
        pytest.param("q=" + "x" * 201, "200", id="words too long"),
        pytest.param("region=%00", "NUL", id="a character that no text holds"),
    ],
)
def test_bad_value_is_refused_with_a_sentence(query, sentence):
    with pytest.raises(BadQuestion) as refusal:
        ask(query, None)
    assert sentence in str(refusal.value)


def test_empty_parameters_ask_nothing():
    make_incident("found")
    assert titles("region=&q=&from=&to=&people_min=&category=&order=") == {"found"}


def test_region_names_places_called_so(jilin):
    with pytest.raises(BadQuestion, match=r"Jilin \(CN-JL\)"):
        ask("region=jilin", None)


@pytest.mark.parametrize("region", ["CN-JL", "CN", "m49:030"])
def test_region_finds_what_lies_below_it(jilin, region):
    touch(make_incident("in Jilin"), jilin, "apprehension")
    make_incident("elsewhere")
    assert titles(f"region={region}") == {"in Jilin"}


def test_region_ignores_places_of_context(jilin):
    touch(make_incident("only mentioned"), jilin, "context")
    assert titles("region=CN-JL") == set()


def test_region_with_role_finds_only_that_role(jilin):
    touch(make_incident("caught there"), jilin, "apprehension")
    touch(make_incident("sent there"), jilin, "destination")
    assert titles("region=CN-JL&role=destination") == {"sent there"}


def test_region_finds_the_place_of_a_claim(jilin):
    incident = make_incident("by its claim")
    make_claim(incident, place=jilin, place_role="detention")
    assert titles("region=CN-JL") == {"by its claim"}


def test_repeated_parameter_means_any_of(jilin):
    korea = make_place("KP", parent=jilin.region)
    touch(make_incident("one"), jilin)
    touch(make_incident("two"), korea)
    assert titles("region=CN-JL&region=KP") == {"one", "two"}


@pytest.fixture
def dated():
    make_incident("day", date_words="2024-04-26")
    make_incident("month", date_words="2024-04")
    make_incident("until", date_words="../2024-05-07")
    make_incident("since", date_words="2024-04-20/..")
    make_incident("undated")
    make_incident("before", date_words="2024-03")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param("", {"day", "month", "until", "since", "undated", "before"}, id="no days"),
        pytest.param("from=2024-04-26&to=2024-04-26", {"day", "month"}, id="default"),
        pytest.param("from=2024-04-26&to=2024-04-26&dates=certain", {"day"}, id="certain"),
        pytest.param("from=2024-04-26&to=2024-04-26&dates=possible", {"month"}, id="possible"),
        pytest.param(
            "from=2024-04-26&to=2024-04-26&dates=open", {"until", "since", "undated"}, id="open"
        ),
        pytest.param("from=2024-05&dates=open", {"until", "since", "undated"}, id="open from"),
        pytest.param("from=2025&dates=open", {"since", "undated"}, id="open, one end too early"),
        pytest.param("to=2024-04-01&dates=open", {"until", "undated"}, id="open, begins too late"),
        pytest.param("from=1980&to=1980", set(), id="an open date floods no question"),
        pytest.param("to=2024-04-30", {"day", "month", "before"}, id="until"),
        pytest.param("from=2024-04-26", {"day", "month"}, id="from on"),
        pytest.param("from=2024-04&to=2024-04&dates=certain", {"day", "month"}, id="a month"),
        pytest.param("dates=open", {"until", "since", "undated"}, id="open without days"),
    ],
)
def test_days_match_by_overlap(dated, query, found):
    assert titles(query) == found


def test_undated_stand_apart(dated):
    assert ask("from=2024-04-26&to=2024-04-26", None).undated.count() == 3


def test_long_span_is_found_in_its_middle():
    make_incident("long", date_words="2001-01-01/2019-12-31")
    assert titles("from=2010-06-01&to=2010-06-02") == {"long"}


def test_match_says_for_each_row_what_the_filter_found(dated):
    question = ask("from=2024-04-26&to=2024-04-26&dates=certain&dates=possible&dates=open", None)
    said = {i.title: question.match_of(i.earliest, i.latest) for i in question.incidents}
    assert said == {
        "day": "certain",
        "month": "possible",
        "until": "open",
        "since": "open",
        "undated": "open",
    }


def test_kinds_by_default_leave_aggregates_beside():
    make_incident("event")
    make_incident("total", kind="aggregate")
    question = ask("", None)
    assert [i.title for i in question.incidents] == ["event"]
    assert [i.title for i in newest_aggregates(question, 20)] == ["total"]


def test_people_range_overlaps_what_was_stated():
    make_claim(make_incident("disputed"), "up to 60")
    make_incident("no number")
    assert titles("people_min=60") == {"disputed"}
    assert titles("people_max=59") == set()


def test_zero_is_a_number():
    make_claim(make_incident("none returned"), "0")
    make_claim(make_incident("nine"), "9")
    assert titles("people_max=0") == {"none returned"}


def test_source_and_publisher_find_by_claim_and_article():
    outlet, speaker = make_source(slug="outlet"), make_source(slug="speaker")
    incident = make_incident("found")
    make_claim(incident, article=make_article(publisher=outlet), source=speaker)
    assert titles("source=speaker") == titles("publisher=outlet") == {"found"}
    assert titles("source=outlet") == titles("publisher=speaker") == set()


@pytest.mark.parametrize(
    "words", ["노동", "강제노동을", "Jilin", "jil", "지린", "manpo", "MANP'O", "quoted words"]
)
def test_words_are_found_in_any_script(jilin, words):
    incident = make_incident("found", summary="강제노동을 했다", people_label="Manp’o")
    touch(incident, jilin)
    make_claim(incident, quote="Some quoted words.")
    make_incident("other")
    assert titles(f"q={words}") == {"found"}


def test_drafts_are_seen_by_researchers_alone():
    make_incident("draft", published=False)
    assert titles("status=draft", make_user("Researcher")) == {"draft"}
    assert titles("status=draft", make_user("Viewer")) == set()


def test_someone_without_a_role_sees_nothing():
    make_incident("published")
    assert titles("", make_user()) == set()


@pytest.fixture
def circle():
    return Group.objects.create(name="Circle")


@pytest.fixture
def insider(circle):
    user = make_user("Viewer")
    user.groups.add(circle)
    return user


@pytest.mark.parametrize(
    "query", ["", "region=CN-JL", "source=speaker", "publisher=outlet", "q=secret", "people_min=1"]
)
def test_restricted_incident_is_found_by_its_circle_alone(circle, insider, jilin, query):
    incident = make_incident("secret", restricted_to=circle)
    article = make_article(publisher=make_source(slug="outlet"))
    make_claim(incident, "9", article=article, source=make_source(slug="speaker"), place=jilin)
    assert titles(query, insider) == {"secret"}
    assert titles(query, make_user("Reviewer")) == set()
    assert titles(query) == set()


@pytest.mark.parametrize("query", ["region=CN-JL", "source=speaker", "publisher=outlet"])
@pytest.mark.parametrize("closed", ["claim", "article"])
def test_restricted_claim_finds_its_incident_for_its_circle_alone(
    circle, insider, jilin, query, closed
):
    incident = make_incident("open")
    article = make_article(
        publisher=make_source(slug="outlet"), restricted_to=circle if closed == "article" else None
    )
    make_claim(
        incident,
        article=article,
        source=make_source(slug="speaker"),
        place=jilin,
        restricted_to=circle if closed == "claim" else None,
    )
    assert titles(query, insider) == {"open"}
    assert titles(query, make_user("Reviewer")) == set()


def test_restricted_wave_is_refused_like_an_unknown_one(circle):
    wave = make_incident(kind="wave", restricted_to=circle)
    with pytest.raises(BadQuestion) as refusal:
        ask(f"wave={wave.code}", make_user("Viewer"))
    unknown = code_of(wave.pk + 1000)
    with pytest.raises(BadQuestion) as unknown_refusal:
        ask(f"wave={unknown}", make_user("Viewer"))
    assert str(refusal.value).replace(wave.code, "") == str(unknown_refusal.value).replace(
        unknown, ""
    )


def test_question_has_one_canonical_form():
    make_place("CN")
    first, second = ask("region=CN&from=2024", None), ask("from=2024&q=&region=CN&raw=1", None)
    assert first.text == second.text
    assert first.short_id == second.short_id


def test_every_parameter_has_label_and_help():
    for name, parameter in IncidentFilter.base_filters.items():
        assert parameter.label, name
        assert parameter.extra["help_text"], name


def test_matching_is_never_doubled(jilin):
    incident = make_incident("once")
    for role in ("happened", "detention"):
        touch(incident, jilin, role)
    make_claim(incident, place=jilin, place_role="crossing")
    question = ask("region=CN&region=CN-JL&role=happened&role=detention", None)
    assert list(question.incidents) == [Incident.objects.get()]
