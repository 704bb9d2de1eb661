"""The way to a relay: encrypted before anything is told, with a login, and never to an address inside."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from adapters.contract import DestinationEntry
from adapters.destinations.email.adapter import Mailbox, build
from adapters.destinations.email.options import Options
from adapters.destinations.email.simulator import SimulatedRelay
from schemas.errors import Misconfigured
from schemas.handoff import OutcomeKind
from tests.contracts.play import play_step
from tests.fakes.cases import a_case
from tests.fakes.certificates import an_authority

LOGIN = {"user": "gateway", "password": "rahasia-uji"}
Opened = Callable[..., AbstractAsyncContextManager[tuple[SimulatedRelay, Mailbox]]]


def an_entry(
    url: str, *, secrets: dict[str, str] | None = None, inside: bool = True, **options: Any
) -> DestinationEntry:
    usual = {"sender": "laporan@gateway.example.go.id", "recipients": ["pengaduan@kementerian.example"]}
    return DestinationEntry(
        name="kelurahan",
        url=url,
        options=Options.model_validate(usual | options),
        secrets=secrets or {},
        private_hosts=frozenset({"127.0.0.1"}) if inside else frozenset(),
    )


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    """A relay with a certificate that its adapter trusts, and a login that it insists on."""
    authority = an_authority(tmp_path)
    certificate, key = authority.issue("relay")

    @asynccontextmanager
    async def open_one(*, implicit: bool = False, trusted: bool = True, **secrets: str) -> AsyncIterator[Any]:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate, key)
        relay = SimulatedRelay(login=(LOGIN["user"], LOGIN["password"]), tls=tls, implicit=implicit)
        await relay.start()
        trust = {"ca_file": str(authority.file)} if trusted else {}
        mailbox = build(an_entry(relay.url, secrets=LOGIN | secrets, **trust))
        yield relay, mailbox
        await mailbox.aclose()
        await relay.stop()

    return open_one


async def outcome_of(mailbox: Mailbox) -> tuple[OutcomeKind, str]:
    step = mailbox.next_step(a_case())
    assert step is not None
    outcome = (await play_step(mailbox, a_case(), step)).outcome
    return outcome.kind, outcome.reason


@pytest.mark.parametrize("implicit", [False, True], ids=["starttls", "tls"])
async def test_a_message_goes_encrypted_and_with_a_login(opened: Opened, implicit: bool) -> None:
    async with opened(implicit=implicit) as (relay, mailbox):
        assert await outcome_of(mailbox) == (OutcomeKind.DELIVERED, "accepted_250")
        assert (len(relay.book), relay.complaints) == (1, [])


async def test_a_wrong_password_is_the_operators_to_mend(opened: Opened) -> None:
    async with opened(password="salah") as (relay, mailbox):
        assert await outcome_of(mailbox) == (OutcomeKind.DEFERRED, "auth_535")
        assert len(relay.book) == 0


@pytest.mark.parametrize("implicit", [False, True], ids=["starttls", "tls"])
async def test_a_relay_that_cannot_prove_itself_is_told_nothing(opened: Opened, implicit: bool) -> None:
    async with opened(implicit=implicit, trusted=False) as (relay, mailbox):
        kind, reason = await outcome_of(mailbox)
        assert (kind, reason, len(relay.book)) == (OutcomeKind.DEFERRED, "tls_failed", 0)


async def test_a_relay_that_does_not_offer_starttls_is_told_nothing() -> None:
    relay = SimulatedRelay()
    await relay.start()
    mailbox = build(an_entry(relay.url.replace("smtp:", "smtp+starttls:")))
    assert await outcome_of(mailbox) == (OutcomeKind.DEFERRED, "not_offered")
    await mailbox.aclose()
    await relay.stop()


async def test_an_address_inside_is_never_connected_to_unless_it_is_named() -> None:
    mailbox = build(an_entry("smtps://127.0.0.1:2525", inside=False))
    assert await outcome_of(mailbox) == (OutcomeKind.DEFERRED, "address_blocked")
    await mailbox.aclose()


async def test_one_recipient_refused_is_a_message_to_nobody() -> None:
    relay = SimulatedRelay()
    await relay.start()
    recipients = ["a@kementerian.example", "b@kementerian.example"]
    mailbox = build(an_entry(relay.url, allow_plain=True, recipients=recipients))
    await relay.misbehave("rcpt_550")
    assert await outcome_of(mailbox) == (OutcomeKind.REFUSED, "rcpt_550")
    assert await outcome_of(mailbox) == (OutcomeKind.DELIVERED, "accepted_250")
    assert [entry["rcpt_to"] for entry in relay.book.entries] == [recipients]
    await mailbox.aclose()
    await relay.stop()


@pytest.mark.parametrize(
    ("url", "more"),
    [
        ("https://relay.example", {}),
        ("smtp://relay.example", {}),
        ("smtp://relay.example", {"allow_plain": True, "secrets": LOGIN}),
        ("smtps://relay.example", {"secrets": {"user": "x"}}),
        ("smtps://relay.example", {"ca_file": "tidak-ada.pem"}),
    ],
)
def test_an_entry_that_would_tell_too_much_is_refused(url: str, more: dict[str, Any]) -> None:
    with pytest.raises(Misconfigured) as caught:
        build(an_entry(url, **more))
    assert [problem.partition(".")[0] for problem in caught.value.problems] == ["destinations"]
