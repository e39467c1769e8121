"""The names other programs rely on; to change one is to break them."""

import pytest
from django.urls import reverse

from incidents.columns import TABLES
from incidents.filters import FILTERS, PARAMETERS
from incidents.models import choices

INCIDENTS = (
    "incident kind title category measure status review date_edtf date_words date_inferred "
    "earliest latest date_precision date_match year region_code region country_code country_iso3 "
    "country admin1_code admin1 place_code place place_role place_precision latitude longitude "
    "sending receiving people responsible people_low people_best people_high stated_min "
    "stated_max figure_kind figure_words disputed newer_claims other_figures counted counted_why "
    "overlap_group claims sources_named sources_own wave may_overlap next_stage sources "
    "article_urls archive_urls summary extra version first_published updated url"
)
CLAIMS = (
    "incident claim source source_slug source_as_printed source_kind source_country steps stance "
    "measure basis of words qualifier low value high unit people act_words date_edtf date_words "
    "earliest latest place_words place_code place place_role quote translation locator origin "
    "seen_original repeats corrects credibility status counts article article_title publisher "
    "credit reprint_of published published_words language article_url archive_url updated url"
)


@pytest.mark.parametrize(("table", "names"), [("incidents", INCIDENTS), ("claims", CLAIMS)])
def test_columns_and_their_order(table, names):
    assert [column.name for column in TABLES[table]] == names.split()


def test_every_column_is_explained():
    assert all(str(column.meaning) for columns in TABLES.values() for column in columns)


def test_parameters():
    assert set(
        "region role at sending receiving from to dates category measure kind status source "
        "publisher q people_min people_max sources_min disputed wave order".split()
    ) == set(FILTERS)
    assert {"cursor", "raw"} == PARAMETERS - FILTERS


@pytest.mark.parametrize(
    ("name", "arguments", "path"),
    [
        ("incident-list", [], "/incidents/"),
        ("incident-detail", ["AT-000123"], "/incidents/AT-000123/"),
        ("incidents-csv", [], "/incidents.csv"),
        ("claims-csv", [], "/claims.csv"),
        ("summary", [], "/summary/"),
        ("map", [], "/map/"),
        ("map-svg", [], "/map.svg"),
        ("source-list", [], "/sources/"),
        ("source-detail", ["rfa"], "/sources/rfa/"),
        ("article-detail", [7], "/articles/7/"),
        ("codebook", [], "/codebook/"),
        ("login", [], "/accounts/login/"),
        ("healthz", [], "/healthz"),
        ("admin:index", [], "/admin/"),
    ],
)
def test_addresses(name, arguments, path):
    assert reverse(name, args=arguments) == path


def test_codes_of_the_workflow():
    assert choices.Status.values == ["draft", "in_review", "published", "withdrawn", "merged"]
    assert choices.IncidentKind.values == ["event", "wave", "aggregate"]
