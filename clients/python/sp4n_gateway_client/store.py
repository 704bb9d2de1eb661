"""Keeps cases and what is to be said of them in one SQLite file, so that a restart forgets nothing."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from sp4n_gateway_client.cases import CREATED, Case
from sp4n_gateway_client.errors import Unfit
from sp4n_gateway_client.gateway import Update
from sp4n_gateway_client.receiving import Taken

_SCHEMA = """
CREATE TABLE IF NOT EXISTS cases (
    key TEXT PRIMARY KEY, id TEXT NOT NULL, type TEXT NOT NULL, tracking_code TEXT NOT NULL, reference TEXT NOT NULL,
    digest TEXT NOT NULL, received_at TEXT NOT NULL, body BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS cases_of_report ON cases (id);
CREATE TABLE IF NOT EXISTS updates (
    event_id TEXT PRIMARY KEY, tracking_code TEXT NOT NULL, sequence INTEGER NOT NULL, body BLOB NOT NULL,
    settled_at TEXT, refused TEXT, UNIQUE (tracking_code, sequence)
);
"""


@dataclass(frozen=True, slots=True)
class Owed:
    """An update that the gateway has not kept yet."""

    event_id: str
    tracking_code: str
    body: bytes


def utc_now() -> datetime:
    """The present time."""
    return datetime.now(UTC)


class SqliteStore:
    """One file. Threads may share it, and another process may write updates into it."""

    def __init__(self, path: Path, now: Callable[[], datetime] = utc_now) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30.0)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.executescript(_SCHEMA)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def take(self, key: str, digest: str, case: Case, body: bytes) -> Taken:
        """Keep a case under its key, once; synced to disk when this returns. Raises Unfit."""
        with self._writing() as file:
            before = file.execute("SELECT reference, received_at, digest FROM cases WHERE key = ?", (key,)).fetchone()
            if before is not None:
                return Taken(before[0], datetime.fromisoformat(before[1]), before[2], new=False)
            now, reference = self._now(), self._reference(file, case)
            row = (key, case.id, case.type, case.tracking_code, reference, digest, now.isoformat(), body)
            file.execute("INSERT INTO cases VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        return Taken(reference, now, digest, new=True)

    def say(self, tracking_code: str, update: Update) -> Owed:
        """Owe the gateway an update, with the next number of the case's own order. Raises Unfit for an unknown case."""
        with self._writing() as file:
            known = file.execute("SELECT reference FROM cases WHERE tracking_code = ?", (tracking_code,)).fetchone()
            if known is None:
                raise Unfit(f"no case has the tracking code {tracking_code}")
            last = file.execute("SELECT max(sequence) FROM updates WHERE tracking_code = ?", (tracking_code,))
            sequence = (last.fetchone()[0] or 0) + 1
            numbered = replace(update, sequence=sequence, at=update.at or self._now(), reference=known[0])
            owed = Owed(f"{tracking_code}-{sequence}", tracking_code, numbered.body())
            file.execute(
                "INSERT INTO updates (event_id, tracking_code, sequence, body) VALUES (?, ?, ?, ?)",
                (owed.event_id, tracking_code, sequence, owed.body),
            )
        return owed

    def owed(self, limit: int = 100) -> list[Owed]:
        """Updates that the gateway has not kept yet, in the order in which they were said."""
        query = "SELECT event_id, tracking_code, body FROM updates WHERE settled_at IS NULL ORDER BY rowid LIMIT ?"
        with self._lock:
            return [Owed(*row) for row in self._connection.execute(query, (limit,))]

    def settle(self, event_id: str, refused: str | None = None) -> None:
        """An update was kept, or refused for good with what the gateway said."""
        with self._writing() as file:
            row = (self._now().isoformat(), refused, event_id)
            file.execute("UPDATE updates SET settled_at = ?, refused = ? WHERE event_id = ?", row)

    def kept(self) -> list[tuple[str, str, str]]:
        """Reference, tracking code and type of what was taken, oldest first."""
        with self._lock:
            return list(self._connection.execute("SELECT reference, tracking_code, type FROM cases ORDER BY rowid"))

    def references(self) -> dict[str, str]:
        """The reference of each key that was taken."""
        with self._lock:
            return dict(self._connection.execute("SELECT key, reference FROM cases ORDER BY rowid"))

    def _reference(self, file: sqlite3.Connection, case: Case) -> str:
        parts = file.execute("SELECT type, reference FROM cases WHERE id = ? ORDER BY rowid", (case.id,)).fetchall()
        if case.type == CREATED:
            number = file.execute("SELECT count(*) + 1 FROM cases").fetchone()[0]
            return f"KASUS-{self._now().year}-{number:06}"
        if (CREATED, case.prior_reference) not in parts:
            raise Unfit("prior_reference does not name the case of this id")
        return f"{case.prior_reference}/{len(parts)}"

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")
