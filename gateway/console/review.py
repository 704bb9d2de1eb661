"""The queue of what screening held or nobody understood: a person lets it go on, or gives it up."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

from pydantic import ValidationError
from starlette.responses import Response

from gateway.categories import load_categories
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
from schemas.errors import GatewayError, Invalid, NotFound
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
        codes=await ledger.read(codes_of, [row.report_id for row in shown if row.report_id]),
        stage=stage,
        stages=[ParkStage.SCREEN, ParkStage.ROUTE, ParkStage.PARSE],
        destinations=sorted(visit.desk.config.destinations),
        problem=visit.query("problem"),
    )


async def take_release(visit: Visit) -> Response:
    """Let reports go to where the rules or this person send them; messages are read anew."""
    desk = visit.desk
    to = (visit.field("to"),) if visit.field("to") else ()
    readmission = Readmission(desk.reviewing, desk.access, desk.enrolment, desk.channels, visit.actor, visit.now, to)
    done, problem = 0, None
    for each in _ticked(visit):
        found = await desk.ledger.read(show_parked, each)
        if found is None or found[0].state != "parked":
            continue
        try:
            await readmission.readmit(found[0])
            done += 1
        except GatewayError as error:
            problem = error.detail[:300]
    desk.books.forget()
    return visit.go("/review", done="released", n=done, problem=problem, **_undo(visit))


async def take_give_up(visit: Visit) -> Response:
    """Decide that nothing is to become of them."""
    desk, why, count = visit.desk, visit.needed("why")[:200], 0
    for each in _ticked(visit):
        record = await _waiting(visit, each)
        if record is None:  # a message that nobody understood, or one that somebody decided before
            count += await desk.ledger.write(cancel_parked, [each], visit.actor, why, visit.now)
            continue
        await desk.reviewing.reject(record, waits_in(record), visit.actor, why, visit.now)
        count += 1
    desk.books.forget()
    return visit.go("/review", done="given_up", n=count, **_undo(visit))


async def take_review_undo(visit: Visit) -> Response:
    """Let what was decided at a moment wait for review again, as far as nothing of it was handed on."""
    taken = await visit.desk.ledger.write(take_back_review, visit.moment(), visit.needed("by"), visit.actor, visit.now)
    visit.desk.books.forget()
    return visit.go("/review", done="review_taken_back", n=taken.count, stays=taken.stays or None)


async def take_onward(visit: Visit) -> Response:
    """Send a report on from an agency that does not take it, to the one that a person names."""
    record = await _named(visit)
    onward = rerouting_of(visit.desk.reviewing)
    to, why = visit.needed("to"), visit.needed("why")[:200]
    await onward.reroute(record, left_by(record, visit.needed("left")), why, visit.actor, to)
    visit.desk.books.forget()
    return visit.go("/review", done="released", n=1)


async def take_close(visit: Visit) -> Response:
    """Decide that nothing more is to become of a report that no agency takes."""
    record = await _named(visit)
    await visit.desk.reviewing.reject(record, waits_in(record), visit.actor, visit.needed("why")[:200], visit.now)
    return visit.go("/review", done="given_up", n=1, **_undo(visit))


async def take_merge(visit: Visit) -> Response:
    """Say that reports repeat another one: only that one is handed on."""
    into = await visit.desk.ledger.read(show_report, visit.needed("into"))
    if into is None:
        raise NotFound(visit.told("report.unknown"))
    merging = Merging(visit.desk.reviewing)

    if visit.field("report"):
        record = await _named(visit)
        await merging.merge(record, waits_in(record), into, visit.actor)
        visit.desk.books.forget()
        return visit.go(f"/reports/{record.report.id}", done="merged", n=1)

    async def merge(record: ReportRecord, parked: ParkedRow) -> None:
        await merging.merge(record, parked, into, visit.actor)

    return await _each(visit, "merged", merge)


async def take_correct(visit: Visit) -> Response:
    """Say under which category or class reports belong, and where they are from; releasing then routes them by it."""
    category = visit.field("category")
    if category and (not category.isdigit() or int(category) not in load_categories().by_id):
        raise Invalid(visit.told("review.no_category"))
    chosen = {
        "category_id": int(category) if category else None,
        "classification": visit.field("class") or None,
        "region_code": visit.field("region") or None,
    }

    if visit.field("report"):
        record = await _named(visit)
        try:
            await visit.desk.reviewing.correct(record, visit.actor, chosen)
        except ValidationError as error:
            raise Invalid(visit.told("review.no_region")) from error
        visit.desk.books.forget()
        return visit.go(f"/reports/{record.report.id}", done="corrected", n=1)

    async def correct(record: ReportRecord, parked: ParkedRow) -> None:
        await visit.desk.reviewing.correct(record, visit.actor, chosen)

    return await _each(visit, "corrected", correct)


async def _each(visit: Visit, done: str, act: Callable[[ReportRecord, ParkedRow], Awaitable[None]]) -> Response:
    """Do it to every report that was ticked and still waits; the last problem is shown."""
    count, problem = 0, None
    for each in _ticked(visit):
        found = await visit.desk.ledger.read(show_parked, each)
        record = await visit.desk.ledger.read(show_report, found[0].report_id) if found and found[0].report_id else None
        if found is None or record is None or found[0].state != "parked":
            continue
        try:
            await act(record, found[0])
            count += 1
        except (GatewayError, ValidationError) as error:
            problem = error.detail[:300] if isinstance(error, GatewayError) else visit.told("review.no_region")
    visit.desk.books.forget()
    return visit.go("/review", done=done, n=count, problem=problem)


async def take_unlink(visit: Visit) -> Response:
    """Say that a report is about an event of its own after all: it goes on, or waits here."""
    record = await _named(visit)
    await Merging(visit.desk.reviewing).unlink(record, visit.actor, visit.needed("why")[:200])
    visit.desk.books.forget()
    return visit.go(f"/reports/{record.report.id}")


async def take_export(visit: Visit) -> Response:
    """What officers decided, with the reports' texts, as a file to learn from; recorded with the reason first."""
    desk, why = visit.desk, visit.needed("why")[:200]
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


def _ticked(visit: Visit) -> list[UUID]:
    ids = visit.chosen()
    if not ids:
        raise Invalid(visit.told("queue.none_chosen"))
    return ids
