"""Looking for a key within a key: the same answer on both databases, and no pattern in it."""

import pytest

from incidents.models import Source
from tests.factories import make_source

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("key", "found"),
    [
        ("free", ["Radio Free Asia"]),
        ("유아시", ["자유아시아방송"]),
        ("100%", ["100% Sure"]),
        ("1_0", []),
        ("%", ["100% Sure"]),
        ("nowhere", []),
    ],
)
def test_key_is_found_as_it_stands(key, found):
    for name in ("Radio Free Asia", "자유아시아방송", "100% Sure"):
        make_source(name)
    holding = Source.objects.filter(folded__holds=key)
    assert list(holding.values_list("name", flat=True)) == found
