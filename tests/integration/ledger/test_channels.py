"""Channels and their keys are made, looked up, closed and revoked; names are never used twice."""

from __future__ import annotations

import pytest

from gateway.ledger import Ledger
from gateway.ledger.actions import list_actions, note
from gateway.ledger.channels import (
    add_channel,
    add_credential,
    authenticate,
    close_channel,
    list_channels,
    list_credentials,
    load_channel,
    revoke_credential,
)
from gateway.ledger.values import ActionRow, ChannelRow, CredentialRow
from schemas.errors import Invalid
from schemas.ids import new_id
from tests.integration.ledger.making import LATER, NOW

SMS = ChannelRow("sms-1708", "native", NOW, {"joins": True}, b"sealed secrets", "m1")
KEY = CredentialRow("k1", "sms-1708", b"d" * 32, NOW)


@pytest.fixture
async def with_channel(ledger: Ledger) -> Ledger:
    await ledger.write(add_channel, SMS, "ani")
    await ledger.write(add_credential, KEY, "ani")
    return ledger


async def actions(ledger: Ledger) -> list[tuple[str, str]]:
    return [(row.subject, row.action) for row in reversed(await ledger.read(list_actions))]


async def test_a_channel_is_loaded_as_it_was_made(with_channel: Ledger) -> None:
    assert await with_channel.read(load_channel, "sms-1708") == SMS
    assert await with_channel.read(load_channel, "another") is None
    assert await with_channel.read(list_channels) == [SMS]


async def test_a_name_is_never_used_twice(with_channel: Ledger) -> None:
    await with_channel.write(close_channel, "sms-1708", "ani", LATER)

    with pytest.raises(Invalid):
        await with_channel.write(add_channel, SMS, "ani")


async def test_a_key_tells_its_channel(with_channel: Ledger) -> None:
    assert await with_channel.read(authenticate, "k1") == ("sms-1708", b"d" * 32, False)
    assert await with_channel.read(authenticate, "k2") is None


async def test_a_revoked_key_is_refused(with_channel: Ledger) -> None:
    assert await with_channel.write(revoke_credential, "k1", "ani", LATER) is True
    assert await with_channel.write(revoke_credential, "k1", "ani", LATER) is False

    assert await with_channel.read(authenticate, "k1") == ("sms-1708", b"d" * 32, True)
    assert [row.revoked_at for row in await with_channel.read(list_credentials, "sms-1708")] == [LATER]


async def test_the_keys_of_a_closed_channel_are_refused(with_channel: Ledger) -> None:
    assert await with_channel.write(close_channel, "sms-1708", "ani", LATER) is True
    assert await with_channel.write(close_channel, "sms-1708", "ani", LATER) is False

    assert await with_channel.read(authenticate, "k1") == ("sms-1708", b"d" * 32, True)


@pytest.mark.parametrize("channel", ["another", "closed"])
async def test_a_key_needs_an_open_channel(with_channel: Ledger, channel: str) -> None:
    await with_channel.write(add_channel, ChannelRow("closed", "native", NOW, {}), "ani")
    await with_channel.write(close_channel, "closed", "ani", LATER)

    with pytest.raises(Invalid):
        await with_channel.write(add_credential, CredentialRow("k2", channel, b"d" * 32, NOW), "ani")


async def test_keys_are_listed_for_all_or_one_channel(with_channel: Ledger) -> None:
    other = CredentialRow("k0", "walk-in", b"e" * 32, NOW)
    await with_channel.write(add_channel, ChannelRow("walk-in", "native", NOW, {}), "ani")
    await with_channel.write(add_credential, other, "ani")

    assert await with_channel.read(list_credentials) == [KEY, other]
    assert await with_channel.read(list_credentials, "walk-in") == [other]


async def test_what_was_done_to_channels_is_on_record(with_channel: Ledger) -> None:
    await with_channel.write(revoke_credential, "k1", "ani", LATER)
    await with_channel.write(close_channel, "sms-1708", "ani", LATER)

    done = {action for subject, action in await actions(with_channel) if subject == "sms-1708"}
    assert done == {"channel.add", "credential.add", "credential.revoke", "channel.close"}


async def test_actions_are_listed_newest_first_by_pages(ledger: Ledger) -> None:
    rows = [ActionRow(new_id(NOW), NOW, "ani", "reveal", f"report-{number}", {"why": "surat"}) for number in range(3)]
    for row in rows:
        await ledger.write(note, row)
    rows.sort(key=lambda row: row.id, reverse=True)

    assert await ledger.read(list_actions, limit=2) == rows[:2]
    assert await ledger.read(list_actions, after=rows[1].id) == rows[2:]
    assert await ledger.read(list_actions, subject=rows[0].subject) == rows[:1]
