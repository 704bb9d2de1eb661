"""Who may connect to the SMTP listener, and how many at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

MOST_CONNECTIONS = 50

REFUSED = "554 5.7.1 this host may not hand mail in here"
CROWDED = "421 4.3.2 too many connections, try again later"


class Door:
    """Counts who is inside. `relays` are the only networks that may come in; none: anybody, to half of the places."""

    def __init__(self, relays: Sequence[IPv4Network | IPv6Network], most: int = MOST_CONNECTIONS) -> None:
        self._relays = tuple(relays)
        self._most = most
        self._inside: Counter[str] = Counter()

    def enter(self, host: str) -> str | None:
        """Let a host in, or say with which words it is turned away. Whoever came in must `leave`."""
        if self._relays and not self._is_relay(host):
            return REFUSED
        most_of_one = self._most if self._relays else max(self._most // 2, 1)
        if self._inside.total() >= self._most or self._inside[host] >= most_of_one:
            return CROWDED
        self._inside[host] += 1
        return None

    def leave(self, host: str) -> None:
        """One connection of the host is gone."""
        self._inside -= Counter({host: 1})

    def _is_relay(self, host: str) -> bool:
        try:
            found = ip_address(host.partition("%")[0])
        except ValueError:
            return False
        address: IPv4Address | IPv6Address = getattr(found, "ipv4_mapped", None) or found
        return any(address in network for network in self._relays)
