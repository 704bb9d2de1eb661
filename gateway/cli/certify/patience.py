"""Checks of how an endpoint asks for patience, and of what comes after it: 429, 503, and 410 for good.

Only a breakdown shows that by itself. A system for trials may be asked for it: a signed request with the header
`sp4n-certify` wants to be answered with that status, and nothing kept.
"""

from __future__ import annotations

from gateway.cli.certify.cases import plain_case
from gateway.cli.certify.talk import Heard, Talk
from gateway.cli.certify.verdicts import Verdict, failed, passed, skipped
from schemas.handoff import OutcomeKind

WANTED = "sp4n-certify"
LONGEST = 30.0
_BUSY, _GONE = (429, 503), 410


async def says_when_to_come_back(talk: Talk) -> Verdict:
    """429 and 503 say when to come back, and the same request is taken then; 410 is for good."""
    bare = sorted({one.reply.status for one in talk.heard if _is_bare(one)})
    if bare:
        return failed(f"{', '.join(map(str, bare))} without Retry-After in this conversation")
    for status in _BUSY:
        case = plain_case(talk.clock.now())
        call = talk.call(case)
        heard = await talk.once(case, talk.reheaded(call, {WANTED: str(status)}))
        if heard.reply.status != status:
            return skipped(
                f"answered {heard.seen} where {WANTED}: {status} was wanted; a system for trials may do that"
            )
        wait = heard.outcome.retry_after
        if wait is None or wait > LONGEST:
            return failed(f"{status} " + ("without Retry-After" if wait is None else f"asks for {wait:g} s in a trial"))
        await talk.pause(wait)
        after = await talk.send(case, call)
        if not after.is_taken:
            return failed(f"after {status} and {wait:g} s the same request was answered {after.seen}")
    gone = plain_case(talk.clock.now())
    heard = await talk.once(gone, talk.reheaded(talk.call(gone), {WANTED: str(_GONE)}))
    if heard.reply.status != _GONE or heard.outcome.kind is not OutcomeKind.REFUSED:
        return failed(f"{WANTED}: {_GONE} was answered {heard.seen}")
    return passed("429 and 503 are waited for as asked, 410 is not tried again")


def _is_bare(heard: Heard) -> bool:
    return heard.reply.status in _BUSY and heard.outcome.retry_after is None
