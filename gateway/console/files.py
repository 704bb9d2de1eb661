"""Files that are withheld or could not be had: a person lets them go after all, or keeps them back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

from starlette.responses import Response

from gateway.console.visit import Visit
from gateway.ledger.file_decisions import list_undecided
from gateway.withheld import Deciding
from schemas.errors import GatewayError, Invalid

PAGE = 50


async def show_files(visit: Visit) -> Response:
    """What is withheld or could not be had, and nobody decided about, the oldest first."""
    after = visit.query("after")
    try:
        last = UUID(after) if after else None
    except ValueError as error:
        raise Invalid(visit.told("error.id")) from error
    rows = await visit.desk.ledger.read(list_undecided, last, PAGE + 1)
    return visit.page("files.html", rows=rows[:PAGE], more=len(rows) > PAGE, problem=visit.query("problem"))


async def take_file_release(visit: Visit) -> Response:
    """Let files go as they came."""
    why, deciding = visit.needed("why")[:200], _deciding(visit)

    async def release(one: UUID) -> None:
        await deciding.release(one, visit.actor, why)

    return await _each(visit, "files_released", release)


async def take_file_keep(visit: Visit) -> Response:
    """Keep files back for good."""
    why, deciding = visit.needed("why")[:200], _deciding(visit)

    async def keep(one: UUID) -> None:
        await deciding.keep(one, visit.actor, why)

    return await _each(visit, "files_kept", keep)


async def _each(visit: Visit, done: str, act: Callable[[UUID], Awaitable[None]]) -> Response:
    """Do it to every file that was ticked; the last problem is shown."""
    ids = visit.chosen()
    if not ids:
        raise Invalid(visit.told("queue.none_chosen"))
    count, problem = 0, None
    for each in ids:
        try:
            await act(each)
            count += 1
        except GatewayError as error:
            problem = error.detail[:300]
    return visit.go("/files", done=done, n=count, problem=problem)


def _deciding(visit: Visit) -> Deciding:
    return Deciding(visit.desk.ledger, visit.desk.vault, visit.desk.clock)
