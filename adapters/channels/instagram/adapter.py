"""Instagram: comments on the account's media and mentions of it, in webhooks signed by Meta.

https://developers.facebook.com/docs/graph-api/webhooks/reference/instagram
https://developers.facebook.com/docs/instagram-platform/webhooks/examples
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from adapters.channels.instagram.mentions import GRAPH_URL, GraphApi, may_hold_pictures, mention
from adapters.contract import KEPT, ChannelAnswer, Inbound, InboundMessage, InboundRequest, Take, Unreadable
from adapters.http import HttpClient, Limits
from adapters.inbound.documents import canonical, inner, read_document, token, word
from adapters.inbound.download import download
from adapters.inbound.meta import check_signature, shake_hands
from adapters.inbound.people import reporter_of
from schemas.base import Json
from schemas.errors import Malformed, NotFound
from schemas.report import Attachment

_OBJECT = "instagram"
_COMMENTS = frozenset({"comments", "live_comments"})
_LIMITS = Limits(reply_bytes=256 * 1024, connections=2)


class InstagramChannel:
    """The adapter of channels of the kind `instagram`.

    Options: `graph_url` (another version or server of the Graph API), `private_hosts` (a list of hosts that may be
    inside and need no https). Without an `access_token` the words of mentions cannot be fetched.
    """

    kind = "instagram"
    secret_names: tuple[str, ...] = ("app_secret", "verify_token")
    optional_secrets: tuple[str, ...] = ("access_token",)
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

    async def fetch(
        self, attachment: Attachment, secrets: Mapping[str, str], options: Mapping[str, Json], take: Take
    ) -> None:
        """The picture of a post that mentions the account. Raises Busy when another try may help, else NotFound."""
        if not may_hold_pictures(attachment.source or "", _open_hosts(options)):
            raise NotFound("this is no address of Instagram's pictures; nothing is fetched from elsewhere")
        await download(attachment, options, take)

    async def fetch_words(self, raw: bytes, secrets: Mapping[str, str], options: Mapping[str, Json]) -> bytes:
        """The delivery of a mention with its words. Raises Busy when another try may help, NotFound when not."""
        open_hosts = _open_hosts(options)
        client = HttpClient(_LIMITS, allow_private=open_hosts)
        try:
            url = str(options.get("graph_url") or GRAPH_URL)
            return await GraphApi(client.send, url, secrets.get("access_token", ""), open_hosts).with_words(raw)
        finally:
            await client.aclose()


def _open_hosts(options: Mapping[str, Json]) -> frozenset[str]:
    return frozenset(str(host).lower() for host in options.get("private_hosts") or ())


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
        raw = _alone(account, change)
        return mention(value, raw) if raw else _unreadable("nested_too_deeply", account, change, body)
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
