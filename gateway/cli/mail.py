"""`mail`: what mail systems hand in through a pipe. Exit codes are those of sysexits.h, which they understand."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated
from uuid import UUID

import typer

from adapters.outbound.bounces import LARGEST, Bounce, read_bounce
from gateway.app import opened, replying_of
from gateway.cli.desk import Desk, at_desk
from gateway.cli.say import complain, tell
from gateway.ledger.bouncing import BOUNCED, take_back
from gateway.ledger.views import last_attempt
from gateway.receipts.replies import LARGEST as LARGEST_REPLY
from gateway.receipts.replies import Taken
from gateway.recording import result_of
from schemas.errors import Busy, GatewayError, LedgerUnavailable
from schemas.handoff import Outcome, OutcomeKind, ResultSource

app = typer.Typer(add_completion=False, no_args_is_help=True)

STEP = "mail"
EX_DATAERR, EX_TEMPFAIL, EX_CONFIG = 65, 75, 78


@app.callback()
def mail() -> None:
    """What mail systems hand in through a pipe."""


@app.command()
def bounce(
    recipient: Annotated[
        str, typer.Option(help="The envelope's recipient, such as Postfix's ${original_recipient}.")
    ] = "",
) -> None:
    """Take in a bounce from standard input: park the handoff whose mail came back for good.

    Exits with 0 when it is dealt with, 65 for what is no bounce of ours, 75 to be handed in again, 78 when the
    configuration must be mended.
    """
    found = read_bounce(sys.stdin.buffer.read(LARGEST), recipient)
    if found is None:
        complain("Bukan surat kembali / No bounce", "nothing in it names a handoff of ours that failed")
        raise typer.Exit(EX_DATAERR)
    with _for_mail_systems():
        parked = found.permanent and at_desk(lambda desk: _take_back(desk, found))
    tell(f"{found.handoff_id}: {'parked' if parked else 'noted'}")


@app.command()
def reply(
    recipient: Annotated[
        str, typer.Option(help="The envelope's recipient, such as Postfix's ${original_recipient}.")
    ] = "",
) -> None:
    """Take in a ministry's reply from standard input: it stands in the timeline of the case that it answers.

    Exits with 0 when it is dealt with, 65 for what answers no case or comes from elsewhere than the case went to, 75 to
    be handed in again, 78 when the configuration must be mended.
    """
    raw = sys.stdin.buffer.read(LARGEST_REPLY)

    async def work(desk: Desk) -> Taken:
        async with opened(desk.settings) as gateway:
            return await replying_of(gateway).take(raw, recipient)

    with _for_mail_systems():
        taken = at_desk(work)
    if taken in (Taken.NO_CASE, Taken.STRANGER):
        complain("Bukan balasan / No reply", f"it answers no case of the domain that it comes from ({taken.value})")
        raise typer.Exit(EX_DATAERR)
    tell(taken.value)


@contextmanager
def _for_mail_systems() -> Iterator[None]:
    """Errors as the exit codes that mail systems understand."""
    try:
        yield
    except (Busy, LedgerUnavailable) as error:
        complain("Coba lagi nanti / Try again later", error.detail or type(error).__name__)
        raise typer.Exit(EX_TEMPFAIL) from error
    except GatewayError as error:
        complain("Konfigurasi perlu diperbaiki / The configuration needs mending", error.detail or type(error).__name__)
        raise typer.Exit(EX_CONFIG) from error


async def _take_back(desk: Desk, found: Bounce) -> bool:
    attempt = await desk.ledger.read(last_attempt, found.handoff_id)
    if attempt is None:
        return False
    reason = f"{BOUNCED}_{found.status}" if found.status else BOUNCED
    outcome = Outcome(kind=OutcomeKind.REFUSED, reason=reason, status=found.code)
    result = result_of(attempt.id, ResultSource.BOUNCE, desk.now, outcome)
    handoff: UUID = found.handoff_id
    return await desk.ledger.write(take_back, handoff, result, STEP, desk.actor, desk.now)
