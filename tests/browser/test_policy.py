"""What the browser's watch (`conftest.watched`) tells, and the files that carry the policy."""

from urllib.parse import urljoin

import pytest

from tests.browser.conftest import watched
from tests.factories import make_claim, make_incident, make_user

ELSEWHERE = ("http://elsewhere.example/a.png", "http://192.0.2.1/a.png", "http://localhost/a.png")
FILES = ("/timeline.svg", "/timeline.png", "/incidents.csv", "/claims.csv", "/healthz")


@pytest.fixture
def watched_page(browser, live_server):
    """A page on the sign-in form, and the list that its problems are written to."""
    context = browser.new_context(base_url=live_server.url)
    problems = watched(context)
    page = context.new_page()
    page.goto("/accounts/login/")
    assert problems == []
    yield page, problems
    context.close()


@pytest.mark.looks
def test_style_in_a_page_is_told(watched_page):
    page, problems = watched_page
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">')")
    page.wait_for_timeout(100)
    assert any("style-src" in problem for problem in problems)


@pytest.mark.looks
def test_script_in_a_page_is_told(watched_page):
    page, problems = watched_page
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {text: '1'}))"
    )
    page.wait_for_timeout(100)
    assert any("script-src" in problem for problem in problems)


@pytest.mark.looks
def test_request_to_another_host_is_told_and_stopped(watched_page):
    page, problems = watched_page
    page.goto("about:blank")
    stopped = []
    page.on("requestfailed", lambda request: stopped.append((request.url, request.failure)))
    page.set_content("".join(f'<img src="{address}">' for address in ELSEWHERE))
    assert {f"asked for {address}" for address in ELSEWHERE} <= set(problems)
    assert sorted(stopped) == sorted((one, "net::ERR_NAME_NOT_RESOLVED") for one in ELSEWHERE)


@pytest.mark.looks
def test_answer_without_the_policy_is_told(watched_page, live_server):
    page, problems = watched_page
    page.context.route("**/bare", lambda route: route.fulfill(body="bare"))
    page.goto("/bare")
    assert problems == [f"policy '' for {urljoin(live_server.url, '/bare')}"]


def test_every_file_carries_the_policy(page, sign_in, transactional_db):
    make_claim(make_incident(date_words="2024-04-26"), "7")
    sign_in(page, make_user("Researcher").username, "secret")
    for address in FILES:
        assert page.evaluate("address => fetch(address).then(said => said.status)", address) == 200
