"""Two people on one record: nothing typed is lost, nothing of the other silently overwritten."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group

from incidents.models import Article, Claim, Incident
from tests.admin.desk import address, errors, filled, save, signed_in
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
def rita():
    return signed_in(make_user("Researcher", "rita"))


@pytest.fixture
def sam():
    return signed_in(make_user("Researcher", "sam"))


@pytest.fixture
def incident():
    return make_incident("Old title", published=False, responsible="police")


def opened(desk, page: str, **changes) -> dict:
    """Open a page and type something; return what would be posted."""
    typed = {name.replace("__", "-"): value for name, value in changes.items()}
    return filled(desk.get(page)) | typed


def again(response, **changes) -> dict:
    """Take the page as it came back and type something more."""
    typed = {name.replace("__", "-"): value for name, value in changes.items()}
    return filled(response) | typed


def lines(response) -> dict[str, tuple[str, str, str]]:
    """List what the page puts side by side: as opened, now, yours."""
    return {
        line.label: (line.opened, line.now, line.yours)
        for part in response.context["meanwhile"]
        for line in part.lines
    }


def test_two_changes_of_different_fields_both_stand(rita, sam, incident):
    page = address("incident", pk=incident.pk)
    mine = opened(sam, page, summary="By Sam.")
    save(rita, page, title="By Rita", why="clearer")
    response = sam.post(page, mine, follow=True)
    incident.refresh_from_db()
    assert (incident.title, incident.summary) == ("By Rita", "By Sam.")
    told = [str(message) for message in response.context["messages"]]
    assert any("Title (rita" in line and "clearer" in line for line in told)


def test_two_changes_of_one_field_wait_for_a_choice(rita, sam, incident):
    page = address("incident", pk=incident.pk)
    mine = opened(sam, page, title="By Sam", summary="Long text of Sam.")
    save(rita, page, title="By Rita", why="clearer")
    response = sam.post(page, mine)
    assert "Somebody changed this record" in errors(response)
    assert lines(response) == {"Title": ("Old title", "By Rita", "By Sam")}
    assert "clearer" in response.text
    assert "Long text of Sam." in response.text
    incident.refresh_from_db()
    assert (incident.title, incident.summary) == ("By Rita", "")


@pytest.mark.parametrize(
    ("choice", "title"),
    [("theirs", "By Rita"), ("mine", "By Sam"), ("", "By Rita")],
    ids=["theirs", "mine", "undecided"],
)
def test_choice_decides_what_stands(rita, sam, incident, choice, title):
    page = address("incident", pk=incident.pk)
    mine = opened(sam, page, title="By Sam", summary="Sam's.")
    save(rita, page, title="By Rita")
    typed = again(sam.post(page, mine), **{"title__decide": choice})
    response = sam.post(page, typed)
    assert response.status_code == (302 if choice else 200)
    incident.refresh_from_db()
    assert (incident.title, incident.summary) == (title, "Sam's." if choice else "")
    if not choice:
        assert lines(response) == {"Title": ("Old title", "By Rita", "By Sam")}


def test_mine_can_be_edited_before_it_is_sent_again(rita, sam, incident):
    page = address("incident", pk=incident.pk)
    mine = opened(sam, page, title="By Sam")
    save(rita, page, title="By Rita")
    response = sam.post(page, mine)
    sam.post(page, again(response, title="By both", title__decide="mine"))
    incident.refresh_from_db()
    assert incident.title == "By both"


def test_third_save_while_somebody_decides_asks_again(rita, sam, incident):
    page = address("incident", pk=incident.pk)
    mine = opened(sam, page, title="By Sam")
    save(rita, page, title="By Rita")
    typed = again(sam.post(page, mine), title__decide="mine")
    save(rita, page, title="Rita again")
    response = sam.post(page, typed)
    assert lines(response) == {"Title": ("Old title", "Rita again", "By Sam")}
    incident.refresh_from_db()
    assert incident.title == "Rita again"


def test_same_change_by_both_is_no_conflict(rita, sam, incident):
    page = address("incident", pk=incident.pk)
    mine = opened(sam, page, title="Agreed")
    save(rita, page, title="Agreed")
    assert sam.post(page, mine).status_code == 302


def test_unchanged_page_reverts_nothing_and_writes_nothing(rita, sam, incident):
    page = address("incident", pk=incident.pk)
    mine = opened(sam, page)
    save(rita, page, title="By Rita", date_not_stated="on")
    before = Incident.objects.get().history.count()
    assert sam.post(page, mine).status_code == 302
    incident.refresh_from_db()
    assert (incident.title, incident.date_not_stated) == ("By Rita", True)
    assert incident.history.count() == before


def test_lines_sent_by_a_browser_are_no_change(sam, incident):
    incident.summary = "first\nsecond"
    incident.save()
    page = address("incident", pk=incident.pk)
    before = incident.history.count()
    sam.post(page, opened(sam, page, summary="first\r\nsecond"))
    assert incident.history.count() == before


def test_number_written_otherwise_is_no_change(rita, sam):
    place = make_place("CN", latitude="42.5", longitude="129.5")
    boss = signed_in(make_user("Administrator"))
    page = address("place", pk=place.pk)
    mine = opened(boss, page, latitude="42.5", name="China")
    save(signed_in(make_user("Administrator")), page, latitude="43.25")
    boss.post(page, mine)
    place.refresh_from_db()
    assert (str(place.latitude), place.name) == ("43.250000", "China")


@pytest.mark.parametrize("seen", ["", "1", "[]", "{", '{"seen": 3}', '{"seen": {}}', "\0"])
def test_page_that_does_not_say_what_it_showed_overwrites_nothing(rita, incident, seen):
    page = address("incident", pk=incident.pk)
    response = rita.post(page, opened(rita, page, title="Blind", seen=seen))
    assert response.status_code == 200
    assert lines(response)["Title"][1:] == ("Old title", "Blind")
    incident.refresh_from_db()
    assert incident.title == "Old title"


@pytest.mark.parametrize("model", ["article", "incident"])
def test_claim_row_changed_by_both_waits_for_a_choice(rita, sam, model):
    claim = make_claim(make_incident(published=False), "9")
    page = address(model, pk=getattr(claim, f"{model}_id"))
    mine = opened(sam, page, claims__0__words="around 200", claims__0__locator="p. 3")
    save(rita, address("claim", pk=claim.pk), words="up to 60", why="read again")
    response = sam.post(page, mine)
    assert lines(response) == {"Count as worded": ("9", "up to 60", "around 200")}
    claim.refresh_from_db()
    assert (claim.words, claim.locator) == ("up to 60", "")
    sam.post(page, again(response, **{"claims__0__words-decide": "mine"}))
    claim.refresh_from_db()
    assert (claim.words, claim.value, claim.locator) == ("around 200", 200, "p. 3")


@pytest.mark.parametrize("model", ["article", "incident"])
def test_claim_row_changed_on_different_fields_keeps_both(rita, sam, model):
    claim = make_claim(make_incident(published=False), "9")
    page = address(model, pk=getattr(claim, f"{model}_id"))
    mine = opened(sam, page, claims__0__locator="p. 3")
    save(rita, address("claim", pk=claim.pk), words="up to 60")
    sam.post(page, mine)
    claim.refresh_from_db()
    assert (claim.words, claim.locator) == ("up to 60", "p. 3")


def test_rows_added_by_both_both_stand(rita, sam, incident):
    article = make_article()
    page = address("article", pk=article.pk)
    row = {"claims__0__incident": incident.pk}
    mine = opened(sam, page, claims__0__words="around 200", **row)
    save(rita, page, claims__0__words="up to 60", **row)
    assert sam.post(page, mine).status_code == 302
    assert set(article.claims.values_list("words", flat=True)) == {"around 200", "up to 60"}


def test_row_moved_away_keeps_what_was_typed_in_it(rita, sam, incident):
    first, second = make_claim(incident, "9"), make_claim(incident, "12")
    other = make_incident("Another night", published=False)
    page = address("incident", pk=incident.pk)
    mine = opened(sam, page, claims__0__locator="typed by Sam", claims__1__locator="p. 4")
    save(rita, address("claim", pk=first.pk), incident=other.pk)
    response = sam.post(page, mine)
    assert "A row of this page was moved" in errors(response)
    assert "typed by Sam" in response.text
    assert "p. 4" in response.text
    assert "Another night" in response.context["meanwhile"][0].stands
    second.refresh_from_db()
    assert second.locator == ""


@pytest.mark.parametrize(("choice", "count"), [("add", 3), ("drop", 2)])
def test_row_that_left_is_added_or_let_go(rita, sam, incident, choice, count):
    first, second = make_claim(incident, "9"), make_claim(incident, "12")
    page = address("incident", pk=incident.pk)
    mine = opened(sam, page, claims__0__locator="typed by Sam", claims__1__locator="p. 4")
    save(rita, address("claim", pk=first.pk), incident=make_incident(published=False).pk)
    response = sam.post(page, mine)
    asks = response.context["meanwhile"][0].asks
    response = sam.post(page, again(response, **{asks: choice}))
    assert response.status_code == 302, errors(response)
    second.refresh_from_db()
    first.refresh_from_db()
    assert (first.locator, second.locator) == ("", "p. 4")
    assert Claim.objects.count() == count
    assert Claim.objects.filter(locator="typed by Sam").exists() == (choice == "add")


def test_row_that_left_untouched_is_let_go(rita, sam, incident):
    first, second = make_claim(incident, "9"), make_claim(incident, "12")
    page = address("incident", pk=incident.pk)
    mine = opened(sam, page, claims__1__locator="p. 4")
    save(rita, address("claim", pk=first.pk), incident=make_incident(published=False).pk)
    assert sam.post(page, mine).status_code == 302
    second.refresh_from_db()
    assert second.locator == "p. 4"


def test_place_row_changed_by_both_waits(rita, sam, incident):
    row = touch(incident, make_place("CN"))
    page = address("incident", pk=incident.pk)
    mine = opened(sam, page, places__0__words="near Tumen")
    save(rita, page, places__0__words="at Dandong")
    response = sam.post(page, mine)
    assert lines(response) == {"As printed": ("–", "at Dandong", "near Tumen")}
    row.refresh_from_db()
    assert row.words == "at Dandong"


def test_row_removed_by_the_other_keeps_what_was_typed(rita, sam, incident):
    touch(incident, make_place("CN"))
    page = address("incident", pk=incident.pk)
    mine = opened(sam, page, places__0__words="near Tumen")
    save(rita, page, places__0__DELETE="on")
    response = sam.post(page, mine)
    assert "A row of this page was moved" in errors(response)
    assert "near Tumen" in response.text
    asks = response.context["meanwhile"][0].asks
    assert sam.post(page, again(response, **{asks: "add"})).status_code == 302
    assert incident.places.get().words == "near Tumen"


def test_row_changed_by_the_other_is_not_removed_unseen(rita, sam, incident):
    touch(incident, make_place("CN"))
    page = address("incident", pk=incident.pk)
    mine = opened(sam, page, places__0__DELETE="on")
    save(rita, page, places__0__words="at Dandong")
    response = sam.post(page, mine)
    assert "a row that you want to remove" in errors(response)
    assert incident.places.exists()
    assert sam.post(page, again(response, places__0__DELETE="on")).status_code == 302
    assert not incident.places.exists()


def test_step_changed_by_both_waits(rita, sam, incident):
    claim = make_claim(incident)
    claim.steps.create(position=1, name_as_printed="a source")
    page = address("claim", pk=claim.pk)
    mine = opened(sam, page, steps__0__verb="said")
    save(rita, page, steps__0__verb="confirmed")
    assert lines(sam.post(page, mine)) == {"Verb as printed": ("–", "confirmed", "said")}


def test_alias_changed_by_both_waits(rita, sam):
    source = make_source("Radio")
    source.aliases.create(name="RFA")
    page = address("source", pk=source.pk)
    mine = opened(sam, page, aliases__0__name="R.F.A.")
    save(rita, page, aliases__0__name="Radio Free America")
    assert lines(sam.post(page, mine)) == {"Name": ("RFA", "Radio Free America", "R.F.A.")}
    assert source.aliases.get().name == "Radio Free America"


def test_aliases_that_changed_their_order_stay_themselves(rita, sam):
    source = make_source("Radio")
    kept = source.aliases.create(name="A1")
    source.aliases.create(name="B1")
    page = address("source", pk=source.pk)
    mine = opened(sam, page, aliases__0__name="A2", name="")
    save(rita, page, aliases__1__name="0 first")
    shown = sam.post(page, mine).context["inline_admin_formsets"][0]
    originals = [(row.original.pk, row.form.instance.pk) for row in shown if row.original]
    assert originals[0] == (kept.pk, kept.pk)
    assert all(original == row for original, row in originals)


@pytest.mark.parametrize("model", ["source", "place", "category"])
def test_vocabulary_changed_by_both_waits(model):
    one, other = (signed_in(make_user("Administrator")) for _person in range(2))
    make = {"source": make_source, "place": lambda: make_place("CN")}
    record = make.get(model, lambda: make_incident().category)()
    page = address(model, pk=record.pk)
    mine = opened(one, page, name="Mine")
    save(other, page, name="Theirs", why="renamed")
    assert lines(one.post(page, mine))["Name"][1:] == ("Theirs", "Mine")
    record.refresh_from_db()
    assert record.name == "Theirs"


def test_reference_that_became_hidden_is_kept_and_not_told(sam, incident):
    group = Group.objects.create(name="Tumen team")
    insider = make_user("Researcher", "ina")
    insider.groups.add(group)
    secret = make_claim(incident, "77", quote="secret", restricted_to=group)
    claim = make_claim(incident, "9")
    page = address("claim", pk=claim.pk)
    mine = opened(sam, page, locator="p. 3")
    save(signed_in(insider), page, repeats=secret.pk, why="as the witness said")
    response = sam.post(page, mine, follow=True)
    assert "secret" not in response.text
    assert "as the witness said" not in response.text
    claim.refresh_from_db()
    assert (claim.locator, claim.repeats) == ("p. 3", secret)


def test_row_that_was_closed_is_told_like_one_that_never_was(sam, incident):
    group = Group.objects.create(name="Tumen team")
    insider = make_user("Researcher", "ina")
    insider.groups.add(group)
    claim = make_claim(incident, "9")
    page = address("incident", pk=incident.pk)
    mine = opened(sam, page, claims__0__locator="p. 3")
    save(signed_in(insider), address("claim", pk=claim.pk), restricted_to=[group.pk], why="danger")
    closed = sam.post(page, mine)
    missing = sam.post(page, mine | {"claims-0-id": 999_999})
    assert "p. 3" in closed.text
    assert "danger" not in closed.text
    assert errors(closed) == errors(missing)
    assert closed.context["meanwhile"][0].stands == ""


def sent(desk, page: str, **changes) -> dict:
    """Open a page and type something; return what would be posted, with the page's own mark."""
    response = desk.get(page)
    typed = {name.replace("__", "-"): value for name, value in changes.items()}
    return filled(response) | {"once": response.context["once"]} | typed


