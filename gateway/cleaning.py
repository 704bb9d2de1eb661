"""Text as it may be kept: one spelling of each character, nothing invisible, sane white space, and no word lost.

Unicode NFC (UAX #15). Invisible characters inside or beside a word are taken out. A zero-width space between two
letters or digits marks the end of a word (UAX #14) and becomes a space; so does every control character. A lone
surrogate, as a cut emoji leaves it, becomes U+FFFD.
"""

from __future__ import annotations

import re
import unicodedata

_NONCHARACTERS = "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
_INVISIBLE = re.compile(
    "["
    "\u00ad\u061c\u180e\ufeff"  # soft hyphen, Arabic letter mark, Mongolian vowel separator, byte order mark
    "\u200c-\u200f\u202a-\u202e"  # joiners and marks, embeddings and overrides of direction
    "\u2060-\u206f"  # word joiner, invisible operators, isolates of direction
    "\ufff9-\ufffb\U000e0000-\U000e007f"  # annotations, tags: text that only a machine sees
    f"\ufdd0-\ufdef{_NONCHARACTERS}"
    "]"
)
_HIDDEN_WORD_END = re.compile("(?<=\\w)\u200b+(?=\\w)")
_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_EMPTY_LINES = re.compile("\n{3,}")
_ELLIPSIS = "…"


def clean(text: str) -> str:
    """The text with its words and its lines, and nothing else. Cleaning it again changes nothing."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    if not text.isascii():
        text = _visible(text)
    text = _CONTROL.sub(" ", _LINE_END.sub("\n", text))
    lines = "\n".join(" ".join(line.split()) for line in text.split("\n"))
    return _EMPTY_LINES.sub("\n\n", lines).strip()


def clean_line(text: str) -> str:
    """The cleaned text on one line."""
    return " ".join(clean(text).split())


def cut(text: str, limit: int) -> str:
    """The text in at most `limit` characters: cut between two words where it can be, with an ellipsis at the end."""
    if len(text) <= limit:
        return text
    head = text[: limit - len(_ELLIPSIS)]
    if not text[len(head)].isspace():
        word_end = max(head.rfind(" "), head.rfind("\n"))
        head = head[:word_end] if word_end * 2 >= limit else head
    return head.rstrip() + _ELLIPSIS


def _visible(text: str) -> str:
    paired = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    parted = _HIDDEN_WORD_END.sub(" ", _INVISIBLE.sub("", paired)).replace("\u200b", "")
    return unicodedata.normalize("NFC", parted)
