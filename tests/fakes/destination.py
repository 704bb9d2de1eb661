"""A destination in memory that behaves, and misbehaves, as the simulators do."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from adapters.contract import Call, Case, Fault, Reply, Step, Term
from adapters.http import classify
from adapters.simulator import FaultRule, SimulatedAnswer
from adapters.simulator.faults import BEFORE, Mischief
from adapters.simulator.misbehave import REPLACED
from schemas.handoff import Outcome, OutcomeKind, Receipt, Repeat

POST = "post"
LOOKUP = "lookup"

_BROKEN: dict[str, Reply] = {
    "reset_before": Reply(fault=Fault("connection_reset", sent=True)),
    "reset_after": Reply(fault=Fault("connection_reset", sent=True)),
    "stall_before": Reply(fault=Fault("read_timeout", sent=True)),
    "stall_after": Reply(fault=Fault("read_timeout", sent=True)),
    "stall_headers": Reply(fault=Fault("read_timeout", sent=True)),
    "close_mid_headers": Reply(fault=Fault("bad_response", sent=True)),
    "stall_body": Reply(200, body=b'{"ref', truncated=True),
    "trickle": Reply(200, body=b"{", truncated=True),
    "truncated": Reply(200, body=b'{"ref', truncated=True),
    "enormous": Reply(200, body=b" " * 4096, truncated=True),
    "bomb": Reply(200, body=b"\0" * 4096, truncated=True),
}
"""What the HTTP client makes of each broken wire."""


class FakeDestination:
    """One step, one reference. `taken` is what it took, in order: the truth for "exactly once"; `sent` every call.

    `requests_taken` counts the calls that it answered, whatever became of the answer.

    With `repeat` `dedupes` a key is taken once; with `lookup` or `neither` as often as it comes.
    """

    def __init__(
        self,
        name: str = "kementerian-contoh",
        *,
        repeat: Repeat = Repeat.DEDUPES,
        faults: Iterable[FaultRule] = (),
        lookup_delay: float = 0.0,
    ) -> None:
        self.name = name
        self.repeat = repeat
        self.lookup_delay = lookup_delay
        self.sent: list[Call] = []
        self.taken: list[Call] = []
        self.requests_taken = 0
        self.closed = False
        self._mischief = Mischief(faults)
        self._out = False

    def set_faults(self, faults: Iterable[FaultRule] = ()) -> None:
        """Put these rules in force, counting from anew."""
        self._mischief = Mischief(faults)
        self._out = False

    def next_step(self, case: Case) -> Step | None:
        return None if POST in case.progress else Step(POST, self.repeat)

    def lookup_step(self, case: Case, uncertain: str) -> Step:
        return Step(LOOKUP, Repeat.HARMLESS)

    def build(self, case: Case, step: Step, at: datetime) -> Call:
        key = str(case.handoff_id)
        if step.name == LOOKUP:
            return Call(
                "GET", f"fake://{self.name}/cases/{key}", (("x-sent-at", at.isoformat()),), b"", f"{key}-lookup"
            )
        body = {
            "id": str(case.report_id),
            "kind": case.kind.value,
            "content": case.report.content,
            "messages": [message.text for message in case.messages],
            "reporter": case.reporter.model_dump() if case.reporter and not case.report.is_anonymous else None,
        }
        headers = (("x-sent-at", at.isoformat()), ("idempotency-key", key))
        return Call("POST", f"fake://{self.name}/cases", headers, json.dumps(body).encode(), key)

    async def send(self, call: Call) -> Reply:
        self.sent.append(call)
        self._out = self._out or self._mischief.outage_due() is not None
        if self._out:
            return Reply(fault=Fault("connect_refused", sent=False))
        rule = self._mischief.meet(call.method, "/cases")
        answer = SimulatedAnswer() if rule is not None and rule.kind in BEFORE else self._answer(call)
        self._out = self._mischief.outage_due(call.method, "/cases") is not None
        if rule is not None and rule.kind in _BROKEN:
            return _BROKEN[rule.kind]
        if rule is not None:
            answer = REPLACED[rule.kind](rule, answer)
        return Reply(answer.status, answer.headers, answer.body)

    def read(self, case: Case, step: Step, reply: Reply, at: datetime) -> Outcome:
        if step.name == LOOKUP and reply.status == 404:
            return Outcome(kind=OutcomeKind.REFUSED, reason="not_found", status=404)
        outcome = classify(reply, at)
        if outcome is not None:
            return outcome
        reference = _reference(reply.body)
        if reference is None:
            return Outcome(kind=OutcomeKind.UNCERTAIN, reason="no_reference", status=reply.status)
        return Outcome(
            kind=OutcomeKind.DELIVERED,
            reason=f"http_{reply.status}",
            status=reply.status,
            yields={"reference": reference},
            receipt=Receipt(reference=reference, received_at=at),
        )

    async def sync(self) -> Sequence[Term]:
        return ()

    async def aclose(self) -> None:
        self.closed = True

    def _answer(self, call: Call) -> SimulatedAnswer:
        self.requests_taken += 1
        keys = [taken.key for taken in self.taken]
        if call.method == "GET":
            key = call.key.removesuffix("-lookup")
            known = {"reference": f"F-{keys.index(key) + 1}"} if key in keys else {"detail": "unknown"}
            return SimulatedAnswer.of_json(known, 200 if key in keys else 404)
        if call.key not in keys or self.repeat is not Repeat.DEDUPES:
            self.taken.append(call)
            keys.append(call.key)
        return SimulatedAnswer.of_json({"reference": f"F-{keys.index(call.key) + 1}"}, 201)


def _reference(body: bytes) -> str | None:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return None
    reference = answer.get("reference") if isinstance(answer, dict) else None
    return reference if isinstance(reference, str) and reference else None
