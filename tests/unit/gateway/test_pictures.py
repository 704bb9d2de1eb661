"""What leaves of a picture is what is seen on it, the right way up, and nothing that tells where and with what."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms
from PIL.ImageCms import ImageCmsProfile

from gateway.pictures import CLEANABLE, cleaned
from gateway.uncleanable import BROKEN, NOT_CLEANABLE, TOO_LARGE, Uncleanable
from tests.fakes.pictures import photo, png, telling, tells

MOST = 1_000_000
KINDS = {name: kind for name, kind in CLEANABLE.items() if kind != "BMP" and name != "image/apng"}


def opened(content: bytes) -> Image.Image:
    picture = Image.open(BytesIO(content))
    picture.load()
    return picture


@pytest.mark.parametrize(("media_type", "kind"), KINDS.items())
def test_place_and_device_stay_behind(media_type: str, kind: str) -> None:
    original = telling(kind)
    assert tells(original) != []
    leaves = cleaned(original, media_type, MOST)
    picture = opened(leaves)
    assert tells(leaves) == []
    assert set(picture.getexif()) - set(opened(png()).getexif()) <= set(range(0x0100, 0x011E))  # a TIFF's own frame
    assert not {"exif", "xmp", "comment", "Comment", "icc_profile", "photoshop"} & set(picture.info)


def test_a_photo_taken_sideways_leaves_upright() -> None:
    picture = opened(cleaned(photo(width=48, height=32, orientation=6), "image/jpeg", MOST))
    assert picture.size == (32, 48)
    top, bottom = picture.getpixel((16, 4)), picture.getpixel((16, 44))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert top[0] > 200 > 100 > top[2]
    assert bottom[2] > 200 > 100 > bottom[0]


def test_what_hangs_behind_the_picture_stays_behind() -> None:
    film = b"\x00\x00\x00\x18ftypmp42 -6.9174 107.6191 Pabrik Ponsel Rahasia"
    assert tells(cleaned(photo() + film, "image/jpeg", MOST)) == []


def test_cleaning_again_and_again_gives_the_same_bytes() -> None:
    assert cleaned(photo(), "image/jpeg", MOST) == cleaned(photo(), "image/jpeg", MOST)


def test_what_moves_still_moves() -> None:
    frames = [Image.new("P", (4, 4), number) for number in range(3)]
    for number, frame in enumerate(frames):
        frame.putpalette([0, 0, 0, 255, 0, 0, 0, 255, 0])
        frame.putpixel((number, 0), 0)
    file = BytesIO()
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:], duration=80, loop=0)
    assert opened(cleaned(file.getvalue(), "image/gif", MOST)).n_frames == 3  # type: ignore[attr-defined]


def bomb(width: int, height: int) -> bytes:
    """A PNG that says of itself to be so large."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize(
    ("content", "media_type", "reason"),
    [
        (bomb(2000, 2000), "image/png", TOO_LARGE),
        (bomb(60_000, 60_000), "image/png", TOO_LARGE),
        (bomb(100, 100), "image/png", BROKEN),
        (photo()[:-40], "image/jpeg", BROKEN),
        (b"\xff\xd8\xff\xe0 foto", "image/jpeg", BROKEN),
        (b"", "image/jpeg", BROKEN),
        (png(), "image/jpeg", BROKEN),
        (b"\x00\x00\x00\x18ftypheic", "image/heic", NOT_CLEANABLE),
        (b"<svg/>", "image/svg+xml", NOT_CLEANABLE),
    ],
)
def test_a_picture_that_cannot_be_cleaned_is_withheld_with_its_reason(
    content: bytes, media_type: str, reason: str
) -> None:
    with pytest.raises(Uncleanable) as raised:
        cleaned(content, media_type, MOST)
    assert raised.value.reason == reason


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::PIL.Image.DecompressionBombWarning")
@settings(max_examples=100, deadline=None)
@given(st.sampled_from([*KINDS.items()]), st.lists(st.tuples(st.integers(0, 5000), st.binary(max_size=6)), max_size=5))
def test_no_hostile_picture_does_harm_or_tells_anything(
    which: tuple[str, str], changes: list[tuple[int, bytes]]
) -> None:
    media_type, kind = which
    content = bytearray(telling(kind))
    for place, data in changes:
        at = place % len(content)
        content[at : at + len(data)] = data
    try:
        leaves = cleaned(bytes(content), media_type, MOST)
    except Uncleanable as error:
        assert error.reason in (BROKEN, TOO_LARGE)  # noqa: PT017 - either end is right
    else:
        assert tells(leaves) == []


def with_profile(profile: bytes) -> bytes:
    file = BytesIO()
    Image.new("RGB", (4, 4), (200, 30, 30)).save(file, "PNG", icc_profile=profile)
    return file.getvalue()


@pytest.mark.parametrize("profile", [ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(), b"bukan profil"])
def test_colours_stay_as_they_were_meant_and_the_profile_stays_behind(profile: bytes) -> None:
    picture = opened(cleaned(with_profile(profile), "image/png", MOST))
    assert picture.getpixel((1, 1)) == pytest.approx((200, 30, 30), abs=2)
    assert "icc_profile" not in picture.info
