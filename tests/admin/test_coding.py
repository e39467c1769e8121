"""The coding page: what it understands, foresees and saves; one claim at a time."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from incidents.cautions import on_source
from incidents.models import Article, Category, Claim, Incident, Place, Source
from tests.admin.desk import signed_in, values
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
def researcher():
    return make_user("Researcher", "rita")


@pytest.fixture
def desk(researcher):
    return signed_in(researcher)


@pytest.fixture
def article():
    return make_article(title="They were sent back", date_words="2024-05-07")


@pytest.fixture
def incident():
    return make_incident("Return from Jilin", date_words="2024-04-26")


def page(article: Article) -> str:
    """Give the address of an article's coding page."""
    return reverse("admin:code", args=[article.pk])


def typed(desk, article: Article, **claim) -> dict[str, object]:
    """Read what the page would post, with some fields of the claim filled in."""
    shown = desk.get(page(article)).context
    posted = values(shown["facts"]) | values(shown["form"])
    return posted | {f"claim-{name}": value for name, value in claim.items()}


def save(desk, article: Article, step: str = "save", **claim):
    """Fill in the claim and press a button."""
    return desk.post(page(article), typed(desk, article, **claim) | {"step": step})


def read(desk, article: Article, **claim) -> dict[str, str]:
    """Ask what the page understands while somebody types."""
    address = reverse("admin:code_reading", args=[article.pk])
    return desk.post(address, typed(desk, article, **claim)).json()


def refusals(response) -> str:
    """Join what the page complains about."""
    return str(response.context["form"].errors) + str(response.context["facts"].errors)


def test_words_who_and_incident_are_enough(desk, researcher, article, incident):
    response = save(
        desk, article, words="up to 60", source_as_printed="RFA", incident_choice=incident.pk
    )
    assert response.status_code == 302, refusals(response)
    claim = Claim.objects.get()
    assert (claim.words, claim.high, claim.source_as_printed) == ("up to 60", 60, "RFA")
    assert (claim.incident, claim.article, claim.measure) == (incident, article, "returned")
    assert (claim.basis, claim.counts) == ("", False)
    first = claim.history.get()
    assert first.history_user == researcher
    assert first.history_change_reason == "Added while coding an article."
    incident.refresh_from_db()
    assert (incident.version, incident.review) == (2, "changed")


def test_incident_is_taken_by_its_code(desk, article, incident):
    save(desk, article, words="9", incident_find=incident.code)
    assert Claim.objects.get().incident == incident


def test_words_that_find_several_incidents_choose_none(desk, article, incident):
    make_incident("Return from Jilin, again")
    response = save(desk, article, words="9", incident_find="jilin")
    assert "Choose the incident that is meant by" in refusals(response)
    assert not Claim.objects.exists()


def test_refused_words_keep_everything_typed(desk, article, incident):
    response = save(desk, article, words="about 600; up to 200", quote="As printed.")
    assert response.status_code == 200
    assert "about 600; up to 200" in response.text
    assert "As printed." in response.text
    assert not Claim.objects.exists()


def test_check_saves_nothing_and_says_the_effect(desk, article, incident):
    make_claim(incident, "around 200", source_as_printed="An NGO")
    response = save(
        desk, article, "check", words="up to 60", basis="event", incident_choice=incident.pk
    )
    assert Claim.objects.count() == 1
    effect = response.context["coding"].effect
    assert (effect.before["figure_words"], effect.after["disputed"]) == ("around 200", True)
    assert "cannot be true together" in response.text
    assert "“around 200”" in response.text


def test_reading_understands_korean_words_and_days(desk, article, incident):
    make_place("CN-JL", name="Jilin", name_ko="지린성", parent=make_place("CN", name="China"))
    said = read(
        desk, article, words="200여 명", date_words="지난달 26일", place_words="중국 지린성에서"
    )
    assert "a little over: value 200 persons" in said["words"]
    assert "2024-04-26; worked out, not stated" in said["date"]
    assert "CN-JL" in said["place"]
    assert incident.code in said["incident"]
    assert not Claim.objects.exists()


def test_reading_refuses_with_the_sentence(desk, article):
    said = read(desk, article, words="about 600; up to 200", date_words="04/05/2024")
    assert "refusal" in said["words"]
    assert "refusal" in said["date"]


