"""Checks of the way to an endpoint: its name, its connection, its certificate, and how it answered all along."""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from gateway.certificates import trust_of
from gateway.cli.certify.talk import Talk
from gateway.cli.certify.verdicts import Verdict, failed, passed, skipped
from gateway.probing import probe

ENOUGH = timedelta(days=14)
"""How long a certificate must still hold."""


async def can_be_reached(talk: Talk) -> Verdict:
    """The name resolves, and a connection opens."""
    entry = talk.entry
    problem = await probe(entry.url, entry.connect_timeout, trust_of(entry))
    return passed(entry.url) if problem is None else failed(problem)


async def has_a_certificate(talk: Talk) -> Verdict:
    """HTTPS, with a certificate that is trusted and holds for a while."""
    parts = urlsplit(talk.entry.url)
    if parts.scheme != "https":
        return skipped("plain HTTP to this machine") if _is_loopback(parts.hostname or "") else failed("plain HTTP")
    trust = trust_of(talk.entry) or ssl.create_default_context()
    try:
        async with asyncio.timeout(talk.entry.connect_timeout):
            _, writer = await asyncio.open_connection(parts.hostname, parts.port or 443, ssl=trust)
    except (OSError, TimeoutError) as error:
        return failed(str(error) or type(error).__name__)
    presented: dict[str, str] = writer.get_extra_info("peercert")
    version = writer.get_extra_info("ssl_object").version()
    writer.close()
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(presented["notAfter"]), UTC)
    told = f"{version}, the certificate holds until {ends:%Y-%m-%d}"
    return passed(told) if ends - talk.clock.now() >= ENOUGH else failed(told)


async def answers_in_time(talk: Talk) -> Verdict:
    """Every answer came well before the gateway gives up."""
    limit = talk.entry.read_timeout / 3
    slowest = max(one.reply.elapsed for one in talk.heard)
    told = f"the slowest answer took {slowest:.1f} s of {talk.entry.read_timeout:g}"
    return passed(told) if slowest <= limit else failed(told)


async def never_redirects(talk: Talk) -> Verdict:
    """No answer sends elsewhere: the gateway does not follow."""
    sent_on = sorted({one.reply.status for one in talk.heard if 300 <= one.reply.status < 400})
    return failed(", ".join(map(str, sent_on))) if sent_on else passed(f"{len(talk.heard)} answers")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
