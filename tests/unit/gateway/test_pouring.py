"""A file passes from the network to storage in pieces: few in memory, whole or not at all, measured on its way."""

from __future__ import annotations

import asyncio
import threading
import tracemalloc
from collections.abc import Iterable
from functools import partial
from hashlib import sha256
from pathlib import Path
from random import Random
from uuid import UUID

import pytest

from adapters.contract import Take
from adapters.inbound.download import download
from gateway.keyring import make_key_ring
from gateway.pouring import HEAD, measured, poured
from gateway.storage import Folder, Storage
from gateway.vault import Vault
from schemas.errors import Busy, NotFound, TooLarge
from schemas.report import Attachment
from tests.unit.adapters.channels.graph import GraphServer

KEY = Vault(make_key_ring(Random(1).randbytes)).new_key(UUID(int=1))
LIMIT = 20 * 1024 * 1024


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def give(pieces: Iterable[bytes], take: Take) -> None:
    for piece in pieces:
        await take(piece)


async def test_what_is_kept_is_what_was_given_and_its_measure_is_of_that() -> None:
    content = bytes(range(256)) * 200
    pieces = [content[at : at + 1000] for at in range(0, len(content), 1000)]
    kept, told = await poured(partial(give, pieces), b"".join, LIMIT)
    assert kept == content
    assert (told.size, told.sha256, told.head) == (len(content), sha256(content).hexdigest(), content[:HEAD])
    assert measured(pieces) == (told.sha256, told.size)


async def test_few_pieces_are_on_their_way_at_once() -> None:
    given, most, go = 0, 0, threading.Event()

    async def slowly(take: Take) -> None:
        nonlocal given
        for _ in range(50):
            await take(b"x")
            given += 1
            if given == 4:
                go.set()

    def keep(pieces: Iterable[bytes]) -> int:
        nonlocal most
        go.wait(10)
        taken = 0
        for _ in pieces:
            most = max(most, given - taken)
            taken += 1
        return taken

    assert (await poured(slowly, keep, LIMIT))[0] == 50
    assert 0 < most <= 5


async def test_what_breaks_off_is_not_kept() -> None:
    seen: list[bytes] = []

    async def breaks(take: Take) -> None:
        await take(b"half")
        raise Busy("the file broke off on its way")

    def keep(pieces: Iterable[bytes]) -> str:
        seen.extend(pieces)
        return "kept"

    with pytest.raises(Busy, match="broke off"):
        await poured(breaks, keep, LIMIT)
    assert seen in ([], [b"half"])


async def test_when_it_cannot_be_kept_no_more_is_fetched() -> None:
    given = 0

    async def endless(take: Take) -> None:
        nonlocal given
        while True:
            await take(b"x")
            given += 1

    def full(pieces: Iterable[bytes]) -> str:
        next(iter(pieces))
        raise Busy("free space in the storage folder")

    with pytest.raises(Busy, match="free space"):
        await poured(endless, full, LIMIT)
    assert given <= 6


async def test_the_first_byte_too_many_ends_it() -> None:
    with pytest.raises(TooLarge, match="larger than 10 bytes"):
        await poured(partial(give, [b"12345", b"67890", b"1"]), b"".join, 10)
    assert (await poured(partial(give, [b"12345", b"67890"]), b"".join, 10))[0] == b"1234567890"


async def test_who_is_cancelled_leaves_no_thread_behind() -> None:
    begun, ended = asyncio.Event(), threading.Event()

    async def hangs(take: Take) -> None:
        await take(b"x")
        begun.set()
        await asyncio.Event().wait()

    def keep(pieces: Iterable[bytes]) -> None:
        try:
            list(pieces)
        finally:
            ended.set()

    task = asyncio.create_task(poured(hangs, keep, LIMIT))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended.is_set()


async def test_a_file_of_18_megabytes_takes_a_few_of_memory_and_lies_sealed(tmp_path: Path) -> None:
    size, storage = 18 * 1024 * 1024, Storage(Folder(tmp_path))
    async with GraphServer(b"", size) as server:
        photo = Attachment(name="rekaman.ogg", source=f"http://127.0.0.1:{server.port}/file")
        fetch = partial(download, photo, {"private_hosts": ["127.0.0.1"]})
        tracemalloc.start()
        try:
            stored, told = await poured(fetch, partial(storage.keep, KEY, UUID(int=1)), LIMIT)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert (told.size, peak < 6 * 1024 * 1024) == (size, True), peak
    assert measured(storage.pieces(KEY, stored)) == (told.sha256, size)


async def test_a_file_that_is_refused_leaves_nothing_in_the_folder(tmp_path: Path) -> None:
    storage = Storage(Folder(tmp_path))
    async with GraphServer(b"", LIMIT + 100_000) as server:
        film = Attachment(name="film.mp4", source=f"http://127.0.0.1:{server.port}/file")
        fetch = partial(download, film, {"private_hosts": ["127.0.0.1"]})
        with pytest.raises(TooLarge):
            await poured(fetch, partial(storage.keep, KEY, UUID(int=1)), LIMIT)
        with pytest.raises(NotFound):
            await poured(
                partial(download, Attachment(name="x", source="ftp://a/x"), {}),
                partial(storage.keep, KEY, UUID(int=2)),
                LIMIT,
            )
    assert files_in(tmp_path) == []
