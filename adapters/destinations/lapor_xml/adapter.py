"""Hands a case to LAPOR! by its older XML interface: one POST, which can neither be repeated nor asked about.

No manual is public; README.md tells what is known, observed or open.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import orjson

from adapters.contract import Call, Case, DestinationEntry, DestinationKind, Reply, Step, Term
from adapters.destinations.lapor_xml.document import document_of
from adapters.destinations.lapor_xml.options import Options
from adapters.destinations.lapor_xml.reading import read_stream, read_topics
from adapters.http import HttpClient, Limits, classify
from adapters.outbound.unsent import NOT_SENT, leads_nowhere, no_call, refused_unsent
from schemas.errors import Busy, Misconfigured
from schemas.handoff import HandoffKind, Outcome, Repeat

STREAM = "stream"
TOKEN, TOPICS_KEY = "token", "topics_key"
NOT_TAKEN = "later_messages_not_taken"

_VOCABULARY_BYTES = 4 * 1024 * 1024
_LATER = 600.0


class LaporXml:
    """One entry."""

    def __init__(self, entry: DestinationEntry, options: Options) -> None:
        """Raises Misconfigured without a token."""
        if not entry.secrets.get(TOKEN):
            problem = f"destinations.{entry.name}.secrets.{TOKEN}: is empty"
            raise Misconfigured(f"the token of {entry.name} cannot be used", [problem])
        self.name = entry.name
        self.lookup_delay = 0.0
        self._entry = entry
        self._options = options
        self._address = entry.url.rstrip("/")
        self._client = HttpClient(_limits(entry), allow_private=entry.private_hosts)

    def next_step(self, case: Case) -> Step | None:
        """The one POST."""
        return None if STREAM in case.progress else Step(STREAM, Repeat.NEITHER)

    def lookup_step(self, case: Case, uncertain: str) -> Step:
        """Never called: nothing is known by which a complaint could be found. Raises NotImplementedError."""
        raise NotImplementedError(uncertain)

    def build(self, case: Case, step: Step, at: datetime) -> Call:
        """The document."""
        key = str(case.handoff_id)
        if not self._takes(case):
            return no_call(key)
        body = document_of(self._options, case, self._entry.secrets[TOKEN], _first(case))
        headers = (("content-type", "application/xml; charset=utf-8"), ("accept", "application/xml, text/xml"))
        return Call("POST", self._address + self._options.path, headers, body, key, fresh=True)

    async def send(self, call: Call) -> Reply:
        """Make the call, once."""
        return NOT_SENT if leads_nowhere(call) else await self._client.send(call)

    def read(self, case: Case, step: Step, reply: Reply, at: datetime) -> Outcome:
        """What the reply means; the table stands in `reading`."""
        return read_stream(self._options, reply, at) if self._takes(case) else refused_unsent(NOT_TAKEN)

    async def sync(self) -> Sequence[Term]:
        """The categories, where there is a key for them. Raises Busy."""
        key = self._entry.secrets.get(TOPICS_KEY)
        if key is None:
            return ()
        client = HttpClient(_limits(self._entry, _VOCABULARY_BYTES), allow_private=self._entry.private_hosts)
        try:
            reply = await client.send(self._topics(key))
        finally:
            await client.aclose()
        failure = classify(reply)
        terms = [] if failure else read_topics(reply.body)
        if not terms:
            reason = failure.reason if failure else "no_list"
            raise Busy(f"the categories could not be read ({reason}); they are asked for again later", _LATER)
        return terms

    async def aclose(self) -> None:
        """Close connections."""
        await self._client.aclose()

    def _takes(self, case: Case) -> bool:
        return case.kind is HandoffKind.REPORT or self._options.later == "new"

    def _topics(self, key: str) -> Call:
        url = self._address + self._options.topics_path
        headers = (("accept", "application/json"), ("content-type", "application/json"))
        if self._options.topics_key == "header":
            return Call("POST", url, (*headers, ("KEYTOKEN", key)), b"{}", "sync")
        return Call("POST", url, headers, orjson.dumps({"KEYTOKEN": key}), "sync")


def build(entry: DestinationEntry) -> LaporXml:
    """The adapter of an entry. Raises Misconfigured."""
    if not isinstance(entry.options, Options):
        raise Misconfigured(f"the options of {entry.name} are not those of a lapor_xml destination")
    return LaporXml(entry, entry.options)


KIND = DestinationKind("lapor_xml", Options, (TOKEN,), build, optional_secrets=(TOPICS_KEY,))


def _limits(entry: DestinationEntry, reply_bytes: int = Limits().reply_bytes) -> Limits:
    return Limits(entry.connect_timeout, entry.read_timeout, entry.total_timeout, reply_bytes, entry.connections)


def _first(case: Case) -> str | None:
    """The tracking id of the report itself."""
    tracking_id = case.prior.get(STREAM, {}).get("tracking_id")
    return tracking_id if isinstance(tracking_id, str) else None
