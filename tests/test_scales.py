"""Scales and bars: nothing is drawn that nobody said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.pictures.scales import Bar, bar_of, scale_for

counts = st.none() | st.integers(0, 10**9)


@pytest.mark.parametrize(
    ("numbers", "drawn"),
    [
        ((None, None, 60), Bar(start=0.0, end=24.0, open_start=True)),
        ((150, None, None), Bar(start=60.0, end=100.0, open_end=True)),
        ((50, None, 60), Bar(start=20.0, end=24.0)),
        ((50, 55, 60), Bar(start=20.0, end=24.0, mark=22.0)),
        ((9, 9, 9), Bar(mark=3.6)),
        ((0, 0, 0), Bar(mark=0.0)),
        ((None, 200, None), Bar(mark=80.0, near=(72.0, 88.0))),
        ((None, None, None), None),
    ],
)
def test_bar_says_what_was_said(numbers, drawn):
    assert bar_of(scale_for([200]), *numbers) == drawn


@given(st.lists(counts, min_size=1))
def test_scale_holds_every_number_with_few_round_ticks(numbers):
    scale = scale_for(numbers)
    if not any(numbers):
        assert scale is None
        return
    assert max(n for n in numbers if n is not None) < scale.most
    ticks = [number for _at, number in scale.ticks]
    assert ticks[0] == 0
    assert ticks[-1] == scale.most
    assert 2 <= len(ticks) <= 9
    assert all(0 <= at <= 100 for at, _number in scale.ticks)


@given(counts, counts, counts)
def test_bar_lies_on_its_scale(low, value, high):
    scale = scale_for([low, value, high])
    bar = scale and bar_of(scale, low, value, high)
    if bar and bar.start is not None:
        assert 0 <= bar.start <= 100
        assert bar.open_start == (low is None)
        assert bar.open_end == (high is None)
