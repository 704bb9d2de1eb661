"""The certificates of destinations as people look at them: whom to trust, and how long ours hold."""

from __future__ import annotations

import ssl
from datetime import datetime

from adapters.contract import DestinationEntry
from adapters.http import KEY_PASSWORD, Tls, certificate_expires_at, tls_context


def trust_of(entry: DestinationEntry) -> ssl.SSLContext | None:
    """The entry's own context; None where the system's authorities decide. Raises OSError."""
    tls = _tls(entry)
    return None if tls is None else tls_context(tls, entry.secrets.get(KEY_PASSWORD))


def expiry_of(entry: DestinationEntry) -> datetime | None:
    """When the client certificate of the entry expires, in UTC; None without one. Raises OSError or ValueError."""
    return certificate_expires_at(_tls(entry))


def expiry_or_none(entry: DestinationEntry) -> datetime | None:
    """The same; None also where it cannot be read, which `doctor` tells."""
    try:
        return expiry_of(entry)
    except (OSError, ValueError):
        return None


def _tls(entry: DestinationEntry) -> Tls | None:
    tls = getattr(entry.options, "tls", None)
    return tls if isinstance(tls, Tls) else None
