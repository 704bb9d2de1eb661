"""Real SMTP over loopback: what a sending server is told, and what hostile ones get."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path

import pytest
from aiosmtplib import SMTPDataError, SMTPRecipientRefused, SMTPSenderRefused
from structlog.testing import capture_logs

from gateway.access_book import HeldChannel
from gateway.metrics import Metrics
from gateway.settings import Settings
from gateway.smtp import door as doors
from gateway.smtp.listener import receiving_mail
from schemas.errors import BadInput, LedgerUnavailable, Malformed, Misconfigured, Overloaded, TooLarge
from tests.fakes.certificates import an_authority
from tests.unit.gateway.smtp.world import MAIL, TO, Channels, Took, answered, listening


async def test_a_mail_is_kept_before_it_is_answered_and_carries_its_envelope() -> None:
    async with listening() as world:
        assert await answered(world) == (250, "2.6.0 kept")
        assert await answered(world, MAIL, "ADUAN@Kota.example", sender="") == (250, "2.6.0 kept")
    body = b"Delivered-To: lapor@kota.example\r\nSubject: Jalan\r\nMessage-Id: <1@x>\r\n\r\nRusak\r\n"
    assert world.intake.kept == [("surel", body), ("surel", b"Return-Path: <>\r\n" + body)]


async def test_a_mail_to_two_channels_is_kept_for_each_and_once_for_two_addresses_of_one() -> None:
    async with listening() as world:
        await answered(world, MAIL, TO, "b@kota.example", "aduan@kota.example")
    assert [name for name, _ in world.intake.kept] == ["surel", "kedua"]


@pytest.mark.parametrize(
    ("problem", "code", "reason"),
    [
        (LedgerUnavailable("penuh"), "451 4.3.0", "not_now"),
        (Overloaded("penuh"), "451 4.3.0", "not_now"),
        (TooLarge("besar"), "552 5.3.4", "size"),
        (Malformed("aneh"), "554 5.6.0", "unreadable"),
        (BadInput("aneh"), "554 5.6.0", "unreadable"),
    ],
)
async def test_what_is_not_kept_is_put_off_or_refused_and_counted(problem: Exception, code: str, reason: str) -> None:
    async with listening() as world:
        world.intake.problem = problem
        told = await answered(world)
        assert f"{told[0]} {told[1]}".startswith(code)
        assert world.refused() == {reason: 1.0}


async def test_a_fault_of_ours_puts_off_and_is_told_to_the_log_only() -> None:
    async with listening() as world:
        world.intake.problem = RuntimeError("ani@contoh.example")
        with capture_logs() as logged:
            assert await answered(world) == (451, "4.3.0 cannot be kept now, try again later")
        assert [line["event"] for line in logged] == ["mail.failed"]
        assert world.refused() == {"failed": 1.0}


async def test_another_mail_under_the_same_id_is_told_so() -> None:
    async with listening() as world:
        world.intake.conflict = True
        assert (await answered(world))[0] == 554


async def test_an_unknown_address_is_refused_and_a_ledger_that_is_away_puts_off() -> None:
    async with listening() as world:
        assert await answered(world, MAIL, "entah@kota.example") == (550, "5.1.1 no such address here")
        world.channels.problem = LedgerUnavailable("tidak ada")
        assert (await answered(world))[0] == 451


async def test_a_channel_that_is_closed_between_the_commands_puts_the_mail_off() -> None:
    async with listening() as world, world.smtp() as smtp:
        await smtp.mail("ani@x")
        await smtp.rcpt(TO)
        world.channels.channels_of_kind = _nothing  # type: ignore[method-assign]
        with pytest.raises(SMTPDataError) as caught:
            await smtp.data(MAIL)
        assert caught.value.code == 451


async def _nothing(kind: str) -> list[HeldChannel]:
    return []


async def test_too_many_recipients_are_told_to_come_in_another_delivery() -> None:
    async with listening() as world, world.smtp() as smtp:
        await smtp.mail("ani@x")
        for _ in range(20):
            await smtp.rcpt(TO)
        with pytest.raises(SMTPRecipientRefused) as caught:
            await smtp.rcpt(TO)
        assert caught.value.code == 452
        assert (await smtp.data(MAIL)).code == 250


async def test_what_is_too_large_is_refused_when_it_is_announced_and_when_it_comes() -> None:
    async with listening(smtp_max_bytes=65_536) as world, world.smtp() as smtp:
        assert smtp.supports_extension("size") is False
        await smtp.ehlo()
        assert smtp.esmtp_extensions["size"] == "65536"
        with pytest.raises(SMTPSenderRefused) as announced:
            await smtp.mail("ani@x", options=["SIZE=70000"])
        assert announced.value.code == 552
        assert (await answered(world, MAIL + b"panjang\r\n" * 8000))[0] == 552
        assert world.intake.kept == []


async def test_a_line_longer_than_the_rule_is_taken_all_the_same() -> None:
    async with listening() as world:
        assert (await answered(world, MAIL + b"x" * 5000 + b"\r\n"))[0] == 250


async def test_nothing_is_offered_that_is_not_there() -> None:
    async with listening(smtp_name="mx.kota.example") as world, world.smtp() as smtp:
        await smtp.ehlo()
        assert set(smtp.esmtp_extensions) == {"size", "8bitmime", "smtputf8", "enhancedstatuscodes"}
        assert smtp.last_ehlo_response is not None
        assert smtp.last_ehlo_response.message.startswith("mx.kota.example")
        assert (await smtp.vrfy("lapor@kota.example")).code == 252
        assert (await smtp.execute_command(b"HELP")).code == 214
        assert (await smtp.execute_command(b"EXPN", b"warga")).code == 502


@pytest.mark.parametrize(
    "line",
    [
        b"MAIL FROM:<a@b>\rRCPT TO:<lapor@kota.example>",
        b"MAIL FROM:<" + b"(" * 400 + b">",
        b"MAIL FROM:<\xff\xfe@b>",
        b"MAIL FROM:<a@b> X=\x00",
        b"\x00\xff\x80",
        b"VRFY \xff\xfe",
        b"EHLO " + b"a" * 600,
    ],
)
async def test_a_hostile_command_is_only_an_error(line: bytes) -> None:
    async with listening() as world:
        reader, writer = await asyncio.open_connection("127.0.0.1", world.port)
        await reader.readline()
        writer.write(b"EHLO x\r\n" + line + b"\r\nQUIT\r\n")
        said = (await reader.read()).decode()
        writer.close()
        assert said.rstrip().endswith("221 Bye")
        assert world.intake.kept == []


async def test_who_breaks_off_within_a_mail_leaves_nothing() -> None:
    async with listening() as world:
        reader, writer = await asyncio.open_connection("127.0.0.1", world.port)
        await reader.readline()
        writer.write(b"HELO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<lapor@kota.example>\r\nDATA\r\n" + MAIL)
        while not (await reader.readline()).startswith(b"354"):
            pass
        writer.transport.abort()
        assert (await answered(world, MAIL.replace(b"<1@x>", b"<2@x>")))[0] == 250
    assert [body.count(b"<2@x>") for _, body in world.intake.kept] == [1]


async def test_only_relays_may_connect_where_they_are_named() -> None:
    async with listening(smtp_relays="10.0.0.0/8") as world:
        reader, _ = await asyncio.open_connection("127.0.0.1", world.port)
        assert (await reader.read()).startswith(b"554 5.7.1")
        assert world.refused() == {"relay": 1.0}
    async with listening(smtp_relays="127.0.0.1", smtp_authority="mx.kota.example") as world:
        results = b"Authentication-Results: mx.kota.example; dmarc=fail\r\n"
        assert (await answered(world, results + MAIL))[0] == 250
        assert b"Authentication-Results: mx.kota.example; dmarc=fail\r\n" in world.intake.kept[0][1]


async def test_more_connections_than_there_are_places_are_told_to_come_again() -> None:
    async with listening() as world:
        most = doors.MOST_CONNECTIONS // 2
        opened = [await asyncio.open_connection("127.0.0.1", world.port) for _ in range(most)]
        for reader, _ in opened:
            assert (await reader.readline()).startswith(b"220 ")
        reader, _ = await asyncio.open_connection("127.0.0.1", world.port)
        assert (await reader.read()).startswith(b"421 ")
        opened[0][1].close()
        await opened[0][1].wait_closed()
        for _, writer in opened:
            writer.close()
    assert world.refused() == {"connections": 1.0}


async def test_who_is_connected_when_the_process_ends_is_told_to_come_again() -> None:
    async with listening() as world:
        reader, _ = await asyncio.open_connection("127.0.0.1", world.port)
        await reader.readline()
    assert (await reader.read()).startswith(b"421 ")


async def test_mail_may_come_encrypted_under_a_certificate_that_is_renewed_while_it_runs(tmp_path: Path) -> None:
    authority = an_authority(tmp_path)
    certificate, key = authority.issue("mx")
    trust = ssl.create_default_context(cafile=authority.file)
    async with listening(smtp_certificate=certificate, smtp_key=key) as world:
        seen = []
        for _ in range(2):
            async with world.smtp(tls_context=trust) as smtp:
                await smtp.starttls()
                await smtp.ehlo()
                assert "auth" not in smtp.esmtp_extensions
                assert smtp.transport is not None
                seen.append(smtp.transport.get_extra_info("ssl_object").getpeercert()["serialNumber"])
                await smtp.sendmail("ani@x", TO, MAIL)
            authority.issue("mx", days=20)
        certificate.write_text("rusak")
        async with world.smtp(tls_context=trust) as smtp:
            await smtp.starttls()
    assert len(set(seen)) == 2
    assert len(world.intake.kept) == 2


@pytest.mark.parametrize("half", ["smtp_certificate", "smtp_key", "both"])
async def test_a_certificate_that_cannot_be_used_is_told_at_the_start(tmp_path: Path, half: str) -> None:
    names = ("smtp_certificate", "smtp_key") if half == "both" else (half,)
    with pytest.raises(Misconfigured):
        async with listening(**dict.fromkeys(names, tmp_path / "tidak-ada.pem")):
            pass


async def test_a_port_that_is_taken_is_told_at_the_start() -> None:
    async with listening() as world:
        taken = Settings(smtp_listen=f"127.0.0.1:{world.port}")
        with pytest.raises(Misconfigured, match="smtp_listen"):
            async with receiving_mail(taken, world.intake, world.channels, world.metrics):  # type: ignore[arg-type]
                pass


async def test_nothing_listens_unless_it_is_asked_for() -> None:
    async with receiving_mail(Settings(), Took(), Channels(), Metrics()) as at:  # type: ignore[arg-type]
        assert at is None
