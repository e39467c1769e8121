"""How many examples hypothesis tries of a rule: many where they cost nothing, few with a database.

One rule: EXAMPLES=10 in the environment tries ten times as many of each. Used by every property
test that writes records; those that are pure take the profile of conftest.
"""

import os
from collections.abc import Callable

import hypothesis

TIMES = int(os.environ.get("EXAMPLES") or 1)
PURE = 100 * TIMES


def few(number: int, *, shrunk: bool = True) -> Callable:
    """Try so many examples of a rule whose every example writes records.

    Where an example takes a second, one that fails should not be `shrunk`: it would take minutes.
    """
    phases = [hypothesis.Phase.explicit, hypothesis.Phase.reuse, hypothesis.Phase.generate]
    return hypothesis.settings(
        max_examples=number * TIMES,
        phases=[*phases, *[hypothesis.Phase.shrink] * shrunk],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
