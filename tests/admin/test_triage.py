"""The triage page: what it shows of pasted addresses, its queues, and its buttons."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from incidents import triage
from incidents.models import Article
from tests.admin.desk import signed_in
from tests.factories import make_article, make_claim, make_incident, make_source, make_user

pytestmark = pytest.mark.django_db

TRIAGE, MOVE = reverse("admin:triage"), reverse("admin:triage_move")
PAGE = "https://news.example/1"


@pytest.fixture
def rosa():
    return make_user("Researcher", "rosa")


@pytest.fixture
def desk(rosa):
    return signed_in(rosa)


def queued(by, *urls, to=None):
    outcomes = triage.queue(urls=urls, by=by, why="Queued.", assigned_to=to)
    return [outcome.articles[0] for outcome in outcomes]


def shown(response) -> list[str]:
    """List the addresses in the queue, in order."""
    return [article.url for article in response.context["articles"]]


def press(desk, article, step, **more):
    return desk.post(MOVE, {"article": article.pk, "step": step, **more})


def state(article) -> str:
    article.refresh_from_db()
    return article.coding_state


def test_paste_queues_good_lines_and_keeps_bad_ones_in_the_box(desk, rosa):
    response = desk.post(TRIAGE, {"pasted": f"{PAGE}\nnothing here", "assigned_to": rosa.pk})
    assert response.context["form"]["pasted"].value() == "nothing here"
    assert "No address was found in this line" in response.text
    article = Article.objects.get()
    assert (article.url, article.assigned_to) == (PAGE, rosa)
    assert reverse("admin:code", args=[article.pk]) in response.text


def test_known_page_is_shown_with_what_it_supports(desk):
    incident = make_incident("Return at Tumen")
    article = make_article(url=PAGE, title="강제북송", coding_state="coded")
    make_claim(incident, "200여 명", article=article, source=make_source("Yonhap"))
    page = desk.post(TRIAGE, {"pasted": f"{PAGE}/?utm_source=x"}).text
    assert f"recorded as {PAGE}<" in page
    for part in ("강제북송", "200여 명", "Yonhap", incident.code, "Return at Tumen", "coded"):
        assert part in page


def test_known_page_tells_nothing_of_closed_claims_and_incidents(desk):
    group = Group.objects.create(name="Tumen team")
    article = make_article(url=PAGE)
    make_claim(make_incident("Open one"), "77", article=article, restricted_to=group)
    make_claim(make_incident("Secret crossing", restricted_to=group), "78", article=article)
    page = desk.post(TRIAGE, {"pasted": PAGE}).text
    assert "No claim is taken from it that you may see." in page
    assert "Secret crossing" not in page
    assert "Open one" not in page


def test_closed_page_is_queued_as_if_new(desk):
    make_article(url=PAGE, title="Secret", restricted_to=Group.objects.create(name="Tumen team"))
    page = desk.post(TRIAGE, {"pasted": PAGE}).text
    assert "queued" in page
    assert "Secret" not in page


def test_empty_paste_is_refused_with_a_sentence(desk):
    response = desk.post(TRIAGE, {"pasted": "  "})
    assert "Paste at least one address." in response.text


def test_queues_hold_mine_nobodys_and_all(desk, rosa):
    mine, nobodys, theirs = (f"{PAGE}/{name}" for name in ("mine", "nobodys", "theirs"))
    other = make_user("Researcher")
    queued(rosa, mine, to=rosa)
    queued(rosa, nobodys)
    queued(rosa, theirs, to=other)
    assert shown(desk.get(TRIAGE)) == [mine]
    assert shown(desk.get(TRIAGE, {"queue": "unassigned"})) == [nobodys]
    assert shown(desk.get(TRIAGE, {"queue": "all"})) == [theirs, nobodys, mine]
    assert shown(desk.get(TRIAGE, {"queue": "all", "order": "oldest"})) == [mine, nobodys, theirs]


def test_queue_is_walked_page_by_page_without_loss(desk, rosa):
    urls = [f"{PAGE}/{number}" for number in range(45)]
    queued(rosa, *urls, to=rosa)
    seen, query = [], ""
    for _page in range(3):
        response = desk.get(f"{TRIAGE}?{query}")
        seen += shown(response)
        query = response.context["next"]
    assert (seen, query) == (urls[::-1], "")


@pytest.mark.parametrize("query", [{"queue": "x"}, {"order": "x"}])
def test_unknown_queue_is_refused_with_the_allowed_ones(desk, query):
    response = desk.get(TRIAGE, query)
    assert response.status_code == 400


def test_one_press_sets_aside_and_one_puts_back(desk, rosa):
    [article] = queued(rosa, PAGE, to=rosa)
    page = desk.post(MOVE, {"article": article.pk, "step": "nothing_new"}, follow=True)
    assert state(article) == "nothing_new"
    assert "Put it back" in page.text
    press(desk, article, "back")
    assert state(article) == "to_code"


def test_article_is_taken_and_given(desk, rosa):
    other = make_user("Researcher", "omar")
    [article] = queued(other, PAGE)
    for step, person, assigned in (
        ("take", "", rosa),
        ("give", other.pk, other),
        ("give", "", None),
    ):
        press(desk, article, step, person=person)
        article.refresh_from_db()
        assert article.assigned_to == assigned


@pytest.mark.parametrize("person", ["999999", "x", "viewer"])
def test_article_is_given_to_nobody_else(desk, rosa, person):
    viewer = make_user("Viewer", "vera")
    [article] = queued(rosa, PAGE, to=rosa)
    chosen = viewer.pk if person == "viewer" else person
    page = desk.post(MOVE, {"article": article.pk, "step": "give", "person": chosen}, follow=True)
    assert "Choose somebody who codes articles." in page.text
    article.refresh_from_db()
    assert article.assigned_to == rosa


def test_refusal_stands_on_the_page(desk, rosa):
    [article] = queued(rosa, PAGE, to=rosa)
    make_claim(make_incident(), article=article)
    page = desk.post(MOVE, {"article": article.pk, "step": "nothing_new"}, follow=True)
    assert "so it did bring something" in page.text
    assert state(article) == "to_code"


def test_button_goes_back_to_where_it_was_pressed(desk, rosa):
    [article] = queued(rosa, PAGE, to=rosa)
    response = press(desk, article, "take", queue="all", order="oldest", after="7")
    assert response["Location"] == f"{TRIAGE}?queue=all&order=oldest&after=7&done=0"


@pytest.mark.parametrize("step", ["nothing_new", "back", "take", "give"])
def test_closed_article_cannot_be_moved_or_found(desk, step):
    closed = make_article(restricted_to=Group.objects.create(name="Tumen team"))
    assert press(desk, closed, step).status_code == 404
    closed.refresh_from_db()
    assert (closed.coding_state, closed.assigned_to) == ("to_code", None)


def test_closed_article_stands_in_no_queue_and_no_count(desk):
    make_article(title="Secret", restricted_to=Group.objects.create(name="Tumen team"))
    response = desk.get(TRIAGE, {"queue": "all"})
    assert shown(response) == []
    assert "All to code (0)" in response.text
    aside = make_article(
        title="Secret too",
        coding_state="nothing_new",
        restricted_to=Group.objects.get(name="Tumen team"),
    )
    assert "Secret too" not in desk.get(TRIAGE, {"done": aside.pk}).text


@pytest.mark.parametrize("forged", [{"step": "publish"}, {"step": ""}])
def test_unknown_button_does_nothing(desk, rosa, forged):
    [article] = queued(rosa, PAGE, to=rosa)
    assert desk.post(MOVE, {"article": article.pk, **forged}).status_code == 400


def test_move_is_no_page_to_look_at(desk):
    assert desk.get(MOVE).status_code == 404


def test_account_manager_without_articles_is_kept_out(rosa):
    group = Group.objects.create(name="Accounts")
    group.permissions.set(
        Group.objects.get(name="Administrator").permissions.filter(codename="change_user")
    )
    keeper = make_user()
    keeper.groups.add(group)
    [article] = queued(rosa, PAGE)
    desk = signed_in(keeper)
    assert desk.get(TRIAGE).status_code == 403
    assert desk.post(TRIAGE, {"pasted": PAGE}).status_code == 403
    assert press(desk, article, "nothing_new").status_code == 403


def test_page_asks_as_often_for_two_rows_as_for_twenty(desk, rosa, django_assert_num_queries):
    queued(rosa, *(f"{PAGE}/{number}" for number in range(2)), to=rosa)
    for number in (2, 20):
        queued(rosa, *(f"{PAGE}/{n}" for n in range(number)), to=rosa)
        with django_assert_num_queries(14):
            assert len(shown(desk.get(TRIAGE))) == number


def test_paste_of_known_pages_asks_as_often_for_two_as_for_twenty(desk, django_assert_num_queries):
    claims = [make_claim(make_incident(), source=make_source()) for _number in range(20)]
    urls = [claim.article.url for claim in claims]
    for number in (2, 20):
        with django_assert_num_queries(18):
            desk.post(TRIAGE, {"pasted": "\n".join(urls[:number])})
