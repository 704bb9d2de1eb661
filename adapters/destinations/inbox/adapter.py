"""Lays a case ready for a ministry that fetches it: what it will be handed, and what its word about it means."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from adapters.contract import Call, Case, DestinationEntry, DestinationKind, Fault, Reply, Step, Term
from adapters.destinations.inbox.options import Options
from adapters.outbound.case_json import case_body
from adapters.pulled import read_verdict
from schemas.errors import Misconfigured
from schemas.handoff import HandoffKind, Outcome, Repeat

COLLECT = "collect"


class Inbox:
    """One ministry's inbox (an adapters.pulled.Pulled)."""

    lookup_delay = 0.0

    def __init__(self, name: str, options: Options) -> None:
        self.name = name
        self.lease = options.lease
        self.batch = options.batch
        self.collect_within = options.collect_within
        self._send_files = options.send_files

    def next_step(self, case: Case) -> Step | None:
        """To be fetched, once. The handoff's id comes with it, by which the ministry knows what it has already."""
        if COLLECT in case.progress:
            return None
        return Step(COLLECT, Repeat.DEDUPES, files=self._send_files and case.kind is not HandoffKind.WITHDRAWAL)

    def lookup_step(self, case: Case, uncertain: str) -> Step:
        """Never called: a case that may have been fetched is laid ready again."""
        raise NotImplementedError("an inbox cannot be asked what was taken out of it")

    def build(self, case: Case, step: Step, at: datetime) -> Call:
        """What the ministry is handed."""
        reference = case.prior.get(COLLECT, {}).get("reference")
        prior = reference if isinstance(reference, str) else None
        body = case_body(case, prior_reference=prior, send_files=self._send_files)
        return Call("PULL", f"inbox://{self.name}/{case.handoff_id}", (), body, str(case.handoff_id))

    async def send(self, call: Call) -> Reply:
        """Nothing is sent: the ministry fetches."""
        return Reply(fault=Fault("fetched_by_the_ministry", sent=False))

    def read(self, case: Case, step: Step, reply: Reply, at: datetime) -> Outcome:
        """What the ministry's word means."""
        return read_verdict(reply, at)

    async def sync(self) -> Sequence[Term]:
        """Nothing: an inbox has no vocabulary."""
        return ()

    async def aclose(self) -> None:
        """Nothing is open."""


def build(entry: DestinationEntry) -> Inbox:
    """The adapter of an entry. Raises Misconfigured."""
    if not isinstance(entry.options, Options):
        raise Misconfigured(f"the options of {entry.name} are not those of an inbox destination")
    return Inbox(entry.name, entry.options)


KIND = DestinationKind("inbox", Options, (), build)
