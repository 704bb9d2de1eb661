"""Where and how a message leaves, judged before anything is opened: encrypted, with a login, or refused."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

from adapters.http.connecting import Connector
from adapters.smtp.wire import Mailer, Relay
from schemas.errors import Misconfigured

USER = "user"
PASSWORD = "password"  # noqa: S105 - the name of a secret
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
"""The ways to a relay, each with its usual port (RFC 5321, RFC 6409, RFC 8314)."""


@dataclass(frozen=True, slots=True)
class Way:
    """A relay as somebody configured it. `hello` is our name in EHLO; times are in seconds.

    `url_at`, `secrets_at` and `ca_at` are where these stand in the configuration, for what is told of a mistake.
    """

    name: str
    url: str
    hello: str
    url_at: str
    secrets_at: str
    ca_at: str
    user: str | None = None
    password: str | None = None
    allow_plain: bool = False
    ca_file: str | None = None
    private_hosts: frozenset[str] = frozenset()
    connect_timeout: float = 10.0
    read_timeout: float = 30.0
    total_timeout: float = 90.0


def mailer_of(way: Way) -> Mailer:
    """What hands messages over on this way. Raises Misconfigured."""
    relay = _relay(way)
    return Mailer(relay, Connector(relay.host, relay.port, way.private_hosts, way.connect_timeout))


def _relay(way: Way) -> Relay:
    parts = urlsplit(way.url)
    if parts.scheme not in PORTS or not parts.hostname:
        problem = f"{way.url_at}: write smtp+starttls://host:587 or smtps://host:465"
        raise Misconfigured(f"the address of {way.name} is no relay", [problem])
    if parts.scheme == "smtp" and not way.allow_plain:
        problem = f"{way.url_at}: write smtp+starttls:// or smtps://, or allow_plain: true for a relay on this host"
        raise Misconfigured(f"the mail of {way.name} would go in the clear", [problem])
    _require_login(way, encrypted=parts.scheme != "smtp")
    return Relay(
        host=parts.hostname,
        port=parts.port or PORTS[parts.scheme],
        tls=parts.scheme == "smtps",
        starttls=parts.scheme == "smtp+starttls",
        trust=_trust(way) if parts.scheme != "smtp" else None,
        user=way.user,
        password=way.password,
        hello=way.hello,
        read_timeout=way.read_timeout,
        total_timeout=way.total_timeout,
    )


def _require_login(way: Way, *, encrypted: bool) -> None:
    """Both halves of it or none, and never in the clear."""
    if (way.user is None) != (way.password is None):
        problem = f"{way.secrets_at}: give both {USER} and {PASSWORD}, or none"
        raise Misconfigured(f"the login of {way.name} is half there", [problem])
    if way.user is not None and not encrypted:
        problem = f"{way.url_at}: write smtp+starttls:// or smtps://"
        raise Misconfigured(f"the password of {way.name} would go in the clear", [problem])


def _trust(way: Way) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=way.ca_file)
    except OSError as error:
        problem = f"{way.ca_at}: cannot be read ({type(error).__name__}); name a file of certificates in PEM"
        raise Misconfigured("the authorities of a relay cannot be read", [problem]) from error
