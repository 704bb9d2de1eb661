"""Pictures without what reveals a place or a device: only the pixels go on, turned the right way up.

Nothing is copied but pixels, palette and transparency, so whatever else a picture carries (EXIF with GPS and maker
notes, XMP, IPTC, thumbnails, comments, a second picture or a film behind the first) stays behind, known or unknown.
"""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms, ImageOps, ImageSequence

from gateway.uncleanable import BROKEN, NOT_CLEANABLE, TOO_LARGE, Uncleanable

CLEANABLE = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/apng": "PNG",
    "image/webp": "WEBP",
    "image/gif": "GIF",
    "image/bmp": "BMP",
    "image/tiff": "TIFF",
}
"""What can be read and written again, and Pillow's name of it. HEIC is not here: Pillow cannot read it."""

_RAISED = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    ArithmeticError,
    LookupError,
    EOFError,
    AttributeError,
    AssertionError,
    RuntimeError,
    MemoryError,
    struct.error,
    zlib.error,
)
"""What Pillow's readers raise on bytes that are no picture; they promise nothing narrower."""


def cleaned(content: bytes, media_type: str, most_pixels: int) -> bytes:
    """The picture as it may travel. `most_pixels` are those of all frames. Raises Uncleanable."""
    kind = CLEANABLE.get(media_type)
    if kind is None:
        raise Uncleanable(NOT_CLEANABLE)
    try:
        return _again(content, kind, most_pixels)
    except Image.DecompressionBombError as error:  # beyond twice Pillow's own limit it does not even open
        raise Uncleanable(TOO_LARGE) from error
    except _RAISED as error:
        raise Uncleanable(BROKEN) from error


def _again(content: bytes, kind: str, most_pixels: int) -> bytes:
    with Image.open(BytesIO(content), formats=(kind,)) as picture:
        frames = 1 if kind == "JPEG" else getattr(picture, "n_frames", 1)
        if picture.width * picture.height * frames > most_pixels:
            raise Uncleanable(TOO_LARGE)
        how = _manner(picture, kind)
        if frames > 1:
            first, *others = [_bare(frame) for frame in ImageSequence.Iterator(picture)]
            how |= {"save_all": True, "append_images": others, **_timing(picture)}
        else:
            first = _bare(picture)
    written = BytesIO()
    first.save(written, kind, **how)
    return written.getvalue()


def _bare(picture: Image.Image) -> Image.Image:
    """A copy of the pixels alone, upright and in the one colour space that needs no profile."""
    picture.load()
    profile, transparency = picture.info.get("icc_profile"), picture.info.get("transparency")
    upright = ImageOps.exif_transpose(picture)
    bare = upright.copy()
    bare.info = {} if transparency is None else {"transparency": transparency}
    if profile and bare.mode in ("RGB", "RGBA"):
        bare = _in_srgb(bare, profile)
    return bare


def _in_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    """Colours as they were meant; a profile names the maker of the device, so it cannot go along."""
    try:
        given = ImageCms.getOpenProfile(BytesIO(profile))
        meant = ImageCms.createProfile("sRGB")
        turned = ImageCms.profileToProfile(picture, given, meant, outputMode=picture.mode) or picture
    except (ImageCms.PyCMSError, *_RAISED):
        return picture
    turned.info = {name: value for name, value in picture.info.items() if name == "transparency"}
    return turned


def _manner(picture: Image.Image, kind: str) -> dict[str, Any]:
    """How it is written: as close to the original as the format allows."""
    if kind == "JPEG":
        tables = getattr(picture, "quantization", None)
        return {"qtables": tables} if tables and picture.mode in ("RGB", "L") else {"quality": 92}
    if kind == "WEBP":
        return {"quality": 90, "method": 2}
    if kind == "TIFF":
        return {"compression": "tiff_lzw"}
    return {}


def _timing(picture: Image.Image) -> dict[str, Any]:
    return {name: picture.info[name] for name in ("duration", "loop") if name in picture.info}
