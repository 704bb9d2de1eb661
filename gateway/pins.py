"""The PIN of a report: with the tracking code it proves that somebody holds the report's receipt.

It is made from the tracking code with a key that only the gateway has, so nothing is stored, an anonymous report has
one too, and nobody can tell it from the code.
"""

from __future__ import annotations

import hmac

from gateway.vault import Vault

DIGITS = 6


def pin_of(vault: Vault, tracking_code: str) -> str:
    """The six digits that belong to a tracking code."""
    number = int.from_bytes(vault.keyed_hash("tracking-pin", tracking_code), "big")
    return f"{number % 10**DIGITS:0{DIGITS}}"


def is_pin(vault: Vault, tracking_code: str, given: str) -> bool:
    """Whether the PIN is the code's own; takes as long for a wrong one."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), pin_of(vault, tracking_code).encode())
