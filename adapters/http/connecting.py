"""Opens guarded TCP connections for protocols other than HTTP: the same judgement of addresses, in the same place."""

from __future__ import annotations

import asyncio
import socket

from adapters.contract import Fault
from adapters.http.addresses import AddressBlocked, GuardedResolver, is_blocked_literal


class Connector:
    """Connects to one destination's host. `allowed` are the names and addresses that may be private or loopback."""

    def __init__(self, host: str, port: int, allowed: frozenset[str], seconds: float) -> None:
        self._host = host
        self._port = port
        self._allowed = frozenset(each.rstrip(".").lower() for each in allowed)
        self._seconds = seconds
        self._resolver = GuardedResolver(self._allowed)

    async def connect(self) -> socket.socket | Fault:
        """A connected socket that does not block, or why there is none; nothing was sent then."""
        if is_blocked_literal(self._host, self._allowed):
            return Fault("address_blocked", sent=False)
        try:
            async with asyncio.timeout(self._seconds):
                return await self._first_of(await self._resolved())
        except TimeoutError:
            return Fault("connect_timeout", sent=False)
        except AddressBlocked:
            return Fault("address_blocked", sent=False)
        except socket.gaierror:
            return Fault("dns_failed", sent=False)
        except ConnectionRefusedError:
            return Fault("connect_refused", sent=False)
        except OSError:
            return Fault("connect_failed", sent=False)

    async def aclose(self) -> None:
        """Let go of the threads that resolve names."""
        await self._resolver.close()

    async def _resolved(self) -> list[tuple[int, str, int]]:
        """The addresses that may be connected to, of either family."""
        found = await self._resolver.resolve(self._host, self._port, socket.AF_UNSPEC)
        return [(each["family"], each["host"], each["port"]) for each in found]

    async def _first_of(self, addresses: list[tuple[int, str, int]]) -> socket.socket:
        """The first address that answers. Raises the OSError of the last that does not."""
        problem: OSError = OSError("the name has no address")
        for family, host, port in addresses:
            sock = socket.socket(family, socket.SOCK_STREAM)
            sock.setblocking(False)
            try:
                await asyncio.get_running_loop().sock_connect(sock, (host, port))
            except OSError as error:
                sock.close()
                problem = error
            except BaseException:
                sock.close()
                raise
            else:
                return sock
        raise problem
