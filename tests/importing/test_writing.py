"""Mappings written as TOML: what is read from it is the same mapping."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.importing import presets
from incidents.importing.composing import OFFERED, composed, meaning, name_of
from incidents.importing.writing import written

TARGETS = [target for _label, targets in OFFERED for target in targets]
HEADERS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=20
)


@pytest.mark.parametrize("name", presets.presets())
def test_own_mapping_is_the_same_after_writing(name):
    preset = presets.presets()[name]
    assert presets.read(written(preset)) == preset


@given(
    headers=st.lists(HEADERS, min_size=1, max_size=8, unique=True),
    targets=st.permutations(TARGETS),
    rows=st.sampled_from(presets.ROWS),
    title=HEADERS,
)
def test_chosen_columns_are_the_same_after_writing(headers, targets, rows, title):
    chosen = dict(zip(targets, headers, strict=False))
    preset = composed(chosen, rows=rows, title=title)
    assert presets.read(written(preset)) == preset


@pytest.mark.parametrize("target", TARGETS)
def test_what_a_column_can_become_is_named_and_explained(target):
    assert name_of(target)
    assert len(meaning(target)) > 3


def test_further_addresses_of_a_cell_only_comment():
    preset = composed(
        {"claim.words": "n", "claim.article_url": "link"}, rows="incidents", title="x"
    )
    assert [(claim.label, claim.only) for claim in preset.claims] == [
        ("claim", "first"),
        ("also", "others"),
    ]
    assert preset.claims[1].values["words"].value == "none stated"
