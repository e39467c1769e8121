"""The map moved about in a browser: by buttons, keys, wheel and hand; without script, nothing."""

import pytest
from playwright.sync_api import Page, expect

from tests.factories import make_incident, make_place, make_user, touch

TOWNS = (("Kunming", 25.04, 102.72), ("Tumen", 42.96, 129.84), ("Urumqi", 43.83, 87.62))
VIEW = "one => one.getAttribute('viewBox').split(' ').map(Number)"
WHEEL = """(one, given) => {
  const event = new WheelEvent("wheel", {
    deltaY: -100, ctrlKey: given, bubbles: true, cancelable: true,
    clientX: innerWidth / 2, clientY: innerHeight / 2
  });
  return !one.dispatchEvent(event);
}"""
PINCH = """one => {
  const { left, top } = one.getBoundingClientRect();
  const at = (kind, id, x) => one.dispatchEvent(new PointerEvent(kind, {
    pointerId: id, pointerType: "touch", button: kind === "pointerdown" ? 0 : -1,
    clientX: left + x, clientY: top + 60, bubbles: true, cancelable: true
  }));
  one.setPointerCapture = () => {};
  at("pointerdown", 1, 140); at("pointerdown", 2, 160);
  at("pointermove", 1, 120); at("pointermove", 2, 180);
  at("pointerup", 1, 120); at("pointerup", 2, 180);
}"""


@pytest.fixture
def reader(page, sign_in, transactional_db) -> Page:
    """The browser of a viewer, at the map."""
    china = make_place("CN", name="China")
    for name, latitude, longitude in TOWNS:
        town = make_place(
            f"CN/{name}", name=name, parent=china, latitude=latitude, longitude=longitude
        )
        touch(make_incident(f"Return from {name}", date_words="2024-04-26"), town)
    sign_in(page, make_user("Viewer").username, "secret")
    page.goto("/map/")
    return page


def drawn(reader):
    return reader.locator("svg.map-picture:visible")


def width(reader):
    return drawn(reader).evaluate(VIEW)[2]


def test_buttons_bring_it_closer_and_back(reader):
    whole = width(reader)
    reader.get_by_role("button", name="Closer").locator("visible=true").click()
    assert width(reader) == pytest.approx(whole / 1.5, abs=0.1)
    reader.get_by_role("button", name="Wider").locator("visible=true").click()
    assert width(reader) == whole
    for _again in range(12):
        reader.get_by_role("button", name="Closer").locator("visible=true").click()
    assert width(reader) == pytest.approx(whole / 12, abs=0.1)
    reader.get_by_role("button", name="Everything").locator("visible=true").click()
    assert width(reader) == whole


def test_keys_move_it_once_it_is_closer(reader):
    drawn(reader).focus()
    whole = drawn(reader).evaluate(VIEW)
    reader.keyboard.press("ArrowRight")
    assert drawn(reader).evaluate(VIEW) == whole
    reader.keyboard.press("+")
    left, top, *_size = drawn(reader).evaluate(VIEW)
    reader.keyboard.press("ArrowRight")
    reader.keyboard.press("ArrowUp")
    right, up, *_size = drawn(reader).evaluate(VIEW)
    assert right > left
    assert up < top
    reader.keyboard.press("-")
    reader.keyboard.press("+")
    reader.keyboard.press("0")
    assert drawn(reader).evaluate(VIEW) == whole


def test_link_that_has_the_focus_is_in_the_picture(reader):
    drawn(reader).focus()
    for _again in range(6):
        reader.keyboard.press("+")
    for _again in range(8):
        reader.keyboard.press("ArrowLeft")
        reader.keyboard.press("ArrowUp")
    link = drawn(reader).locator("a").last
    link.focus()
    mark, box = link.locator("circle").bounding_box(), drawn(reader).bounding_box()
    assert box["x"] < mark["x"] < mark["x"] + mark["width"] < box["x"] + box["width"]
    assert box["y"] < mark["y"] < mark["y"] + mark["height"] < box["y"] + box["height"]


def test_marks_keep_their_size(reader):
    mark = drawn(reader).locator("a circle").first
    mark.locator("xpath=..").focus()
    before = mark.bounding_box()["width"]
    reader.keyboard.press("+")
    reader.keyboard.press("+")
    assert width(reader) < 600
    assert mark.bounding_box()["width"] == pytest.approx(before, abs=0.1)


def test_wheel_catches_a_page_only_with_ctrl_or_the_focus(reader):
    whole = width(reader)
    assert not drawn(reader).evaluate(WHEEL, False)
    assert width(reader) == whole
    assert drawn(reader).evaluate(WHEEL, True)
    assert width(reader) < whole
    drawn(reader).focus()
    assert drawn(reader).evaluate(WHEEL, False)


def test_hand_drags_it_and_follows_no_link(reader):
    reader.get_by_role("button", name="Closer").locator("visible=true").click()
    drawn(reader).locator("a").first.focus()
    before, address = drawn(reader).evaluate(VIEW), reader.url
    mark = drawn(reader).locator("a circle").first.bounding_box()
    x, y = mark["x"] + mark["width"] / 2, mark["y"] + mark["height"] / 2
    reader.mouse.move(x, y)
    reader.mouse.down()
    for far in (8, 16, 24):
        reader.mouse.move(x - far, y + far)
    reader.mouse.up()
    assert drawn(reader).evaluate(VIEW) != before
    assert reader.url == address
    drawn(reader).locator("a").first.click()
    assert reader.url != address


def test_two_fingers_bring_it_closer(reader):
    whole = width(reader)
    drawn(reader).evaluate(PINCH)
    assert width(reader) < whole / 2


def test_map_of_a_telephone_has_its_own_buttons(reader):
    reader.set_viewport_size({"width": 390, "height": 800})
    buttons = reader.get_by_role("button", name="Closer")
    expect(buttons).to_have_count(1)
    buttons.click()
    expect(drawn(reader)).to_have_class("map-picture narrow is-movable is-close")


def test_without_script_no_dead_button_stands_there(open_profile, live_server, reader):
    still = open_profile(live_server.url, java_script_enabled=False)
    still.context.add_cookies(reader.context.cookies())
    still.goto("/map/")
    expect(still.locator("svg.map-picture.wide")).to_be_visible()
    expect(still.locator(".map-tools")).to_have_count(0)
