"""Archives: files into which the content of old reports is moved out of the ledger, and from which it comes back.

A file is gzip of JSON Lines (`FORMAT`): a head, a line for each report with what was sealed of it, base64, and an end
that counts them. No key is in it: without the ledger and the key file nobody can read it, and a report that is erased
in the ledger is erased in its archive too. The ledger keeps the SHA-256 of each file, and all that the journal holds.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BufferedReader
from itertools import islice
from pathlib import Path
from typing import IO, Literal
from uuid import UUID

from pydantic import AwareDatetime, ValidationError

from gateway.durable import private, sync, sync_folder
from gateway.ledger import Ledger
from gateway.ledger.archive_values import ArchiveRow, Content
from gateway.ledger.archives import (
    keep_archive,
    list_archives,
    over_before,
    put_away,
    put_back,
)
from schemas.base import Schema
from schemas.errors import Invalid, Misconfigured, NotFound
from schemas.ids import new_id

FORMAT = "sp4n-gateway archive 1"
LEAST_AGE = timedelta(days=90)
"""No younger report is archived: its reporter may still answer, rate it, or say that it is not solved."""
SUFFIX = ".jsonl.gz"
_AT_ONCE = 200
_FIRST = UUID(int=0)
_LINE_LIMIT = 64 << 20
_PACKED = 1  # what is sealed is as good as random: only what base64 adds can be packed away


class Head(Schema):
    """The first line. `origin` is the installation's, `before` the moment since when nothing had happened."""

    format: Literal["sp4n-gateway archive 1"]
    archive: UUID
    origin: str
    before: AwareDatetime
    made_at: AwareDatetime


class _End(Schema):
    reports: int


@dataclass(frozen=True, slots=True)
class Made:
    """An archive that was made; `moved` is how many reports' content left the ledger for it."""

    row: ArchiveRow
    moved: int


async def archive_before(
    ledger: Ledger, folder: Path, before: datetime, *, origin: str, actor: str, now: datetime
) -> Made | None:
    """Write the content of reports that have been over since `before` to a new file in `folder`, then take it out.

    The file is synced, read back and entered in the ledger before anything is taken out, which is what was read there.
    Broken off at any moment, each report's content is in the ledger or in a file that the ledger knows. None when there
    is no such report. Raises Invalid for a `before` that is too young, Misconfigured when the file cannot be written.
    """
    if before > now - LEAST_AGE:
        raise Invalid(f"only what has been over for {LEAST_AGE.days} days is archived; choose an earlier moment")
    head = Head(format=FORMAT, archive=new_id(now), origin=origin, before=before, made_at=now)
    path = folder / f"sp4n-arsip-{now:%Y%m%dT%H%M%SZ}-{head.archive.hex[-8:]}{SUFFIX}"
    count = await _write(path, head, _pages(ledger, before))
    if not count:
        return None
    row = ArchiveRow(head.archive, path.name, digest_of(path), path.stat().st_size, count, before, now, actor)
    if sum(1 for _ in contents_of(path)) != count:
        raise Misconfigured(f"{path} does not hold what was written to it; is the disk sound? Nothing was taken out")
    await ledger.write(keep_archive, row)
    moved, contents = 0, contents_of(path)
    while some := list(islice(contents, _AT_ONCE)):
        moved += await ledger.write(put_away, row, some, now)
    return Made(row, moved)


async def restore(
    ledger: Ledger, path: Path, wanted: Collection[str] | None, *, actor: str, now: datetime
) -> tuple[int, int]:
    """Put content back from an archive: of the reports with these tracking codes; None: of all.

    Returns of how many, and how many of the wanted ones were left: they are here already, or erased. Raises Invalid as
    `check` does, NotFound for a code that is not in the file.
    """
    row = await check(ledger, path)
    back, asked = 0, 0
    contents = contents_of(path) if wanted is None else iter(_named(path, wanted))
    while some := list(islice(contents, _AT_ONCE)):
        asked += len(some)
        back += await ledger.write(put_back, row.id, some, actor, now)
    return back, asked - back


