"""What a refusal of Meta's Graph API means: whether another try may help, and when.

https://developers.facebook.com/docs/graph-api/guides/error-handling
"""

from __future__ import annotations

import orjson
from pydantic import TypeAdapter, ValidationError

from adapters.contract import Reply
from adapters.http import retry_after
from schemas.errors import Busy, NotFound

LATER = 300.0
BY_HAND = 900.0  # seconds until somebody may have mended the token

_TOKEN_CODES = frozenset({0, 3, 10, 102, 190, *range(200, 300)})
_PASSING_CODES = frozenset({1, 2, 4, 17, 80007, 130429, 131000, 131016, 131056})
"""https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes"""

_code = TypeAdapter(int)


def refusal(reply: Reply, who: str, gone: str) -> Busy | NotFound:
    """What a refused call means: Busy when another try may help. `who` answered; `gone` tells what is not there."""
    code = _error_code(reply)
    if reply.status in (401, 403) or code in _TOKEN_CODES:
        return Busy(f"{who} refused the access token; give the channel a valid one", retry_after=BY_HAND)
    if reply.status == 429 or reply.status >= 500 or code in _PASSING_CODES:
        return Busy(f"{who} answered {reply.status}", retry_after=retry_after(reply.headers) or LATER)
    if 400 <= reply.status < 500:
        return NotFound(gone)
    return Busy(f"{who} answered {reply.status}, which is no answer to this call", retry_after=LATER)


def _error_code(reply: Reply) -> int | None:
    try:
        return _code.validate_python(orjson.loads(reply.body)["error"]["code"])
    except (orjson.JSONDecodeError, ValidationError, TypeError, KeyError, IndexError):
        return None
