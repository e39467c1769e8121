"""Pages: the right people, the same rows as everywhere else, and no trace of the restricted."""

import re

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import translation

from incidents import actions, detail, facets, reckoning, summaries, sums
from incidents.filters import ask
from incidents.models import Place
from incidents.settling import settle
from incidents.turns import wait_for_turn
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

PAGES = [
    "/incidents/",
    "/summary/",
    "/map/",
    "/map.svg",
    "/sources/",
    "/codebook/",
    "/incidents.csv",
    "/claims.csv",
]
QUESTIONS = ["/incidents/", "/summary/", "/map/", "/map.svg", "/incidents.csv", "/claims.csv"]
BAD = ["regoin=CN", "from=2024-13-01", "region=XX", "from=2024&to=2023"]


TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')  # random, so it may hold any number


def body(response) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return TOKEN.sub("", content.decode())


@pytest.fixture
def viewer(client):
    user = make_user("Viewer")
    client.force_login(user)
    return user


@pytest.mark.parametrize("page", PAGES)
def test_page_needs_an_account(client, page):
    response = client.get(page)
    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/")


@pytest.mark.parametrize("page", PAGES)
def test_page_needs_a_role(client, page):
    client.force_login(make_user())
    assert client.get(page).status_code == 403


@pytest.mark.parametrize("page", PAGES)
def test_page_answers_a_viewer_when_nothing_is_recorded(client, viewer, page):
    response = client.get(page)
    assert response.status_code == 200
    assert body(response)


def test_health_needs_no_account(client):
    assert client.get("/healthz").json() == {"status": "ok"}


@pytest.mark.parametrize("page", QUESTIONS)
@pytest.mark.parametrize("query", BAD)
def test_bad_question_is_refused_without_rows(client, viewer, page, query):
    incident = make_incident("A recorded return")
    response = client.get(f"{page}?{query}")
    assert response.status_code == 400
    assert incident.title not in body(response)


@pytest.mark.parametrize("query", ["query=x", "page=x", "page=0", "page=99999999", "q=%00"])
def test_list_of_sources_refuses_what_it_does_not_understand(client, viewer, query):
    assert client.get(f"/sources/?{query}").status_code == 400


def test_list_holds_exactly_the_rows_of_the_question(client, viewer):
    for year in (2022, 2023, 2024):
        make_claim(make_incident(date_words=str(year)))
    response = client.get("/incidents/?from=2023&order=date")
    asked = ask("from=2023", viewer)
    assert {row["id"] for row in response.context["rows"]} == set(
        asked.incidents.values_list("pk", flat=True)
    )


def test_empty_list_says_that_it_is_no_evidence(client, viewer):
    assert "not evidence that none happened" in body(client.get("/incidents/?q=nothing"))


def test_undated_are_announced_and_linked(client, viewer):
    make_incident("undated")
    page = body(client.get("/incidents/?from=2024"))
    assert "dates=open" in page


@pytest.mark.parametrize("page", ["/incidents/", "/summary/", "/map/"])
def test_page_asks_as_many_questions_for_2_as_for_20_rows(
    client, viewer, page, django_assert_max_num_queries, django_assert_num_queries
):
    def fill(count: int) -> None:
        for _ in range(count):
            incident = make_incident(date_words="2024")
            for words in ("9", "around 12"):
                make_claim(incident, words)

    fill(2)
    client.get(f"{page}?from=2024")
    wait_for_turn()
    with django_assert_max_num_queries(25) as first:
        client.get(f"{page}?from=2024")
    fill(18)
    with django_assert_num_queries(len(first.captured_queries)):
        client.get(f"{page}?from=2024")


@pytest.mark.parametrize(
    ("page", "query", "queries", "again"),
    [
        ("/incidents/", "", 16, 7),
        ("/incidents/", "from=2024", 17, 7),
        ("/incidents/", "from=2024-01-02", 21, 7),
        ("/summary/", "", 26, 7),
        ("/summary/", "from=2024", 26, 7),
        ("/summary/", "from=2024-01-02", 30, 7),
        ("/map/", "", 15, 7),
        ("/map/", "from=2024-01-02", 13, 7),
    ],
)
def test_page_asks_no_more_questions_than_it_did(
    client, viewer, page, query, queries, again, django_assert_num_queries
):
    place = make_place("CN")
    for words in ("2024", "2024-05-06"):
        incident = make_incident(date_words=words)
        touch(incident, place)
        make_claim(incident, "9")
    client.get(f"{page}?{query}")
    wait_for_turn()
    for asked in (queries, again):
        with django_assert_num_queries(asked):
            client.get(f"{page}?{query}")


