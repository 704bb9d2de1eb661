"""Whether an address answers, found out without sending a byte of HTTP."""

from __future__ import annotations

import asyncio
import ssl
from urllib.parse import urlsplit


async def probe(url: str, patience: float, trust: ssl.SSLContext | None = None) -> str | None:
    """None when the host resolves and takes a connection (with TLS for https); otherwise what is wrong.

    `patience` is in seconds, for each of resolving and connecting; `trust` is for servers of authorities of their own.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        async with asyncio.timeout(patience):
            await asyncio.get_running_loop().getaddrinfo(host, port)
    except (OSError, TimeoutError) as error:
        return (
            f"the host {host} cannot be resolved ({str(error) or 'no answer'}); check the address and the name server"
        )
    try:
        async with asyncio.timeout(patience):
            context = (trust or ssl.create_default_context()) if parts.scheme == "https" else None
            _, writer = await asyncio.open_connection(host, port, ssl=context)
    except ssl.SSLError as error:
        return f"TLS with {host}:{port} failed: {error.reason or error}"
    except (OSError, TimeoutError) as error:
        return (
            f"{host}:{port} takes no connection ({str(error) or 'no answer'}); is it running, does a firewall stop it?"
        )
    writer.close()
    return None
