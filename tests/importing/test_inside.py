"""A town named together with what it lies in, in one cell."""

import pytest

from incidents.importing.resolving import Vocabulary
from tests.factories import make_place

pytestmark = pytest.mark.django_db


@pytest.fixture
def vocabulary() -> Vocabulary:
    """Two towns called Shenyang, one called Jilin like its province."""
    china = make_place("CN", name="China", name_ko="중국", name_zh="中国")
    korea = make_place("KR", name="South Korea", name_ko="한국", name_zh="韩国")
    liaoning = make_place(
        "CN-LN", parent=china, name="Liaoning", name_ko="랴오닝성", name_zh="辽宁省"
    )
    jilin = make_place("CN-JL", parent=china, name="Jilin", name_ko="지린성", name_zh="吉林省")
    shenyang = {"name": "Shenyang", "name_ko": "선양", "name_zh": "沈阳"}
    make_place("CN-LN/shenyang", parent=liaoning, **shenyang)
    make_place("KR/shenyang", parent=korea, **shenyang)
    make_place("CN-JL/jilin", parent=jilin, name="Jilin", name_zh="吉林市")
    make_place("CN-LN/port", parent=liaoning, name="New Port")
    make_place("CN-JL/port", parent=jilin, name="New Port")
    return Vocabulary()


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("중국 선양", "CN-LN/shenyang"),
        ("선양, 랴오닝성, 중국", "CN-LN/shenyang"),
        ("Shenyang China", "CN-LN/shenyang"),
        ("Shenyang, Liaoning Province, China", "CN-LN/shenyang"),
        ("중국 랴오닝성 선양", "CN-LN/shenyang"),
        ("중국 랴오닝성 선양시", "CN-LN/shenyang"),
        ("中国辽宁省沈阳市", "CN-LN/shenyang"),
        ("Shenyang (South Korea)", "KR/shenyang"),
        ("Jilin, Jilin, China", "CN-JL/jilin"),
        ("중국 랴오닝성", "CN-LN"),
        ("New Port, Jilin", "CN-JL/port"),
        ("New Port, China", None),
        ("Myanmar (Burma)", "MM"),
        ("Shenyang", None),
        ("near Shenyang, China", None),
        ("China, South Korea", None),
    ],
)
def test_town_is_found_in_what_the_cell_names_beside_it(vocabulary, cell, code):
    found = vocabulary.any_place(cell)
    assert found == (vocabulary.by_code(code) if code else None)


def test_name_without_a_country_asks_no_more_than_before(vocabulary, django_assert_num_queries):
    vocabulary.any_place("Shenyang China")
    with django_assert_num_queries(1):
        assert vocabulary.any_place("some way off the road") is None
