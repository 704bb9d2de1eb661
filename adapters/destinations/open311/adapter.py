"""Hands a case to a city's own system by Open311 GeoReport v2: one POST, and a question where the answer is a token.

https://wiki.open311.org/GeoReport_v2/
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from urllib.parse import quote, urlencode

from adapters.contract import Call, Case, DestinationEntry, DestinationKind, Reply, Step, Term
from adapters.destinations.open311 import status
from adapters.destinations.open311.form import has_place, request_form, update_form
from adapters.destinations.open311.options import Options, examine, read_templates
from adapters.destinations.open311.reading import read_request, read_token, read_update, rows_of
from adapters.http import HttpClient, Limits, classify
from adapters.outbound.unsent import NOT_SENT, leads_nowhere, no_call, refused_unsent
from adapters.status import Heard, Inquiry, WatchedCase
from schemas.errors import Busy, Misconfigured
from schemas.handoff import HandoffKind, Outcome, Repeat

POST, RESOLVE, UPDATE = "post", "resolve", "update"
API_KEY = "api_key"

_VOCABULARY_BYTES = 4 * 1024 * 1024
_LATER = 600.0


class Open311:
    """One entry."""

    def __init__(self, entry: DestinationEntry, options: Options) -> None:
        """Raises Misconfigured without a key, or with a template that cannot be used."""
        templates, problems = read_templates(options, identity=True)
        told = [f"destinations.{entry.name}.options.{'.'.join(map(str, place))}: {text}" for place, text in problems]
        if not entry.secrets.get(API_KEY):
            told.append(f"destinations.{entry.name}.secrets.{API_KEY}: is empty")
        if told:
            raise Misconfigured(f"the entry {entry.name} cannot be used", told)
        self.name = entry.name
        self.lookup_delay = 0.0
        self._entry = entry
        self._options = options
        self._templates = templates
        self._address = entry.url.rstrip("/")
        self._client = HttpClient(_limits(entry), allow_private=entry.private_hosts)

    def next_step(self, case: Case) -> Step | None:
        """The POST; then, if it was answered with a token, the question what became of it."""
        first = POST if case.kind is HandoffKind.REPORT else UPDATE
        if first not in case.progress:
            return Step(first, self._options.repeat)
        waits = "token" in case.progress[first] and RESOLVE not in case.progress
        return Step(RESOLVE, Repeat.HARMLESS) if waits else None

    def lookup_step(self, case: Case, uncertain: str) -> Step:
        """Never called: GeoReport v2 finds no request by a reference of ours. Raises NotImplementedError."""
        raise NotImplementedError(uncertain)

    def build(self, case: Case, step: Step, at: datetime) -> Call:
        """The request of a step."""
        key = f"{case.handoff_id}:{step.name}"
        if self._cannot_take(case) is not None:
            return no_call(key)
        if step.name == RESOLVE:
            return self._get(f"/tokens/{quote(_token(case), safe='')}", key)
        api_key = self._entry.secrets[API_KEY]
        if step.name == UPDATE:
            body = update_form(self._options, self._templates, case, api_key, _request_id(case) or "")
            return self._post("/servicerequestupdates", body, key)
        return self._post("/requests", request_form(self._options, self._templates, case, api_key), key)

    async def send(self, call: Call) -> Reply:
        """Make the call, once."""
        return NOT_SENT if leads_nowhere(call) else await self._client.send(call)

    def read(self, case: Case, step: Step, reply: Reply, at: datetime) -> Outcome:
        """What the reply means; the tables stand in `reading`."""
        reason = self._cannot_take(case)
        if reason is not None:
            return refused_unsent(reason)
        if step.name == RESOLVE:
            return read_token(self._options, reply, _token(case), at)
        if step.name == UPDATE:
            return read_update(self._options, reply, at)
        return read_request(self._options, reply, at)

    def first_inquiry(self, case: WatchedCase) -> Inquiry | None:
        """The updates, or the request."""
        return status.first_inquiry(self._options, case)

    def inquire(self, case: WatchedCase, inquiry: Inquiry) -> Call:
        """A GET."""
        number = status.request_id_of(case) or ""
        key = f"{case.tracking_code}:{inquiry.name}"
        if inquiry.name == status.UPDATES:
            return self._get("/servicerequestupdates", key, {"service_request_id": number})
        return self._get(f"/requests/{quote(number, safe='')}", key)

    def hear(self, case: WatchedCase, inquiry: Inquiry, reply: Reply, at: datetime) -> Heard:
        """What the server says of the case; the rules stand in `status`."""
        hear = status.hear_updates if inquiry.name == status.UPDATES else status.hear_request
        return hear(self._options, case, reply, at)

    async def sync(self) -> Sequence[Term]:
        """The services, as categories. Raises Busy."""
        client = HttpClient(_limits(self._entry, _VOCABULARY_BYTES), allow_private=self._entry.private_hosts)
        try:
            reply = await client.send(self._get("/services", "sync"))
        finally:
            await client.aclose()
        failure = classify(reply)
        rows = [] if failure else rows_of(self._options.format, reply.body)
        terms = [
            Term("category", row["service_code"], row["service_name"], row.get("group") or None)
            for row in rows
            if row.get("service_code") and row.get("service_name")
        ]
        if not terms:
            reason = failure.reason if failure else "no_list"
            raise Busy(f"the services could not be read ({reason}); they are asked for again later", _LATER)
        return terms

    async def aclose(self) -> None:
        """Close connections."""
        await self._client.aclose()

    def _cannot_take(self, case: Case) -> str | None:
        """Why nothing is sent: there is no place to tell, or no way to tell it."""
        if case.kind is HandoffKind.REPORT:
            return None if has_place(self._options, case) else "no_location"
        if not self._options.updates:
            return "later_messages_not_taken"
        return None if _request_id(case) else "no_service_request"

    def _post(self, path: str, body: bytes, key: str) -> Call:
        headers = (
            ("content-type", "application/x-www-form-urlencoded"),
            ("accept", f"application/{self._options.format}"),
            ("idempotency-key", key),
        )
        url = f"{self._address}{path}.{self._options.format}"
        return Call("POST", url, headers, body, key, fresh=self._options.repeat is Repeat.NEITHER)

    def _get(self, path: str, key: str, wanted: Mapping[str, str] = MappingProxyType({})) -> Call:
        jurisdiction = self._options.jurisdiction_id
        query = ({"jurisdiction_id": jurisdiction} if jurisdiction else {}) | dict(wanted)
        url = f"{self._address}{path}.{self._options.format}" + (f"?{urlencode(query)}" if query else "")
        return Call("GET", url, (("accept", f"application/{self._options.format}"),), b"", key)


def build(entry: DestinationEntry) -> Open311:
    """The adapter of an entry. Raises Misconfigured."""
    if not isinstance(entry.options, Options):
        raise Misconfigured(f"the options of {entry.name} are not those of an open311 destination")
    return Open311(entry, entry.options)


KIND = DestinationKind("open311", Options, (API_KEY,), build, examine=examine)


def _limits(entry: DestinationEntry, reply_bytes: int = Limits().reply_bytes) -> Limits:
    return Limits(entry.connect_timeout, entry.read_timeout, entry.total_timeout, reply_bytes, entry.connections)


def _token(case: Case) -> str:
    return str(case.progress.get(POST, {}).get("token", ""))


def _request_id(case: Case) -> str | None:
    """The id of the report's own request, from its answer or from its token."""
    found = (case.prior.get(step, {}).get("service_request_id") for step in (POST, RESOLVE))
    return next((each for each in found if isinstance(each, str) and each), None)
