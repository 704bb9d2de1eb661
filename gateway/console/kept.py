"""Keeps in the browser, encrypted, what somebody had typed when their session ended, until they have signed in again.

It lies in no table and opens for the same user only; and it is shown again, not done: whoever sent it looks at it and
presses once more.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode

from starlette.requests import Request
from starlette.responses import Response

from gateway.console.desk import BASE, Desk
from gateway.console.forms import Fields
from gateway.console.sealed_cookie import SealedCookie
from gateway.console.sessions import IDLE

KEPT_COOKIE = "sp4n_console_kept"
_KEPT = SealedCookie(KEPT_COOKIE, BASE, int(IDLE.total_seconds()))


@dataclass(frozen=True, slots=True)
class Kept:
    """A form that came too late: the page it stands on, which one of it it is, what was typed."""

    here: str
    form: str
    typed: Fields


def keep(desk: Desk, response: Response, user: str, kept: Kept) -> bool:
    """Put it into the browser; False when it is too long to be kept."""
    facts = {"here": kept.here, "form": kept.form, "typed": urlencode(kept.typed, doseq=True)}
    return _KEPT.keep(desk, response, _name(user), facts)


def kept_for(desk: Desk, request: Request, user: str) -> Kept | None:
    """What this user had typed; None where there is nothing."""
    facts = _KEPT.opened(desk, request, _name(user))
    return Kept(facts["here"], facts["form"], parse_qs(facts["typed"], keep_blank_values=True)) if facts else None


def forget_kept(desk: Desk, response: Response) -> None:
    """Take it out of the browser."""
    _KEPT.forget(desk, response)


def _name(user: str) -> str:
    return f"kept form of {user}"