def test_source_that_bears_the_printed_name_is_taken(desk, article, incident):
    source = make_source("Radio Free Asia")
    source.aliases.create(name="자유아시아방송")
    save(desk, article, words="9", source_as_printed="자유아시아방송", incident_choice=incident.pk)
    claim = Claim.objects.get()
    assert (claim.source, claim.source_suggested) == (source, False)


def test_source_chosen_for_another_name_is_only_suggested(desk, article, incident):
    source = make_source("Radio Free Asia")
    printed = "Radio Free America"
    assert "perhaps Radio Free Asia" in read(desk, article, source_as_printed=printed)["who"]
    save(
        desk,
        article,
        words="9",
        source_as_printed=printed,
        source_choice=source.pk,
        incident_choice=incident.pk,
    )
    claim = Claim.objects.get()
    assert (claim.source, claim.source_suggested) == (source, True)
    assert claim.source_as_printed == printed


def test_new_source_is_added_on_the_spot(desk, researcher, article, incident):
    save(
        desk,
        article,
        words="9",
        source_as_printed="한국통일연대",
        source_choice="new",
        new_source_kind="ngo",
        incident_choice=incident.pk,
    )
    source = Claim.objects.get().source
    assert (source.name, source.kind) == ("한국통일연대", "ngo")
    assert source.history.get().history_user == researcher


def test_new_place_is_added_below_the_larger_one(desk, article, incident):
    jilin = make_place("CN-JL", name="Jilin", parent=make_place("CN"))
    save(
        desk,
        article,
        words="9",
        place_words="Sanhe",
        place_choice="new",
        new_place_in="CN-JL",
        new_place_kind="locality",
        incident_choice=incident.pk,
    )
    place = Claim.objects.get().place
    assert (place.code, place.name, place.parent, place.kind) == (
        "CN-JL/sanhe",
        "Sanhe",
        jilin,
        "locality",
    )


def test_new_place_without_a_larger_one_is_refused(desk, article, incident):
    response = save(
        desk,
        article,
        words="9",
        place_words="Sanhe",
        place_choice="new",
        new_place_in="nowhere",
        incident_choice=incident.pk,
    )
    assert "No place is called “nowhere”" in refusals(response)
    assert not Place.objects.exists()


def test_new_incident_takes_the_claims_date_and_place(desk, researcher, article):
    jilin = make_place("CN-JL", name="Jilin", parent=make_place("CN"))
    response = save(
        desk,
        article,
        words="around 200",
        basis="event",
        date_words="April 26",
        place_words="Jilin, northern China",
        place_choice=jilin.pk,
        place_role="apprehension",
        incident_choice="new",
        new_incident_title="Return from Jilin",
        new_incident_category=Category.objects.get(code="forced_return").pk,
        new_incident_takes="on",
    )
    assert response.status_code == 302, refusals(response)
    incident = Incident.objects.get()
    assert (incident.status, incident.version, incident.logged_by) == ("draft", 1, researcher)
    assert (incident.date_words, str(incident.earliest)) == ("April 26 [2024-04-26]", "2024-04-26")
    assert [(p.place, p.role) for p in incident.places.all()] == [(jilin, "apprehension")]
    assert incident.figure_words == "around 200"


def test_new_incident_without_category_is_refused(desk, article):
    response = save(desk, article, words="9", incident_choice="new", new_incident_title="Return")
    assert "Choose the category" in refusals(response)
    assert not Incident.objects.exists()


def test_new_incident_like_another_is_pointed_out_with_the_rule(desk, article, incident):
    response = save(
        desk,
        article,
        "check",
        words="9",
        date_words="26 April 2024",
        incident_choice="new",
        new_incident_title="A return",
        new_incident_category=incident.category_id,
        new_incident_takes="on",
    )
    assert "One incident or several?" in response.text
    assert "Put the claim there" in response.text


def test_correction_by_the_same_source_replaces_and_hides_nothing(desk, article, incident):
    source = make_source("통일연대")
    first = make_claim(incident, "200여 명", source=source, source_as_printed="통일연대")
    known = {"words": "60명", "basis": "event", "source_as_printed": "통일연대"}
    known["incident_choice"] = incident.pk
    assert "said something else before" in save(desk, article, "check", **known).text
    before = save(desk, article, "check", **known).context["coding"].effect
    assert before.after["disputed"]
    foreseen = save(desk, article, "check", **known, relation=f"corrects-{first.pk}")
    assert foreseen.context["coding"].effect.after["figure_words"] == "60"
    save(desk, article, **known, relation=f"corrects-{first.pk}")
    incident.refresh_from_db()
    first.refresh_from_db()
    assert (incident.figure_words, incident.disputed, first.counts) == ("60", False, False)
    assert Claim.objects.get(words="60명").corrects == first


