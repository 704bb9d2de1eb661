"""Where each file lies on the server, below the entry's folder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC

from adapters.contract import Case


@dataclass(frozen=True, slots=True)
class Places:
    """The files of one case. `signature` is put in place before `file`; `ack` or `nack` is the ministry's word."""

    folder: str
    file: str
    ack: str
    nack: str

    @property
    def signature(self) -> str:
        """The detached signature of the file."""
        return f"{self.file}.sig"


def places_of(folder: str, case: Case) -> Places:
    """Where a case's files lie: in the folder of the day (UTC) on which the newest of it came in."""
    newest = max([case.accepted_at, *(one.received_at for one in case.messages)])
    day = f"{folder}/{newest.astimezone(UTC).date().isoformat()}"
    return Places(
        folder=day,
        file=f"{day}/{case.handoff_id}.json",
        ack=f"{folder}/ack/{case.handoff_id}.ack",
        nack=f"{folder}/ack/{case.handoff_id}.nack",
    )


def temporary(path: str) -> str:
    """The name under which a file is written until it is whole: hidden, and of no kind that a ministry reads."""
    folder, _, name = path.rpartition("/")
    return f"{folder}/.{name}.part"
