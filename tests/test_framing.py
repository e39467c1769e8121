"""Pictures to take away: whole by themselves, with title, question, source and caveat."""

import xml.etree.ElementTree as ET

import pytest
from django.contrib.auth.models import Group

from incidents.models import User
from incidents.pictures.lettering import width_of, wrapped
from incidents.settling import settle
from tests.factories import make_claim, make_incident, make_user

pytestmark = pytest.mark.django_db
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def reader(client):
    person = make_user("Viewer")
    client.force_login(person)
    return person


def test_picture_says_what_it_shows(client, reader):
    make_claim(make_incident(date_words="2023-10-09"), "up to 60")
    answer = client.get("/timeline.svg?from=2023&to=2024")
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="attest-timeline')
    drawn = ET.fromstring(answer.content)  # noqa: S314  of our own
    said = " ".join(text.text or "" for text in drawn.iter(f"{SVG}text"))
    for words in (
        "Timeline",
        "from 1 January 2023",
        "People returned",
        "convenience sample",
        "/timeline/?from=2023",
    ):
        assert words in said
    assert list(drawn.iter(f"{SVG}a")) == []
    assert all("style" not in shape.attrib for shape in drawn.iter())


def test_picture_as_pixels(client, reader):
    make_claim(make_incident(date_words="2023-10-09", title="강제북송"), "60명")
    answer = client.get("/timeline.png")
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG\r\n")


def test_picture_speaks_the_language_of_its_reader(client, reader):
    User.objects.filter(pk=reader.pk).update(language="ko")
    assert "연표" in client.get("/timeline.svg").content.decode()


@pytest.mark.parametrize("form", ["svg", "png"])
@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("timeline.{}?regoin=CN", ("“regoin”", "region")),
        ("map.{}?regoin=CN", ("“regoin”", "region")),
        ("map.{}?size=big", ("size", "“big”", "incidents, people")),
        ("timeline.{}?dates=never", ("dates", "“never”", "certain")),
    ],
    ids=["timeline", "map", "size", "choice"],
)
def test_bad_question_is_refused_in_plain_words(client, reader, form, asked, said):
    answer = client.get("/" + asked.format(form))
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "Content-Disposition" not in answer.headers
    assert all(words in answer.content.decode() for words in said)


@pytest.mark.parametrize("form", ["svg", "png"])
def test_refusal_speaks_the_language_of_its_reader(client, reader, form):
    User.objects.filter(pk=reader.pk).update(language="ko")
    answer = client.get(f"/timeline.{form}?regoin=CN")
    assert "매개변수가 아닙니다" in answer.content.decode()


TEXTS = ["강제북송 " * 60, "word " * 200, "a" * 300, "https://a.org/?x=1&" * 30, "가" * 200, ""]


@pytest.mark.parametrize("text", TEXTS)
def test_lines_fit(text):
    lines = wrapped(text, 240, 14)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width_of(line, 14) <= 240 for line in lines)


def test_words_stay_whole_where_they_can():
    assert wrapped("강제북송 반대", 70, 14) == ["강제북송", "반대"]
    assert wrapped("from https://a.org/?x=1&y=2", 110, 14) == [
        "from https://",
        "a.org/?x=1&",
        "y=2",
    ]


LONG = (
    "q="
    + "강제북송" * 20
    + "&from=2010&to=2026&"
    + "&".join(
        f"{name}={value}"
        for name, values in (
            ("role", ("crossing", "apprehension", "detention", "destination", "unclear")),
            ("dates", ("certain", "possible", "open")),
            ("kind", ("event", "wave", "aggregate")),
            ("status", ("published", "withdrawn")),
        )
        for value in values
    )
)


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("page", ["timeline", "map"])
def test_long_question_stays_within_its_frame(client, reader, page, language):
    User.objects.filter(pk=reader.pk).update(language=language)
    answer = client.get(f"/{page}.svg?{LONG}")
    assert answer.status_code == 200, answer.content.decode()
    drawn = ET.fromstring(answer.content)  # noqa: S314  of our own
    room = float(drawn.attrib["width"]) - 80
    own = drawn.findall(f"{SVG}text")
    assert len(own) > 8
    assert all(width_of(text.text or "", float(text.attrib["font-size"])) <= room for text in own)
    assert max(float(text.attrib["y"]) for text in own) < float(drawn.attrib["height"])


def test_picture_of_an_incident_shows_each_claim(client, reader):
    incident = make_incident(title="Returned from Dandong", date_words="2024-04-26")
    make_claim(incident, "up to 60", source_as_printed="Radio")
    make_claim(incident, "others", source_as_printed="Radio")
    make_claim(incident, "around 200", source_as_printed="Solidarity")
    answer = client.get(f"/incidents/{incident.code}/picture.svg")
    drawn = ET.fromstring(answer.content)  # noqa: S314  of our own
    said = " ".join(text.text or "" for text in drawn.iter(f"{SVG}text"))
    for words in (incident.code, "Radio: up to 60", "Radio: others", "around 200", "disputed"):
        assert words in said
    assert len(list(drawn.iter(f"{SVG}circle"))) == 1
    assert client.get(f"/incidents/{incident.code}/picture.png").content.startswith(b"\x89PNG")
    assert client.get(f"/incidents/{incident.code}/picture.gif").status_code == 404
    assert client.get("/incidents/AT-999999/picture.svg").status_code == 404


def test_claims_that_are_closed_to_a_reader_are_in_no_picture(client, reader):
    incident = make_incident(date_words="2024-04-26")
    make_claim(incident, "60")
    closed = make_claim(incident, "999", source_as_printed="Somebody closed")
    closed.restricted_to.add(Group.objects.create(name="Few"))
    settle([incident.pk])
    page = client.get(f"/incidents/{incident.code}/picture.svg").content.decode()
    assert "Somebody closed" not in page
    assert "999" not in page
