"""Checks of what an endpoint must refuse, and how: what is not the gateway's, what is old, what is no case."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import timedelta

from adapters.contract import Call, Case
from gateway.cli.certify.cases import plain_case
from gateway.cli.certify.talk import SIGNATURE, Talk
from gateway.cli.certify.verdicts import Verdict, failed, passed, skipped

_OFF = timedelta(hours=1)
_UNSIGNED = "the entry says `sign: false`"
_GARBAGE: tuple[tuple[str, bytes], ...] = (
    ("empty", b""),
    ("no JSON", b"{ini bukan JSON"),
    ("a list", b"[]"),
    ("null", b"null"),
    ("no field of a case", b'{"type": "case.created"}'),
    ("wrong types", b'{"type": 7, "id": [], "case": "teks", "messages": {"a": 1}, "tracking_code": null}'),
    ("deeply nested", b"[" * 20_000),
    ("not UTF-8", b'{"type": "\xff\xfe"}'),
)


async def refuses_a_wrong_signature(talk: Talk) -> Verdict:
    """A signature that is none of the secret's is refused."""
    return await _refused(
        talk, lambda case: _signed_as(talk.call(case), talk, "v1," + base64.b64encode(bytes(32)).decode())
    )


async def refuses_a_missing_signature(talk: Talk) -> Verdict:
    """A request without the headers of the signature is refused."""
    return await _refused(talk, lambda case: talk.reheaded(talk.call(case), dict.fromkeys(SIGNATURE)))


async def refuses_an_altered_body(talk: Talk) -> Verdict:
    """A signature that is right, but of another body, is refused."""
    other = dict(talk.call(plain_case(talk.clock.now())).headers).get(SIGNATURE[2])
    return await _refused(talk, lambda case: _signed_as(talk.call(case), talk, other))


async def refuses_an_old_timestamp(talk: Talk) -> Verdict:
    """A request of an hour ago is refused, so that nobody can play one again."""
    return await _refused(talk, lambda case: talk.call(case, talk.clock.now() - _OFF))


async def refuses_an_early_timestamp(talk: Talk) -> Verdict:
    """A request of an hour ahead is refused."""
    return await _refused(talk, lambda case: talk.call(case, talk.clock.now() + _OFF))


async def takes_one_of_two_signatures(talk: Talk) -> Verdict:
    """While a secret is changed two signatures come, and one of them fits."""
    if not talk.options.sign:
        return skipped(_UNSIGNED)
    case = plain_case(talk.clock.now())
    call = talk.call(case)
    right = dict(call.headers)[SIGNATURE[2]]
    other = "v1," + base64.b64encode(bytes(range(32))).decode()
    heard = await talk.send(case, talk.reheaded(call, {SIGNATURE[2]: f"{other} {right}"}))
    return passed(heard.seen) if heard.is_taken else failed(heard.seen)


async def refuses_a_stranger(talk: Talk) -> Verdict:
    """A request without any proof of who sends is refused."""
    case = plain_case(talk.clock.now())
    heard = await talk.send(case, talk.unproven(talk.call(case)))
    return passed(heard.seen) if heard.reply.status in (401, 403) else failed(heard.seen)


async def refuses_garbage(talk: Talk) -> Verdict:
    """What is signed well but is no case is refused as the sender's fault, not answered as a breakdown."""
    wrong = []
    for name, body in _GARBAGE:
        case = plain_case(talk.clock.now())
        heard = await talk.send(case, talk.rewritten(talk.call(case), body))
        if not heard.is_refused:
            wrong.append(f"{name}: {heard.seen}")
    return failed("; ".join(wrong)) if wrong else passed(f"{len(_GARBAGE)} bodies refused")


async def _refused(talk: Talk, alter: Callable[[Case], Call]) -> Verdict:
    """Whether a request, altered, is answered with 401 or 403."""
    if not talk.options.sign:
        return skipped(_UNSIGNED)
    case = plain_case(talk.clock.now())
    heard = await talk.send(case, alter(case))
    return passed(heard.seen) if heard.reply.status in (401, 403) else failed(heard.seen)


def _signed_as(call: Call, talk: Talk, signature: str | None) -> Call:
    return talk.reheaded(call, {SIGNATURE[2]: signature})