def test_repeat_adds_nothing(desk, article, incident):
    first = make_claim(incident, "around 200")
    save(
        desk,
        article,
        words="around 200",
        basis="event",
        incident_choice=incident.pk,
        relation=f"repeats-{first.pk}",
    )
    incident.refresh_from_db()
    assert Claim.objects.get(article=article).repeats == first
    assert incident.sources_named == 1


def test_next_claim_starts_from_another(desk, article, incident):
    claim = make_claim(
        incident, "9", article=article, date_words="26 April", source_as_printed="An NGO"
    )
    form = desk.get(f"{page(article)}?copy={claim.pk}").context["form"]
    assert form["date_words"].value() == "26 April"
    assert form["incident_choice"].value() == str(incident.pk)
    assert form["source_as_printed"].value() == "An NGO"
    assert not form["words"].value()


def test_article_facts_are_saved_with_the_claim(desk, incident):
    waiting = make_article(title="", publisher=None, url="https://daily.example/7")
    posted = typed(desk, waiting, words="9", incident_choice=incident.pk, date_words="yesterday")
    posted |= {
        "article-title": "Sent back",
        "article-publisher_name": "Daily Example",
        "article-date_words": "2024-04-27",
        "step": "finish",
    }
    response = desk.post(page(waiting), posted)
    assert response.status_code == 302, refusals(response)
    waiting.refresh_from_db()
    assert (waiting.title, waiting.publisher.name) == ("Sent back", "Daily Example")
    assert waiting.coding_state == "coded"
    assert str(Claim.objects.get().earliest) == "2024-04-26"


def test_publisher_of_the_site_is_proposed_and_saved_only_when_it_stands(desk):
    outlet = make_source("Daily Example", slug="daily")
    make_article(publisher=outlet, url="https://www.daily.example/1")
    waiting = make_article(title="", publisher=None, url="https://daily.example/7")
    assert desk.get(page(waiting)).context["facts"]["publisher_name"].value() == "Daily Example"
    waiting.refresh_from_db()
    assert waiting.publisher is None
    save(desk, waiting)
    waiting.refresh_from_db()
    assert waiting.publisher == outlet


def test_nothing_new_is_one_click(desk, article):
    assert save(desk, article, "nothing_new").status_code == 302
    article.refresh_from_db()
    assert article.coding_state == "nothing_new"


def test_empty_claim_is_not_saved(desk, article):
    assert "Type the count" in refusals(save(desk, article))
    assert not Claim.objects.exists()


def test_reprint_takes_over_the_claims_as_repeats(desk, article, incident):
    original = make_article(title="They were sent back", date_words="2024-05-06")
    original.coding_state = "coded"
    original.save()
    claim = make_claim(incident, "around 200", article=original, source_as_printed="An NGO")
    address = reverse("admin:reprint", args=[article.pk, original.pk])
    assert f"reprint-{original.pk}" in desk.get(page(article)).text
    asked = save(desk, article, f"reprint-{original.pk}")
    assert asked["Location"] == address
    shown = desk.get(address)
    assert [repeat.effect.changes for repeat in shown.context["repeats"]] == [False]
    assert Claim.objects.count() == 1
    desk.post(address)
    article.refresh_from_db()
    incident.refresh_from_db()
    copy = Claim.objects.get(article=article)
    assert (article.reprint_of, article.coding_state) == (original, "coded")
    assert (copy.repeats, copy.words, copy.origin, copy.counts) == (
        claim,
        "around 200",
        "relays",
        False,
    )
    assert (incident.figure_words, incident.sources_named) == ("around 200", 1)
    assert incident.version == 2


def test_reprint_of_its_own_reprint_is_refused(desk, article):
    copy = make_article(reprint_of=article)
    address = reverse("admin:reprint", args=[article.pk, copy.pk])
    assert "is itself a reprint" in desk.get(address).text
    desk.post(address)
    article.refresh_from_db()
    assert article.reprint_of is None


def test_restricted_claim_is_not_copied_into_an_open_reprint(article, incident):
    group = Group.objects.create(name="Inner")
    original = make_article()
    make_claim(incident, "9", article=original, restricted_to=group)
    insider = make_user("Researcher", "ines")
    insider.groups.add(group)
    signed_in(insider).post(reverse("admin:reprint", args=[article.pk, original.pk]))
    assert not Claim.objects.filter(article=article).exists()


