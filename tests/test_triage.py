"""Pasted addresses: what is read from a line, what is one page, and what the queue does."""

import pytest
from django.contrib.auth.models import Group

from incidents import desk, triage
from incidents.actions import Refused
from incidents.addresses import addresses_in, url_key
from incidents.forms.triage import PasteForm
from incidents.models import Article
from tests.factories import make_article, make_claim, make_incident, make_user

PAGE = "https://news.example/2026/1"


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (PAGE, [PAGE]),
        (f"see <{PAGE}>, please", [PAGE]),
        (f"({PAGE}).", [PAGE]),
        (f"「{PAGE}」。", [PAGE]),
        (f"[title]({PAGE})", [PAGE]),
        ("https://en.example/wiki/A_(b)", ["https://en.example/wiki/A_(b)"]),
        (f"{PAGE} https://b.example/2", [PAGE, "https://b.example/2"]),
        ("기사: https://한국.kr/기사/1", ["https://한국.kr/기사/1"]),
        ("www.news.example", ["https://www.news.example"]),
        ("news.example/2026/1", [PAGE]),
        ("report.pdf and John.Smith, me@news.example/1", []),
        ("ftp://news.example/1", []),
        ("", []),
    ],
)
def test_addresses_are_taken_out_of_a_messy_line(line, found):
    assert addresses_in(line) == found


@pytest.mark.parametrize(
    "same",
    [
        "http://news.example/2026/1",
        "https://www.news.example/2026/1/",
        "HTTPS://News.Example/2026/1#top",
        "https://news.example:443/2026/1?utm_source=mail&fbclid=1",
    ],
)
def test_addresses_of_one_page_have_one_key(same):
    assert url_key(same) == url_key(PAGE)


def test_letters_of_other_scripts_are_the_same_written_out_or_encoded():
    encoded = "https://xn--3e0b707e.example/%EA%B8%B0%EC%82%AC/1"
    assert url_key(encoded) == url_key("https://한국.example/기사/1") == "한국.example/기사/1"


@pytest.mark.parametrize("path", ["%B0%A1", "%00", "A"])
def test_other_paths_stay_apart(path):
    others = {"%B0%A1", "%00", "A", "a", "%B0%A2"} - {path}
    keys = {url_key(f"https://news.example/{other}") for other in others}
    assert url_key(f"https://news.example/{path}") not in keys


@pytest.fixture
def researcher(db):
    return make_user("Researcher", "rosa")


@pytest.fixture
def article(researcher):
    return queue(researcher, PAGE)[0].articles[0]


def queue(by, *urls, to=None):
    return triage.queue(urls=urls, by=by, why="Queued.", assigned_to=to)


def test_new_address_waits_with_nothing_but_itself(researcher):
    [queued] = queue(researcher, PAGE, to=researcher)
    article = Article.objects.get()
    assert queued.became == "new"
    assert (article.url, article.title, article.publisher) == (PAGE, "", None)
    assert (article.coding_state, article.assigned_to) == ("to_code", researcher)
    assert article.history.get().history_user == researcher


def test_known_page_is_shown_and_not_recorded_again(researcher):
    known = make_article(url=f"http://www.{PAGE[8:]}/", coding_state="coded")
    [queued] = queue(researcher, PAGE)
    assert (queued.became, queued.articles) == ("known", [known])
    assert Article.objects.get().coding_state == "coded"


def test_page_pasted_twice_is_queued_once(researcher):
    became = [queued.became for queued in queue(researcher, PAGE, f"{PAGE}/", PAGE)]
    assert became == ["new", "again", "again"]
    assert Article.objects.count() == 1


def test_page_of_a_closed_article_is_queued_as_new(researcher):
    make_article(url=PAGE, restricted_to=Group.objects.create(name="Tumen team"))
    [queued] = queue(researcher, PAGE)
    assert queued.became == "new"
    assert Article.objects.filter(url=PAGE).count() == 2


def test_page_of_a_closed_article_is_known_to_its_group(researcher):
    group = Group.objects.create(name="Tumen team")
    researcher.groups.add(group)
    closed = make_article(url=PAGE, restricted_to=group)
    assert queue(researcher, PAGE)[0].articles == [closed]


def test_viewer_queues_nothing(db):
    with pytest.raises(Refused, match="queue articles"):
        queue(make_user("Viewer"), PAGE)
    assert not Article.objects.exists()


def test_queueing_asks_as_often_for_many_known_pages(researcher, django_assert_num_queries):
    urls = [make_article().url for _number in range(20)]
    researcher.has_perm("incidents.add_article")
    assert researcher.group_keys
    for asked in (urls[:2], urls):
        with django_assert_num_queries(3):  # the savepoint's two, and one for all articles
            queue(researcher, *asked)


