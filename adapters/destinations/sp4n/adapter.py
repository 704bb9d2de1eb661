"""Hands a case to SP4N-LAPOR!: files up, complaint created at our own institution, passed on to the one it is for.

LAPOR!'s manual is not public; README.md tells what is known, observed or open. Every step resumes where it stopped.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import quote

import orjson

from adapters.contract import Call, Case, CaseFile, DestinationEntry, DestinationKind, Reply, Step, Term
from adapters.destinations.sp4n import status
from adapters.destinations.sp4n.bodies import complaint_fields, files_body, followup_body, pass_on_fields
from adapters.destinations.sp4n.options import Options
from adapters.destinations.sp4n.plan import (
    COMPLAINT,
    FILES,
    FIND,
    PASS_ON,
    addressee_of,
    complaint_id_of,
    file_ids_of,
    is_first_part,
    steps_of,
    target_of,
    text_of,
)
from adapters.destinations.sp4n.replies import read_reply
from adapters.destinations.sp4n.vocabulary import Headers, read_terms, sources
from adapters.http import HttpClient, Limits
from adapters.status import Heard, Inquiry, WatchedCase
from schemas.errors import Misconfigured
from schemas.handoff import Outcome, Repeat

TOKEN, SECOND_TOKEN, TOPICS_KEY = "token", "second_token", "topics_key"

_VOCABULARY_BYTES = 16 * 1024 * 1024
_HEADER_VALUE = re.compile(r"[!-~]([ -~]*[!-~])?")


class Sp4n:
    """One entry of the national system."""

    def __init__(self, entry: DestinationEntry, options: Options) -> None:
        """Raises Misconfigured for a token that cannot stand in a header."""
        self.name = entry.name
        self.lookup_delay = options.lookup_delay
        self._options = options
        self._entry = entry
        self._address = entry.url.rstrip("/")
        self._client = HttpClient(_limits(entry), allow_private=entry.private_hosts)
        self._headers = _standing_headers(entry, options)
        self._json_headers: Headers = (*self._headers, ("Content-Type", "application/json"))

    def next_step(self, case: Case) -> Step | None:
        """The first step that is not done."""
        return next((step for step in steps_of(self._options, case) if step.name not in case.progress), None)

    def lookup_step(self, case: Case, uncertain: str) -> Step:
        """Where does the complaint lie, or which follow-ups has it."""
        return Step(FIND + uncertain, Repeat.HARMLESS)

    def build(self, case: Case, step: Step, at: datetime) -> Call:
        """The request of a step. Raises Invalid for a later message of a report that has no complaint."""
        options, paths = self._options, self._options.paths
        key = f"{case.handoff_id}:{step.name}"
        if step.name == FILES:
            return self._files(case, key)
        if step.name == COMPLAINT:
            fields = complaint_fields(options, case, text_of(options, case, COMPLAINT), file_ids_of(case))
            return Call(
                "POST", self._address + paths.complaint, self._json_headers, orjson.dumps(fields), key, fresh=True
            )
        if step.name == PASS_ON:
            fields = pass_on_fields(options, target_of(options, case) or str(options.institution_id))
            url = self._of_complaint(paths.pass_on, case)
            return Call("POST", url, self._json_headers, orjson.dumps(fields), key)
        if step.name.startswith(FIND):
            path = paths.status if step.name == FIND + PASS_ON else paths.followups
            return Call("GET", self._of_complaint(path, case), self._headers, b"", key)
        return self._followup(case, step, key)

    async def send(self, call: Call) -> Reply:
        """Make the call, once."""
        return await self._client.send(call)

    def read(self, case: Case, step: Step, reply: Reply, at: datetime) -> Outcome:
        """What the reply means; the rules stand in `replies`."""
        return read_reply(self._options, case, step.name, reply, at)

    def first_inquiry(self, case: WatchedCase) -> Inquiry | None:
        """Call 4; none for a complaint whose id is not known."""
        return Inquiry(status.STATUS) if status.complaint_id_of(case) else None

    def inquire(self, case: WatchedCase, inquiry: Inquiry) -> Call:
        """Call 4, or one page of call 5."""
        paths, identity = self._options.paths, quote(status.complaint_id_of(case) or "", safe="")
        path = paths.status if inquiry.name == status.STATUS else paths.followups
        url = self._address + path.replace("{complaint_id}", identity)
        if inquiry.name == status.FOLLOWUPS and self._options.followups_page:
            page = self._options.followups_page.replace("{page}", str(inquiry.page))
            url += ("&" if "?" in url else "?") + page.replace("{size}", str(self._options.followups_page_size))
        return Call("GET", url, self._headers, b"", f"{case.tracking_code}:{inquiry.name}")

    def hear(self, case: WatchedCase, inquiry: Inquiry, reply: Reply, at: datetime) -> Heard:
        """What the complaint has come to; the rules stand in `status`."""
        if inquiry.name == status.STATUS:
            return status.hear_status(case, reply, at)
        return status.hear_followups(self._options, case, inquiry, reply, at)

    async def sync(self) -> Sequence[Term]:
        """Institutions, templates and, where configured, categories. Raises Busy."""
        client = HttpClient(_limits(self._entry, _VOCABULARY_BYTES), allow_private=self._entry.private_hosts)
        wanted = sources(self._options, self._address, self._headers, self._entry.secrets.get(TOPICS_KEY))
        try:
            return await read_terms(client, wanted)
        finally:
            await client.aclose()

    async def aclose(self) -> None:
        """Close connections."""
        await self._client.aclose()

    def _files(self, case: Case, key: str) -> Call:
        if not case.files:
            # None of the files could be had, and the report must go all the same. The step needs a call: one that does
            # nothing.
            return Call("GET", self._address + self._options.paths.templates, self._headers, b"", key)
        media_type, body = files_body(case)
        headers = (*self._headers, ("Content-Type", media_type))
        return Call("POST", self._address + self._options.paths.files, headers, body, key)

    def _followup(self, case: Case, step: Step, key: str) -> Call:
        options = self._options
        attached: list[int] | list[CaseFile] = []
        if is_first_part(step.name):
            attached = list(case.files) if options.followup_attachments == "bytes" else file_ids_of(case)
        content = text_of(options, case, step.name)
        complaint_id = complaint_id_of(case)
        media_type, body = followup_body(options, case, complaint_id, addressee_of(options, case), content, attached)
        headers = (*self._headers, ("Content-Type", media_type))
        return Call("POST", self._address + options.paths.followup, headers, body, key)

    def _of_complaint(self, path: str, case: Case) -> str:
        return self._address + path.replace("{complaint_id}", quote(complaint_id_of(case), safe=""))


def build(entry: DestinationEntry) -> Sp4n:
    """The adapter of an entry. Raises Misconfigured."""
    if not isinstance(entry.options, Options):
        raise Misconfigured(f"the options of {entry.name} are not those of an sp4n destination")
    return Sp4n(entry, entry.options)


KIND = DestinationKind("sp4n", Options, (TOKEN, SECOND_TOKEN), build, optional_secrets=(TOPICS_KEY,))


def _limits(entry: DestinationEntry, reply_bytes: int = Limits().reply_bytes) -> Limits:
    return Limits(entry.connect_timeout, entry.read_timeout, entry.total_timeout, reply_bytes, entry.connections)


def _standing_headers(entry: DestinationEntry, options: Options) -> Headers:
    token, second = entry.secrets.get(TOKEN, ""), entry.secrets.get(SECOND_TOKEN, "")
    problems = [
        f"destinations.{entry.name}.secrets.{name}: is empty or holds a character that cannot stand in a header"
        for name, secret in ((TOKEN, token), (SECOND_TOKEN, second))
        if not _HEADER_VALUE.fullmatch(secret)
    ]
    if problems:
        raise Misconfigured(f"the secrets of {entry.name} cannot be used", problems)
    return (
        ("Accept", "application/json"),
        (options.authorization_header, f"{options.authorization_prefix}{token}"),
        (options.token_header, second),
    )
