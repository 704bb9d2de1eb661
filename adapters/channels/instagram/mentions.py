"""Mentions: their webhook names a comment or a post, whose words are asked for at the Graph API.

`GET /{ig-user-id}?fields=mentioned_comment.comment_id({id}){fields}` and the same with `mentioned_media.media_id`:
https://developers.facebook.com/documentation/instagram-platform/instagram-graph-api/reference/ig-user/mentioned_comment
https://developers.facebook.com/documentation/instagram-platform/instagram-graph-api/reference/ig-user/mentioned_media
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlsplit

import orjson

from adapters.contract import Call, Inbound, InboundMessage, Reply, Unreadable
from adapters.inbound.documents import canonical, inner, word
from adapters.inbound.graph import BY_HAND, LATER, refusal
from adapters.inbound.people import reporter_of
from schemas.base import Json
from schemas.errors import Busy, NotFound
from schemas.report import Attachment

GRAPH_URL = "https://graph.facebook.com/v25.0"
COMMENT, POST = "mentioned_comment", "mentioned_media"
PICTURES = ("cdninstagram.com", "fbcdn.net")
"""Where Instagram's pictures lie; no other host is asked for one."""

_SOON = 30.0
_ASKED = {
    COMMENT: ("comment_id", "id,text,timestamp"),
    POST: ("media_id", "id,caption,timestamp,username,media_type,media_url"),
}
_TYPES = {"IMAGE": ("foto.jpg", "image/jpeg"), "VIDEO": ("video.mp4", "video/mp4")}
_GONE = "Instagram has this mention no more, or the account may not read it: it was deleted or made private"

Send = Callable[[Call], Awaitable[Reply]]


@dataclass(frozen=True, slots=True)
class GraphApi:
    """Instagram's Graph API, asked with one channel's token. `open_hosts` may be inside and need no https."""

    send: Send
    url: str
    token: str
    open_hosts: frozenset[str] = frozenset()

    async def with_words(self, raw: bytes) -> bytes:
        """The delivery of one mention with what the Graph API tells of it.

        Raises Busy when another try may help, NotFound when not.
        """
        document = orjson.loads(raw)
        account, value = _named(document)
        kind = kind_of(value)
        name, fields = _ASKED[kind]
        wished = f"{kind}.{name}({_number(value.get(name))}){{{fields}}}"
        told = await self._asked(f"{self.url.rstrip('/')}/{_number(account)}?fields={quote(wished)}")
        found = told.get(kind)
        if not isinstance(found, dict):
            raise Busy("Instagram's answer holds no mention", retry_after=LATER)
        value[kind] = found
        return canonical(document) or raw

    async def _asked(self, url: str) -> Mapping[str, Json]:
        if not self.token:
            raise Busy("the channel has no access_token, so mentions cannot be read; add one", retry_after=BY_HAND)
        parts = urlsplit(url)
        if parts.scheme != "https" and (parts.hostname or "") not in self.open_hosts:
            raise Busy("graph_url has no https; the access token does not go there", retry_after=BY_HAND)
        headers = (("Authorization", f"Bearer {self.token}"), ("Accept", "application/json"))
        reply = await self.send(Call("GET", url, headers, b"", url))
        if reply.fault is not None:
            raise Busy(f"Instagram could not be reached: {reply.fault.reason}", retry_after=_SOON)
        if not 200 <= reply.status < 300:
            raise refusal(reply, "Instagram", _GONE)
        return _object(reply)


def kind_of(value: Mapping[str, Json]) -> str:
    """Whether a mention stands in a comment or in the caption of a post: a comment's names the post, too."""
    return COMMENT if word(value.get("comment_id")) else POST


def mention(value: Mapping[str, Json], raw: bytes) -> Inbound:
    """A mention with its words; without them, a part that is to be fetched."""
    kind = kind_of(value)
    identity = word(value.get(_ASKED[kind][0]))
    if not identity:
        return Unreadable(None, "mention_without_id", raw)
    if kind not in value:
        return Unreadable(identity, "mention_without_text", raw, to_fetch=True)
    told = inner(value, kind)
    text = word(told.get("text" if kind == COMMENT else "caption"))
    attachments = _pictures(told)
    if not text and not attachments:
        return Unreadable(identity, "mention_is_empty", raw)
    username = word(told.get("username"))
    return InboundMessage(
        message_id=identity,
        content=text,
        raw=raw,
        reporter=reporter_of(name=f"@{username}" if username else ""),
        sent_at=_time(word(told.get("timestamp"))),
        attachments=attachments,
    )


def may_hold_pictures(url: str, open_hosts: frozenset[str]) -> bool:
    """Whether a picture may be asked for at this address."""
    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:
        return False
    return host in open_hosts or any(host == one or host.endswith(f".{one}") for one in PICTURES)


def _pictures(told: Mapping[str, Json]) -> tuple[Attachment, ...]:
    """The post's own picture or film; of an album the Graph API names none."""
    url, known = word(told.get("media_url")), _TYPES.get(word(told.get("media_type")))
    if not url or len(url) > 2048 or known is None:
        return ()
    return (Attachment(name=known[0], media_type=known[1], source=url),)


def _named(document: Json) -> tuple[Json, dict[str, Json]]:
    try:
        entry = document["entry"][0]
        value = entry["changes"][0]["value"]
    except (TypeError, KeyError, IndexError):
        raise NotFound("this part is no mention") from None
    if not isinstance(value, dict):
        raise NotFound("this part is no mention")
    return entry.get("id"), value


def _number(value: Json) -> str:
    """An id of Instagram's, which is a number: nothing else goes into the request. Raises NotFound."""
    told = word(value)
    if not (told.isascii() and told.isdecimal()):
        raise NotFound("the mention names no id of Instagram's")
    return told


def _object(reply: Reply) -> Mapping[str, Json]:
    try:
        document = orjson.loads(reply.body)
    except orjson.JSONDecodeError:
        document = None
    if not isinstance(document, dict):
        raise Busy("Instagram's answer is no JSON object", retry_after=LATER)
    return document


def _time(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z")
    except ValueError:
        return None
