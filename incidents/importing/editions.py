"""Notices that a file is a newer edition of a data set that somebody brought in under another name.

One rule: it only says so, and whoever imports decides; a short number such as 12 is no sign, as
every sheet has one. It looks at the first rows and asks once. Called by `running`.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from incidents.addresses import url_key
from incidents.chunks import in_chunks
from incidents.importing.own import DATASET
from incidents.importing.planning import Draft
from incidents.importing.presets import Preset
from incidents.models import Import, Origin, choices

ROWS = 2_000  # that are looked at
ENOUGH = 0.2  # of them
SHORTEST = 6  # characters of an id that hardly two data sets share
Edition = tuple[str, int, int]  # the data set, rows it has too, rows looked at


class Editions:
    """The ids and links of the first rows of a file, and who brought them in already."""

    def __init__(self, run: Import) -> None:
        """Look for data sets of whoever began this import."""
        self.run, self.rows = run, 0
        self.ids: dict[str, int] = {}
        self.links: dict[str, int] = {}

    def look(self, drafts: Sequence[Draft]) -> None:
        """Note the ids and links of these rows, while few have been noted."""
        for draft in drafts[: ROWS - self.rows]:
            row = draft.understood.row
            self.rows += 1
            if len(draft.understood.own_id) >= SHORTEST:
                self.ids[draft.own_id] = row
            for said in draft.understood.claims:
                if key := url_key(str(said.get("article_url") or "")):
                    self.links[key] = row

    def found(self) -> list[Edition]:
        """Name the data sets that have many of these rows, the likeliest first."""
        shared: dict[str, set[int]] = defaultdict(set)
        for dataset, row in (*self.by_id(), *self.by_link()):
            shared[dataset].add(row)
        return sorted(
            (
                (dataset, len(rows), self.rows)
                for dataset, rows in shared.items()
                if len(rows) >= ENOUGH * self.rows
            ),
            key=lambda edition: -edition[1],
        )

    def datasets(self) -> list[str]:
        """Name the other data sets of the same person; the project's own tables know themselves."""
        mine = Import.objects.filter(by=self.run.by, state=choices.ImportState.SAVED)
        named = set(mine.exclude(dataset=self.run.dataset).values_list("dataset", flat=True))
        return sorted(name for name in named if not name.startswith(DATASET))

    def by_id(self) -> Iterator[tuple[str, int]]:
        """Find rows whose id another data set has."""
        if datasets := self.datasets():
            for some in in_chunks(sorted(self.ids)):
                known = Origin.objects.filter(dataset__in=datasets, own_id__in=some)
                for dataset, own_id in known.values_list("dataset", "own_id"):
                    yield dataset, self.ids[own_id]

    def by_link(self) -> Iterator[tuple[str, int]]:
        """Find rows whose link another data set brought."""
        if datasets := self.datasets():
            for some in in_chunks(sorted(self.links)):
                known = Origin.objects.filter(claim__article__url_key__in=some)
                rows = known.filter(dataset__in=datasets)
                for dataset, key in rows.values_list("dataset", "claim__article__url_key"):
                    yield dataset, self.links[key]


def as_edition_of(preset: Preset, dataset: str) -> Preset:
    """Give a mapping the name of a data set, so that its rows are compared with that one's."""
    return replace(preset, name=dataset, title=dataset)