def test_article_is_given_to_somebody_and_back_before_everybody(researcher, article):
    colleague = make_user("Researcher")
    for to in (colleague, None):
        triage.assign(article=article, to=to, by=researcher, why="Holiday.")
        article.refresh_from_db()
        assert article.assigned_to == to
    assert article.history.latest().history_change_reason == "Holiday."


def test_article_is_given_to_nobody_who_cannot_code(researcher, article):
    with pytest.raises(Refused, match="does not code articles"):
        triage.assign(article=article, to=make_user("Viewer"), by=researcher, why="-")


def test_closed_article_is_given_to_nobody_outside_its_group(researcher):
    group = Group.objects.create(name="Tumen team")
    researcher.groups.add(group)
    closed = make_article(restricted_to=group)
    with pytest.raises(Refused, match="may not see"):
        triage.assign(article=closed, to=make_user("Researcher"), by=researcher, why="-")


def test_article_is_set_aside_and_put_back(researcher, article):
    triage.set_aside(article=article, by=researcher, why="Read.")
    article.refresh_from_db()
    assert article.coding_state == "nothing_new"
    triage.put_back(article=article, by=researcher, why="Not so.")
    article.refresh_from_db()
    assert article.coding_state == "to_code"
    with pytest.raises(Refused, match="already"):
        triage.put_back(article=article, by=researcher, why="Again.")


def test_article_that_somebody_coded_meanwhile_is_not_set_aside(researcher, article):
    Article.objects.update(coding_state="coded")
    with pytest.raises(Refused, match="it is “coded” by now"):
        triage.set_aside(article=article, by=researcher, why="Read.")
    assert Article.objects.get().coding_state == "coded"


def test_article_with_claims_is_not_set_aside(researcher, article):
    make_claim(make_incident(), article=article)
    with pytest.raises(Refused, match="1 claim"):
        triage.set_aside(article=article, by=researcher, why="Read.")


def test_claims_that_the_person_may_not_see_say_nothing(researcher, article):
    make_claim(
        make_incident(), article=article, restricted_to=Group.objects.create(name="Tumen team")
    )
    triage.set_aside(article=article, by=researcher, why="Read.")
    assert Article.objects.get().coding_state == "nothing_new"


def test_bad_lines_are_kept_apart_with_their_reason(researcher):
    long = f"https://news.example/{'a' * 2000}"
    form = PasteForm({"pasted": f"{PAGE}\n\nnothing\nftp://a.example/1\n{long}"}, user=researcher)
    assert form.is_valid()
    assert form.urls == [PAGE]
    assert [bad.line for bad in form.bad] == ["nothing", "ftp://a.example/1", long]
    reasons = ["No address was found", "Only addresses that begin with", "are too many"]
    assert all(part in bad.reason for part, bad in zip(reasons, form.bad, strict=True))


def test_two_hundred_lines_are_taken_and_one_more_refused(researcher):
    lines = [f"https://news.example/{number}" for number in range(201)]
    assert PasteForm({"pasted": "\n".join(lines[:200])}, user=researcher).is_valid()
    form = PasteForm({"pasted": "\n".join(lines)}, user=researcher)
    assert "These are 201 lines; at most 200" in str(form.errors)


def day(user):
    return {str(line.label): (line.mine, line.everybodys) for line in desk.day_of(user)}


def test_day_counts_what_was_done_by_me_and_by_all(researcher):
    other = make_user("Researcher")
    mine = [queued.articles[0] for queued in queue(researcher, *(f"{PAGE}/{n}" for n in range(3)))]
    theirs = queue(other, "https://b.example/1")[0].articles[0]
    triage.set_aside(article=mine[0], by=researcher, why="Read.")
    triage.set_aside(article=theirs, by=other, why="Read.")
    assert day(researcher) == {
        "coded": ("0", "0"),
        "read – nothing new": ("1", "2"),
        "queued": ("3", "4"),
    }


def test_day_does_not_count_what_was_undone_or_done_before(researcher, article):
    triage.set_aside(article=article, by=researcher, why="Read.")
    triage.put_back(article=article, by=researcher, why="Not so.")
    assert day(researcher)["read – nothing new"] == ("0", "0")
    Article.history.update(history_date="2020-01-01T00:00Z")
    assert day(researcher)["queued"] == ("0", "0")


def test_day_does_not_count_closed_articles(researcher):
    make_article(coding_state="nothing_new", restricted_to=Group.objects.create(name="Tumen team"))
    assert day(researcher)["read – nothing new"] == ("0", "0")
    assert day(make_user(is_superuser=True))["read – nothing new"] == ("0", "1")