def test_page_sent_twice_makes_one_article(rita):
    typed = sent(rita, address("article"), title="No address", publisher=make_source().pk)
    answers = [rita.post(address("article"), typed) for _click in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert Article.objects.count() == 1


def test_page_sent_twice_adds_its_rows_once(rita, incident):
    article = make_article()
    page = address("article", pk=article.pk)
    typed = sent(rita, page, claims__0__words="9", claims__0__incident=incident.pk)
    for _click in range(2):
        assert rita.post(page, typed).status_code == 302
    assert article.claims.count() == 1


def test_page_sent_again_with_other_words_loses_none_and_adds_nothing_unasked(rita):
    page = address("article")
    typed = sent(rita, page, title="First", publisher=make_source().pk)
    rita.post(page, typed)
    response = rita.post(page, typed | {"title": "Second"})
    assert "You sent this page before" in errors(response)
    assert "Second" in response.text
    assert Article.objects.get().title == "First"
    typed = filled(response) | {"once": response.context["once"]}
    assert rita.post(page, typed).status_code == 302
    assert Article.objects.count() == 2


def test_mark_of_somebody_else_stops_nobody(rita, sam):
    typed = sent(rita, address("article"), title="Rita's", publisher=make_source().pk)
    rita.post(address("article"), typed)
    sam.post(address("article"), typed)
    assert Article.objects.count() == 2


def test_refused_page_can_be_sent_again_with_its_mark(rita):
    typed = sent(rita, address("article"), title="", publisher=make_source().pk)
    assert rita.post(address("article"), typed).status_code == 200
    assert rita.post(address("article"), typed | {"title": "Now"}).status_code == 302


def test_log_of_sent_pages_says_nothing_of_the_record(rita):
    typed = sent(rita, address("article"), title="Secret words", publisher=make_source().pk)
    rita.post(address("article"), typed)
    entry = LogEntry.objects.get()
    assert entry.object_repr == ""
    assert "Secret" not in entry.change_message


def test_same_new_url_by_two_is_one_article(rita, sam):
    typed = {"title": "Same", "publisher": make_source().pk, "url": "https://daily.example/1"}
    mine = opened(sam, address("article"), **typed)
    save(rita, address("article"), **typed)
    response = sam.post(address("article"), mine)
    assert "already recorded" in errors(response)
    assert Article.objects.count() == 1
