"""X (Twitter): posts that mention the account, from signed webhooks of the Account Activity API.

https://docs.x.com/x-api/webhooks/introduction
https://docs.x.com/x-api/account-activity/introduction
"""

from __future__ import annotations

import hmac
import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256

import orjson

from adapters.channels.x.posts import read_post
from adapters.contract import KEPT, ChannelAnswer, Inbound, InboundRequest, Take, Unreadable
from adapters.inbound.authentic import same
from adapters.inbound.documents import canonical, read_object, token, word
from adapters.inbound.download import download
from schemas.base import Json
from schemas.errors import BadSignature
from schemas.report import Attachment

SIGNATURE = "x-twitter-webhooks-signature"

_CHALLENGE = re.compile(r"[A-Za-z0-9+/=_-]{1,200}")
_POSTS = "tweet_create_events"
_ABOUT = frozenset({"for_user_id", "user_has_blocked", "source", "target", "apps", "users"})
_SAYS_NOTHING = frozenset(
    {
        "favorite_events",
        "follow_events",
        "unfollow_events",
        "block_events",
        "unblock_events",
        "mute_events",
        "unmute_events",
        "direct_message_indicate_typing_events",
        "direct_message_mark_read_events",
        "tweet_delete_events",
    }
)


class XChannel:
    """The adapter of channels of the kind `x`.

    Options: `private_hosts` (hosts of media that may be inside and need no https).
    """

    kind = "x"
    secret_names: tuple[str, ...] = ("consumer_secret",)
    joins_conversations = True
    receipt = KEPT
    takes_get = False

    def handshake(self, request: InboundRequest, secrets: Mapping[str, str]) -> ChannelAnswer | None:
        """The answer to X's challenge (CRC), which proves that the gateway has the consumer secret too.

        Deliveries are signed with the same secret in the same way: whoever could have any text answered could sign a
        delivery of his own. So only plain words are answered, which no JSON object can be. Raises BadSignature.
        """
        challenge = request.query.get("crc_token")
        if request.method != "GET" or not challenge:
            return None
        secret = secrets.get("consumer_secret", "")
        if not secret or not _CHALLENGE.fullmatch(challenge):
            raise BadSignature("this is no challenge of X, or the channel has no consumer secret to answer it with")
        answer = {"response_token": _signature(secret, challenge.encode("utf-8", "replace"))}
        return ChannelAnswer(body=orjson.dumps(answer), media_type="application/json")

    def verify(self, request: InboundRequest, secrets: Mapping[str, str]) -> None:
        """Check X's HMAC-SHA256 over the untouched body. Raises BadSignature."""
        secret = secrets.get("consumer_secret", "")
        if not (same(request.headers.get(SIGNATURE, ""), _signature(secret, request.body)) and secret):
            raise BadSignature("the signature does not fit; give the channel the consumer secret of the app")

    def parse(self, request: InboundRequest) -> Sequence[Inbound]:
        """Every post of others that mentions the account. Raises Malformed when the body is no JSON object."""
        document = read_object(request.body)
        account = word(document.get("for_user_id"))
        events = document.get(_POSTS)
        parts: list[Inbound] = []
        for post in events if isinstance(events, list) else []:
            part = read_post(post, account, request.body)
            parts += [part] if part else []
        for name in sorted(set(document) - {_POSTS} - _ABOUT - _SAYS_NOTHING):
            raw = canonical({"for_user_id": account, name: document[name]}) or request.body
            parts.append(Unreadable(None, f"event_{token(name)}", raw))
        return parts

    async def fetch(
        self, attachment: Attachment, secrets: Mapping[str, str], options: Mapping[str, Json], take: Take
    ) -> None:
        """Give the bytes of a picture. Raises Busy when another try may help, NotFound or TooLarge when not."""
        await download(attachment, options, take)


def _signature(secret: str, signed: bytes) -> str:
    return "sha256=" + b64encode(hmac.new(secret.encode(), signed, sha256).digest()).decode()


ADAPTER = XChannel()
