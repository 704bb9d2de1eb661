"""Verifying the journal at one moment, with somebody told how far it has come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from gateway.evidence import Verification
from gateway.evidence import verify as verify_evidence
from gateway.ledger.audit import StoredJournal
from gateway.ledger.log_reading import latest_checkpoint
from gateway.logbook import Batch
from gateway.notes import Verifier


class Progress(Protocol):
    """Who is told."""

    def expect(self, count: int) -> None:
        """So many records are to be read."""

    def advance(self, count: int) -> None:
        """So many more were read. What it raises ends the verification."""


class _Watched(StoredJournal):
    """The journal, telling how far it was read."""

    def __init__(self, conn: object, progress: Progress) -> None:
        super().__init__(conn)  # type: ignore[arg-type]  # a connection, which only the ledger names
        self._progress = progress

    def batches(self) -> Iterator[Batch]:
        """All batches in order."""
        for batch in super().batches():
            yield batch
            self._progress.advance(batch.size)


def verify_watched(
    conn: object, trusted: Sequence[Verifier], origin: str, against: Sequence[str], progress: Progress
) -> tuple[Verification, str | None]:
    """Verify the ledger at one moment; also its latest checkpoint."""
    latest = latest_checkpoint(conn)  # type: ignore[arg-type]  # likewise
    progress.expect(latest.size if latest else 0)
    found = verify_evidence(_Watched(conn, progress), tuple(trusted), origin, list(against))
    return found, latest.note if latest else None
