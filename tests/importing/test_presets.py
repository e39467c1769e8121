"""Whole public data sets: every row accounted for, every quirk said, and the figures as stated."""

import json

import pytest
from django.db.models import Sum

from incidents.importing import presets
from incidents.models import Article, Claim, Incident, IncidentFigure, Source
from tests.importing import sheets

pytestmark = [pytest.mark.django_db, pytest.mark.looks]


def figure(measure: str) -> tuple:
    """Give low, best and high of the one incident that there is."""
    stored = IncidentFigure.objects.get(measure=measure)
    return stored.people_low, stored.people_best, stored.people_high


def test_row_of_migrants_is_one_incident_with_two_measures(bring, tmp_path):
    ran = bring(sheets.migrants(tmp_path / "mm.csv", {}))
    incident = Incident.objects.get()
    assert (ran.code, ran.run.new, ran.run.state) == (0, 1, "saved")
    assert (figure("dead"), figure("missing")) == ((3, 3, 3), (4, 4, 4))
    assert incident.title == "Drowning, Libya, 2014-12-31"
    assert (str(incident.latitude), incident.point_precision) == ("32.931200", "locality")
    assert incident.places.get().place.code == "LY"
    assert incident.places.get().words == "Off Zuwara"
    assert {c.source_as_printed for c in Claim.objects.all()} == {"Coroner's Office"}
    assert Source.objects.get().name == "Coroner's Office"
    extra = json.loads(incident.extra)
    assert (extra["web_id"], extra["source_quality"]) == ("2014.MMP00001", "4")


def test_negative_count_is_kept_as_extra_data_and_said(bring, tmp_path):
    ran = bring(sheets.migrants(tmp_path / "mm.csv", {"number_missing": "-13"}))
    assert ran.code == 0
    assert json.loads(Incident.objects.get().extra)["number_missing"] == "-13"
    assert not Claim.objects.filter(measure="missing").exists()
    [line] = ran.rows(".report.csv")
    assert (line["row"], line["column"], line["value"]) == ("2", "number_missing", "'-13")


def test_thousands_are_read_and_their_words_kept(bring, tmp_path):
    bring(sheets.migrants(tmp_path / "mm.csv", {"number_dead": "1,022"}))
    claim = Claim.objects.get(measure="dead")
    assert (claim.words, claim.value) == ("1,022", 1022)


def test_row_without_numbers_keeps_its_source(bring, tmp_path):
    bring(sheets.migrants(tmp_path / "mm.csv", {"number_dead": "", "number_missing": ""}))
    claim = Claim.objects.get()
    assert (claim.words, claim.value, claim.article.url) == ("none stated", None, MM_URL)


MM_URL = sheets.MIGRANT["url"]


def test_several_addresses_are_several_articles(bring, tmp_path):
    cell = "http://bit.ly/1a, www.other.example/b, https://archive.vn/c"
    bring(sheets.migrants(tmp_path / "mm.csv", {"url": cell, "number_missing": ""}))
    urls = ["http://bit.ly/1a", "http://www.other.example/b", "https://archive.vn/c"]
    claims = Claim.objects.order_by("pk")
    assert [claim.article.url for claim in claims] == urls
    assert [claim.stance for claim in claims] == ["affirms", "comments", "comments"]
    assert Incident.objects.get().sources_named == 1


def test_one_copy_beside_one_address_is_its_archive(bring, tmp_path):
    cell = "https://news.example/b; https://archive.vn/c"
    bring(sheets.migrants(tmp_path / "mm.csv", {"url": cell}))
    article = Article.objects.get()
    assert (article.url, article.archive_url) == ("https://news.example/b", "https://archive.vn/c")


def test_repeated_ids_are_merged_where_all_is_the_same_and_kept_apart_where_not(bring, tmp_path):
    other = {"number_dead": "9"}
    ran = bring(sheets.migrants(tmp_path / "mm.csv", {}, {}, other, other))
    counted = ran.run.new, ran.run.merged, ran.run.rejected
    assert (counted, ran.run.rows) == ((2, 2, 0), 4)
    dead = IncidentFigure.objects.filter(measure="dead")
    assert dead.aggregate(sum=Sum("people_best"))["sum"] == 12
    assert [line["row"] for line in ran.rows(".report.csv")] == ["3", "4", "5"]


def test_download_calls_missing_a_minimum(bring, tmp_path):
    row = {
        "Main ID": "2023.MMP1",
        "Incident ID": "2023.MMP1-1",
        "Incident Date": "Wednesday, 04/10/2023",
        "Number of Dead": "2",
        "Minimum Estimated Number of Missing": "5",
        "Country of Incident": "Libya",
        "Cause of Death": "Drowning",
        "Coordinates": "POINT (12.0799 32.9312)",
    }
    ran = bring(sheets.write(tmp_path / "mm.csv", sheets.DOWNLOAD, [row]))
    incident = Incident.objects.get()
    assert (ran.code, figure("missing")) == (0, (5, None, None))
    assert Claim.objects.get(measure="missing").words == "at least 5"
    assert (incident.earliest.isoformat(), str(incident.latitude)) == ("2023-10-04", "32.931200")
    assert Article.objects.get().title.endswith("record 2023.MMP1-1]")


