"""Checks of what an endpoint must take: new cases, the same again, more of one, whatever a case may hold."""

from __future__ import annotations

import json
from dataclasses import replace

import orjson

from gateway.cli.certify.cases import big_case, full_case, later_case, plain_case
from gateway.cli.certify.talk import Heard, Talk, parsed
from gateway.cli.certify.verdicts import Verdict, failed, passed, skipped
from schemas.handoff import HandoffKind, OutcomeKind
from schemas.ids import new_id

_NOT_TAKEN = "later_messages_not_taken"
_OWN_SHAPE = "the entry has a shape of body of its own"
_NO_PROMISE = "the entry does not say `repeat: dedupes`"


def _judged(heard: Heard) -> Verdict:
    return passed(heard.seen) if heard.is_taken else failed(heard.seen)


async def takes_a_case(talk: Talk) -> Verdict:
    """A new case is answered with a receipt."""
    return _judged(await talk.hand(plain_case(talk.clock.now())))


async def same_key_same_receipt(talk: Talk) -> Verdict:
    """The same request again is answered as the first time."""
    if not talk.dedupes:
        return skipped(_NO_PROMISE)
    case = plain_case(talk.clock.now())
    first, second = await talk.hand(case), await talk.hand(case)
    return passed(second.seen) if _same(first, second) else failed(f"{first.seen}, then {second.seen}")


async def same_key_other_body(talk: Talk) -> Verdict:
    """A key that came before with another body makes no second case."""
    if not talk.dedupes:
        return skipped(_NO_PROMISE)
    case = plain_case(talk.clock.now())
    first = await talk.hand(case)
    changed = replace(case, report=case.report.model_copy(update={"content": f"{case.report.content} (diubah)"}))
    second = await talk.hand(changed)
    fits = second.is_refused or _same(first, second)
    return passed(second.seen) if fits else failed(f"{first.seen}, then {second.seen}")


async def different_cases_different_receipts(talk: Talk) -> Verdict:
    """Two cases have two references."""
    first, second = [await talk.hand(plain_case(talk.clock.now())) for _ in range(2)]
    if first.reference is None and not talk.options.requires_reference:
        return skipped("the ministry gives no references")
    apart = first.is_taken and second.is_taken and first.reference != second.reference
    return passed(f"{first.reference}, {second.reference}") if apart else failed(f"{first.seen}, then {second.seen}")


async def takes_every_field(talk: Talk) -> Verdict:
    """A case with every field filled and with unusual characters is taken."""
    return _judged(await talk.hand(full_case(talk.clock.now())))


async def takes_a_big_body(talk: Talk) -> Verdict:
    """A long body is taken."""
    case = big_case(talk.clock.now(), talk.body_size)
    call = talk.call(case)
    heard = await talk.send(case, call)
    told = f"{len(call.body)} bytes: {heard.seen}"
    return passed(told) if heard.is_taken else failed(told)


async def tolerates_unknown_fields(talk: Talk) -> Verdict:
    """Fields that may be added one day are ignored."""
    case = plain_case(talk.clock.now())
    call = talk.call(case)
    body = parsed(call)
    if body is None or talk.options.payload is not None:
        return skipped(_OWN_SHAPE)
    later = {"uji_field_baru": {"a": [1, None]}}
    inner, messages = body["case"], body["messages"]
    assert isinstance(inner, dict)  # noqa: S101 - our own body
    assert isinstance(messages, list)  # noqa: S101
    wider = body | later | {"case": inner | later, "messages": [one | later for one in messages]}
    return _judged(await talk.send(case, talk.rewritten(call, orjson.dumps(wider))))


async def reads_the_raw_bytes(talk: Talk) -> Verdict:
    """The signature is checked over the bytes that came, not over what was read from them."""
    case = plain_case(talk.clock.now())
    call = talk.call(case)
    body = parsed(call)
    if body is None or not talk.options.sign:
        return skipped("the body is no JSON, or is not signed")
    spaced = json.dumps(dict(reversed(body.items())), indent=3, ensure_ascii=True).replace("/", "\\/")
    return _judged(await talk.send(case, talk.rewritten(call, spaced.encode())))


async def takes_an_addition(talk: Talk) -> Verdict:
    """More about a report is taken, with the report's reference."""
    return await _later(talk, HandoffKind.ADDITION)


async def takes_a_withdrawal(talk: Talk) -> Verdict:
    """The end of the conversation: every test case is withdrawn."""
    for case, reference in talk.taken[1:]:
        await talk.hand(later_case(case, reference, HandoffKind.WITHDRAWAL, talk.clock.now()))
    return await _later(talk, HandoffKind.WITHDRAWAL)


async def finds_a_case_by_its_key(talk: Talk) -> Verdict:
    """A case can be asked for by its key, and one that is not there is said not to be."""
    if talk.options.repeat.value != "lookup":
        return skipped("the entry does not say `repeat: lookup`")
    case = plain_case(talk.clock.now())
    first = await talk.hand(case)
    found = await talk.look_up(case)
    absent = await talk.look_up(replace(case, handoff_id=new_id(talk.clock.now())))
    told = f"{first.seen}; there: {found.reason}, not there: {absent.reason}"
    reference = found.receipt.reference if found.receipt else None
    is_found = found.kind is OutcomeKind.DELIVERED and reference == first.reference
    return passed(told) if is_found and absent.reason == "not_found" else failed(told)


async def _later(talk: Talk, kind: HandoffKind) -> Verdict:
    case, reference = talk.taken[0]
    heard = await talk.hand(later_case(case, reference, kind, talk.clock.now()))
    if heard.outcome.reason == _NOT_TAKEN:
        return skipped("the entry has no shape of body for it")
    return _judged(heard)


def _same(first: Heard, second: Heard) -> bool:
    return first.is_taken and second.is_taken and first.reference == second.reference
