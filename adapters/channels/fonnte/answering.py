"""Answers through Fonnte: a form with the device's own token.

https://docs.fonnte.com/api-send-message/
"""

from __future__ import annotations

from datetime import datetime

from adapters.answering.message import (
    OneMessage,
    address_of,
    at_path,
    deferred,
    in_doubt,
    is_reference,
    json_of,
    notice_of,
    refused,
    sent,
    voice,
)
from adapters.answering.options import Address, AnswerOptions, needed, read_options
from adapters.answering.posting import post_form
from adapters.answering.wording import worded
from adapters.contract import Call, Case, ChannelEntry, Reply
from adapters.http.outcomes import classify
from schemas.handoff import Outcome

DEVICE_TOKEN = "device_token"  # noqa: S105 - the name of a secret
_NEVER = ("target", "input", "message")
"""What Fonnte's reasons begin with when this very message is wrong; any other says something about the device."""


class FonnteOptions(AnswerOptions):
    """`api_url` is where Fonnte takes messages."""

    api_url: Address = "https://api.fonnte.com"


def answering(entry: ChannelEntry) -> OneMessage | None:
    """The device as a destination; None when it is not to answer. Raises Misconfigured."""
    options = read_options(FonnteOptions, entry)
    if not options.answers:
        return None
    token = needed(entry.secrets, DEVICE_TOKEN, entry.name)

    def call(case: Case, at: datetime) -> Call:
        # Without a country code Fonnte would take the first 0 of a number for Indonesia's.
        fields = {"target": address_of(case).to, "message": _said(case, options), "countryCode": "0"}
        return post_form(case, options, f"{options.api_url}/send", fields, ("authorization", token))

    return voice(entry, options, call, _read)


def _said(case: Case, options: FonnteOptions) -> str:
    """The text, with braces taken out: they would be read as variables."""
    return worded(notice_of(case), options.languages).replace("{", "(").replace("}", ")")


def _read(reply: Reply, at: datetime) -> Outcome:
    """Fonnte answers 200 to everything; `status` says whether it took it, `id` is the receipt."""
    outcome = classify(reply, at)
    if outcome is not None:
        return outcome
    document = json_of(reply)
    status, reference = at_path(document, "status"), at_path(document, "id", 0)
    if status is True and is_reference(reference):
        return sent(reply, at, reference)
    if status is False:
        reason = str(at_path(document, "reason") or "").lower()
        return refused(reply, "target_refused") if reason.startswith(_NEVER) else deferred(reply, "device_refused")
    return in_doubt(reply, "no_reference")
