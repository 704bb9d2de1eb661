"""The book of a simulator: everything that the destination took, in order, kept through restarts."""

from __future__ import annotations

import json
from pathlib import Path

from schemas.base import Json

Entry = dict[str, Json]


class Book:
    """An append-only list of entries, in memory or beside it in a file of JSON lines.

    The file is the truth for "exactly one complaint": it is written before the answer goes out, and a server that is
    killed and started again goes on with it.
    """

    def __init__(self, path: Path | None = None) -> None:
        """With a path, continue the file there. A last line that a kill cut short is dropped: nobody was answered."""
        self._entries: list[Entry] = []
        self._file = None
        if path is not None:
            whole = _whole_lines(path)
            self._entries = [json.loads(line) for line in whole.splitlines()]
            self._file = path.open("ab", buffering=0)
            self._file.truncate(len(whole))

    def append(self, entry: Entry) -> None:
        """Take the entry in; it is in the file when this returns. Entries are JSON objects."""
        if self._file is not None:
            self._file.write(json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
        self._entries.append(entry)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every entry, oldest first."""
        return tuple(self._entries)

    def of(self, kind: str) -> list[Entry]:
        """The entries whose `kind` is this, oldest first."""
        return [entry for entry in self._entries if entry.get("kind") == kind]

    def since(self, start: int) -> list[Entry]:
        """The entries from that place on: how an application follows the book."""
        return self._entries[start:]

    def __len__(self) -> int:
        return len(self._entries)

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()
            self._file = None


def _whole_lines(path: Path) -> bytes:
    """What of the file ends in a line break; nothing when there is no file."""
    if not path.exists():
        return b""
    content = path.read_bytes()
    return content[: content.rfind(b"\n") + 1]
