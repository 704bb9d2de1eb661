"""TLS towards one destination: authorities of its own, and the certificate by which the gateway proves who it is."""

from __future__ import annotations

import ssl
from datetime import datetime
from pathlib import Path
from typing import Literal

from cryptography import x509
from pydantic import Field

from adapters.contract import EntryProblem
from schemas.base import Schema

KEY_PASSWORD = "key_password"  # noqa: S105 - the name of a secret
_MENDED = "check the path, its owner, and that it is PEM"


class Tls(Schema):
    """Files in PEM, read when the process starts."""

    certificate: str | None = Field(default=None, description="The client certificate, its chain after it")
    key: str | None = Field(default=None, description="Its private key")
    ca: str | None = Field(default=None, description="Authorities to trust in place of the system's")
    newest: Literal["1.2", "1.3"] = Field(
        default="1.3", description="1.2: a server that refuses our certificate says so before a request is sent"
    )


def tls_context(tls: Tls, password: str | None = None) -> ssl.SSLContext:
    """The context of a destination. Raises OSError or ssl.SSLError for files that cannot be used."""
    context = ssl.create_default_context(cafile=tls.ca)
    if tls.newest == "1.2":
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    if tls.certificate is not None:
        # A callable, because without a password OpenSSL would ask for one on the terminal.
        context.load_cert_chain(tls.certificate, tls.key, password=lambda: password or "")
    return context


def certificate_expires_at(tls: Tls | None) -> datetime | None:
    """When the client certificate expires, in UTC; None without one. Raises OSError or ValueError."""
    if tls is None or tls.certificate is None:
        return None
    return x509.load_pem_x509_certificate(Path(tls.certificate).read_bytes()).not_valid_after_utc


def examine_tls(tls: Tls, password: str | None, place: tuple[str, ...]) -> list[EntryProblem]:
    """What is wrong with the files."""
    if (tls.certificate is None) != (tls.key is None):
        there, missing = ("certificate", "key") if tls.key is None else ("key", "certificate")
        return [EntryProblem(place, f"has `{there}` without `{missing}`; a client certificate needs both")]
    problems = [
        EntryProblem((*place, name), f"the file {path} cannot be read ({type(error).__name__}); {_MENDED}")
        for name, path in tls.model_dump(exclude={"newest"}).items()
        if path is not None and (error := _unreadable(path)) is not None
    ]
    return problems or _unusable(tls, password, place)


def _unreadable(path: str) -> OSError | None:
    try:
        Path(path).read_bytes()
    except OSError as error:
        return error
    return None


def _unusable(tls: Tls, password: str | None, place: tuple[str, ...]) -> list[EntryProblem]:
    """The authorities first, so that what is told of the certificate is about the certificate."""
    try:
        ssl.create_default_context(cafile=tls.ca)
    except (OSError, ValueError):
        return [EntryProblem((*place, "ca"), f"the file {tls.ca} holds no authorities; {_MENDED}")]
    try:
        tls_context(tls, password)
        certificate_expires_at(tls)
    except (OSError, ValueError):
        told = f"the certificate {tls.certificate} and its key cannot be used together; {_MENDED}, that the key belongs"
        return [EntryProblem((*place, "certificate"), f"{told} to it, and `secrets.{KEY_PASSWORD}` if it is encrypted")]
    return []
