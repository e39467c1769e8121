"""One line of the table that the benchmark prints; the parts write them, the run gathers them.

One rule: a line is printed as soon as it is known, as JSON, so that a part that breaks loses none.
"""

import json
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass


@dataclass(slots=True)
class Line:
    """What was measured: of how many rows, the seconds, and what they are held against."""

    part: str
    what: str
    rows: int | None = None
    seconds: float | None = None
    ratio: float | None = None  # to the limit, or to whatever the part says
    first: float | None = None  # seconds to the first byte
    memory: float | None = None  # MB by which the worker grew at most
    note: str = ""
    engine: str = ""
    incidents: int = 0


def tell(line: Line) -> None:
    """Print a line for the run to read."""
    print(json.dumps(asdict(line)), flush=True)


def read(text: str) -> Line:
    """Read a line that a part printed."""
    return Line(**json.loads(text))


def alternating(rounds: int, contenders: Mapping[str, Callable[[], object]]) -> dict[str, list]:
    """Let each contender run in turn, several rounds; the seconds of each run, by contender."""
    spent: dict[str, list[float]] = {name: [] for name in contenders}
    for _round in range(rounds):
        for name, run in contenders.items():
            start = time.perf_counter()
            run()
            spent[name].append(time.perf_counter() - start)
    return spent


def middle(spent: list[float]) -> float:
    """The median."""
    return statistics.median(spent)


def nearly_all(spent: list[float], share: float = 0.95) -> float:
    """What 95 of 100 stay below."""
    return sorted(spent)[int(len(spent) * share)]
