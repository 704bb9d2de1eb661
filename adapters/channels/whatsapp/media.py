"""Fetching a file from WhatsApp: ask for its address, then get it from there, in pieces.

The address is good for five minutes, the id for seven days. Both calls take the access token.
https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/media
"""

from __future__ import annotations

from hashlib import sha256
from urllib.parse import quote, urlsplit

from pydantic import ValidationError

from adapters.channels.whatsapp.messages import hexadecimal
from adapters.channels.whatsapp.shapes import MediaAddress
from adapters.contract import Call, Reply, Take
from adapters.inbound.download import FileSink, Send, too_large
from adapters.inbound.graph import LATER, refusal
from schemas.errors import Busy, NotFound
from schemas.report import ATTACHMENT_LIMIT

_SOON = 30.0
_GONE = "WhatsApp has this file no more: it keeps them for seven days"


class MediaServer:
    """WhatsApp's media, reached with one channel's token. `open_hosts` may be inside and need no https."""

    def __init__(self, send: Send, *, graph_url: str, token: str, open_hosts: frozenset[str]) -> None:
        self._send = send
        self._graph_url = graph_url.rstrip("/")
        self._headers = (("Authorization", f"Bearer {token}"), ("Accept", "*/*"))
        self._open_hosts = open_hosts

    async def fetch(self, media_id: str, announced: str | None, take: Take) -> None:
        """Give the bytes of a file to `take`. `announced` is the SHA-256 that came with the message, in hexadecimal.

        Raises Busy when another try may help, NotFound or TooLarge when not.
        """
        address = _address(await self._get(f"{self._graph_url}/{quote(media_id, safe='')}", media_id))
        if address.file_size is not None and address.file_size > ATTACHMENT_LIMIT:
            raise too_large()
        found = sha256()

        async def hashed(piece: bytes) -> None:
            found.update(piece)
            await take(piece)

        _refuse_unless_whole(await self._get(address.url, media_id, FileSink(hashed)))
        if not {announced, hexadecimal(address.sha256)} <= {None, found.hexdigest()}:
            raise Busy("the file that WhatsApp sent is not the one that it announced", retry_after=_SOON)

    async def _get(self, url: str, key: str, sink: FileSink | None = None) -> Reply:
        self._refuse_unsafe(url)
        reply = await self._send(Call("GET", url, self._headers, b"", key), sink)
        if reply.fault is not None:
            raise Busy(f"WhatsApp's media could not be reached: {reply.fault.reason}", retry_after=_SOON)
        return reply

    def _refuse_unsafe(self, url: str) -> None:
        """The token goes to this address. Whether it leads inside is the HTTP client's to judge."""
        try:
            parts = urlsplit(url)
            host = (parts.hostname or "").lower()
        except ValueError:
            raise NotFound("WhatsApp named an address that is none") from None
        if parts.scheme != "https" and host not in self._open_hosts:
            raise NotFound("WhatsApp named an address without https; the access token does not go there")


def _address(reply: Reply) -> MediaAddress:
    if not 200 <= reply.status < 300:
        raise refusal(reply, "WhatsApp", _GONE)
    try:
        return MediaAddress.model_validate_json(reply.body)
    except ValidationError:
        raise Busy("WhatsApp's answer named no address for the file", retry_after=LATER) from None


def _refuse_unless_whole(reply: Reply) -> None:
    if reply.status in (404, 410):
        raise Busy("the file's address has expired; the next try asks for a new one", retry_after=_SOON)
    if not 200 <= reply.status < 300:
        raise refusal(reply, "WhatsApp", _GONE)
    if reply.truncated:
        raise Busy("the file broke off on its way", retry_after=_SOON)
