"""Keys are counted and replaced where they lie, and what is erased stays erased."""

from __future__ import annotations

from dataclasses import replace

from gateway.ledger import Ledger
from gateway.ledger.channels import add_channel, load_channel
from gateway.ledger.erasure import erase_report
from gateway.ledger.keys import count_by_master, keys_under_others, put_keys, put_secrets
from gateway.ledger.values import ChannelRow, KeyRow
from tests.integration.ledger.doing import keep
from tests.integration.ledger.making import LATER, NOW, SP4N, a_report


def under_new(key: KeyRow) -> KeyRow:
    return KeyRow(key.subject_id, b"rewrapped", "m2")


async def test_keys_and_secrets_are_counted_by_the_master_key_that_they_lie_under(ledger: Ledger) -> None:
    await keep(ledger, a_report("wamid.1", SP4N), a_report("wamid.2", SP4N))
    await ledger.write(add_channel, ChannelRow("wa", "whatsapp", NOW, {}, b"sealed", "m0"), "uji")
    await ledger.write(add_channel, ChannelRow("loket", "native", NOW, {}), "uji")
    assert await ledger.read(count_by_master) == {"m0": 1, "m1": 2}


async def test_what_lies_under_the_current_key_is_left(ledger: Ledger) -> None:
    await keep(ledger, *(a_report(f"wamid.{number}", SP4N) for number in range(5)))
    assert await ledger.read(keys_under_others, "m1", 10) == []
    assert len(await ledger.read(keys_under_others, "m2", 3)) == 3


async def test_replaced_keys_lie_under_the_new_one(ledger: Ledger) -> None:
    await keep(ledger, a_report("wamid.1", SP4N), a_report("wamid.2", SP4N))
    old = await ledger.read(keys_under_others, "m2", 10)
    await ledger.write(put_keys, [(key, under_new(key)) for key in old])
    assert await ledger.read(count_by_master) == {"m2": 2}
    assert await ledger.read(keys_under_others, "m2", 10) == []


async def test_a_key_that_was_erased_meanwhile_is_not_put_back(ledger: Ledger) -> None:
    report = a_report("wamid.1", SP4N)
    await keep(ledger, report)
    old = await ledger.read(keys_under_others, "m2", 10)
    await ledger.write(erase_report, report.report.id, "uji", LATER)
    await ledger.write(put_keys, [(key, under_new(key)) for key in old])
    assert await ledger.read(count_by_master) == {}


async def test_a_key_that_was_rewrapped_meanwhile_keeps_the_first_new_one(ledger: Ledger) -> None:
    await keep(ledger, a_report("wamid.1", SP4N))
    [old] = await ledger.read(keys_under_others, "m2", 10)
    await ledger.write(put_keys, [(old, under_new(old))])
    await ledger.write(put_keys, [(old, replace(under_new(old), master_key_id="m3"))])
    assert await ledger.read(count_by_master) == {"m2": 1}


async def test_secrets_are_replaced_only_if_they_are_still_the_old_ones(ledger: Ledger) -> None:
    await ledger.write(add_channel, ChannelRow("wa", "whatsapp", NOW, {}, b"sealed", "m1"), "uji")
    assert not await ledger.write(put_secrets, "wa", b"older", b"new", "m2")
    assert await ledger.write(put_secrets, "wa", b"sealed", b"new", "m2")
    row = await ledger.read(load_channel, "wa")
    assert row is not None
    assert (row.sealed_secrets, row.master_key_id) == (b"new", "m2")
