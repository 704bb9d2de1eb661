"""XML by hand and by others: what may stand in it, and answers read without their bombs.

Sources: XML 1.0 section 2.2 (characters), 2.11 (line ends), 3.3.3 (attributes).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree
from defusedxml.common import DefusedXmlException

_FORBIDDEN = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def escaped(text: str) -> str:
    """A text as content or, in double quotes, as an attribute. What XML cannot hold becomes U+FFFD."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return html.escape(_FORBIDDEN.sub("�", lines), quote=True)


def parsed(body: bytes) -> Element | None:
    """The root of a document; None for what is no XML, or has entities of its own."""
    try:
        root: Element = defusedxml.ElementTree.fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):  # LookupError: an encoding that nobody knows
        return None
    return root


def fields_of(element: Element) -> dict[str, str]:
    """The texts of the elements right below, by their local names in lower case; the first of a name counts."""
    found: dict[str, str] = {}
    for child in element:
        found.setdefault(local_name(child), (child.text or "").strip())
    return found


def local_name(element: Element) -> str:
    """The name without its namespace, in lower case."""
    return str(element.tag).rpartition("}")[2].lower()


def texts(root: Element, name: str) -> Iterator[str]:
    """Every text, and every attribute's value, that stands under this local name, anywhere."""
    for element in root.iter():
        if local_name(element) == name and (element.text or "").strip():
            yield (element.text or "").strip()
        yield from (value.strip() for key, value in element.attrib.items() if key.lower() == name and value.strip())