def test_too_many_are_counted_and_added_up_on_the_summary_alone(client, viewer, monkeypatch):
    for module in (facets, reckoning, sums):
        monkeypatch.setattr(module, "MOST", 1)
    monkeypatch.setattr(summaries, "MOST_LINES", 1)
    for words in ("2023-10", "2024-05-06", "2024-05-06"):
        make_claim(make_incident(date_words=words), "9")
    listed, summary = body(client.get("/incidents/")), client.get("/summary/")
    assert "<strong>1+ incidents</strong>" in listed
    assert 'href="/summary/"' in listed
    assert "people returned" not in listed.partition("<table")[0]
    assert "<strong>3 incidents</strong>" in body(summary)
    assert "27 people returned" in body(summary)
    assert 'href="/incidents/?from=2024-01&amp;to=2024-12&amp;dates=certain"' in body(summary)
    assert not summary.context["overview"].has_lines
    assert "Too many to add up here" in body(client.get("/summary/?q=incident"))


def test_paging_loses_and_repeats_nothing_while_others_edit(client, viewer):
    made = [make_incident(date_words="2024") for _ in range(120)]
    seen, address = [], "/incidents/?from=2024"
    while address:
        response = client.get(address)
        seen += [row["id"] for row in response.context["rows"]]
        make_incident("added meanwhile", date_words="2024-12-31")
        following = response.context["page"].next
        address = f"/incidents/?from=2024&cursor={following}" if following else ""
    assert [key for key in seen if key in {incident.pk for incident in made}] == [
        incident.pk for incident in reversed(made)
    ]


def test_paging_back_leads_to_the_same_rows(client, viewer):
    for _ in range(60):
        make_incident(date_words="2024")
    first = client.get("/incidents/")
    second = client.get("/incidents/", {"cursor": first.context["page"].next})
    back = client.get("/incidents/", {"cursor": second.context["page"].previous})
    assert [row["id"] for row in back.context["rows"]] == [
        row["id"] for row in first.context["rows"]
    ]
    assert back.context["page"].previous == ""


@pytest.mark.parametrize("cursor", ["x", "bnwx", "bnwxfDIwMjQtMTMtMDE", "😀"])
def test_forged_cursor_is_refused(client, viewer, cursor):
    assert client.get("/incidents/", {"cursor": cursor}).status_code == 400


def test_every_row_links_to_its_source_articles(client, viewer):
    incident = make_incident()
    make_claim(incident, article=make_article(url="https://news.example/page"))
    page = body(client.get("/incidents/"))
    assert 'href="https://news.example/page"' in page
    assert 'rel="noopener noreferrer"' in page


@pytest.mark.parametrize("claims", [0, 1, 20])
def test_incident_page_shows_each_claim(client, viewer, claims):
    incident = make_incident()
    made = [make_claim(incident, f"around {100 + n}") for n in range(claims)]
    page = body(client.get(incident.get_absolute_url()))
    assert all(f'id="claim-{claim.pk}"' in page and claim.words in page for claim in made)


def test_incident_page_says_how_to_cite_it(client, viewer):
    incident = make_incident("Returns of April")
    page = body(client.get(incident.get_absolute_url()))
    assert f"http://127.0.0.1:8000/incidents/{incident.code}/" in page


def test_source_and_article_pages_show_what_they_support(client, viewer):
    source, article, incident = make_source("The NGO"), make_article(), make_incident("Returns")
    make_claim(incident, "around 200", source=source, article=article)
    for record in (source, article):
        page = body(client.get(record.get_absolute_url()))
        assert "around 200" in page
        assert incident.get_absolute_url() in page


@pytest.mark.parametrize(
    "address", ["/incidents/AT-999999/", "/incidents/x/", "/articles/999999/", "/sources/none/"]
)
def test_unknown_record_is_not_found(client, viewer, address):
    assert client.get(address).status_code == 404


def test_draft_is_not_found_by_a_viewer(client, viewer):
    incident = make_incident(published=False)
    assert client.get(incident.get_absolute_url()).status_code == 404


def test_codes_in_addresses_may_be_written_small(client, viewer):
    incident = make_incident()
    assert client.get(f"/incidents/{incident.code.lower()}/").status_code == 200


