"""The signature that lies beside a case's file: Ed25519 over its bytes (RFC 8032), 64 bytes, nothing around them."""

from __future__ import annotations

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from schemas.errors import Misconfigured


def signing_key(name: str, pem: str) -> Ed25519PrivateKey:
    """The key of an entry's secret, PKCS #8 in PEM. Raises Misconfigured."""
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise Misconfigured(f"the signing key of {name} cannot be read", [_hint(name)]) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise Misconfigured(f"the signing key of {name} is of another kind", [_hint(name)])
    return key


def _hint(name: str) -> str:
    return f"destinations.{name}.secrets.signing_key: give a key made with `openssl genpkey -algorithm ed25519`"
