"""What a place for sealed files must do, said once and held by all of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from uuid import UUID

import pytest

from gateway.keyring import make_key_ring
from gateway.object_store import Bucket, ObjectStore
from gateway.storage import Folder, Storage, name_of
from gateway.vault import Vault
from schemas.errors import NotFound, Tampered
from tests.fakes.s3 import BUCKET, KEY_ID, REGION, SECRET, s3_server

KEY = Vault(make_key_ring(Random(1).randbytes)).new_key(UUID(int=1))
IDS = [UUID(int=number) for number in range(0xAB01, 0xAB06)]
SOME = Random(2).randbytes(13 * 1024 * 1024 + 5)


@pytest.fixture(params=["folder", "object store"])
def put(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Storage, Callable[[str, bytes], None]]]:
    """A storage, and how somebody else overwrites what lies in it."""
    if request.param == "folder":
        yield Storage(Folder(tmp_path)), lambda name, content: (tmp_path / name).write_bytes(content) and None
        return
    with s3_server() as (url, shelves):

        def overwrite(name: str, content: bytes) -> None:
            shelves.objects[f"uji/{name}"] = (content, shelves.objects[f"uji/{name}"][1])

        yield Storage(ObjectStore(Bucket(BUCKET, "uji", KEY_ID, SECRET, url, REGION))), overwrite


@pytest.fixture
def storage(put: tuple[Storage, Callable[[str, bytes], None]]) -> Storage:
    return put[0]


@pytest.mark.parametrize("content", [b"", b"foto", SOME], ids=["empty", "small", "large"])
def test_a_file_comes_back_as_it_was(storage: Storage, content: bytes) -> None:
    name = storage.keep(KEY, IDS[0], content)
    assert storage.load(KEY, name) == content
    assert b"".join(storage.pieces(KEY, name)) == content


def test_a_file_that_breaks_off_has_no_name(storage: Storage) -> None:
    def breaks_off() -> Iterator[bytes]:
        yield SOME
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        storage.keep(KEY, IDS[0], breaks_off())
    with pytest.raises(NotFound):
        storage.load(KEY, name_of(IDS[0]))
    assert [*storage.untouched_since(4e9)] == []


def test_what_is_removed_is_gone_and_removing_it_again_is_nothing(storage: Storage) -> None:
    name = storage.keep(KEY, IDS[0], b"foto")
    storage.remove(name)
    storage.remove(name)
    with pytest.raises(NotFound):
        storage.load(KEY, name)


def test_a_file_that_was_changed_is_noticed(put: tuple[Storage, Callable[[str, bytes], None]]) -> None:
    storage, overwrite = put
    name = storage.keep(KEY, IDS[0], b"foto")
    overwrite(name, os.urandom(60))
    with pytest.raises(Tampered):
        storage.load(KEY, name)


def test_all_names_are_told_by_their_age(storage: Storage) -> None:
    names = sorted(storage.keep(KEY, one, b"foto") for one in IDS)
    assert sorted(storage.untouched_since(4e9)) == names
    assert [*storage.untouched_since(1e9)] == []