@pytest.fixture
def hidden():
    """One restricted incident, linked and in a wave; one restricted claim; one article."""
    circle = Group.objects.create(name="Circle")
    place, speaker = make_place("CN"), make_source("Common Source", slug="common")
    wave = make_incident("Open wave", kind="wave", date_words="2024")
    secret = make_incident("SECRET incident", date_words="2024-04", restricted_to=circle, wave=wave)
    touch(secret, place)
    make_claim(secret, "770777", quote="SECRET words", source=speaker)
    shown = make_incident("Open incident", date_words="2024-04")
    make_claim(shown, "9", source=speaker)
    actions.link(
        first=shown,
        second=secret,
        by=make_user("Reviewer"),
        why="SECRET reason",
        kind="same_people",
        certainty="possible",
    )
    make_claim(shown, "770778", source_as_printed="SECRET source", restricted_to=circle)
    article = make_article(title="SECRET article", restricted_to=circle)
    make_claim(shown, "770779", article=article, source=speaker)
    return {"incident": secret, "shown": shown, "wave": wave, "article": article, "circle": circle}


SHOWN = [
    "/incidents/",
    "/incidents/?q=SECRET",
    "/incidents/?region=CN",
    "/incidents/?people_min=700",
    "/summary/",
    "/sources/",
    "/sources/common/",
    "/incidents.csv",
    "/claims.csv",
]


@pytest.mark.parametrize("role", ["Viewer", "Reviewer", "Administrator"])
def test_restricted_records_leave_no_trace(client, hidden, role):
    client.force_login(make_user(role))
    own_pages = [hidden["shown"].get_absolute_url(), hidden["wave"].get_absolute_url()]
    for address in [*SHOWN, *own_pages]:
        page = body(client.get(address)).replace("q=SECRET", "").replace('value="SECRET"', "")
        page = page.replace("“SECRET”", "")
        assert "SECRET" not in page, address
        assert hidden["incident"].code not in page, address
        numbers = page.replace(",", "")
        assert not any(count in numbers for count in ("770777", "770778", "770779")), address


@pytest.mark.parametrize("name", ["incident", "article"])
def test_restricted_record_is_not_found_by_its_address(client, hidden, name):
    client.force_login(make_user("Administrator"))
    assert client.get(hidden[name].get_absolute_url()).status_code == 404


def test_circle_sees_its_restricted_records(client, hidden):
    user = make_user("Viewer")
    user.groups.add(hidden["circle"])
    client.force_login(user)
    assert "SECRET incident" in body(client.get("/incidents/"))
    assert "SECRET article" in body(client.get(hidden["article"].get_absolute_url()))


@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_fetched_from_others(client, viewer, page):
    policy = client.get(page).headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_static_file_carries_the_same_policy(client, viewer):
    file = client.get("/static/incidents/icon.svg")
    assert b"<svg" in b"".join(file.streaming_content)
    page = client.get("/incidents/")
    assert file.headers["Content-Security-Policy"] == page.headers["Content-Security-Policy"]


@pytest.mark.parametrize("page", PAGES)
def test_no_shared_cache_keeps_an_answer(client, viewer, page):
    assert "private" in client.get(page).headers["Cache-Control"]


def test_site_root_leads_to_the_list(client, viewer):
    assert client.get("/").url == reverse("incident-list")
    assert client.get("/?status=draft").url == f"{reverse('incident-list')}?status=draft"


@pytest.mark.parametrize(
    "query",
    [
        "q='",
        "people_min=50&people_max=3",
        "cursor=garbage",
        "order=-updated&cursor=bnw1fDAwMDEtMDEtMDFUMDA6MDA6MDArMjM6NTk",
    ],
)
@pytest.mark.parametrize("page", QUESTIONS)
def test_question_without_sense_is_refused(client, viewer, page, query):
    assert client.get(f"{page}?{query}").status_code == 400


def test_assessment_on_a_restricted_claim_is_not_shown(client, viewer):
    incident = make_incident()
    claim = make_claim(incident)
    actions.assess(
        incident=incident,
        by=make_user("Reviewer"),
        why="SECRET reason",
        measure="returned",
        rule="lowest",
        claims=[claim],
        best=4242,
    )
    claim.restricted_to.add(Group.objects.create(name="Circle"))
    settle([incident.pk])
    page = body(client.get(incident.get_absolute_url()))
    assert "SECRET" not in page
    assert "4,242" not in page


def test_record_names_its_place_in_english_where_the_reader_s_language_has_no_name():
    china = make_place("CN", name="China", name_ko="중국")
    incident = make_incident(sending=china)
    touch(incident, make_place("CN-JL", parent=china, name="Jilin"))
    claim = make_claim(incident, "3", place=Place.objects.get(code="CN-JL"))
    incident.refresh_from_db()
    with translation.override("ko"):
        page = detail.of_incident(incident, make_user("Viewer"))
    assert (page["row"]["place"], page["row"]["country"]) == ("Jilin", "중국")
    assert page["row"]["sending_name"] == "중국"
    assert [each["place_name"] for each in page["claims"] if each["id"] == claim.pk] == ["Jilin"]