def test_same_page_under_another_address_is_pointed_out(desk, article):
    twin = make_article(url=article.url.replace("https://", "http://www.") + "/?utm_source=x")
    assert "nearly the same URL" in desk.get(page(twin)).text


def test_restricted_records_leave_no_trace(desk, article):
    group = Group.objects.create(name="Inner")
    hidden = make_incident("Secret return", date_words="2024-05-07", restricted_to=group)
    secret = make_claim(hidden, "7,654 persons", article=article)
    said = read(desk, article, words="9", incident_find="Secret", date_words="2024-05-07")
    assert "Secret" not in said["incident"].replace('value="Secret"', "")
    for choice in ({"incident_choice": hidden.pk}, {"incident_find": hidden.code}):
        response = save(desk, article, words="9", **choice)
        assert response.status_code == 200
        assert "7,654" not in response.text
        assert "Secret return" not in response.text
    assert Claim.objects.get() == secret
    closed = make_article(restricted_to=group)
    assert desk.get(page(closed)).status_code == 404
    assert desk.get(reverse("admin:reprint", args=[article.pk, closed.pk])).status_code == 404


def test_claim_of_a_closed_article_changes_nothing_others_see(incident):
    group = Group.objects.create(name="Inner")
    closed = make_article(title="Inside", restricted_to=group)
    insider = make_user("Researcher", "ines")
    insider.groups.add(group)
    desk = signed_in(insider)
    save(desk, closed, words="9", basis="event", incident_choice=incident.pk)
    incident.refresh_from_db()
    assert Claim.objects.get().restricted
    assert (incident.version, incident.figure_words, incident.review) == (
        1,
        "no figure",
        "second_read",
    )


def test_relation_to_a_claim_elsewhere_is_ignored(desk, article, incident):
    elsewhere = make_claim(make_incident(), "5")
    save(
        desk,
        article,
        words="9",
        incident_choice=incident.pk,
        relation=f"corrects-{elsewhere.pk}",
    )
    assert Claim.objects.get(incident=incident).corrects is None


def test_merged_incident_is_not_offered(desk, article, incident):
    gone = make_incident("Return from Jilin, doubled", published=False)
    Incident.objects.filter(pk=gone.pk).update(status="merged", merged_into=incident)
    response = save(desk, article, words="9", incident_find=gone.code)
    assert response.status_code == 200
    assert not Claim.objects.exists()


@pytest.mark.parametrize("role", ["Viewer", ""])
def test_page_is_closed_to_who_may_not_log(article, role):
    desk = signed_in(make_user(role))
    for address in (page(article), reverse("admin:code_reading", args=[article.pk])):
        assert desk.post(address, {"claim-words": "9"}).status_code == 403
    assert not Claim.objects.exists()


def test_sources_and_places_need_their_right(article, incident, researcher):
    group = Group.objects.get(name="Researcher")
    group.permissions.remove(*group.permissions.filter(codename__in=["add_source", "add_place"]))
    desk = signed_in(researcher)
    response = save(
        desk,
        article,
        words="9",
        source_as_printed="New",
        source_choice="new",
        incident_choice=incident.pk,
    )
    assert response.status_code == 403
    assert not Source.objects.filter(name="New").exists()
    assert not Claim.objects.exists()


def test_page_needs_no_query_per_claim(desk, article):
    counts = []
    for claims in (2, 18):
        for _n in range(claims):
            make_claim(make_incident(date_words="2024-05-01"), "9", article=article)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            desk.get(page(article))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_reading_needs_no_query_per_incident(desk, article):
    place = make_place("CN")
    counts = []
    for incidents in (2, 18):
        for _n in range(incidents):
            found = make_incident("Return of May", date_words="2024-05-01")
            touch(found, place)
            make_claim(found, "9")
        with CaptureQueriesContext(connection) as queries:
            read(desk, article, words="9", place_words="CN", incident_choice=found.pk)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_page_sent_twice_is_saved_once(desk, article, incident):
    posted = typed(desk, article, words="9", incident_choice=incident.pk)
    posted |= {"step": "save", "once": desk.get(page(article)).context["once"]}
    for _time in range(2):
        assert desk.post(page(article), posted).status_code == 302
    assert Claim.objects.count() == 1


