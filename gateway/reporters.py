"""By what a reporter is found again: keyed hashes of phone number and NIK, which tell nobody without the key."""

from __future__ import annotations

from gateway.contacts import e164
from gateway.nik import digits_of
from gateway.vault import Vault
from schemas.report import Reporter

_NIK_DIGITS = 16


def reporter_keys_of(vault: Vault, reporter: Reporter | None) -> tuple[bytes, ...]:
    """The keys of a reporter; none where neither a phone number nor a NIK is known."""
    if reporter is None:
        return ()
    found = (reporter_key(vault, reporter.phone or ""), reporter_key(vault, reporter.nik or ""))
    return tuple(dict.fromkeys(key for key in found if key is not None))


def reporter_key(vault: Vault, text: str) -> bytes | None:
    """The key of a phone number or a NIK however it is written; None for a text that is neither."""
    digits = digits_of(text)
    if len(digits) == _NIK_DIGITS and not any(character.isalpha() or character == "+" for character in text):
        return vault.keyed_hash("reporter", "nik", digits)
    number = e164(text)
    return None if number is None else vault.keyed_hash("reporter", "phone", number)
