"""The queue of what screening held or nobody understood: a person lets it go on, or gives it up."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from pydantic import ValidationError
from starlette.responses import Response

from gateway.categories import load_categories
from gateway.console.ticked import each_of, ended, ticked
from gateway.console.visit import Visit
from gateway.examples import exported, lines_of
from gateway.ledger.not_ours import list_asked
from gateway.ledger.queues import codes_of
from gateway.ledger.reopening import take_back_review
from gateway.ledger.review import list_aside, waiting_among
from gateway.ledger.set_aside import cancel_parked, show_parked
from gateway.ledger.values import ParkedRow, ReportRecord
from gateway.ledger.views import show_report
from gateway.merging import Merging
from gateway.operations.reviewing import waits_in
from gateway.readmitting import Readmission
from gateway.rerouting import left_by, rerouting_of
from gateway.review import releases_at
from schemas.errors import Invalid, NotFound
from schemas.handoff import ParkStage
from schemas.vocabulary import Classification

PAGE = 50


async def show_review(visit: Visit) -> Response:
    """What is set aside before it was owed to anybody: emergencies first, then what goes on by itself soonest."""
    stage, channel, before = visit.query("stage"), visit.query("channel") or None, visit.query("after")
    try:
        wanted, after = (ParkStage(stage) if stage else None), (UUID(before) if before else None)
    except ValueError as error:
        raise Invalid(visit.told("error.id")) from error
    ledger = visit.desk.ledger
    rows = await ledger.read(list_aside, stage=wanted, channel=channel, after=after, limit=PAGE + 1)
    shown = rows[:PAGE]
    waiting = await ledger.read(waiting_among, [row.id for row in shown])
    return visit.page(
        "review.html",
        rows=shown,
        more=len(rows) > PAGE,
        refused=await ledger.read(list_asked) if not before else [],
        goes_on={one: releases_at(row, visit.desk.reviewing.within) for one, row in waiting.items()},
        urgent={one for one, row in waiting.items() if row.is_priority},
        classes=[one.value for one in Classification],
        categories=load_categories().by_id.values(),
        codes=await ledger.read(codes_of, [row.report_id for row in shown if row.report_id]),
        stage=stage,
        stages=[ParkStage.SCREEN, ParkStage.ROUTE, ParkStage.PARSE],
        destinations=sorted(visit.desk.config.destinations),
    )


async def take_release(visit: Visit) -> Response:
    """Let reports go to where the rules or this person send them; messages are read anew."""
    desk = visit.desk
    to = (visit.field("to"),) if visit.field("to") else ()
    readmission = Readmission(desk.reviewing, desk.access, desk.enrolment, desk.channels, visit.actor, visit.now, to)

    async def release(one: UUID) -> bool:
        found = await desk.ledger.read(show_parked, one)
        if found is None or found[0].state != "parked":
            return False
        await readmission.readmit(found[0])
        return True

    tally = await each_of(ticked(visit), release)
    desk.books.forget()
    return await ended(visit, tally, "/review", "released", **_undo(visit))


async def take_give_up(visit: Visit) -> Response:
    """Decide that nothing is to become of them."""
    desk, ids, why = visit.desk, ticked(visit), visit.needed("why")

    async def give_up(one: UUID) -> bool:
        record = await _waiting(visit, one)
        if record is None:  # a message that nobody understood, or one that somebody decided before
            return bool(await desk.ledger.write(cancel_parked, [one], visit.actor, why, visit.now))
        await desk.reviewing.reject(record, waits_in(record), visit.actor, why, visit.now)
        return True

    tally = await each_of(ids, give_up)
    desk.books.forget()
    return await ended(visit, tally, "/review", "given_up", **_undo(visit))


async def take_review_undo(visit: Visit) -> Response:
    """Let what was decided at a moment wait for review again, as far as nothing of it was handed on."""
    taken = await visit.desk.ledger.write(take_back_review, visit.moment(), visit.needed("by"), visit.actor, visit.now)
    visit.desk.books.forget()
    return visit.go("/review", done="review_taken_back", n=taken.count, stays=taken.stays or None)


async def take_onward(visit: Visit) -> Response:
    """Send a report on from an agency that does not take it, to the one that a person names."""
    record = await _named(visit)
    onward = rerouting_of(visit.desk.reviewing)
    to, why = visit.filled("to", "why")
    await onward.reroute(record, left_by(record, visit.needed("left")), why, visit.actor, to)
    visit.desk.books.forget()
    return visit.go("/review", done="released", n=1)


async def take_close(visit: Visit) -> Response:
    """Decide that nothing more is to become of a report that no agency takes."""
    record = await _named(visit)
    await visit.desk.reviewing.reject(record, waits_in(record), visit.actor, visit.needed("why"), visit.now)
    return visit.go("/review", done="given_up", n=1, **_undo(visit))


async def take_merge(visit: Visit) -> Response:
    """Say that reports repeat another one: only that one is handed on."""
    ids = [] if visit.field("report") else ticked(visit)
    into = await visit.desk.ledger.read(show_report, visit.needed("into"))
    if into is None:
        raise visit.wrong("into", "report.unknown")
    merging = Merging(visit.desk.reviewing)

    if visit.field("report"):
        record = await _named(visit)
        await merging.merge(record, waits_in(record), into, visit.actor)
        visit.desk.books.forget()
        return visit.go(f"/reports/{record.report.id}", done="merged", n=1)

    async def merge(record: ReportRecord, parked: ParkedRow) -> None:
        await merging.merge(record, parked, into, visit.actor)

    return await _each(visit, ids, "merged", merge)


async def take_correct(visit: Visit) -> Response:
    """Say under which category or class reports belong, and where they are from; releasing then routes them by it."""
    ids = [] if visit.field("report") else ticked(visit)
    chosen = _chosen(visit)

    async def correct(record: ReportRecord, parked: ParkedRow | None) -> None:
        try:
            await visit.desk.reviewing.correct(record, visit.actor, chosen)
        except ValidationError as error:
            raise visit.wrong("region", "review.no_region") from error

    if ids:
        return await _each(visit, ids, "corrected", correct)
    record = await _named(visit)
    await correct(record, None)
    visit.desk.books.forget()
    return visit.go(f"/reports/{record.report.id}", done="corrected", n=1)


def _chosen(visit: Visit) -> dict[str, object]:
    """What a report is to be filed as; None leaves it. Raises Invalid for what there is not, and for nothing at all."""
    category, classification, region = visit.field("category"), visit.field("class"), visit.given("region", 13)
    category_id = load_categories().id_of(category) if category else None
    if category and category_id is None:
        raise visit.wrong("category", "review.no_category")
    if classification and classification not in list(Classification):
        raise visit.wrong("class", "error.id")
    if not (category or classification or region):
        raise visit.wrong("category", "review.nothing_to_correct")
    return {
        "category_id": category_id,
        "classification": classification or None,
        "region_code": region or None,
    }


async def _each(
    visit: Visit, ids: Sequence[UUID], done: str, act: Callable[[ReportRecord, ParkedRow], Awaitable[None]]
) -> Response:
    """Do it to every report that was ticked and still waits."""
    ledger = visit.desk.ledger

    async def act_on(one: UUID) -> bool:
        found = await ledger.read(show_parked, one)
        record = await ledger.read(show_report, found[0].report_id) if found and found[0].report_id else None
        if found is None or record is None or found[0].state != "parked":
            return False
        await act(record, found[0])
        return True

    tally = await each_of(ids, act_on)
    visit.desk.books.forget()
    return await ended(visit, tally, "/review", done)


async def take_unlink(visit: Visit) -> Response:
    """Say that a report is about an event of its own after all: it goes on, or waits here."""
    record = await _named(visit)
    await Merging(visit.desk.reviewing).unlink(record, visit.actor, visit.needed("why"))
    visit.desk.books.forget()
    return visit.go(f"/reports/{record.report.id}", done="unlinked")


async def take_export(visit: Visit) -> Response:
    """What officers decided, with the reports' texts, as a file to learn from; recorded with the reason first."""
    desk, why = visit.desk, visit.needed("why")
    content = lines_of(await exported(desk.ledger, desk.vault, visit.actor, why, visit.now))
    name = f"keputusan-{visit.now:%Y-%m-%d}.jsonl"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(content, media_type="application/jsonl", headers=headers)


def _undo(visit: Visit) -> dict[str, str]:
    """By what this decision is taken back."""
    return {"at": visit.now.isoformat(), "by": visit.actor}


async def _named(visit: Visit) -> ReportRecord:
    record = await visit.desk.ledger.read(show_report, visit.needed("report"))
    if record is None:
        raise NotFound(visit.told("report.unknown"))
    return record


async def _waiting(visit: Visit, parked_id: UUID) -> ReportRecord | None:
    """The report that waits by this row, if it is one that screening set aside and nobody decided about."""
    found = await visit.desk.ledger.read(show_parked, parked_id)
    record = await visit.desk.ledger.read(show_report, found[0].report_id) if found and found[0].report_id else None
    aside = waits_in(record) if record is not None else None
    return record if aside is not None and aside.id == parked_id else None
