"""A coded body is unpacked in pieces as it would be in one: never in large ones, and never taken for whole when cut."""

from __future__ import annotations

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.http.unpacking import Unpacking, unpacked

BODY = b"laporan " * 1000


def bare(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


CODINGS = {"gzip": gzip.compress, "x-gzip": gzip.compress, "deflate": zlib.compress, "identity": bytes, "": bytes}


def given_in_pieces(packed: bytes, coding: str, size: int) -> tuple[bytes, bool]:
    unpacking = Unpacking({"content-encoding": coding})
    found = [one for at in range(0, len(packed), size) for one in unpacking.pieces(packed[at : at + size])]
    return b"".join(found), unpacking.is_whole


@given(st.binary(), st.sampled_from(sorted(CODINGS)), st.integers(1, 50))
def test_in_pieces_it_is_the_same_as_in_one(body: bytes, coding: str, size: int) -> None:
    assert given_in_pieces(CODINGS[coding](body), coding, size) == (body, True)


@pytest.mark.parametrize("size", [1, 2, 7, 5000])
def test_deflate_is_read_in_both_its_forms(size: int) -> None:
    assert given_in_pieces(bare(BODY), "deflate", size) == (BODY, True)


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_what_was_cut_off_is_not_whole(coding: str) -> None:
    found, is_whole = given_in_pieces(CODINGS[coding](BODY)[:-9], coding, 100)
    assert (BODY.startswith(found), is_whole) == (True, False)


@pytest.mark.parametrize(("coding", "packed"), [("gzip", b"no gzip"), ("deflate", b"\xff\xff\xff\xff"), ("br", BODY)])
def test_what_cannot_be_unpacked_is_not_whole(coding: str, packed: bytes) -> None:
    assert given_in_pieces(packed, coding, 3) == (b"", False)


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_one_byte_is_no_coded_body_and_none_is_an_empty_one(coding: str) -> None:
    assert given_in_pieces(b"\x1f", coding, 1) == (b"", False)
    assert given_in_pieces(b"", coding, 1) == (b"", True) == unpacked(b"", {"content-encoding": coding}, 9)


def test_what_hides_much_comes_in_small_pieces() -> None:
    pieces = list(Unpacking({"content-encoding": "gzip"}).pieces(gzip.compress(bytes(10_000_000))))
    assert (max(map(len, pieces)) <= 65_536, sum(map(len, pieces))) == (True, 10_000_000)
