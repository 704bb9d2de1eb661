"""Files that are withheld or could not be had: a person lets them go after all, or keeps them back."""

from __future__ import annotations

from uuid import UUID

from starlette.responses import Response

from gateway.console.ticked import each_of, ended, ticked
from gateway.console.visit import Visit
from gateway.ledger.file_decisions import list_undecided
from gateway.withheld import Deciding
from schemas.errors import Invalid

PAGE = 50


async def show_files(visit: Visit) -> Response:
    """What is withheld or could not be had, and nobody decided about, the oldest first."""
    after = visit.query("after")
    try:
        last = UUID(after) if after else None
    except ValueError as error:
        raise Invalid(visit.told("error.id")) from error
    rows = await visit.desk.ledger.read(list_undecided, last, PAGE + 1)
    return visit.page("files.html", rows=rows[:PAGE], more=len(rows) > PAGE)


async def take_file_release(visit: Visit) -> Response:
    """Let files go as they came."""
    ids, why, deciding = ticked(visit), visit.needed("why"), _deciding(visit)

    async def release(one: UUID) -> bool:
        await deciding.release(one, visit.actor, why)
        return True

    return await ended(visit, await each_of(ids, release), "/files", "files_released")


async def take_file_keep(visit: Visit) -> Response:
    """Keep files back for good."""
    ids, why, deciding = ticked(visit), visit.needed("why"), _deciding(visit)

    async def keep(one: UUID) -> bool:
        await deciding.keep(one, visit.actor, why)
        return True

    return await ended(visit, await each_of(ids, keep), "/files", "files_kept")


def _deciding(visit: Visit) -> Deciding:
    return Deciding(visit.desk.ledger, visit.desk.vault, visit.desk.clock)
