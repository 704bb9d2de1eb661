"""Expected errors in plain words with an exit code: what happened, and what to do. Never a traceback.

Exit codes: 0 done · 1 a finding, or nothing there · 2 the call or the configuration must be mended · 3 try again later.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from gateway.cli.say import complain
from schemas import errors

FOUND_SOMETHING = 1
MEND_FIRST = 2
TRY_LATER = 3

_TABLE: tuple[tuple[type[errors.GatewayError], int, str], ...] = (
    (errors.Misconfigured, MEND_FIRST, "Konfigurasi perlu diperbaiki / The configuration needs mending"),
    (errors.LedgerUnavailable, TRY_LATER, "Basis data tidak dapat dipakai / The ledger cannot be used"),
    (errors.Busy, TRY_LATER, "Coba lagi nanti / Try again later"),
    (errors.NotFound, FOUND_SOMETHING, "Tidak ditemukan / Not found"),
    (errors.Tampered, FOUND_SOMETHING, "Catatan tidak cocok / The records do not fit"),
    (errors.BadInput, MEND_FIRST, "Masukan keliru / The input is wrong"),
    (errors.GatewayError, FOUND_SOMETHING, "Gagal / Failed"),
)


@contextmanager
def explained() -> Iterator[None]:
    """Turn the gateway's own errors into words on stderr and an exit code; anything else passes through."""
    try:
        yield
    except errors.GatewayError as error:
        code, heading = next((code, heading) for kind, code, heading in _TABLE if isinstance(error, kind))
        complain(heading, error.detail or type(error).__name__, _particulars(error))
        raise typer.Exit(code) from error


def _particulars(error: errors.GatewayError) -> list[str]:
    if isinstance(error, errors.Misconfigured):
        return error.problems
    if isinstance(error, errors.Invalid):
        return [": ".join(one.values()) for one in error.errors]
    return []
