"""Fetching a file from the address that a vendor named, over as many as three redirects."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from adapters.contract import Call, Reply, Take
from adapters.http import HttpClient, Limits, Sink, retry_after
from schemas.base import Json
from schemas.errors import Busy, NotFound, TooLarge
from schemas.report import ATTACHMENT_LIMIT, Attachment

Send = Callable[[Call, Sink | None], Awaitable[Reply]]

_LIMITS = Limits(reply_bytes=ATTACHMENT_LIMIT + 1024 * 1024, connections=2)
_WISHES = (("Accept", "*/*"), ("Accept-Encoding", "identity"))
_MOST_REDIRECTS = 3
_SOON = 30.0
_LATER = 300.0
_BY_HAND = 900.0  # seconds until somebody may have mended the credentials


@dataclass(frozen=True, slots=True)
class Credentials:
    """A header that opens the vendor's files. It goes to `domain` and below, and to nobody else."""

    domain: str
    header: tuple[str, str] = field(repr=False)

    def headers_for(self, host: str, open_hosts: frozenset[str]) -> tuple[tuple[str, str], ...]:
        """The header where it may go, else nothing."""
        own = host == self.domain or host.endswith(f".{self.domain}") or host in open_hosts
        return (self.header,) if own else ()


class FileSink:
    """A file on its way to `take`: never more than is taken of one."""

    def __init__(self, take: Take) -> None:
        self._take = take
        self._size = 0

    def wants(self, status: int, headers: Mapping[str, str]) -> bool:
        """The body of a success. Raises TooLarge for one that says that it is."""
        length = headers.get("content-length", "")
        if 200 <= status < 300 and length.isdecimal() and int(length) > ATTACHMENT_LIMIT:
            raise too_large()
        return 200 <= status < 300

    async def take(self, piece: bytes) -> None:
        """Pass a piece on. Raises TooLarge, and what `take` raises."""
        self._size += len(piece)
        if self._size > ATTACHMENT_LIMIT:
            raise too_large()
        await self._take(piece)


def too_large() -> TooLarge:
    """The refusal of a file over the limit."""
    return TooLarge(f"the file is larger than {ATTACHMENT_LIMIT // (1024 * 1024)} MB")


async def download(
    attachment: Attachment, options: Mapping[str, Json], take: Take, credentials: Credentials | None = None
) -> None:
    """Give the bytes of a file behind a link to `take`. Raises Busy when another try may help, else NotFound, TooLarge.

    `private_hosts` of the options are hosts that may be inside and need no https.
    """
    open_hosts = frozenset(str(host).lower() for host in options.get("private_hosts") or ())
    client = HttpClient(_LIMITS, allow_private=open_hosts)
    try:
        await fetched(client.send, attachment.source or "", take, open_hosts, credentials)
    finally:
        await client.aclose()


async def fetched(
    send: Send, url: str, take: Take, open_hosts: frozenset[str], credentials: Credentials | None = None
) -> None:
    """What `download` does, over any way to send."""
    sink = FileSink(take)
    for _ in range(_MOST_REDIRECTS + 1):
        host = _host(url, open_hosts)
        headers = credentials.headers_for(host, open_hosts) if credentials else ()
        reply = await send(Call("GET", url, (*headers, *_WISHES), b"", url), sink)
        if reply.status not in (301, 302, 303, 307, 308):
            return _refuse_unless_whole(reply)
        url = _moved(url, reply.headers.get("location", ""))
    raise NotFound("the file's address leads from one to the next without an end")


def _moved(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        raise NotFound("the file's address leads to one that is none") from None


def _host(url: str, open_hosts: frozenset[str]) -> str:
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        raise NotFound("the file's address is none") from None
    if not host or (parts.scheme != "https" and host not in open_hosts):
        raise NotFound("the file's address has no https; files are fetched over https only")
    return host


def _refuse_unless_whole(reply: Reply) -> None:
    if reply.fault is not None:
        raise Busy(f"the file could not be reached: {reply.fault.reason}", retry_after=_SOON)
    if not 200 <= reply.status < 300:
        raise _refusal(reply)
    if reply.truncated:
        raise Busy("the file broke off on its way", retry_after=_SOON)


def _refusal(reply: Reply) -> Busy | NotFound:
    if reply.status in (401, 403):
        return Busy("the file's server refused the credentials; give the channel valid ones", retry_after=_BY_HAND)
    if reply.status in (408, 425, 429) or reply.status >= 500:
        wait = retry_after(reply.headers) or _LATER
        return Busy(f"the file's server answered {reply.status}", retry_after=wait)
    return NotFound(f"the file's server answered {reply.status}: it has this file no more")
