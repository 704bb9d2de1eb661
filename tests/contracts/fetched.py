"""A destination that fetches, in the contract suite: what is sent is fetched at once, its word is the reply."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from adapters.contract import Call, Case, Destination, Fault, Reply, Step, Term
from schemas.handoff import Outcome


class Fetched:
    """The adapter, with the ministry's word in place of `send`. A lease that runs out is a fault after the sending."""

    def __init__(self, inner: Destination, ministry: Any) -> None:
        self._inner = inner
        self._ministry = ministry
        self.name = inner.name
        self.lookup_delay = inner.lookup_delay

    def next_step(self, case: Case) -> Step | None:
        return self._inner.next_step(case)

    def lookup_step(self, case: Case, uncertain: str) -> Step:
        return self._inner.lookup_step(case, uncertain)

    def build(self, case: Case, step: Step, at: datetime) -> Call:
        return self._inner.build(case, step, at)

    async def send(self, call: Call) -> Reply:
        said = self._ministry.take(call.key, call.body)
        if said is None:
            return Reply(fault=Fault("lease_ran_out", sent=True))
        return Reply(200, body=json.dumps({"verdict": said.verdict, **said.body}).encode())

    def read(self, case: Case, step: Step, reply: Reply, at: datetime) -> Outcome:
        return self._inner.read(case, step, reply, at)

    async def sync(self) -> Sequence[Term]:
        return await self._inner.sync()

    async def aclose(self) -> None:
        await self._inner.aclose()