def test_colleagues_facts_of_the_article_are_kept(desk, article, incident):
    posted = typed(desk, article, words="9", incident_choice=incident.pk) | {"step": "save"}
    other = make_source("Another Outlet")
    Article.objects.filter(pk=article.pk).update(publisher=other, language="ko")
    assert desk.post(page(article), posted).status_code == 302
    article.refresh_from_db()
    assert (article.publisher, article.language) == (other, "ko")


def test_fact_that_both_changed_waits_for_a_decision(desk, article, incident):
    posted = typed(desk, article, words="9", incident_choice=incident.pk) | {"step": "save"}
    posted["article-title"] = "My title"
    Article.objects.filter(pk=article.pk).update(title="Their title")
    response = desk.post(page(article), posted)
    assert response.status_code == 200
    assert "Their title" in response.text
    assert not Claim.objects.exists()
    decided = values(response.context["facts"]) | values(response.context["form"])
    decided |= {"step": "save", "article-title-decide": "mine"}
    assert desk.post(page(article), decided).status_code == 302
    article.refresh_from_db()
    assert (article.title, Claim.objects.get().words) == ("My title", "9")


def test_reason_why_it_would_not_count_is_the_true_one(incident):
    group = Group.objects.create(name="Inner")
    closed = make_article(restricted_to=group)
    insider = make_user("Researcher", "ines")
    insider.groups.add(group)
    known = {"words": "around 200", "basis": "event", "incident_choice": incident.pk}
    said = read(signed_in(insider), closed, **known)
    assert "does not count: it is restricted" in said["effect"]


def test_source_under_a_name_nobody_recorded_is_pointed_out(desk, article, incident):
    source = make_source("Agence France-Presse")
    claim = make_claim(incident, "9", source=source, source_as_printed="Totally other")
    [caution] = on_source(claim)
    assert "is not a recorded name of Agence France-Presse" in caution.sentence


def test_reprint_needs_no_query_per_claim(desk, article):
    counts = []
    for claims in (2, 18):
        original = make_article()
        for _n in range(claims):
            make_claim(make_incident(), "9", article=original, source=make_source())
        with CaptureQueriesContext(connection) as queries:
            desk.get(reverse("admin:reprint", args=[article.pk, original.pk]))
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("key", ["9" * 4400, "-1", "x", "²"])
def test_junk_key_chooses_nothing(desk, article, incident, key):
    assert desk.get(f"{page(article)}?copy={key}").status_code == 200
    response = save(desk, article, words="9", incident_choice=key, relation=f"corrects-{key}")
    assert response.status_code == 200
    assert not Claim.objects.exists()


@pytest.mark.parametrize(
    "both",
    [
        {"new_incident_title": "Another"},
        {"incident_find": "AT-999999"},
        {"incident_choice": "new", "incident_find": "code"},
    ],
    ids=["choice and title", "choice and another code", "new and a code"],
)
def test_contradicting_choices_of_an_incident_are_refused(desk, article, incident, both):
    other = make_incident("Other")
    given = {"incident_choice": incident.pk, "new_incident_category": incident.category_id} | both
    if given.get("incident_find"):
        given["incident_find"] = other.code
    response = save(desk, article, words="9", **given)
    assert response.status_code == 200
    assert not Claim.objects.exists()


def test_words_that_find_one_incident_do_not_choose_it(desk, article, incident):
    response = save(desk, article, words="9", incident_find="jilin")
    assert incident.code in response.text
    assert not Claim.objects.exists()


@pytest.mark.parametrize("step", ["save", "finish", "nothing_new"])
def test_claim_without_its_count_is_not_thrown_away(desk, article, step):
    known = {"date_words": "26 April", "place_words": "Jilin", "new_incident_title": "A return"}
    response = save(desk, article, step, **known)
    assert response.status_code == 200
    for words in known.values():
        assert words in response.text
    article.refresh_from_db()
    assert article.coding_state == "to_code"


def test_article_without_a_claim_is_not_coded(desk, article):
    assert "No claim is recorded yet" in refusals(save(desk, article, "finish"))


def test_article_that_brought_something_is_not_set_aside(desk, article, incident):
    make_claim(incident, "9", article=article)
    assert "it did bring something" in refusals(save(desk, article, "nothing_new"))
    article.refresh_from_db()
    assert article.coding_state == "to_code"


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_days_at_the_ends_of_the_calendar_are_looked_around(desk, article, day):
    Article.objects.filter(pk=article.pk).update(date_words=day, earliest=day, latest=day)
    assert desk.get(page(article)).status_code == 200
    assert read(desk, article, words="9", date_words=day)["date"].strip()


