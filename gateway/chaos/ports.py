"""Free ports on loopback for servers that are stopped and started again."""

from __future__ import annotations

import os
from itertools import count
from pathlib import Path

from gateway.sockets import is_free
from schemas.errors import Misconfigured

LOOPBACK = "127.0.0.1"

_FIRST = 20_000
_RANGE_OF_CONNECTIONS = Path("/proc/sys/net/ipv4/ip_local_port_range")
_USUAL_RANGE = 32_768
_STRIDE = 61
"""Far enough apart that processes which look at the same time do not meet."""
_TURNS = count(step=8)
"""Nobody listens yet at what was found a moment ago: who asks again looks further on."""


class NoPort(Misconfigured):
    """Not enough ports in a row are free."""


def free_ports(wanted: int = 1, *, first: int = _FIRST, until: int | None = None) -> int:
    """The first of `wanted` ports in a row on which nobody listens. Raises NoPort.

    They lie below those that the system gives to outgoing connections: there, while a server is down, a connection to
    its own port can be given that very port and be answered by itself, and the server never gets the port back
    (simultaneous open, RFC 9293 section 3.5).
    """
    span = (until or _end()) - first - wanted
    begin = os.getpid() * _STRIDE + next(_TURNS)
    for number in range(0, span, wanted):
        port = first + (begin + number) % span
        if all(is_free(LOOPBACK, one) for one in range(port, port + wanted)):
            return port
    raise NoPort(f"no {wanted} ports in a row are free on loopback")


def port_for(usual: int) -> int:
    """The port where such a server is usually found if nobody listens there, else a free one. Raises NoPort."""
    return usual if is_free(LOOPBACK, usual) else free_ports()


def _end() -> int:
    try:
        lowest = int(_RANGE_OF_CONNECTIONS.read_text("ascii").split()[0])
    except OSError:
        return _USUAL_RANGE
    return lowest if lowest > _FIRST + 1_000 else _USUAL_RANGE
