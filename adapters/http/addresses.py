"""Which addresses may be connected to: the guard against requests forged to reach the inside (SSRF).

A name is judged by what it resolves to at the moment of connecting, so that a name that changes its mind between a
check and its use gains nothing.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult

_NUMERIC = socket.NI_NUMERICHOST | socket.NI_NUMERICSERV
_SIX_TO_FOUR = ipaddress.ip_network("2002::/16")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class AddressBlocked(OSError):
    """The name leads only to addresses that may not be connected to."""


@lru_cache(maxsize=1024)
def is_inside(address: str) -> bool:
    """Whether an address is anything but a public unicast one: private, loopback, link-local, shared, reserved.

    An IPv4 address that is wrapped in an IPv6 one (mapped, 6to4, NAT64, Teredo) is judged by the wrapped one too.
    Raises ValueError for what is no address.
    """
    known = ipaddress.ip_address(address)
    return any(not each.is_global or each.is_multicast or each.is_reserved for each in _unwrapped(known))


@lru_cache(maxsize=1024)
def is_blocked_literal(host: str, allowed: frozenset[str]) -> bool:
    """Whether a host is written as an address that may not be connected to. Names are judged when they resolve."""
    try:
        return host not in allowed and is_inside(host)
    except ValueError:
        return False


def _unwrapped(address: Address) -> tuple[Address, ...]:
    """The addresses that a packet may end at."""
    if isinstance(address, ipaddress.IPv4Address):
        return (address,)
    if address.ipv4_mapped is not None:
        return (address.ipv4_mapped,)
    if address in _SIX_TO_FOUR and address.sixtofour is not None:
        return (address, address.sixtofour)
    if address in _NAT64:
        return (ipaddress.IPv4Address(int(address) & 0xFFFFFFFF),)
    if address.teredo is not None:
        return (address, *address.teredo)
    return (address,)


class GuardedResolver(AbstractResolver):
    """Resolves names to addresses that may be connected to.

    It has threads of its own: a name server that stalls for one destination must not take those of the others.
    """

    def __init__(self, allowed: frozenset[str]) -> None:
        """`allowed` are the names and addresses that may be inside."""
        self._allowed = allowed
        self._threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="resolve")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The allowed addresses of a name. Raises AddressBlocked when it has only others, OSError when it has none."""
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._threads, _look_up, host, port, family)
        if _plain(host) in self._allowed:
            return found
        outside = [each for each in found if each["host"] in self._allowed or not is_inside(each["host"])]
        if found and not outside:
            raise AddressBlocked(f"{host} leads to an address that is not public")
        return outside

    async def close(self) -> None:
        """Let the threads end; a look-up under way is not waited for."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _plain(host: str) -> str:
    return host.rstrip(".").lower()


def _look_up(host: str, port: int, family: socket.AddressFamily) -> list[ResolveResult]:
    known = socket.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
    return [_result(host, each_family, proto, address) for each_family, _, proto, _, address in known]


def _result(host: str, family: int, proto: int, address: tuple[Any, ...]) -> ResolveResult:
    """One address as aiohttp wants it; `getnameinfo` keeps the scope of a link-local one."""
    name, port = socket.getnameinfo(address, _NUMERIC)
    return ResolveResult(
        hostname=host, host=name, port=int(port), family=family, proto=proto, flags=socket.AI_NUMERICHOST
    )
