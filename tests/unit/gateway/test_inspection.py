"""What may travel, in which form, and why not."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.inspection import FileLimits, Inspection, inspect_file, inspect_head, needs_whole
from tests.fakes.pictures import photo, tells

LIMITS = FileLimits(most_bytes=5000, refused=("application/x-executable", "video/*"))


def test_a_document_travels_as_it_came() -> None:
    content = b"%PDF-1.7 laporan"
    assert inspect_file(content, "application/pdf", LIMITS) == Inspection(
        "application/pdf", sha256(content).hexdigest()
    )


def test_a_photo_travels_without_its_metadata_and_the_hash_is_of_what_came() -> None:
    found = inspect_file(photo(), "image/jpg", LIMITS)
    assert found.travels is not None
    assert (found.sha256, found.notes, found.withheld, tells(found.travels)) == (
        sha256(photo()).hexdigest(),
        (),
        None,
        [],
    )


def test_a_wrong_claim_is_noted_and_none_is_no_claim() -> None:
    assert inspect_file(b"%PDF-1.7", "image/png", LIMITS).notes == ("type_mismatch",)
    assert inspect_file(b"%PDF-1.7", "application/octet-stream", LIMITS).notes == ()
    assert inspect_file(b"%PDF-1.7", "", LIMITS).notes == ()


@pytest.mark.parametrize(
    ("content", "claimed", "reason"),
    [
        (b"", "image/png", "empty"),
        (b"a" * 5001, "text/plain", "too_large"),
        (b"\x7fELF\x02\x01\x01" + bytes(60), "image/png", "type_refused"),
        (b"\x00\x00\x00\x18ftypmp42" + bytes(60), "", "type_refused"),
        (photo()[:200], "image/jpeg", "image_broken"),
        (b"\x00\x01 no picture that we know", "image/x-raw", "metadata_not_removable"),
    ],
)
def test_what_may_not_travel_says_why(content: bytes, claimed: str, reason: str) -> None:
    found = inspect_file(content, claimed, LIMITS)
    assert (found.withheld, found.travels) == (reason, None)


def test_a_film_travels_without_its_place_or_not_at_all() -> None:
    limits = FileLimits()
    head, place = b"\x00\x00\x00\x18ftypmp42" + bytes(12), b"\x00\x00\x00\x10meta+06.9147"
    found = inspect_file(head + place, "video/mp4", limits)
    assert (found.withheld, found.travels) == (None, head + b"\x00\x00\x00\x10free" + bytes(8))
    assert inspect_file(head + place[:-1], "video/mp4", limits).withheld == "metadata_not_removable"


def test_what_nothing_here_can_clean_travels_and_says_so() -> None:
    found = inspect_file(b"\x1a\x45\xdf\xa3" + b"\x42\x82\x84webm" + bytes(40), "video/webm", FileLimits())
    assert (found.media_type, found.notes, found.travels) == ("video/webm", ("metadata_kept",), None)


@given(st.binary(max_size=200), st.text(max_size=40))
def test_any_file_is_looked_at(content: bytes, claimed: str) -> None:
    found = inspect_file(content, claimed, LIMITS)
    assert found.sha256 == sha256(content).hexdigest()


STARTS = {
    "ogg": b"OggS" + bytes(60),
    "mp3": b"ID3\x03" + bytes(60),
    "webm": b"\x1a\x45\xdf\xa3" + b"\x42\x82\x84webm" + bytes(40),
    "elf": b"\x7fELF\x02\x01\x01" + bytes(60),
}


@pytest.mark.parametrize("kind", STARTS)
@pytest.mark.parametrize("claimed", ["", "audio/ogg", "image/png"])
@pytest.mark.parametrize("more", [0, 20_000])
def test_of_what_is_neither_cleaned_nor_text_the_beginning_tells_all(kind: str, claimed: str, more: int) -> None:
    content, limits = STARTS[kind] + bytes(more), FileLimits(most_bytes=15_000)
    assert not needs_whole(content[:8192])
    digest = sha256(content).hexdigest()
    assert inspect_head(content[:8192], len(content), digest, claimed, limits) == inspect_file(content, claimed, limits)


@pytest.mark.parametrize(
    "content", [photo(), b"%PDF-1.7", b"PK\x03\x04", b"\x00\x00\x00\x18ftypmp42" + bytes(9), b"teks", b""]
)
def test_what_is_cleaned_or_told_by_all_of_it_must_be_whole(content: bytes) -> None:
    assert needs_whole(content)
