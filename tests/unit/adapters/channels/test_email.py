"""A channel of mail answers in the thread of the reporter's mail, or says at once why it cannot."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes, policy
from typing import Any

import pytest

from adapters.channels.email.adapter import ADAPTER
from adapters.contract import ChannelEntry, Destination, InboundRequest, Reply, ReplyAddress
from adapters.smtp.wire import BODY
from schemas.errors import BadInput, Misconfigured, NotFound
from schemas.handoff import OutcomeKind, Repeat
from schemas.report import Attachment
from tests.fakes.cases import TRACKING_CODE
from tests.fakes.pouring import collected
from tests.unit.adapters.answering.telling import AT, a_telling

LETTER = ReplyAddress("ani@contoh.example", "lapor@kota.example", "<2@contoh.example>", "Jalan\r\nBcc: x", "<1@x>")
RELAY = {"address": "lapor@kota.example", "relay": "smtp://relay.kota.example", "allow_plain": True, "answers": True}
ENCRYPTED = "smtp+starttls://relay.kota.example:587"


def voice(secrets: dict[str, str] | None = None, **options: Any) -> Destination | None:
    return ADAPTER.answering(ChannelEntry("@surel", secrets or {}, {**RELAY, **options}))


def answer(reply: ReplyAddress = LETTER, **options: Any) -> Any:
    spoken = voice(**options)
    assert spoken is not None
    case = a_telling(reply=reply)
    step = spoken.next_step(case)
    assert step is not None
    return spoken, case, step, spoken.build(case, step, AT)


def test_an_answer_goes_into_the_thread_without_an_envelope_sender() -> None:
    _, case, step, call = answer()
    message = message_from_bytes(call.body, policy=policy.default)
    assert call.headers == (("mail-from", ""), ("rcpt-to", "ani@contoh.example"))
    assert (message["From"], message["To"], message["Bcc"]) == ("lapor@kota.example", "ani@contoh.example", None)
    assert message["Subject"] == "Re: Jalan Bcc: x"
    assert (message["In-Reply-To"], message["References"]) == ("<2@contoh.example>", "<1@x> <2@contoh.example>")
    assert message["Message-ID"] == f"<{case.handoff_id}@kota.example>" == f"<{call.key}>"
    assert (message["Auto-Submitted"], step.repeat) == ("auto-replied", Repeat.NEITHER)
    assert TRACKING_CODE in message.get_content()


def test_an_answer_is_the_same_bytes_whenever_it_is_sent() -> None:
    spoken, case, step, call = answer()
    assert spoken.build(case, step, AT.replace(year=2027)) == call


def test_sender_and_return_path_are_taken_from_the_options() -> None:
    *_, call = answer(sender="balas@kota.example", return_path="pantulan@kota.example")
    assert call.headers[0] == ("mail-from", "pantulan@kota.example")
    assert message_from_bytes(call.body, policy=policy.default)["From"] == "balas@kota.example"


@pytest.mark.parametrize("to", ["ani", "ani@contoh.example>\r\nDATA", "ani@contoh.example\n", "ány@contoh.example", ""])
async def test_an_address_that_no_relay_would_take_is_refused_unsent(to: str) -> None:
    spoken, case, step, call = answer(replace(LETTER, to=to))
    outcome = spoken.read(case, step, await spoken.send(call), AT)
    assert (call.url, outcome.kind) == ("", OutcomeKind.REFUSED)
    assert outcome.reason in ("no_mail_address", "no_reply_address")


def test_what_the_relay_takes_is_delivered_under_its_number() -> None:
    spoken, case, step, _ = answer()
    outcome = spoken.read(case, step, Reply(250, {"phase": BODY}, b"250 2.0.0 Ok: queued as 4XyZ12"), AT)
    assert outcome.kind is OutcomeKind.DELIVERED
    assert outcome.receipt is not None
    assert (outcome.receipt.reference, outcome.receipt.extra, outcome.yields) == ("4XyZ12", {}, {})


@pytest.mark.parametrize(
    ("secrets", "options", "told"),
    [
        ({}, {"address": ""}, "options"),
        ({}, {"address": "bukan alamat"}, "options"),
        ({}, {"relay": ""}, "option relay"),
        ({}, {"relay": "https://relay"}, "no relay"),
        ({}, {"allow_plain": False}, "in the clear"),
        ({"user": "a"}, {"relay": ENCRYPTED}, "half there"),
        ({"user": "a", "password": "b"}, {}, "password"),
        ({}, {"relay": ENCRYPTED, "ca_file": "/tidak/ada.pem"}, "authorities"),
    ],
)
def test_what_cannot_answer_says_why_when_it_is_made(secrets: dict[str, str], options: Any, told: str) -> None:
    with pytest.raises(Misconfigured, match=told):
        voice(secrets, **options)


def test_a_channel_that_is_not_to_answer_needs_no_relay() -> None:
    assert ADAPTER.answering(ChannelEntry("@surel", {}, {"address": "a@kota.example, b@kota.example"})) is None


async def test_files_come_with_the_mail_and_nothing_is_no_mail() -> None:
    with pytest.raises(NotFound):
        await collected(ADAPTER.fetch, Attachment(name="a"), {}, {})
    with pytest.raises(BadInput):
        ADAPTER.parse(InboundRequest("POST", "", {}, {}, b"\r\n"))
