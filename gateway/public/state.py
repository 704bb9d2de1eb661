"""What the public pages are given to serve: wired once at start."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request

from gateway.access_book import AccessBook
from gateway.api.state import Face
from gateway.clock import Clock
from gateway.config.agencies import agency_names
from gateway.intake import Intake
from gateway.ledger import Ledger
from gateway.public.limits import Limit
from gateway.public.tickets import Entropy
from gateway.receipting import Receipting
from gateway.settings import Settings
from gateway.vault import Vault


@dataclass(frozen=True)
class Limits:
    """How often one subscriber may post, or try codes; and how often one code may be tried."""

    posts: Limit
    tries: Limit
    code: Limit


@dataclass(frozen=True)
class Public:
    """Everything that a page may use. `secure`: people reach it by https only.

    `agencies` are the names of destinations, as people know them.
    """

    intake: Intake
    access: AccessBook
    ledger: Ledger
    vault: Vault
    limits: Limits
    receipting: Receipting
    entropy: Entropy
    now: Callable[[], datetime]
    max_body_bytes: int
    public_url: str
    secure: bool
    agencies: Mapping[str, str]


def public_of(request: Request) -> Public:
    """What this request's application serves."""
    public: Public = request.app.state.public
    return public


def make_public(face: Face, vault: Vault, clock: Clock, settings: Settings) -> Public:
    """What the pages of this process are given, beside the face that channels see."""
    limits = Limits(
        posts=Limit(settings.public_posts_per_hour, _HOUR, clock.monotonic),
        tries=Limit(settings.public_posts_per_hour, _HOUR, clock.monotonic),
        code=Limit(_TRIES_OF_A_CODE, _HOUR, clock.monotonic),
    )
    return Public(
        intake=face.intake,
        access=face.access,
        ledger=face.ledger,
        vault=vault,
        limits=limits,
        receipting=face.receipting,
        entropy=os.urandom,
        now=clock.now,
        max_body_bytes=face.max_body_bytes,
        public_url=face.public_url,
        secure=face.public_url.startswith("https://"),
        agencies=agency_names(face.ops.config),
    )


_HOUR = 3600.0
_TRIES_OF_A_CODE = 10
"""Of 10,000 ends of a phone number: a thousand hours until one is found."""
