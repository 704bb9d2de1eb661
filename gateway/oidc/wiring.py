"""The provider of an installation, made of its settings."""

from __future__ import annotations

from urllib.parse import urlsplit

from adapters.http import HttpClient, Limits, Tls, tls_context
from gateway.clock import Clock
from gateway.oidc.asking import Client
from gateway.oidc.provider import Provider
from gateway.settings import Settings
from schemas.errors import Misconfigured

RETURN = "/console/sign-in/return"
"""Where the provider sends people back to, below `public_url`: it must know this address."""
LEFT = "/console/sign-in"
_LIMITS = Limits(connect=5.0, read=10.0, total=15.0, connections=4)


def provider_of(settings: Settings, clock: Clock) -> Provider | None:
    """The provider that the settings name; None: the console knows people by passwords alone. Raises Misconfigured."""
    if settings.oidc_issuer is None:
        return None
    public = settings.public_url or ""
    client = Client(
        issuer=settings.oidc_issuer,
        id=settings.oidc_client_id or "",
        secret=settings.oidc_client_secret,
        scopes=settings.oidc_scopes,
        back=f"{public}{RETURN}",
        left=f"{public}{LEFT}",
        groups=settings.group_roles,
        role_claim=settings.oidc_role_claim,
        name_claim=settings.oidc_name_claim,
    )
    try:
        tls = tls_context(Tls(ca=str(settings.oidc_ca))) if settings.oidc_ca is not None else None
    except (OSError, ValueError) as error:
        told = f"the file {settings.oidc_ca} of oidc_ca holds no authorities; check the path, its owner, that it is PEM"
        raise Misconfigured(told) from error
    inside = frozenset({urlsplit(client.issuer).hostname or ""})  # a provider may well stand in the same network
    return Provider(client, HttpClient(_LIMITS, allow_private=inside, tls=tls), clock)
