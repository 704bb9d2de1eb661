"""The review queue: what screening set aside, decided by people: let go on, given up, merged, corrected, unlinked."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import AwareDatetime, Field
from starlette.responses import Response

from gateway.api.ops.asked import MOST, Asked, answer, asked, published
from gateway.categories import load_categories
from gateway.examples import exported
from gateway.ledger.actions import list_actions
from gateway.ledger.not_ours import list_asked
from gateway.ledger.reopening import take_back_review
from gateway.ledger.review import list_review
from gateway.ledger.values import ReportRecord
from gateway.ledger.views import show_report
from gateway.merging import Merging
from gateway.operations.reviewing import refused_row, review_document, review_row, waiting_row, waits_in
from gateway.rerouting import left_by, rerouting_of
from gateway.review import Reviewing
from gateway.roles import Permission
from schemas.base import EARLIEST, LATEST, Schema
from schemas.errors import Invalid, NotFound
from schemas.vocabulary import Classification

router = APIRouter(prefix="/v1/review", tags=["operations"])

_ROW = ("tracking_code", "report_id", "verdict", "reason", "channel", "is_priority", "waiting_since", "released_at")
_SHOWN = ("tracking_code", "verdict", "decision", "waiting_since", "released_at", "follows", "supporters", "actions")
_EXAMPLE = ("text", "title", "label", "parent_category", "category_id", "classification", "region_code", "decided")
_SENT = ("tracking_code", "destinations")
_RELEASED = (*_SENT, "at", "by")
_REJECTED = (*_SHOWN, "at", "by")
_NOT_THERE = ("404", "409")


class Released(Schema):
    """Where a report goes on to; nothing: where the rules say."""

    to: list[str] | None = Field(None, min_length=1, max_length=20)


class Decided(Schema):
    """Why; stands in the record beside the name of whoever decides."""

    why: str = Field(min_length=1, max_length=200, pattern=r"\S")


class Undone(Schema):
    """A decision by what it was answered with; `by` is you where it is left out."""

    at: AwareDatetime = Field(ge=EARLIEST, lt=LATEST)
    by: str | None = Field(None, max_length=64)


class Merged(Schema):
    """The report that it repeats, by tracking code, id or a destination's reference."""

    into: str = Field(min_length=1, max_length=200)


class Onward(Decided):
    """Which destination does not take it, and where it goes on to; nothing: the next agency by the rules."""

    left: str = Field(min_length=1, max_length=64)
    to: str | None = Field(None, min_length=1, max_length=64)


class Corrected(Schema):
    """What the report is really about; what is left out stays."""

    category_id: int | None = Field(None, ge=1, description="LAPOR!'s category id")
    classification: Classification | None = None
    region_code: str | None = Field(None, pattern=r"^\d{2}(\.?\d{2}(\.?\d{2}(\.?\d{4})?)?)?$")


