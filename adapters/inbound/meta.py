"""What every webhook of Meta (WhatsApp, Instagram) has: the handshake by a token, and one signature.

https://developers.facebook.com/docs/graph-api/webhooks/getting-started
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from hashlib import sha256

from adapters.contract import ChannelAnswer, InboundRequest
from adapters.inbound.authentic import same
from schemas.errors import BadSignature

SIGNATURE = "x-hub-signature-256"


def shake_hands(request: InboundRequest, secrets: Mapping[str, str]) -> ChannelAnswer | None:
    """The challenge, for the verify token that Meta's dashboard was given. Raises BadSignature for another."""
    if request.method != "GET" or "hub.mode" not in request.query:
        return None
    right = same(request.query.get("hub.verify_token", ""), secrets.get("verify_token", ""))
    if request.query["hub.mode"] != "subscribe" or not right:
        raise BadSignature("the verify token is not this channel's; copy it from the channel into Meta's dashboard")
    return ChannelAnswer(body=request.query.get("hub.challenge", "").encode("utf-8", "replace"))


def check_signature(request: InboundRequest, secrets: Mapping[str, str]) -> None:
    """Check Meta's HMAC-SHA256 over the untouched body. Raises BadSignature."""
    scheme, _, given = request.headers.get(SIGNATURE, "").partition("=")
    secret = secrets.get("app_secret", "")
    expected = hmac.new(secret.encode(), request.body, sha256).hexdigest()
    if not (same(given.strip().lower(), expected) and scheme == "sha256" and secret):
        raise BadSignature("the signature does not fit; give the channel the app secret of the app that sends here")
