"""What is stored of a row already: the record it became, and where that stands now."""

from dataclasses import dataclass

from incidents.models import choices


@dataclass(slots=True)
class Known:
    """The stored origin of a record, and where the record stands now.

    `key` is 0 for a record of this database itself, which has no origin elsewhere.
    """

    key: int
    own_id: str
    digest: str
    version: int
    incident: int
    claim: int | None
    made_by: int
    version_now: int
    status_now: str
    state_of_import: str
    is_hidden: bool = False  # from whoever imports

    @property
    def is_own(self) -> bool:
        """Whether the record was not imported but is named by its own code."""
        return self.key == 0

    @property
    def is_edited(self) -> bool:
        """Whether somebody changed the incident since the import wrote it."""
        return self.version_now > self.version

    @property
    def is_undone(self) -> bool:
        """Whether the import that made it was undone, and nobody touched it since."""
        undone = self.state_of_import == choices.ImportState.UNDONE
        return undone and self.status_now == choices.Status.WITHDRAWN and not self.is_edited
