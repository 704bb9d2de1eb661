"""Instagram: comments on the account's media, in webhooks signed by Meta.

https://developers.facebook.com/docs/graph-api/webhooks/reference/instagram
https://developers.facebook.com/docs/instagram-platform/webhooks/examples
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from adapters.contract import KEPT, ChannelAnswer, Inbound, InboundMessage, InboundRequest, Unreadable
from adapters.inbound.documents import canonical, inner, read_document, token, word
from adapters.inbound.meta import check_signature, shake_hands
from adapters.inbound.people import reporter_of
from schemas.base import Json
from schemas.errors import Malformed, NotFound
from schemas.report import Attachment

_OBJECT = "instagram"
_COMMENTS = frozenset({"comments", "live_comments"})


class InstagramChannel:
    """The adapter of channels of the kind `instagram`."""

    kind = "instagram"
    secret_names: tuple[str, ...] = ("app_secret", "verify_token")
    joins_conversations = True
    receipt = KEPT
    takes_get = False

    def handshake(self, request: InboundRequest, secrets: Mapping[str, str]) -> ChannelAnswer | None:
        """The challenge, for the verify token that Meta's dashboard was given. Raises BadSignature for another."""
        return shake_hands(request, secrets)

    def verify(self, request: InboundRequest, secrets: Mapping[str, str]) -> None:
        """Check Meta's HMAC-SHA256 over the untouched body. Raises BadSignature."""
        check_signature(request, secrets)

    def parse(self, request: InboundRequest) -> Sequence[Inbound]:
        """Every comment of the delivery. Raises Malformed when the body is no JSON object, nor a list of them."""
        document = read_document(request.body)
        deliveries = document if isinstance(document, list) else [document]
        if not deliveries or not all(isinstance(one, dict) for one in deliveries):
            raise Malformed("the body is no JSON object")
        return [part for one in deliveries for part in _delivery(one, request.body)]

    async def fetch(self, attachment: Attachment, secrets: Mapping[str, str], options: Mapping[str, Json]) -> bytes:
        """Raises NotFound: comments bring no files."""
        raise NotFound("comments bring no files; there is nothing to fetch")


def _delivery(document: Mapping[str, Json], body: bytes) -> Iterator[Inbound]:
    entries = document.get("entry")
    if document.get("object") != _OBJECT or not isinstance(entries, list) or not entries:
        yield Unreadable(None, "not_of_instagram", canonical(document) or body)
        return
    for entry in entries:
        yield from _entry(entry, body)


def _entry(entry: Json, body: bytes) -> Iterator[Inbound]:
    """The changes of an account. An account with Instagram's own login sends its one change in the entry itself."""
    if not isinstance(entry, dict):
        yield _unreadable("entry_without_changes", None, entry, body)
        return
    account = entry.get("id")
    changes = entry.get("changes")
    if isinstance(changes, list):
        for change in changes:
            yield _change(account, change, body)
    elif "field" in entry:
        yield _change(account, {name: entry[name] for name in ("field", "value") if name in entry}, body)
    else:
        yield _unreadable("messaging" if "messaging" in entry else "entry_without_changes", account, entry, body)


def _change(account: Json, change: Json, body: bytes) -> Inbound:
    value = change.get("value") if isinstance(change, dict) else None
    if not isinstance(value, dict):
        return _unreadable("change_without_value", account, change, body)
    field = word(change.get("field"))
    if field == "mentions":
        identity = word(value.get("comment_id")) or word(value.get("media_id"))
        return _unreadable("mention_without_text", account, change, body, identity)
    if field not in _COMMENTS:
        return _unreadable(f"field_{token(field)}", account, change, body)
    return _comment(account, change, value, body)


def _comment(account: Json, change: Json, value: Mapping[str, Json], body: bytes) -> Inbound:
    identity, text = word(value.get("id")), word(value.get("text"))
    author, media = inner(value, "from"), inner(value, "media")
    who = word(author.get("id"))
    raw = _alone(account, change)
    reason = _why_not(identity, text, is_own=bool(who) and who == word(account))
    if reason or raw is None:
        return _unreadable(reason or "nested_too_deeply", account, change, body, identity)
    username = word(author.get("username"))
    return InboundMessage(
        message_id=identity,
        content=text,
        raw=raw,
        reporter=reporter_of(name=f"@{username}" if username else ""),
        conversation=f"{who}/{word(media.get('id'))}" if who else None,
    )


def _why_not(identity: str, text: str, *, is_own: bool) -> str:
    if not identity:
        return "comment_without_id"
    if is_own:
        return "comment_of_the_account"
    return "" if text else "comment_without_text"


def _alone(account: Json, change: Json) -> bytes | None:
    """A delivery with nothing but this change, and without the time that it was sent at, which is new each time."""
    return canonical({"object": _OBJECT, "entry": [{"id": account, "changes": [change]}]})


def _unreadable(reason: str, account: Json, part: Json, body: bytes, identity: str = "") -> Unreadable:
    return Unreadable(identity or None, reason, _alone(account, part) or body)


ADAPTER = InstagramChannel()
