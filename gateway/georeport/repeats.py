"""When two posts are one: GeoReport v2 has no message id, and a client whose connection broke posts again.

A client may name its post: the header `Idempotency-Key`, the field or attribute `message_id`, FixMyStreet's own id of a
report or an update. Otherwise the same fields, posted again within ten to twenty minutes, are the same post. Two people
who report one hole are never joined so: their words, or their devices, accounts or contacts differ; where not even one
of these does, they are one sender to us. After that time the same words are a report of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from adapters.inbound.documents import digest_of
from adapters.inbound.forms import Form

WINDOW_SECONDS = 600

_NAMES = (
    "message_id",
    "attribute[message_id]",
    "attribute[fixmystreet_id]",
    "attribute[external_id]",
)
_UPDATE_NAMES = ("message_id", "update_id", "update_id_ext")
_LONGEST = 200


def named(form: Form, headers: Mapping[str, str], *, update: bool) -> str | None:
    """The client's own name of this post, or None when it gave none."""
    key = headers.get("idempotency-key", "").strip()
    if key:
        return f"key:{key[:_LONGEST]}"
    for name in _UPDATE_NAMES if update else _NAMES:
        if given := form.text(name).strip():
            return f"{'update' if update else name}:{given[:_LONGEST]}"
    return None


def unnamed(form: Form, now: datetime) -> tuple[str, str]:
    """The names of a post that has none of its own: as it is called if it came now, and if it came a window earlier."""
    window = int(now.timestamp()) // WINDOW_SECONDS
    digest = digest_of(form.raw("api_key").decode())
    return f"same:{digest}:{window}", f"same:{digest}:{window - 1}"
