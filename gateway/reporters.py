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


def kept_keys_of(vault: Vault, reporter: Reporter | None, conversation_key: bytes | None) -> tuple[bytes, ...]:
    """The keys that are kept with a report: its reporter's, or the one by which its sender is known again."""
    keys = reporter_keys_of(vault, reporter)
    sender = None if keys else sender_key_of(vault, reporter, conversation_key)
    return keys if sender is None else (sender,)


def sender_key_of(vault: Vault, reporter: Reporter | None, conversation_key: bytes | None) -> bytes | None:
    """The key of whoever told a report: phone number, NIK, mail address, conversation; None for somebody unknown.

    Whoever asks to stay unnamed is known by it all the same, to the gateway only.
    """
    keys = reporter_keys_of(vault, reporter)
    if keys:
        return keys[0]
    address = (reporter.email or "").strip().casefold() if reporter is not None else ""
    return vault.keyed_hash("reporter", "mail", address) if address else conversation_key


def reporter_key(vault: Vault, text: str) -> bytes | None:
    """The key of a phone number or a NIK however it is written; None for a text that is neither."""
    digits = digits_of(text)
    if len(digits) == _NIK_DIGITS and not any(character.isalpha() or character == "+" for character in text):
        return vault.keyed_hash("reporter", "nik", digits)
    number = e164(text)
    return None if number is None else vault.keyed_hash("reporter", "phone", number)
