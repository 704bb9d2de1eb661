"""The reporter's identity in free text: found, put where identity belongs, and hidden, because reports may be public.

What is hidden, and what stays:

* A NIK, whoever's it is, also a mistyped one that is called a NIK, and a family card's number that is called one:
  nobody needs them to act on a report, and they open bank accounts.
* The reporter's own phone number and e-mail address: what the channel knows, and what the text calls its writer's own.
  A destination that is entitled to the reporter's identity gets them there.
* Any other number or address stays: it is often what the report is about (a fraud's number, a hotline that nobody
  answers), and hiding it would take the evidence away. Names stay: they cannot be told from those of officials.

A single NIK, number or address fills the reporter's field if that is empty. Of several, none is chosen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce

from gateway.contacts import hide_address, hide_phone, own_addresses, own_phones
from gateway.nik import hide_niks, niks_in
from schemas.report import Reporter

_MANY_DIGITS = re.compile(r"\d(?:\D{0,3}\d){7}")


@dataclass(frozen=True, slots=True)
class Identity:
    """What is known of the reporter, with what the message gave away. `phones` and `emails` are all to be hidden."""

    reporter: Reporter | None
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()


def find_identity(texts: Iterable[str], reporter: Reporter | None) -> Identity:
    """The identity in all texts of one message, joined with what the channel knows."""
    known = reporter or Reporter()
    whole = [text for text in texts if _may_hold(text)]
    niks = _each(niks_in, whole)
    without_niks = [hide_niks(text, known.nik) for text in whole]
    emails = _each(own_addresses, without_niks)
    phones = _each(own_phones, [_hide_each(hide_address, text, _with(known.email, emails)) for text in without_niks])
    update = {
        name: values[0]
        for name, values in (("nik", niks), ("phone", phones), ("email", emails))
        if len(values) == 1 and getattr(known, name) is None
    }
    return Identity(
        reporter=known.model_copy(update=update) if update else reporter,
        phones=_with(known.phone, phones),
        emails=_with(known.email, emails),
    )


def hide_identity(text: str, identity: Identity) -> str:
    """The text with masks where identity stood. Hiding again changes nothing."""
    if not _may_hold(text):
        return text
    hidden = hide_niks(text, identity.reporter.nik if identity.reporter else None)
    return _hide_each(hide_phone, _hide_each(hide_address, hidden, identity.emails), identity.phones)


def _may_hold(text: str) -> bool:
    """One quick look, because most texts hold no number and no address."""
    return "@" in text or _MANY_DIGITS.search(text) is not None


def _each(find: Callable[[str], tuple[str, ...]], texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for text in texts for value in find(text)))


def _hide_each(hide: Callable[[str, str], str], text: str, values: tuple[str, ...]) -> str:
    return reduce(hide, values, text)


def _with(known: str | None, found: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((known, *found))) if known else found
