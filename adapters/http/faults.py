"""What an error of the transport means: the one table from exception to fault."""

from __future__ import annotations

import errno
import ssl

import aiohttp
import httpx

from adapters.contract import Fault
from adapters.http.addresses import AddressBlocked

_FAULTS: tuple[tuple[type[BaseException], Fault], ...] = (
    # The first row that fits decides. httpx-aiohttp turns every lost connection into httpx.ConnectTimeout, so its class
    # says nothing: aiohttp's own error below it does.
    (AddressBlocked, Fault("address_blocked", sent=False)),
    (aiohttp.InvalidURL, Fault("bad_url", sent=False)),
    (aiohttp.NonHttpUrlClientError, Fault("bad_url", sent=False)),
    (aiohttp.ClientConnectorDNSError, Fault("dns_failed", sent=False)),
    (aiohttp.ClientConnectorCertificateError, Fault("tls_failed", sent=False)),
    (aiohttp.ClientConnectorSSLError, Fault("tls_failed", sent=False)),
    (aiohttp.ClientConnectorError, Fault("connect_failed", sent=False)),
    (aiohttp.ConnectionTimeoutError, Fault("connect_timeout", sent=False)),
    (aiohttp.ServerTimeoutError, Fault("read_timeout", sent=True)),
    (httpx.TimeoutException, Fault("read_timeout", sent=True)),
    (TimeoutError, Fault("total_timeout", sent=True)),
    (aiohttp.ServerDisconnectedError, Fault("disconnected", sent=True)),
    (aiohttp.ClientOSError, Fault("connection_reset", sent=True)),
    (aiohttp.ClientResponseError, Fault("bad_response", sent=True)),
)
_EXPIRED = 10
"""X509_V_ERR_CERT_HAS_EXPIRED (x509_vfy.h)."""
_OTHER = Fault("connection_lost", sent=True)


def fault_of(error: BaseException) -> Fault:
    """What an error means. `sent` is False only for those that are raised before the request begins."""
    origin = _origin(error)
    if isinstance(origin, aiohttp.ClientConnectorError) and origin.os_error.errno == errno.ECONNREFUSED:
        return Fault("connect_refused", sent=False)
    if isinstance(origin, aiohttp.ClientConnectorCertificateError) and _has_expired(origin.certificate_error):
        return Fault("certificate_expired", sent=False)
    return next((fault for kind, fault in _FAULTS if isinstance(origin, kind)), _OTHER)


def _has_expired(error: BaseException) -> bool:
    return isinstance(error, ssl.SSLCertVerificationError) and error.verify_code == _EXPIRED


def _origin(error: BaseException) -> BaseException:
    """The error that says most: aiohttp's below httpx's, our own below aiohttp's."""
    cause = error.__cause__
    if isinstance(error, httpx.TransportError) and cause is not None:
        return _origin(cause)
    if isinstance(error, aiohttp.ClientConnectorError) and isinstance(error.os_error, AddressBlocked):
        return error.os_error
    return error