def test_days_in_numbers_are_read_in_the_order_that_the_file_tells(bring, tmp_path):
    rows = [{"reported_date": "25/12/2014"}, {"web_id": "2", "reported_date": "04/05/2014"}]
    bring(sheets.migrants(tmp_path / "mm.csv", *rows))
    days = Incident.objects.order_by("earliest").values_list("earliest", flat=True)
    assert [day.isoformat() for day in days] == ["2014-05-04", "2014-12-25"]


def test_days_whose_order_nothing_tells_are_refused(bring, tmp_path):
    path = sheets.migrants(tmp_path / "mm.csv", {"reported_date": "04/05/2014"})
    with pytest.raises(Exception, match="may begin with the day or the month"):
        bring(path)
    assert not Incident.objects.exists()
    assert bring(path, "--order", "dmy").code == 0
    assert Incident.objects.get().earliest.isoformat() == "2014-05-04"


def test_event_of_ucdp_is_assessed_and_each_source_is_an_article(bring, tmp_path):
    ran = bring(sheets.events(tmp_path / "ged.csv", {}))
    incident = Incident.objects.get()
    assert (ran.code, figure("dead"), incident.figure_kind) == (0, (1, 2, 4), "assessed")
    assert incident.places.get().place.code == "SY-ID"
    assert (incident.point_precision, str(incident.longitude)) == ("exact", "36.558974")
    articles = Article.objects.order_by("pk").values_list("publisher__name", "title", "url")
    assert list(articles) == [
        ("First Post", "A headline, with comma", ""),
        ("Second", "Another", ""),
    ]
    assert set(Claim.objects.values_list("words", flat=True)) == {"none stated"}
    assert incident.assessments.get().claims.count() == 2


@pytest.mark.parametrize(
    ("cells", "edtf"),
    [
        (("2013-01-03", "2013-01-05", "2"), "2013-01-03/2013-01-05"),
        (("2013-02-01", "2013-02-28", "4"), "2013-02"),
        (("2013-01-01", "2013-12-31", "5"), "2013"),
        (("2013-01-03", "2013-01-03", "2"), "2013-01-03~"),
        (("2013-01-03 00:00:00.000", "2013-01-03 00:00:00.000", "1"), "2013-01-03"),
    ],
)
def test_precision_of_days_is_that_of_the_codebook(bring, tmp_path, cells, edtf):
    row = dict(zip(("date_start", "date_end", "date_prec"), cells, strict=True))
    assert bring(sheets.events(tmp_path / "ged.csv", row)).code == 0
    assert Incident.objects.get().date_edtf == edtf


@pytest.mark.parametrize(
    ("precision", "place", "point"),
    [
        ("2.0", "SY-ID", "locality"),
        ("4", "SY-ID", ""),
        ("6", "SY", ""),
    ],
)
def test_precision_of_places_is_that_of_the_codebook(bring, tmp_path, precision, place, point):
    bring(sheets.events(tmp_path / "ged.csv", {"where_prec": precision}))
    incident = Incident.objects.get()
    assert (incident.places.get().place.code, incident.point_precision) == (place, point)


def test_bounds_that_contradict_each_other_stay_as_words_and_extra_data(bring, tmp_path):
    ran = bring(sheets.events(tmp_path / "ged.csv", {"best": "5", "high": "4"}))
    incident = Incident.objects.get()
    assert (ran.code, incident.figure_kind) == (0, "none")
    assert "best 5, high 4" in incident.summary
    assert json.loads(incident.extra)["best"] == "5"
    assert [line["column"] for line in ran.rows(".report.csv")] == ["low, best, high"]


def test_text_that_is_no_list_of_sources_is_one_article(bring, tmp_path):
    text = 'Reuters 1989-05-17 "REBELS BLOW UP POWER LINES'
    bring(sheets.events(tmp_path / "ged.csv", {"source_article": text}))
    assert Article.objects.get().title == text


def test_every_preset_is_read_and_recognises_its_own_columns():
    known = presets.presets()
    assert {"missing-migrants", "ucdp-ged", "attest-claims", "attest-incidents"} <= known.keys()
    assert next(presets.recognised(sheets.MIGRANTS)) == "missing-migrants"
    assert next(presets.recognised(sheets.DOWNLOAD)) == "missing-migrants"
    assert next(presets.recognised(sheets.EVENTS)) == "ucdp-ged"
    assert next(presets.recognised(sheets.CLAIMS)) == "attest-claims"
