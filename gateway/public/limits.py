"""How often somebody may try something: so many times in a window, remembered in this process."""

from __future__ import annotations

import ipaddress
import math
from collections import OrderedDict
from collections.abc import Callable

_MOST_REMEMBERED = 50_000
_NETWORK_BITS = 64  # what one subscriber is given in IPv6


class Limit:
    """At most `most` times in `seconds`, for each key."""

    def __init__(self, most: int, seconds: float, monotonic: Callable[[], float]) -> None:
        self._most = most
        self._seconds = seconds
        self._now = monotonic
        self._counts: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def wait_for(self, key: str) -> int:
        """Count one try: 0 if it may be made, else the seconds until the next may."""
        now = self._now()
        began, count = self._counts.get(key, (now, 0))
        if now - began >= self._seconds:
            began, count = now, 0
        if count >= self._most:
            return max(1, math.ceil(began + self._seconds - now))
        self._counts[key] = (began, count + 1)
        self._counts.move_to_end(key)
        while len(self._counts) > _MOST_REMEMBERED:
            self._counts.popitem(last=False)
        return 0


def subscriber(host: str | None) -> str:
    """Whose address this is: an IPv4 address itself, of an IPv6 address the network that one subscriber has."""
    try:
        address = ipaddress.ip_address(host or "")
    except ValueError:
        return host or "unknown"
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((int(address), _NETWORK_BITS), strict=False).network_address)
