"""The chain of a claim, read from the cell that exports write."""

import pytest

from incidents.importing.chain import steps_in


@pytest.mark.parametrize(
    ("cell", "steps"),
    [
        (
            "Yonhap, reported, 2024-04 | Radio",
            [("Yonhap", "reported", "2024-04"), ("Radio", "", "")],
        ),
        (r"A\|B, said | c\|d", [("A|B", "said", ""), ("c|d", "", "")]),
        ("Kim, Lee and Park, said, 2024", [("Kim, Lee and Park", "said", "2024")]),
        ("Yonhap, 2024-04-26~", [("Yonhap", "", "2024-04-26~")]),
        ("Yonhap, reported, Thursday", [("Yonhap", "reported", "Thursday")]),
        ("", []),
    ],
)
def test_chain_is_read(cell, steps):
    assert steps_in(cell) == steps
