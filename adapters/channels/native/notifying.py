"""Notices to a channel service: webhooks signed as Standard Webhooks says.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import orjson
from standardwebhooks import Webhook

from adapters.answering.message import Manner, OneMessage, notice_of, over_http, sent
from adapters.answering.options import Address, AnswerOptions, read_options
from adapters.contract import Call, Case, ChannelEntry, Reply
from adapters.http.outcomes import classify
from adapters.outbound.signing import signers_of
from schemas.errors import Misconfigured
from schemas.handoff import Outcome, Repeat
from schemas.notice import NoticePurpose

NOTIFY_SECRET = "notify_secret"  # noqa: S105 - the name of a secret

EVENTS: dict[NoticePurpose, str] = {
    NoticePurpose.ACKNOWLEDGED: "report.acknowledged",
    NoticePurpose.ASKED: "report.asked",
    NoticePurpose.STATUS_CHANGED: "report.status_changed",
    NoticePurpose.QUESTION: "report.question",
    NoticePurpose.CLOSED: "report.closed",
    NoticePurpose.NON_DELIVERY: "handoff.not_delivered",
    NoticePurpose.STATUS_TOLD: "report.status_told",
    NoticePurpose.WITHDRAWN: "report.withdrawn",
    NoticePurpose.RATED: "report.rated",
    NoticePurpose.REOPENED: "report.reopened",
    NoticePurpose.NOTICES_OFF: "notices.off",
    NoticePurpose.NOTICES_ON: "notices.on",
}


class NotifyOptions(AnswerOptions):
    """`notify_url` is where the channel service takes events."""

    notify_url: Address | None = None


def notifying(entry: ChannelEntry) -> OneMessage | None:
    """The channel service as a destination; None when it gave no address. Raises Misconfigured."""
    options = read_options(NotifyOptions, entry)
    if not options.answers or options.notify_url is None:
        return None
    signers = _signers(entry)
    url = options.notify_url

    def call(case: Case, at: datetime) -> Call:
        return _call(case, at, url, signers)

    return OneMessage(entry.name, Manner(call, _read, Repeat.DEDUPES), over_http(options))


def _signers(entry: ChannelEntry) -> tuple[Webhook, ...]:
    signers = signers_of(entry.secrets.get(NOTIFY_SECRET, ""))
    if not signers:
        raise Misconfigured(
            f"channel {entry.name} needs the secret {NOTIFY_SECRET} to sign what goes to notify_url: whsec_ and 24 to "
            "64 bytes in base64; two of them separated by a space sign side by side"
        )
    return signers


def _call(case: Case, at: datetime, url: str, signers: Sequence[Webhook]) -> Call:
    # The library's sign() does not convert a time, it writes UTC over its zone: give it nothing but UTC.
    utc, identity, body = at.astimezone(UTC), str(case.handoff_id), _body(case)
    signature = " ".join(signer.sign(identity, utc, body.decode()) for signer in signers)
    headers = (
        ("content-type", "application/json"),
        ("accept", "application/json"),
        ("webhook-id", identity),
        ("webhook-timestamp", str(int(utc.timestamp()))),
        ("webhook-signature", signature),
    )
    return Call("POST", url, headers, body, identity)


def _body(case: Case) -> bytes:
    notice = notice_of(case)
    data = notice.model_dump(mode="json", exclude={"purpose", "created_at"})
    event = {
        "type": EVENTS[notice.purpose],
        "timestamp": notice.created_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "data": {"report_id": str(case.report_id), **data},
    }
    return orjson.dumps(event)


def _read(reply: Reply, at: datetime) -> Outcome:
    """Any whole 2xx says that it was taken; the service is asked for nothing in return."""
    return classify(reply, at) or sent(reply, at)
