"""Citizens' mail from a sending server to the ledger and back: kept once, continued, answered, put off."""

from __future__ import annotations

import asyncio
from base64 import encodebytes
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP
from sqlalchemy import Connection

from schemas.handoff import HandoffState
from tests.fakes.pictures import photo
from tests.integration.backends import Backend
from tests.integration.installation import SP4N, until
from tests.integration.smtp.post import HOLE, TO, Post, a_mail, post

KEPT = (250, "2.6.0 kept")


class Mailboxes:
    """A relay that takes everything, and what it took: envelope sender, recipient, message."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str, Any]] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        message = message_from_bytes(envelope.original_content, policy=policy.default)
        self.taken.append((envelope.mail_from, envelope.rcpt_tos[0], message))
        return "250 2.0.0 Ok: queued as 4XyZ12"


async def test_a_mail_becomes_a_report_that_is_handed_on_once_however_it_is_repeated(
    tmp_path: Path, embedded: Backend
) -> None:
    picture = encodebytes(photo()).decode().replace("\n", "\r\n")
    head = 'Content-Type: image/jpeg; name="jalan.jpg"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    text = f"--b\r\nContent-Type: text/plain\r\n\r\n{HOLE}\r\n--b\r\n{head}{picture}\r\n--b--"
    mail = a_mail(text=text, Content_Type="multipart/mixed; boundary=b")
    async with post(tmp_path, embedded) as office:
        assert [await office.send(mail), await office.send(b"Received: lain\r\n" + mail)] == [KEPT, KEPT]
        [code] = await office.codes()
        assert (await office.it.settled(code))[SP4N].state is HandoffState.DELIVERED
        [complaint] = office.it.simulators.complaints()
        assert HOLE in str(complaint)
        [file] = (await office.it.record(code)).files
        assert (file.state, file.reason) == ("stored", None)
        await _what_makes_no_report(office)
        await _sender_dies(office)


async def _what_makes_no_report(office: Post) -> None:
    """A machine's mail is set aside; another mail under a used id is told so."""
    before = await office.codes()
    assert await office.send(a_mail(2), sender="") == KEPT
    assert await office.send(a_mail(3, Auto_Submitted="auto-replied")) == KEPT
    assert (await office.send(a_mail(1, text="Isi lain")))[0] == 554
    assert await office.codes() == before


async def _sender_dies(office: Post) -> None:
    """Between the message and the answer, three times; what it sends again is there once."""
    before = await office.codes()
    for _ in range(3):
        reader, writer = await asyncio.open_connection(office.host, office.port)
        writer.write(f"HELO x\r\nMAIL FROM:<ani@contoh.example>\r\nRCPT TO:<{TO}>\r\nDATA\r\n".encode())
        while not (await reader.readline()).startswith(b"354"):
            pass
        writer.write(a_mail(4) + b".\r\n")
        await writer.drain()
        writer.transport.abort()
    assert await office.send(a_mail(4)) == KEPT
    assert len(await office.codes()) == len(before) + 1


async def test_a_reply_in_the_thread_joins_its_report_and_the_reporter_is_answered_in_it(
    tmp_path: Path, embedded: Backend
) -> None:
    boxes = Mailboxes()
    relay = await asyncio.get_running_loop().create_server(lambda: SMTP(boxes, hostname="relay"), "127.0.0.1", 0)
    async with relay:
        port = relay.sockets[0].getsockname()[1]
        options = {"answers": True, "relay": f"smtp://127.0.0.1:{port}", "allow_plain": True}
        answering = {**options, "private_hosts": ["127.0.0.1"]}
        async with post(tmp_path, embedded, answering, conversation_window=0) as office:
            await _talk(office, boxes)


async def _talk(office: Post, boxes: Mailboxes) -> None:
    assert await office.send(a_mail(1)) == KEPT

    async def answered() -> bool:
        return bool(boxes.taken)

    await until(answered)
    sender, recipient, told = boxes.taken[0]
    [code] = await office.codes()
    assert (sender, recipient, told["From"], told["Subject"]) == ("<>", "ani@contoh.example", TO, "Re: Jalan berlubang")
    assert (told["In-Reply-To"], told["Auto-Submitted"]) == ("<1@contoh.example>", "auto-replied")
    assert code in told.get_content()
    await office.it.settled(code)
    thread = {"References": f"<1@contoh.example> {told['Message-ID']}", "In-Reply-To": told["Message-ID"]}
    reply = a_mail(2, text=f"{'Sekarang lubangnya makin besar dan dalam. ' * 5}\r\n\r\n> {code}", **thread)
    assert await office.send(reply) == KEPT
    assert await office.codes() == [code]
    assert [message.sequence for message in (await office.it.record(code)).messages] == [0, 1]
    assert len(boxes.taken) == 1


async def test_a_ledger_that_is_full_puts_the_mail_off_until_there_is_room(tmp_path: Path, embedded: Backend) -> None:
    async with post(tmp_path, embedded) as office:
        most = await office.it.ledger.write(_grow_no_further)
        number = 0

        async def full() -> bool:
            nonlocal number
            number += 1
            code, _ = await office.send(a_mail(number))
            assert code in (250, 451)
            return code == 451

        await until(full)
        assert len(await office.codes()) == number - 1
        await office.it.ledger.write(lambda conn: conn.exec_driver_sql(f"PRAGMA max_page_count = {most}") and None)
        assert await office.send(a_mail(number)) == KEPT
        assert len(await office.codes()) == number


def _grow_no_further(conn: Connection) -> int:
    most: int = conn.exec_driver_sql("PRAGMA max_page_count").scalar_one()
    pages: int = conn.exec_driver_sql("PRAGMA page_count").scalar_one()
    conn.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    return most
