"""`make bench`: makes the databases, measures every part on each, and prints one table.

From the environment: INCIDENTS (sizes, separated by spaces), ENGINES, PARTS, and KEEP=1 to write
docs/benchmarks.md. One rule: what was measured before something breaks is printed and kept.
"""

import os
import subprocess
import sys
from collections.abc import Iterator

from bench import databases
from bench.lines import Line, read
from bench.table import page, show

ENGINES = ("postgresql", "sqlite")
PARTS = ("files", "peers", "pages", "pictures", "crowd", "import")
ONCE = ("files", "peers", "crowd", "import")  # on the largest database alone
EMPTY = ("import",)  # into a database that holds nothing yet


def main() -> int:
    """Measure what is asked for; how many parts broke."""
    asked = {name: os.environ.get(name, "").split() for name in ("INCIDENTS", "ENGINES", "PARTS")}
    sizes = sorted(int(size.replace("_", "")) for size in asked["INCIDENTS"] or ["100000"])
    engines, parts = asked["ENGINES"] or ENGINES, asked["PARTS"] or PARTS
    unknown = [*({*engines} - {*ENGINES}), *({*parts} - {*PARTS})]
    if unknown:
        sys.exit(f"{', '.join(unknown)}: ENGINES may name {ENGINES}, PARTS {PARTS}.")
    lines, broken = [], 0
    for name in engines:
        with databases.engine(name) as address:
            for part in parts:
                for size in sizes[-1:] if part in ONCE else sizes:
                    find = databases.empty if part in EMPTY else databases.database
                    measured = Measured(part, find(name, address, size), name, size)
                    lines += measured.lines()
                    broken += measured.broke
            command = " ".join(
                f"{key}='{' '.join(value)}'" for key, value in asked.items() if value
            )
            keep(lines, f"{command} make bench KEEP=1".strip())
    return min(broken, 1)


class Measured:
    """One part, measured on one database."""

    def __init__(self, part: str, made: str, engine: str, incidents: int) -> None:
        self.command = [sys.executable, "-m", "bench.part", part]
        self.environment = {
            **os.environ,
            "TEST_DATABASE_URL": made,
            "BENCH_INCIDENTS": str(incidents),
        }
        self.engine, self.incidents, self.broke = engine, incidents, False

    def lines(self) -> Iterator[Line]:
        """Run the part in a process of its own; its lines, each shown as it comes."""
        with subprocess.Popen(
            self.command,
            cwd=databases.ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
        ) as running:
            for text in running.stdout:
                line = read(text)
                line.engine, line.incidents = self.engine, self.incidents
                show(line)
                yield line
        self.broke = bool(running.returncode)
        if self.broke:
            broke = f"{self.engine}: {self.command[-1]} broke off with {running.returncode}"
            print(broke, file=sys.stderr)


def keep(lines: list[Line], command: str) -> None:
    """Write the table into the docs when that is asked for."""
    if os.environ.get("KEEP", "0") not in ("", "0"):
        target = databases.ROOT / "docs" / "benchmarks.md"
        target.write_text(page(lines, command), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
