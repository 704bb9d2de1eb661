"""Bytes of mail as text: every character set that has a name, and those that have none or a wrong one.

RFC 2045, 5.2 (no character set), RFC 2047 (words in headers), WHATWG Encoding, 4.2 (what people mean by a name).
"""

from __future__ import annotations

import binascii
import codecs
import re

_MEANT = {
    "": "",
    "ascii": "",
    "us-ascii": "",
    "ansi_x3.4-1968": "",
    "unknown-8bit": "",
    "x-unknown": "",
    "x-user-defined": "",
    "cp-850": "cp850",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-9": "cp1254",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "x-sjis": "cp932",
    "unicode-1-1-utf-7": "utf-7",
    "utf8mb4": "utf-8",
    "x-mac-roman": "mac-roman",
}
_NOT_FOR_TEXT = frozenset({"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape"})
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bq])\?([^?]{0,2000})\?=", re.IGNORECASE)
_BETWEEN = re.compile(r"(\?=)\s+(?==\?[^?\s]{1,60}\?[bq]\?)", re.IGNORECASE)
_HEX = re.compile(rb"=([0-9a-f]{2})", re.IGNORECASE)


def text_of_bytes(content: bytes, charset: str) -> str:
    """The text, with marks of replacement for what cannot be read. `charset` is the name that the mail gives."""
    name = _codec(charset)
    text = content.decode(name, "replace") if name else _guessed(content)
    return text.encode("utf-8", "replace").decode()  # half an emoji is no text


def unencoded(text: str) -> str:
    """A header with its encoded words read (RFC 2047). Those of one character set are read together: some are cut."""
    runs: list[tuple[str, bytes]] = []
    begun = 0
    for word in _WORD.finditer(text := _BETWEEN.sub(r"\1", text)):
        charset = word[1].partition("*")[0].lower()  # RFC 2231, 5: a language may stand after it
        if runs and word.start() == begun and runs[-1][0] == charset:
            runs[-1] = (charset, runs[-1][1] + _bytes_of(word))
        else:
            runs += [("utf-8", text[begun : word.start()].encode("utf-8", "replace")), (charset, _bytes_of(word))]
        begun = word.end()
    return "".join([*(text_of_bytes(content, charset) for charset, content in runs), text[begun:]])


def _bytes_of(word: re.Match[str]) -> bytes:
    given = word[3].encode("utf-8", "replace")
    if word[2] in "bB":
        return base64_bytes(given)
    return _HEX.sub(lambda found: bytes.fromhex(found[1].decode()), given.replace(b"_", b" "))


def base64_bytes(content: bytes) -> bytes:
    """What base64 holds, as far as it can be read; a last group that broke off is left out."""
    try:
        return binascii.a2b_base64(content)
    except binascii.Error:
        digits = re.sub(rb"[^A-Za-z0-9+/]", b"", content)
        return binascii.a2b_base64(digits[: len(digits) // 4 * 4])


def _codec(charset: str) -> str:
    """Python's name for what is meant; empty where it must be guessed."""
    given = charset.strip().strip("\"'").lower()[:60]
    meant = _MEANT.get(given, given)
    try:
        found = codecs.lookup(meant) if meant else None
    except (LookupError, ValueError):
        return ""
    fits = found is not None and found._is_text_encoding and found.name not in _NOT_FOR_TEXT
    return meant if fits else ""


def _guessed(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")