@pytest.mark.parametrize("name", ["‮", "—", "ﷺ" * 60], ids=["no letter", "dash", "long when folded"])
def test_what_cannot_be_a_name_adds_no_source(desk, article, incident, name):
    known = {"words": "9", "incident_choice": incident.pk}
    response = save(desk, article, **known, source_as_printed=name, source_choice="new")
    assert response.status_code == 200
    assert not Source.objects.filter(name=name).exists()


def test_publisher_that_two_sources_are_called_is_not_added_again(desk, article):
    make_source("Ministry", slug="one")
    make_source("Ministry", slug="two")
    posted = typed(desk, article) | {"article-publisher_name": "Ministry", "step": "save"}
    assert "Several sources are called" in refusals(desk.post(page(article), posted))
    assert Source.objects.filter(name="Ministry").count() == 2


def test_new_place_does_not_lie_in_a_smaller_one(desk, article, incident):
    town = make_place("CN/tumen", parent=make_place("CN"))
    known = {"place_words": "Sanhe", "place_choice": "new", "new_place_in": town.code}
    response = save(desk, article, words="9", incident_choice=incident.pk, **known)
    assert "is not larger than the new place" in refusals(response)


@pytest.mark.parametrize(
    "seen", ["[" * 5000, '{"seen":{"title":"\\ud800"}}', '{"seen":{"title":5}}']
)
def test_junk_of_what_was_seen_is_read_as_nothing(desk, article, incident, seen):
    posted = typed(desk, article, words="9", incident_choice=incident.pk) | {"article-seen": seen}
    assert desk.post(page(article), posted | {"step": "save"}).status_code in (200, 302)


def test_titles_stand_in_no_reason_that_others_read(desk, article, incident):
    group = Group.objects.create(name="Inner")
    insider = make_user("Researcher", "ines")
    insider.groups.add(group)
    hidden = make_article(title="Zanzibar paper", restricted_to=group)
    make_claim(incident, "9", article=article)
    signed_in(insider).post(reverse("admin:reprint", args=[article.pk, hidden.pk]))
    closed = make_article(title="Zanzibar again", restricted_to=group)
    new = {"source_as_printed": "Open Name", "source_choice": "new"}
    save(signed_in(insider), closed, words="9", incident_choice=incident.pk, **new)
    rows = [*incident.history.all(), *article.history.all(), *Source.history.all()]
    assert not [row for row in rows if "Zanzibar" in (row.history_change_reason or "")]


def test_second_reprint_is_refused(desk, article):
    first, second = make_article(), make_article()
    desk.post(reverse("admin:reprint", args=[article.pk, first.pk]))
    address = reverse("admin:reprint", args=[article.pk, second.pk])
    assert "already recorded as a reprint" in desk.post(address).text
    article.refresh_from_db()
    assert (article.reprint_of, article.coding_state) == (first, "to_code")


def test_warning_after_a_save_leads_to_what_it_names(desk, article, incident):
    claim = make_claim(incident, "around 200")
    response = save(desk, article, words="9", basis="event", incident_choice=incident.pk)
    text = desk.get(response["Location"]).text
    assert f'<a href="{reverse("admin:incidents_claim_change", args=[claim.pk])}">' in text
    assert "&lt;a" not in text


def test_what_was_typed_of_the_article_is_saved_before_a_reprint_is_shown(desk, article):
    original = make_article()
    posted = typed(desk, article) | {"article-title": "New", "original": original.url}
    response = desk.post(page(article), posted | {"step": "reprint-"})
    assert response["Location"] == reverse("admin:reprint", args=[article.pk, original.pk])
    article.refresh_from_db()
    assert article.title == "New"


@pytest.mark.parametrize(
    ("language", "code"),
    [("English", "en"), ("한국어", "ko"), ("zh-Hant", "zh-Hant"), ("en, ko", "en,ko")],
)
def test_language_is_kept_as_a_code(desk, article, language, code):
    posted = typed(desk, article) | {"article-language": language, "step": "save"}
    assert desk.post(page(article), posted).status_code == 302
    article.refresh_from_db()
    assert article.language == code


def test_language_that_is_no_code_is_refused(desk, article):
    posted = typed(desk, article) | {"article-language": "a tongue", "step": "save"}
    assert "is not a language code" in refusals(desk.post(page(article), posted))
