"""The one way out: an HTTP client that answers in values, how it proves itself, and what the answers mean."""

from __future__ import annotations

from adapters.http.auth_options import AUTH_SECRETS, BEARER_TOKEN, HMAC_SECRET, Authentication, HeaderName, examine_auth
from adapters.http.authentication import Authenticator
from adapters.http.client import HttpClient, Limits, Sink
from adapters.http.outcomes import classify, retry_after
from adapters.http.tls import KEY_PASSWORD, Tls, certificate_expires_at, examine_tls, tls_context

__all__ = [
    "AUTH_SECRETS",
    "BEARER_TOKEN",
    "HMAC_SECRET",
    "KEY_PASSWORD",
    "Authentication",
    "Authenticator",
    "HeaderName",
    "HttpClient",
    "Limits",
    "Sink",
    "Tls",
    "certificate_expires_at",
    "classify",
    "examine_auth",
    "examine_tls",
    "retry_after",
    "tls_context",
]
