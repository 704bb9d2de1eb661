"""Phone numbers and e-mail addresses in free text, and which of them are the writer's own.

A number or address is the writer's own when the channel knows it as the reporter's, or when the text says so ("hubungi
saya di …", "email saya: …"). Every other one may be what the report is about and is left alone.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import phonenumbers
from phonenumbers import NumberParseException, PhoneMetadata, PhoneNumberFormat

PHONE_MASK = "[nomor telepon dirahasiakan]"
EMAIL_MASK = "[surel dirahasiakan]"

_HOME = "ID"
_HOME_CODE = "+62"
_DIALLED_ABROAD = "00"
_LONGEST = 64  # no phone number with its signs is longer; the library would search a longer text for one

_GAP = r"[ .\-()\u2010-\u2013]{0,3}"
_NUMBER = rf"\+?\(?\d(?:{_GAP}\d){{7,14}}(?!\d)"
_ADDRESS = r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}"
_OWN = (  # a way to be reached, then the writer, then perhaps a word between; never across a mask
    r"(?i)(?<![\w\]])(?:hp|wa|whatsapp|telp|tlp|telepon|telpon|nomor|no|kontak|hubungi|kabari|balas|e-?mail|surel)\b"
    r"[^\n\d@\[\]]{0,15}\b(?:saya|aku|kami|pelapor)\b"
    r"(?:\W{0,3}\b(?:di|ke|adalah|yaitu|ini|nomor|no|wa|hp|telp|e-?mail|surel)\b){0,3}[^\w\[\]]{0,3}"
)
_WRITERS = ("saya", "aku", "kami", "pelapor")
_FAR = 40  # characters between a writer and a number of his, at most
_OWN_NUMBER = re.compile(rf"{_OWN}(?<![\d+])({_NUMBER})")
_OWN_ADDRESS = re.compile(rf"{_OWN}(?<![\w.+-])({_ADDRESS})")
_SOME_NUMBER = re.compile(rf"\d(?:{_GAP}\d){{7}}")
_WHOLE_ADDRESS = re.compile(_ADDRESS)
_E164 = re.compile(r"\+[1-9][0-9]{7,14}")
_DIGITS = re.compile(r"\d+")
_LAST_GROUP = re.compile(r"\D+\d+\Z")


def e164(text: str) -> str | None:
    """The number in E.164 (`+6281234567890`), read as Indonesian unless it says otherwise; None when it is none."""
    dialled = text.strip()
    if len(dialled) > _LONGEST or any(character.isalpha() for character in dialled):
        return None
    if dialled.startswith(_DIALLED_ABROAD):
        dialled = "+" + dialled.removeprefix(_DIALLED_ABROAD)
    if mobile := _home_mobile().fullmatch(dialled):
        return _HOME_CODE + mobile[1]
    try:
        number = phonenumbers.parse(dialled, _HOME)
    except NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


@cache
def _home_mobile() -> re.Pattern[str]:
    """Indonesian mobile numbers as most people write them, by the library's own table: no need to ask it for more."""
    table: Any = PhoneMetadata.metadata_for_region(_HOME)
    return re.compile(rf"(?:0|\+62)({table.mobile.national_number_pattern})", re.ASCII)


def own_phones(text: str) -> tuple[str, ...]:
    """Each different phone number that the text calls its writer's own, in E.164, in order."""
    if not any(_follows_writer(text, number.start()) for number in _SOME_NUMBER.finditer(text)):  # a quick look
        return ()
    found = (_leading_number(match.group(1)) for match in _OWN_NUMBER.finditer(text))
    return tuple(dict.fromkeys(number for number in found if number))


def _follows_writer(text: str, at: int) -> bool:
    before = text[max(at - _FAR, 0) : at].casefold()
    return any(writer in before for writer in _WRITERS)


def own_addresses(text: str) -> tuple[str, ...]:
    """Each different e-mail address that the text calls its writer's own, in order."""
    if "@" not in text:
        return ()
    return tuple(dict.fromkeys(match.group(1) for match in _OWN_ADDRESS.finditer(text)))


def hide_phone(text: str, number: str) -> str:
    """The text with a mask for this number (E.164), however it is written. Any other value hides nothing."""
    digits = number.removeprefix(_HOME_CODE).removeprefix("+")
    if not _E164.fullmatch(number) or digits not in "".join(_DIGITS.findall(text)):
        return text
    prefix = rf"(?:(?:\+|{_DIALLED_ABROAD})?62{_GAP}|0{_GAP})?" if number.startswith(_HOME_CODE) else r"\+?"
    return re.sub(rf"(?<!\d)\(?{prefix}{_GAP.join(digits)}(?!\d)", PHONE_MASK, text)


def hide_address(text: str, address: str) -> str:
    """The text with a mask for this e-mail address, in any case. A value that is no address hides nothing."""
    if (text.isascii() and address.lower() not in text.lower()) or not _WHOLE_ADDRESS.fullmatch(address):
        return text
    return re.sub(rf"(?i)(?<![\w.+-]){re.escape(address)}(?![\w-])", EMAIL_MASK, text)


def _leading_number(text: str) -> str | None:
    """The phone number that a row of digits begins with: what follows it may be an age or an hour."""
    while (number := e164(text)) is None and (last := _LAST_GROUP.search(text)):
        text = text[: last.start()]
    return number