async def check(ledger: Ledger, path: Path) -> ArchiveRow:
    """The archive that a file is, to the last bit. Raises Invalid when this ledger knows none such, or another file."""
    head = head_of(path)
    row = next((one for one in await ledger.read(list_archives) if one.id == head.archive), None)
    if row is None:
        raise Invalid(f"{path} is an archive of {head.origin}, made {head.made_at:%Y-%m-%d}, and not of this ledger")
    if digest_of(path) != row.digest:
        raise Invalid(f"{path} is not as it was written; take another copy of {row.name}")
    return row


def _named(path: Path, wanted: Collection[str]) -> list[Content]:
    found = [one for one in contents_of(path) if one.tracking_code in wanted]
    if missing := set(wanted) - {one.tracking_code for one in found}:
        raise NotFound(f"not in this archive: {', '.join(sorted(missing))}")
    return found


def digest_of(path: Path) -> bytes:
    """SHA-256 of a file."""
    with _opened(path) as file:
        return hashlib.file_digest(file, "sha256").digest()


def head_of(path: Path) -> Head:
    """What an archive says of itself. Raises Invalid for any other file."""
    with _lines(path) as lines:
        return _head(path, next(lines, b""))


def contents_of(path: Path) -> Iterator[Content]:
    """What lies in an archive. Raises Invalid for any other file, and at the end of one that was cut off."""
    with _lines(path) as lines:
        _head(path, next(lines, b""))
        count, line = 0, next(lines, b"")
        for following in lines:
            try:
                yield Content.model_validate_json(line)
            except ValidationError as error:
                raise Invalid(f"{path} is damaged at report {count + 1}; take another copy") from error
            count, line = count + 1, following
        if line != _end(count):
            raise Invalid(f"{path} ends after {count} reports and not as it was written; take another copy")


def _head(path: Path, line: bytes) -> Head:
    try:
        return Head.model_validate_json(line)
    except ValidationError as error:
        raise Invalid(f"{path} is no archive of this gateway") from error


def _end(count: int) -> bytes:
    return _End(reports=count).model_dump_json().encode() + b"\n"


@contextmanager
def _lines(path: Path) -> Iterator[Iterator[bytes]]:
    try:
        with _opened(path) as file, gzip.open(file) as unpacked:
            yield iter(lambda: unpacked.readline(_LINE_LIMIT), b"")
    except (OSError, EOFError, zlib.error) as error:
        raise Invalid(f"{path} is no archive of this gateway, or was cut off: {error}") from error


@contextmanager
def _opened(path: Path) -> Iterator[BufferedReader]:
    try:
        file = path.open("rb")
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error.strerror}") from error
    with file:
        yield file


async def _pages(ledger: Ledger, before: datetime) -> AsyncIterator[list[Content]]:
    after = _FIRST
    while page := await ledger.read(over_before, before, after, _AT_ONCE):
        yield page
        after = page[-1].report_id


async def _write(path: Path, head: Head, pages: AsyncIterator[list[Content]]) -> int:
    """Write the file, whole or not at all; none when there is nothing. Returns how many reports are in it."""
    unfinished = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with private(unfinished) as file:
            count = await _write_lines(file, head, pages)
            sync(file)
        if count:
            unfinished.rename(path)
            sync_folder(path.parent)
    except OSError as error:
        told = f"no archive can be written in {path.parent}: {error.strerror}; nothing was moved"
        raise Misconfigured(told) from error
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
    return count


async def _write_lines(file: IO[bytes], head: Head, pages: AsyncIterator[list[Content]]) -> int:
    count = 0
    with gzip.GzipFile(filename="", fileobj=file, mode="wb", compresslevel=_PACKED, mtime=0) as packed:
        packed.write(head.model_dump_json().encode() + b"\n")
        async for page in pages:
            packed.writelines(one.model_dump_json().encode() + b"\n" for one in page)
            count += len(page)
        packed.write(_end(count))
    return count
