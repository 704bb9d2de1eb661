"""Attachments on disk: sealed under the report's key, written whole or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from uuid import UUID

from gateway.vault import SubjectKey
from schemas.errors import Busy, NotFound

_PART = "file"
_PIECE = 65_536
_ADVICE = {
    errno.ENOSPC: "free space in the storage folder",
    errno.EDQUOT: "free space in the storage folder, or raise the quota",
    errno.EMFILE: "allow the process more open files (ulimit -n, LimitNOFILE)",
    errno.ENFILE: "allow the system more open files (fs.file-max)",
    errno.EROFS: "make the storage folder writable",
    errno.EACCES: "give this user the right to write the storage folder",
}


class Storage:
    """A folder of sealed files. Names are made by the gateway, never by a sender."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, key: SubjectKey, identity: UUID, content: bytes | Iterable[bytes]) -> str:
        """Seal and store a file, synced to disk. Returns the name to load it by. Raises Busy when it cannot."""
        name = f"{identity.hex[-2:]}/{identity.hex}"
        path = self._folder / name
        pieces = _pieces_of(content) if isinstance(content, bytes) else content
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_synced(path, key.seal_pieces(_PART, pieces))
        except OSError as error:
            raise Busy(f"an attachment could not be stored: {_told(error)}") from error
        return name

    def load(self, key: SubjectKey, name: str) -> bytes:
        """The bytes of a stored file. Raises NotFound when gone, Tampered when changed, Busy when unreadable now."""
        return b"".join(self.pieces(key, name))

    def pieces(self, key: SubjectKey, name: str) -> Iterator[bytes]:
        """The same in pieces, each authenticated before it is given out."""
        try:
            with (self._folder / name).open("rb") as file:
                yield from key.open_pieces(_PART, file)
        except FileNotFoundError as error:
            raise NotFound("a stored attachment is missing from the storage folder") from error
        except OSError as error:
            raise Busy(f"an attachment could not be read: {_told(error)}") from error

    def remove(self, name: str) -> None:
        """Remove a file that nothing points at any more."""
        (self._folder / name).unlink(missing_ok=True)

    def untouched_since(self, moment: float) -> Iterator[str]:
        """The names of all files written before this time (seconds since 1970), half-written ones too."""
        for path in sorted(self._folder.glob("??/*")):
            try:
                if path.stat().st_mtime < moment:
                    yield f"{path.parent.name}/{path.name}"
            except FileNotFoundError:
                continue  # removed meanwhile


def _told(error: OSError) -> str:
    """What is wrong, and what to do."""
    return f"{error.strerror}; {_ADVICE.get(error.errno or 0, 'look at the storage folder and its disk')}"


def _pieces_of(content: bytes) -> Iterator[bytes]:
    view = memoryview(content)
    return (bytes(view[start : start + _PIECE]) for start in range(0, len(content), _PIECE))


def _write_synced(path: Path, pieces: Iterable[bytes]) -> None:
    temporary = path.with_suffix(".part")
    try:
        with temporary.open("wb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
