"""A bucket: signed requests, parts of bounded size, and what to do when the store will not."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.object_store import Bucket, ObjectStore
from schemas.errors import Busy, Misconfigured
from tests.fakes.s3 import BUCKET, KEY_ID, REGION, SECRET, Shelves, s3_server

MIB = 1024 * 1024


@pytest.fixture
def served() -> Iterator[tuple[Bucket, Shelves]]:
    with s3_server() as (url, shelves):
        yield Bucket(BUCKET, None, KEY_ID, SECRET, url, REGION, retry_within=timedelta(seconds=2)), shelves


def methods(shelves: Shelves) -> list[str]:
    return [method for method, _ in shelves.asked]


def test_a_small_file_is_one_request_and_a_large_one_goes_in_parts(served: tuple[Bucket, Shelves]) -> None:
    bucket, shelves = served
    store = ObjectStore(bucket)
    store.write("01/kecil", [b"a" * MIB])
    assert methods(shelves) == ["PUT"]
    drawn = []

    def pieces() -> Iterator[bytes]:
        for number in range(40):
            drawn.append(len(shelves.asked))
            yield bytes([number]) * MIB

    store.write("01/besar", pieces())
    assert shelves.objects["01/besar"][0] == b"".join(bytes([number]) * MIB for number in range(40))
    assert shelves.largest <= 6 * MIB
    assert drawn[-1] > 4, "the last pieces are asked for when the first parts have long been sent"
    assert shelves.uploads == {}


def test_what_breaks_off_leaves_no_parts_behind(served: tuple[Bucket, Shelves]) -> None:
    bucket, shelves = served

    def breaks_off() -> Iterator[bytes]:
        yield b"a" * 12 * MIB
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ObjectStore(bucket).write("01/putus", breaks_off())
    assert (shelves.objects, shelves.uploads, methods(shelves)[-1]) == ({}, {}, "DELETE")


@pytest.mark.parametrize(
    ("change", "advice"),
    [
        (lambda bucket: replace(bucket, secret="bukan ini"), "mend files_store_key_id"),
        (lambda bucket: replace(bucket, key_id="AKIABUKAN"), "mend files_store_key_id"),
        (lambda bucket: replace(bucket, region="us-east-1"), "mend files_store_key_id"),
        (lambda bucket: replace(bucket, name="tidak-ada"), "there is no such bucket"),
        (lambda bucket: replace(bucket, endpoint="http://127.0.0.1:1"), "does not answer as it should"),
    ],
    ids=["secret", "key id", "region", "bucket", "nobody there"],
)
def test_what_the_store_refuses_is_told_with_what_to_do(
    served: tuple[Bucket, Shelves], change: Callable[[Bucket], Bucket], advice: str
) -> None:
    with pytest.raises(Busy, match=advice):
        ObjectStore(change(served[0])).write("01/a", [b"foto"])
    assert served[1].objects == {}


def test_a_store_that_recovers_within_a_moment_is_not_noticed(served: tuple[Bucket, Shelves]) -> None:
    bucket, shelves = served
    shelves.moods = [503]
    ObjectStore(bucket).write("01/a", [b"foto"])
    assert (shelves.objects["01/a"][0], methods(shelves)) == (b"foto", ["PUT", "PUT"])


def test_a_file_that_cannot_be_read_to_its_end_is_busy_not_short(served: tuple[Bucket, Shelves]) -> None:
    bucket, shelves = served
    store = ObjectStore(bucket)
    store.write("01/a", [b"a" * MIB])
    shelves.moods = [0]
    with pytest.raises(Busy, match="could not be read"), store.reading("01/a") as file:
        file.read()


def test_it_is_read_in_the_sizes_that_are_asked_for(served: tuple[Bucket, Shelves]) -> None:
    store = ObjectStore(served[0])
    store.write("01/a", [bytes(range(256)) * 1000])
    with store.reading("01/a") as file:
        assert (file.read(1), len(file.read(100_000)), file.read(0)) == (b"\0", 100_000, b"")
        assert (len(file.read()), file.read(5)) == (155_999, b"")


def test_without_the_library_it_says_what_to_install(
    served: tuple[Bucket, Shelves], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "obstore.store", None)
    with pytest.raises(Misconfigured, match=r"sp4n-gateway\[s3\]"):
        ObjectStore(served[0])
