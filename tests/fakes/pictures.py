"""Invented pictures, with and without what they should not tell."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, PngImagePlugin
from PIL.TiffImagePlugin import IFDRational

MAKER, PLACE, NOTE = "Pabrik Ponsel Rahasia", b"-6.9174 107.6191", b"catatan pabrik"
"""What must not be found in anything that leaves."""

_XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><place>' + PLACE + b"</place></x:xmpmeta>"


def tells(content: bytes) -> list[bytes]:
    """Which of the telling words stand in these bytes."""
    return [word for word in (MAKER.encode(), PLACE, NOTE, b"GPS", b"Exif") if word in content]


def photo(width: int = 12, height: int = 8, orientation: int = 6) -> bytes:
    """A JPEG as a telephone makes it, lying on its side: red on its left half, blue on its right one."""
    return _written(_halves(width, height), "JPEG", exif=_exif(orientation), xmp=_XMP, comment=PLACE)


def telling(kind: str) -> bytes:
    """A picture of the kind (Pillow's name) with everything that the kind can tell."""
    picture = _halves(12, 8)
    if kind == "JPEG":
        return photo()
    if kind == "PNG":
        texts = PngImagePlugin.PngInfo()
        texts.add_text("Comment", PLACE.decode())
        return _written(picture, kind, pnginfo=texts, exif=_exif(1))
    if kind == "GIF":
        return _written(picture.convert("P"), kind, comment=PLACE)
    if kind == "TIFF":
        return _written(picture, kind, exif=_exif(1), description=PLACE.decode())
    return _written(picture, kind, exif=_exif(1), xmp=_XMP)


def png() -> bytes:
    """A small whole picture that tells nothing."""
    return _written(_halves(4, 4), "PNG")


def _halves(width: int, height: int) -> Image.Image:
    picture = Image.new("RGB", (width, height), (230, 20, 20))
    picture.paste((20, 20, 230), (width // 2, 0, width, height))
    return picture


def _exif(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = MAKER
    exif.get_ifd(0x8769)[0x927C] = NOTE
    exif.get_ifd(0x8825).update({1: "S", 2: (IFDRational(6), IFDRational(55), IFDRational(3)), 3: "E"})
    return exif.tobytes()


def _written(picture: Image.Image, kind: str, **how: object) -> bytes:
    file = BytesIO()
    picture.save(file, kind, **how)  # type: ignore[arg-type]  # each format takes its own
    return file.getvalue()
