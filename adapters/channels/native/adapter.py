"""Reports in the gateway's own schema, posted as JSON with an API key: one, or a list of up to 500.

All or nothing: a request with one wrong report is refused whole, and the answer names every place to mend. The key is
checked before the request gets here, so this channel has no secrets of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

import orjson
from pydantic import Field, TypeAdapter, ValidationError

from adapters.channels.native.files import FileBudget, without_bytes
from adapters.channels.native.notifying import NOTIFY_SECRET, notifying
from adapters.channels.native.problems import problems_of
from adapters.contract import KEPT, ChannelAnswer, ChannelEntry, Destination, InboundMessage, InboundRequest, Take
from schemas.base import Json
from schemas.errors import Invalid, Malformed, NotFound
from schemas.report import Attachment, ReportSubmission

BATCH_LIMIT = 500

_one = TypeAdapter(ReportSubmission)
_many = TypeAdapter(Annotated[tuple[ReportSubmission, ...], Field(min_length=1, max_length=BATCH_LIMIT)])
_WHITE_SPACE = b" \t\r\n"  # RFC 8259 section 2


class NativeChannel:
    """The adapter of channels of the kind `native`.

    Options: `notify_url` (where the channel service takes signed events), `private_hosts` (hosts that may be inside).
    """

    kind = "native"
    secret_names: tuple[str, ...] = ()
    optional_secrets: tuple[str, ...] = (NOTIFY_SECRET,)
    joins_conversations = False
    receipt = KEPT
    takes_get = False

    def handshake(self, request: InboundRequest, secrets: Mapping[str, str]) -> ChannelAnswer | None:
        """None: nobody verifies this channel's address."""
        return None

    def verify(self, request: InboundRequest, secrets: Mapping[str, str]) -> None:
        """Nothing to check: the API key was."""

    def parse(self, request: InboundRequest) -> Sequence[InboundMessage]:
        """Every report of the body, in order. Raises Malformed, TooLarge, or Invalid with every place in `errors`."""
        is_list = request.body.lstrip(_WHITE_SPACE)[:1] == b"["
        submissions = _read(request.body, is_list=is_list)
        if is_list:
            _refuse_repeated_ids(submissions)
        budget = FileBudget()
        return [
            _message(submission, item, budget, f"{number}." if is_list else "")
            for number, (submission, item) in enumerate(zip(submissions, _items(request.body), strict=True))
        ]

    async def fetch(
        self, attachment: Attachment, secrets: Mapping[str, str], options: Mapping[str, Json], take: Take
    ) -> None:
        """Raises NotFound: the files of this channel come inside the report."""
        raise NotFound("the files of this channel come inside the report; there is nothing to fetch")

    def answering(self, entry: ChannelEntry) -> Destination | None:
        """The channel service's own webhook. Raises Misconfigured."""
        return notifying(entry)


def _read(body: bytes, *, is_list: bool) -> Sequence[ReportSubmission]:
    try:
        return _many.validate_json(body) if is_list else (_one.validate_json(body),)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        if first["type"] == "json_invalid":
            raise Malformed(f"the body is not JSON: {first['ctx']['error']}") from None
        problems = problems_of(error)
        raise Invalid("mend what `errors` names, then send the same request again", problems) from None


def _items(body: bytes) -> list[dict[str, Json]]:
    """The reports once more, as they came: what is kept of them must not depend on the defaults of this version."""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Malformed(f"the body is not JSON: {error.msg} at line {error.lineno} column {error.colno}") from None
    return document if isinstance(document, list) else [document]


def _refuse_repeated_ids(submissions: Sequence[ReportSubmission]) -> None:
    first_places: dict[str, int] = {}
    repeated = [
        {
            "at": f"{place}.message_id",
            "problem": f"is the same as in report {first}: give every report an id of its own",
        }
        for place, submission in enumerate(submissions)
        if (first := first_places.setdefault(submission.message_id, place)) != place
    ]
    if repeated:
        raise Invalid("a message_id stands more than once in this request", repeated)


def _message(submission: ReportSubmission, item: dict[str, Json], budget: FileBudget, place: str) -> InboundMessage:
    return InboundMessage(
        message_id=submission.message_id,
        content=submission.content,
        raw=orjson.dumps(without_bytes(item), option=orjson.OPT_SORT_KEYS),
        title=submission.title,
        classification=submission.classification,
        category_id=submission.category_id,
        agency=submission.agency,
        location=submission.location,
        incident_date=submission.incident_date,
        is_anonymous=submission.is_anonymous,
        is_secret=submission.is_secret,
        reporter=submission.reporter,
        sent_at=submission.sent_at,
        files=tuple(
            budget.opened(file, f"{place}attachments.{position}")
            for position, file in enumerate(submission.attachments)
        ),
    )


ADAPTER = NativeChannel()
