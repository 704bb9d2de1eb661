"""Office documents without what reveals who wrote them, on which machine, and where their pictures were taken.

ECMA-376, part 2 (11: core properties) and part 1 (15.2.12: the other two); OpenDocument 1.3, part 2 (4.3: meta.xml).
Both are ZIP packages. Properties are emptied, names of authors are blanked where comments and changes have them, and
pictures inside go through the same cleaning as pictures that come alone. What is written stays as it is.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

_OPEN_XML = "application/vnd.openxmlformats-officedocument."
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."

_WHEN = (1980, 1, 1, 0, 0, 0)
"""The first time that ZIP knows: when each part was saved is told to nobody."""

_PROPERTIES: dict[str, bytes] = {
    "docProps/core.xml": (
        b'<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
    ),
    "docProps/app.xml": (
        b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'
    ),
    "docProps/custom.xml": (
        b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>'
    ),
    "meta.xml": (
        b'<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:version="1.3">'
        b"<office:meta/></office:document-meta>"
    ),
}
_XML = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_NAMES_IN_ATTRIBUTES = re.compile(
    rb"""(\s(?:w\d*:(?:author|initials|userId)|userName|displayName|userId|initials)\s*=\s*)("[^"]*"|'[^']*')"""
)
_NAMES_OF_AUTHORS = re.compile(rb"""(<p:cmAuthor\b[^>]*?\sname\s*=\s*)("[^"]*"|'[^']*')""")
_NAMES_IN_ELEMENTS = re.compile(
    rb"(<(author|dc:creator|meta:creator-initials|text:sender-initials|text:initial-creator|text:author-name)\b[^>]*>)"
    rb"[^<]*(</\2>)"
)
_PATH = re.compile(rb"<x15ac:absPath\b[^>]*?(?:/>|>[^<]*</x15ac:absPath>)")
_PRINTER = re.compile(rb'(<config:config-item config:name="(?:PrinterName|PrinterSetup)"[^>]*>)[^<]*(<)')
_SEALED = re.compile(r"_xmlsignatures/|META-INF/[^/]*signatures\.xml|EncryptedPackage")
_ENCRYPTED = b"encryption-data"
_FOREIGN = re.compile(
    r"/embeddings/|/activeX/|vbaProject\.bin|Object [^/]*/|customXml/|\.(?:bin|emf|wmf|ole)$", re.IGNORECASE
)
"""Parts of other programs, which may hold anything."""
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|tiff?|bmp|webp|heic)$", re.IGNORECASE)

_RAISED = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    ValueError,
    LookupError,
    EOFError,
    RuntimeError,
    NotImplementedError,
)


@dataclass(frozen=True, slots=True)
class Measure:
    """What is unpacked at most; a document of 20 MB needs less, a bomb is made of more. `bytes` are of all parts."""

    bytes: int = 200 * 1024 * 1024
    parts: int = 5000


_MEASURE = Measure()


def is_office(media_type: str) -> bool:
    """Whether it is a document of one of the two families."""
    return media_type.startswith((_OPEN_XML, _OPEN_DOCUMENT))


def without_traces(
    content: bytes, clean_picture: Callable[[bytes], bytes | None], most: Measure = _MEASURE
) -> tuple[bytes, bool]:
    """The document as it may travel, and whether none of it may be left.

    `clean_picture` gives a picture without its place and device, None when it cannot. A document that is signed or
    encrypted must not or cannot be changed; one that is no package is left as it is. Both are told.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            parts = package.infolist()
            if not _is_open(package, parts, most):
                return content, False
            return _packed_anew(package, parts, clean_picture)
    except _RAISED:
        return content, False


def _is_open(package: zipfile.ZipFile, parts: list[zipfile.ZipInfo], most: Measure) -> bool:
    if len(parts) > most.parts or sum(part.file_size for part in parts) > most.bytes:
        return False
    if any(_SEALED.search(part.filename) for part in parts):
        return False
    manifest = "META-INF/manifest.xml"
    return manifest not in package.namelist() or _ENCRYPTED not in package.read(manifest)


def _packed_anew(
    package: zipfile.ZipFile, parts: list[zipfile.ZipInfo], clean_picture: Callable[[bytes], bytes | None]
) -> tuple[bytes, bool]:
    made, is_clean = BytesIO(), True
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as other:
        for part in parts:
            inside = package.read(part)
            told = _cleaned(part.filename, inside, clean_picture)
            is_clean = is_clean and told is not None
            entry = zipfile.ZipInfo(part.filename, _WHEN)
            entry.compress_type = zipfile.ZIP_STORED if part.filename == "mimetype" else zipfile.ZIP_DEFLATED
            other.writestr(entry, inside if told is None else told)
    return made.getvalue(), is_clean


def _cleaned(name: str, inside: bytes, clean_picture: Callable[[bytes], bytes | None]) -> bytes | None:
    """A part as it may travel; None when it must go as it is, with whatever it tells."""
    if name in _PROPERTIES:
        return _XML + _PROPERTIES[name]
    if _FOREIGN.search(name):
        return None
    if _PICTURE.search(name):
        return clean_picture(inside)
    if not name.endswith((".xml", ".rels")):
        return inside
    return None if inside[:2] in (b"\xff\xfe", b"\xfe\xff") else _nameless(inside)


def _nameless(xml: bytes) -> bytes:
    for names in (_NAMES_IN_ATTRIBUTES, _NAMES_OF_AUTHORS):
        xml = names.sub(rb'\1""', xml)
    xml = _NAMES_IN_ELEMENTS.sub(rb"\1\3", xml)
    return _PATH.sub(b"", _PRINTER.sub(rb"\1\2", xml))
