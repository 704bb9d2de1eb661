"""What the ledger needs of a database: transactions that read and transactions that write, away from the event loop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from sqlalchemy import Connection

T = TypeVar("T")
Job = Callable[[Connection], T]


class Database(Protocol):
    """An open database. A job runs in a transaction of its own, which ends with it: only what the job commits stays."""

    async def write(self, job: Job[T]) -> T:
        """Run a job that may write."""

    async def write_group(self, job: Job[T]) -> T:
        """Run a job that may write and that no other call of this method runs beside: always the same statements."""

    async def read(self, job: Job[T]) -> T:
        """Run a job that only reads and that sees one state of the database throughout."""

    def commit(self, conn: Connection) -> None:
        """Commit what a job that may write has done so far; it calls this within itself, and at its end."""

    async def close(self) -> None:
        """Close every connection."""
