"""The promises, held against what the ledger recorded and what the destinations took: each broken one in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from adapters.simulator import Book
from gateway.chaos.regime import CODE, SP4N, Accepted, Part, Taking
from gateway.ledger.recount import Recount
from gateway.ledger.values import HandoffRow
from schemas.handoff import HandoffKind, HandoffState, Repeat

_ENDED = (HandoffState.DELIVERED, HandoffState.PARKED, HandoffState.UNCERTAIN)


def takings(part: Part, book: Book) -> list[Taking]:
    """What a destination took that must not be there twice, out of its own book."""
    if part.played_by != SP4N:
        cases = book.of("case")
        return [Taking(part.name, "post", entry["tracking_code"], entry["reference"]) for entry in cases]
    codes = {str(entry["id"]): _code_in(entry["fields"]["content"]) for entry in book.of("complaint")}
    complaints = [Taking(part.name, "complaint", code, identity) for identity, code in codes.items()]
    moved = [str(entry["complaint_id"]) for entry in book.of("pass_on")]
    return [*complaints, *(Taking(part.name, "pass_on", codes.get(each, "-"), each) for each in moved)]


def broken_promises(
    seen: Recount, parts: Sequence[Part], taken: Sequence[Taking], kept: Mapping[str, Accepted]
) -> list[str]:
    """What is not as it must be once everything has come to rest."""
    own = {(row.report_id, row.destination): row for row in seen.handoffs if row.kind == HandoffKind.REPORT}
    ids = {code: UUID(report) for report, code in seen.reports.items()}
    by_code = {(code, part.name): own.get((report, part.name)) for code, report in ids.items() for part in parts}
    return [
        *_lost(seen, kept),
        *_unsettled(seen),
        *_unexplained(seen),
        *_doubled(seen, parts, taken, by_code),
        *_unrecorded(seen, taken, by_code),
        *_unfounded(seen, taken),
    ]


def doubles(taken: Sequence[Taking]) -> Counter[tuple[str, str, str]]:
    """How often each thing was taken beyond the first time, by destination, step and what must not be there twice."""
    counted = Counter((one.destination, one.step, _thing(one)) for one in taken)
    return Counter({thing: count - 1 for thing, count in counted.items() if count > 1})


def _lost(seen: Recount, kept: Mapping[str, Accepted]) -> Iterator[str]:
    """202 means kept: the report is there under its code, and somebody is owed it or it waits for a person."""
    owed = {str(row.report_id) for row in seen.handoffs} | seen.aside
    for message_id, accepted in kept.items():
        if seen.reports.get(accepted.report_id) != accepted.code:
            yield f"lost: {message_id} got a 202 and is not in the ledger"
        elif accepted.report_id not in owed:
            yield f"lost: {message_id} is in the ledger and nobody is owed it"
    if len({accepted.report_id for accepted in kept.values()}) != len(kept):
        yield "lost: two messages were told the same report"
    if len(seen.reports) > len(kept):
        yield f"doubled: {len(seen.reports)} reports are in the ledger, {len(kept)} messages got a 202"


def _unsettled(seen: Recount) -> Iterator[str]:
    for row in seen.handoffs:
        if row.state not in _ENDED or row.owner is not None:
            yield f"not at rest: {_named(row)} is {row.state} ({row.reason or row.uncertain_step or 'due'})"


def _unexplained(seen: Recount) -> Iterator[str]:
    """What is uncertain was recorded to be so; what is parked has a result that is no delivery. The delivered and their
    references are the business of the journal's own verification.
    """
    for row in seen.handoffs:
        if row.state is HandoffState.UNCERTAIN and not seen.doubts(row.id, row.uncertain_step or ""):
            yield f"unexplained: {_named(row)} is uncertain, and no result says so"
        if row.state is HandoffState.PARKED and not (row.reason and seen.setbacks(row.id)):
            yield f"unexplained: {_named(row)} is parked ({row.reason}), and no result says why"


def _doubled(
    seen: Recount,
    parts: Sequence[Part],
    taken: Sequence[Taking],
    by_code: Mapping[tuple[str, str], HandoffRow | None],
) -> Iterator[str]:
    """A double is explained only where a step can neither be repeated nor asked about, and only so often as the
    handoff was marked uncertain first and then released by a rule or a person.
    """
    of_part = {part.name: part for part in parts}
    codes = {(one.destination, one.step, _thing(one)): one.code for one in taken}
    for place, more in doubles(taken).items():
        destination, step, thing = place
        row = by_code.get((codes[place], destination))
        repeat = of_part[destination].repeat_of(step)
        allowed = min(seen.releases[row.id], seen.doubts(row.id, step)) if row else 0
        if repeat is not Repeat.NEITHER or more > allowed:
            yield (
                f"doubled: {destination} ({repeat.value}) took {step} of {thing} {more + 1} times, "
                f"and it was released {allowed} times"
            )


def _unrecorded(
    seen: Recount, taken: Sequence[Taking], by_code: Mapping[tuple[str, str], HandoffRow | None]
) -> Iterator[str]:
    """No call without its row: nothing was taken more often than attempts at it are recorded."""
    for (destination, step, code), count in Counter((one.destination, one.step, one.code) for one in taken).items():
        row = by_code.get((code, destination))
        recorded = seen.attempts[row.id, step] if row else 0
        if count > recorded:
            yield f"unrecorded: {destination} took {step} of {code} {count} times, {recorded} attempts are recorded"


def _unfounded(seen: Recount, taken: Sequence[Taking]) -> Iterator[str]:
    """What counts as delivered lies in the destination's book, under the report's own code; and it was passed on."""
    books: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for one in taken:
        books.setdefault((one.destination, one.step), set()).add((one.code, one.reference))
    for row in seen.handoffs:
        if row.state is not HandoffState.DELIVERED or row.kind != HandoffKind.REPORT:
            continue
        entry = (seen.reports[str(row.report_id)], row.reference or "")
        steps = [step for (destination, step) in books if destination == row.destination] or ["post"]
        for step in steps:
            if entry not in books.get((row.destination, step), set()):
                yield f"unfounded: {_named(row)} counts as delivered under {row.reference}, and its book has no {step}"


def _thing(one: Taking) -> str:
    """What must not be there twice: the case of a report, or the passing on of one complaint."""
    return one.reference if one.step == "pass_on" else one.code


def _named(row: HandoffRow) -> str:
    return f"handoff {row.id} to {row.destination}"


def _code_in(text: str) -> str:
    found = CODE.search(text)
    return found[0] if found else "-"
