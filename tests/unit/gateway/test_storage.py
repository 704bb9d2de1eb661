"""Files lie sealed, whole or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path
from random import Random
from uuid import UUID

import pytest

from gateway.keyring import make_key_ring
from gateway.storage import Folder, Storage
from gateway.vault import Vault
from schemas.errors import Busy, NotFound

KEY = Vault(make_key_ring(Random(1).randbytes)).new_key(UUID(int=1))
ID = UUID(int=0xAB12)


def everything(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_file_comes_back_and_lies_sealed(tmp_path: Path) -> None:
    storage = Storage(Folder(tmp_path))
    name = storage.keep(KEY, ID, b"foto" * 50_000)
    assert storage.load(KEY, name) == b"foto" * 50_000
    assert b"foto" not in (tmp_path / name).read_bytes()


def test_a_file_sealed_in_one_piece_by_an_older_version_comes_back(tmp_path: Path) -> None:
    (tmp_path / "12").mkdir()
    (tmp_path / "12" / ID.hex).write_bytes(KEY.seal("file", b"foto lama"))
    assert Storage(Folder(tmp_path)).load(KEY, f"12/{ID.hex}") == b"foto lama"


def test_a_file_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    def breaks_off() -> Iterator[bytes]:
        yield b"a" * 100_000
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - it is the test's own
        Storage(Folder(tmp_path)).keep(KEY, ID, breaks_off())
    assert everything(tmp_path) == []


def test_a_file_that_is_gone_is_not_found(tmp_path: Path) -> None:
    storage = Storage(Folder(tmp_path))
    name = storage.keep(KEY, ID, b"foto")
    storage.remove(name)
    storage.remove(name)
    with pytest.raises(NotFound):
        storage.load(KEY, name)


def test_files_untouched_for_long_are_named_half_written_ones_too(tmp_path: Path) -> None:
    storage = Storage(Folder(tmp_path))
    old, young = storage.keep(KEY, ID, b"a"), storage.keep(KEY, UUID(int=0xCD34), b"b")
    (tmp_path / "12" / "half.part").write_bytes(b"c")
    for name in (old, "12/half.part"):
        os.utime(tmp_path / name, (1000, 1000))
    assert [*storage.untouched_since(2000)] == sorted([old, "12/half.part"])
    assert young not in storage.untouched_since(2000)


@pytest.mark.parametrize(
    ("number", "advice"),
    [
        (errno.EMFILE, "more open files"),
        (errno.ENOSPC, "free space"),
        (errno.EROFS, "writable"),
        (errno.EIO, "look at"),
    ],
)
def test_what_the_system_refuses_is_told_with_what_to_do(tmp_path: Path, number: int, advice: str) -> None:
    def refused() -> Iterator[bytes]:
        yield b"a"
        raise OSError(number, os.strerror(number))

    with pytest.raises(Busy, match=f"{os.strerror(number)}; .*{advice}"):
        Storage(Folder(tmp_path)).keep(KEY, ID, refused())
