"""Attachments on disk: sealed under the report's key, written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from uuid import UUID

from gateway.vault import SubjectKey
from schemas.errors import Busy, NotFound

_PART = "file"


class Storage:
    """A folder of sealed files. Names are made by the gateway, never by a sender."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, key: SubjectKey, identity: UUID, content: bytes) -> str:
        """Seal and store a file, synced to disk. Returns the name to load it by. Raises Busy when the disk is full."""
        name = f"{identity.hex[-2:]}/{identity.hex}"
        path = self._folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_synced(path, key.seal(_PART, content))
        except OSError as error:
            raise Busy(
                f"an attachment could not be stored: {error.strerror}; free space in the storage folder"
            ) from error
        return name

    def load(self, key: SubjectKey, name: str) -> bytes:
        """The bytes of a stored file. Raises NotFound when it is gone."""
        try:
            return key.open(_PART, (self._folder / name).read_bytes())
        except FileNotFoundError as error:
            raise NotFound("a stored attachment is missing from the storage folder") from error

    def remove(self, name: str) -> None:
        """Remove a file that nothing points at any more."""
        (self._folder / name).unlink(missing_ok=True)


def _write_synced(path: Path, content: bytes) -> None:
    temporary = path.with_suffix(".part")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
