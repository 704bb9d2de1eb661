"""How a mail names the handoff that it carries, and how that is found again in answers and bounces.

`Message-ID: <handoff id@domain>` is the same however often a handoff is mailed, so that a mailbox can drop a second
one; the return path carries the handoff too (VERP, RFC 3461 speaks of it in section 1): `bounces+<hex>@domain`.
"""

from __future__ import annotations

import re
from uuid import UUID

_OURS = re.compile(r"<?([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})@([A-Za-z0-9.-]+)>?")
_VERP = re.compile(r"\+([0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15})@", re.IGNORECASE)


def message_id(handoff_id: UUID, domain: str) -> str:
    """The Message-ID of a handoff, with its angle brackets."""
    return f"<{handoff_id}@{domain}>"


def return_path(handoff_id: UUID, address: str) -> str:
    """The envelope sender of a handoff: the bounce address with the handoff in it."""
    local, _, domain = address.rpartition("@")
    return f"{local}+{handoff_id.hex}@{domain}"


def handoffs_in(text: str) -> list[UUID]:
    """The handoffs whose Message-IDs stand in a text (References, In-Reply-To), first one first, each once.

    Nothing says that they are in the ledger: whoever wrote the text may have invented them.
    """
    return list(dict.fromkeys(UUID(found[1]) for found in _OURS.finditer(text)))


def handoff_of_return_path(address: str) -> UUID | None:
    """The handoff in a return path of ours; None when there is none."""
    found = _VERP.search(address)
    return UUID(found[1]) if found else None


def handoff_answered(references: str, in_reply_to: str = "") -> UUID | None:
    """The handoff that a mail answers: the last of ours in its References, or the one it replies to directly."""
    direct = handoffs_in(in_reply_to)
    if direct:
        return direct[-1]
    found = handoffs_in(references)
    return found[-1] if found else None
