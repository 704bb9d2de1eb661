"""A file sealed in pieces comes back whole, or not at all: nothing can be cut, moved, doubled or exchanged."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from random import Random
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.keyring import make_key_ring
from gateway.sealed_stream import CHUNK, SALT_BYTES
from gateway.vault import SubjectKey, Vault
from schemas.errors import Tampered

VAULT = Vault(make_key_ring(Random(1).randbytes))
KEY = VAULT.new_key(UUID(int=1))
HEAD, SEALED = 1 + SALT_BYTES, CHUNK + 16


def sealed(content: bytes, key: SubjectKey = KEY) -> bytes:
    return b"".join(key.seal_pieces("file", [content]))


def opened(data: bytes, part: str = "file", key: SubjectKey = KEY) -> bytes:
    return b"".join(key.open_pieces(part, BytesIO(data)))


@settings(max_examples=30)
@given(st.lists(st.integers(0, CHUNK + 3), max_size=4), st.sampled_from([0, CHUNK, 2 * CHUNK]))
def test_what_is_sealed_in_pieces_comes_back_however_it_was_cut(sizes: list[int], rest: int) -> None:
    pieces = [Random(size).randbytes(size) for size in [*sizes, rest]]
    data = b"".join(KEY.seal_pieces("file", pieces))
    assert opened(data) == b"".join(pieces)


def test_a_file_of_the_old_form_stays_readable() -> None:
    assert opened(KEY.seal("file", b"foto")) == b"foto"


def broken() -> Iterator[bytes]:
    data = sealed(Random(2).randbytes(3 * CHUNK))
    first, second, third = (data[HEAD + at * SEALED : HEAD + (at + 1) * SEALED] for at in range(3))
    head, other = data[:HEAD], sealed(bytes(3 * CHUNK))
    yield from (head + first + second, head + first, head, data[:20], data[:1], data[:-1], data + b"x")
    yield from (head + second + first + third, head + first + first + second + third, head + first + third)
    yield from (data + third, other[:HEAD] + first + second + third, head + first + other[HEAD + SEALED :])
    yield from (data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :] for at in (0, 1, HEAD, HEAD + SEALED + 9))


@pytest.mark.parametrize("data", [pytest.param(data, id=str(number)) for number, data in enumerate(broken())])
def test_whatever_is_done_to_a_sealed_file_is_noticed(data: bytes) -> None:
    with pytest.raises(Tampered):
        opened(data)


def test_a_file_cannot_be_passed_off_as_anothers() -> None:
    data = sealed(b"foto")
    with pytest.raises(Tampered):
        opened(data, part="report")
    with pytest.raises(Tampered):
        opened(data, key=VAULT.new_key(UUID(int=1)))


def test_pieces_are_given_out_before_the_end_is_read() -> None:
    file = BytesIO(sealed(bytes(10 * CHUNK)))
    assert next(KEY.open_pieces("file", file)) == bytes(CHUNK)
    assert file.tell() < 4 * SEALED