@router.get(
    "", summary="What waits for review", **published("Emergencies first, then what goes on soonest", *_ROW, rows=True)
)
async def get_review(
    request: Request,
    after: Annotated[UUID | None, Query(description="`next` of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
) -> Response:
    """`released_at` is when a report goes on by itself; null: it waits for its reporter.

    Reports that no agency takes (`verdict` is `not_ours`) wait for no clock: the emergencies among them stand at the
    beginning of the first page, the others at the end of the last one.
    """
    one = await asked(request, Permission.LOOK)
    rows = await one.ledger.read(list_review, after=after, limit=limit + 1)
    refused = await one.ledger.read(list_asked, MOST)
    urgent = [refused_row(row) for row in refused if row.is_priority and after is None]
    shown = [review_row(row, _within(one)) for row in rows[:limit]]
    if len(rows) > limit:
        return answer({"rows": [*urgent, *shown], "next": rows[limit - 1].parked.id})
    others = [refused_row(row) for row in refused if not row.is_priority]
    return answer({"rows": [*urgent, *shown, *others], "next": None})


@router.post(
    "/export",
    summary="What officers decided, to learn from",
    **published("Every example, of each report the newest", *_EXAMPLE, rows=True, body=Decided, problems=("404",)),
)
async def post_export(request: Request) -> Response:
    """With the reports' texts, so the reason is recorded first. Empty where `keep_corrections` is off."""
    one = await asked(request, Permission.REVEAL)
    why = (await one.body(Decided)).why.strip()
    return answer({"rows": await exported(one.ledger, one.ops.vault, one.actor, why, one.now), "next": None})


@router.post("/undo", summary="Take a decision back", **published("How many", "count", "stays", body=Undone))
async def post_review_undo(request: Request) -> Response:
    """Let what was let go on or given up at that moment wait again.

    `stays` are those of which something has begun, or was decided since: a call that was made cannot be unmade.
    """
    one = await asked(request, Permission.REVIEW)
    undone = await one.body(Undone)
    taken = await one.ledger.write(take_back_review, undone.at, undone.by or one.actor, one.actor, one.now)
    return answer({"count": taken.count, "stays": taken.stays})


@router.get("/{report}", summary="Why a report waits", **published("Without its content", *_SHOWN, problems=("404",)))
async def get_waiting(request: Request, report: str) -> Response:
    """The checks that fired, the suggestion, what it is linked to, and what people did about it."""
    one = await asked(request, Permission.LOOK)
    return answer(await _document(one, await _found(one, report)))


@router.post(
    "/{report}/release",
    summary="Let it go on",
    **published("Where to, and what undoes it", *_RELEASED, body=Released, problems=_NOT_THERE),
)
async def post_release(request: Request, report: str) -> Response:
    """To where the rules say, or to these destinations."""
    one = await asked(request, Permission.REVIEW)
    to = (await one.body(Released)).to
    record = await _found(one, report)
    sent = await _reviewing(one).send_on(waiting_row(record), record, one.actor, to or (), one.now)
    return answer({"tracking_code": record.report.tracking_code, "destinations": sent, **_undo(one)})


@router.post(
    "/{report}/reject",
    summary="Decide that it is no report",
    **published("As it stands, and what undoes it", *_REJECTED, body=Decided, problems=_NOT_THERE),
)
async def post_reject(request: Request, report: str) -> Response:
    """It is kept, and goes nowhere. `at` and `by` of the answer are what takes it back."""
    one = await asked(request, Permission.REVIEW)
    why = (await one.body(Decided)).why.strip()
    record = await _found(one, report)
    await _reviewing(one).reject(record, waits_in(record), one.actor, why, one.now)
    return answer(await _document(one, await _found(one, report)) | _undo(one))


@router.post(
    "/{report}/merge",
    summary="Link it to the report that it repeats",
    **published("As it stands", *_SHOWN, body=Merged, problems=_NOT_THERE),
)
async def post_merge(request: Request, report: str) -> Response:
    """Both are kept, only the other is handed on; what is new in this one is passed on there.

    Of one that was handed on already, what it is still owed is cancelled, and whoever has it keeps it.
    """
    one = await asked(request, Permission.REVIEW)
    into = (await one.body(Merged)).into
    record, other = await _found(one, report), await _found(one, into)
    await Merging(_reviewing(one)).merge(record, waits_in(record), other, one.actor)
    return answer(await _document(one, await _found(one, report)))


@router.post(
    "/{report}/onward",
    summary="Send it on from an agency that does not take it",
    **published("Where to", *_SENT, body=Onward, problems=_NOT_THERE),
)
async def post_onward(request: Request, report: str) -> Response:
    """To the next agency by the rules, or to the one that is named. No destinations: a person must name one."""
    one = await asked(request, Permission.REVIEW)
    told = await one.body(Onward)
    record = await _found(one, report)
    handoff = left_by(record, told.left)
    reached = await rerouting_of(_reviewing(one)).reroute(record, handoff, told.why.strip(), one.actor, told.to)
    return answer({"tracking_code": record.report.tracking_code, "destinations": [reached] if reached else []})


@router.post(
    "/{report}/unlink",
    summary="Let it go its own way",
    **published("Where to", *_SENT, body=Decided, problems=_NOT_THERE),
)
async def post_unlink(request: Request, report: str) -> Response:
    """A report that follows another one is about an event of its own. No destinations: it waits for review."""
    one = await asked(request, Permission.REVIEW)
    why = (await one.body(Decided)).why.strip()
    record = await _found(one, report)
    sent = await Merging(_reviewing(one)).unlink(record, one.actor, why)
    return answer({"tracking_code": record.report.tracking_code, "destinations": sent})


@router.post(
    "/{report}/correct",
    summary="Correct category, class or place",
    **published("What changed", "tracking_code", "changed", body=Corrected, problems=_NOT_THERE),
)
async def post_correct(request: Request, report: str) -> Response:
    """Of one that waits, releasing it then routes it by these; one that was handed on goes, besides, to whom they name.

    `changed` tells each field with what it was and what it is, and under `sent` where else it goes.
    """
    one = await asked(request, Permission.REVIEW)
    chosen = await one.body(Corrected)
    if chosen.category_id is not None and chosen.category_id not in load_categories().by_id:
        raise Invalid(f"{chosen.category_id} is none of the known category ids")
    record = await _found(one, report)
    changed = await _reviewing(one).correct(record, one.actor, chosen.model_dump(mode="json"))
    return answer({"tracking_code": record.report.tracking_code, "changed": changed})


def _reviewing(one: Asked) -> Reviewing:
    ops = one.ops
    config, within = ops.config, _within(one)
    return Reviewing(one.ledger, ops.vault, config.rules, config.destinations, ops.clock, within, ops.learns)


def _undo(one: Asked) -> dict[str, object]:
    return {"at": one.now.isoformat(), "by": one.actor}


def _within(one: Asked) -> timedelta:
    return timedelta(seconds=one.ops.review_within)


async def _found(one: Asked, text: str) -> ReportRecord:
    record = await one.ledger.read(show_report, text)
    if record is None:
        raise NotFound("no report has this tracking code, id or reference")
    return record


async def _document(one: Asked, record: ReportRecord) -> dict[str, object]:
    subjects = [str(record.report.id), *(str(row.id) for row in record.parked)]
    done = [row for subject in subjects for row in await one.ledger.read(list_actions, subject=subject)]
    return review_document(record, waits_in(record), done, _within(one))
