"""Attachments at rest: sealed under the report's key, written whole or not at all, in a folder or elsewhere."""

from __future__ import annotations

import errno
from collections.abc import Generator, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol
from uuid import UUID

from gateway.durable import sync, sync_folder
from gateway.vault import Readable, SubjectKey
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


class Place(Protocol):
    """Where sealed files lie. Every call may wait for a disk or a network: none is for the event loop."""

    def write(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write a file whole and for good, or leave nothing under its name. Raises Busy."""

    def reading(self, name: str) -> AbstractContextManager[Readable]:
        """A file to read from its beginning on. Raises NotFound, and Busy when it cannot be read now."""

    def remove(self, name: str) -> None:
        """Remove a file, if it is there. Raises Busy."""

    def untouched_since(self, moment: float) -> Iterator[str]:
        """The names of all files written before this time (seconds since 1970). Raises Busy."""


class Storage:
    """Sealed files. Names are made by the gateway, never by a sender."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def keep(self, key: SubjectKey, identity: UUID, content: bytes | Iterable[bytes]) -> str:
        """Seal and store a file, for good. Returns the name to load it by. Raises Busy when it cannot."""
        name = name_of(identity)
        pieces = _pieces_of(content) if isinstance(content, bytes) else content
        self._place.write(name, key.seal_pieces(_PART, pieces))
        return name

    def load(self, key: SubjectKey, name: str) -> bytes:
        """The bytes of a stored file. Raises NotFound when gone, Tampered when changed, Busy when unreadable now."""
        return b"".join(self.pieces(key, name))

    def pieces(self, key: SubjectKey, name: str) -> Generator[bytes, None, None]:
        """The same in pieces, each authenticated before it is given out."""
        with self._place.reading(name) as file:
            yield from key.open_pieces(_PART, file)

    def remove(self, name: str) -> None:
        """Remove a file that nothing points at any more."""
        self._place.remove(name)

    def untouched_since(self, moment: float) -> Iterator[str]:
        """The names of all files written before this time (seconds since 1970), half-written ones too."""
        return self._place.untouched_since(moment)


class Folder:
    """A place on disk: a file appears under its name once it is synced."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, name: str, pieces: Iterable[bytes]) -> None:
        """As Place."""
        path = self._folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_synced(path, pieces)
        except OSError as error:
            raise Busy(f"an attachment could not be stored: {_told(error)}") from error

    @contextmanager
    def reading(self, name: str) -> Iterator[Readable]:
        """As Place."""
        try:
            with (self._folder / name).open("rb") as file:
                yield file
        except FileNotFoundError as error:
            raise NotFound("a stored attachment is missing from the storage folder") from error
        except OSError as error:
            raise Busy(f"an attachment could not be read: {_told(error)}") from error

    def remove(self, name: str) -> None:
        """As Place."""
        (self._folder / name).unlink(missing_ok=True)

    def untouched_since(self, moment: float) -> Iterator[str]:
        """As Place; half-written files too."""
        for path in sorted(self._folder.glob("??/*")):
            try:
                if path.stat().st_mtime < moment:
                    yield f"{path.parent.name}/{path.name}"
            except FileNotFoundError:
                continue  # removed meanwhile


def name_of(identity: UUID) -> str:
    """The name of a file: spread over 256 folders by what is random in its id."""
    return f"{identity.hex[-2:]}/{identity.hex}"


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
            sync(file)
        temporary.rename(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)
