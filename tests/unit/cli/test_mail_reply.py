"""`mail reply`: what a ministry answers by mail stands in the timeline of the case that it answers, once."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from typer.testing import Result

from adapters.outbound.mail_ids import message_id, return_path
from tests.unit.cli.world import Cli, World

ENTRY = """
  kemenkes:
    adapter: email
    url: smtp+starttls://relay.example.go.id:587
    options: {sender: laporan@gateway.example.go.id, recipients: [pengaduan@dinkes.example.go.id]}
"""


@pytest.fixture
def mailed(cli: Cli, world: World, tmp_path: Path) -> tuple[str, UUID]:
    """A delivered case of a destination that is mailed to: its tracking code and its handoff."""
    rows: list[dict[str, Any]] = json.loads(cli("handoff", "list", "--json", "--state", "delivered").stdout)
    handoff = next(UUID(row["id"]) for row in rows if row["destination"] == "kemenkes")
    config = tmp_path / "gateway.yaml"
    text = re.sub(r"\n  kemenkes:\n(?:    .*\n)+", ENTRY, config.read_text("utf-8"))
    config.write_text(text, "utf-8")
    return world.delivered, handoff


def a_reply(handoff: UUID, words: str, **headers: str) -> str:
    known = {
        "From": "Petugas Dinkes <petugas@dinkes.example.go.id>",
        "To": "laporan@gateway.example.go.id",
        "Subject": "Re: [3PKR-RFPG-C6E6] Laporan warga: obat habis",
        "Message-ID": "<jawaban-1@dinkes.example.go.id>",
        "Date": "Tue, 03 Mar 2026 09:00:00 +0700",
        "In-Reply-To": message_id(handoff, "gateway.example.go.id"),
        "Content-Type": "text/plain; charset=utf-8",
    }
    lines = [f"{name}: {value}" for name, value in (known | headers).items() if value]
    return "\n".join(lines) + f"\n\n{words}\n\nPada 2 Maret 2026 SP4N Gateway menulis:\n> Laporan warga: obat habis\n"


def last_line(done: Result) -> str:
    return done.stdout.splitlines()[-1]


def said(cli: Cli, code: str) -> list[tuple[str, str | None, str | None]]:
    entries = json.loads(cli("report", "timeline", code, "--reveal", "--reason", "uji", "--json").stdout)["entries"]
    return [(entry["kind"], entry["status_name"], entry["text"]) for entry in entries if entry["source"] == "mail"]


def test_an_answer_stands_in_the_timeline_once(cli: Cli, mailed: tuple[str, UUID]) -> None:
    code, handoff = mailed
    reply = a_reply(handoff, "Obat sudah dikirim hari ini.")
    assert [last_line(cli("mail", "reply", stdin=reply)) for _ in range(2)] == ["kept", "known"]
    assert said(cli, code) == [("answer", None, "Obat sudah dikirim hari ini.")]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Status: Selesai\nSudah ditangani.", ("status", "Selesai", "Sudah ditangani.")),
        ("Yth. gateway,\n*Status:* Menunggu Anggaran.", ("status", "Menunggu Anggaran", "Yth. gateway,")),
        ("Pertanyaan: puskesmas yang mana?", ("question", None, "puskesmas yang mana?")),
        ("Status: Menunggu Rapat\nPertanyaan: yang mana?", ("question", "Menunggu Rapat", "yang mana?")),
    ],
)
def test_a_reply_may_name_a_status_or_ask(
    cli: Cli, mailed: tuple[str, UUID], words: str, expected: tuple[str, str | None, str]
) -> None:
    assert cli("mail", "reply", stdin=a_reply(mailed[1], words)).exit_code == 0
    assert said(cli, mailed[0]) == [expected]


def test_a_reply_to_the_address_with_the_handoff_is_threaded_too(cli: Cli, mailed: tuple[str, UUID]) -> None:
    to = return_path(mailed[1], "bounces@gateway.example.go.id")
    reply = a_reply(mailed[1], "Sudah kami terima.", **{"In-Reply-To": ""})
    assert cli("mail", "reply", stdin=reply).exit_code == 65
    assert last_line(cli("mail", "reply", "--recipient", to, stdin=reply)) == "kept"


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"From": "orang@lain.example"}, 65),
        ({"From": ""}, 65),
        ({"From": "orang@lain.example (petugas@dinkes.example.go.id)"}, 65),
        ({"In-Reply-To": message_id(UUID("019cac00-7b90-7c55-9a53-2f6f3c1d5e02"), "gateway.example.go.id")}, 65),
        ({"Auto-Submitted": "auto-replied"}, 0),
    ],
)
def test_a_stranger_a_machine_and_an_unknown_case_leave_nothing(
    cli: Cli, mailed: tuple[str, UUID], headers: dict[str, str], code: int
) -> None:
    assert cli("mail", "reply", stdin=a_reply(mailed[1], "Halo", **headers)).exit_code == code
    assert said(cli, mailed[0]) == []


@pytest.mark.parametrize("raw", ["", "Halo", "Content-Type: multipart/mixed; boundary=\n\n--", "From: \udc80\n\n"])
def test_garbage_is_no_reply(cli: Cli, mailed: tuple[str, UUID], raw: str) -> None:
    assert cli("mail", "reply", stdin=raw.encode("utf-8", "replace").decode()).exit_code == 65


def test_a_broken_body_is_survived(cli: Cli, mailed: tuple[str, UUID]) -> None:
    broken = {"Content-Type": "text/plain; charset=tidak-ada", "Content-Transfer-Encoding": "base64"}
    assert cli("mail", "reply", stdin=a_reply(mailed[1], "*", **broken)).exit_code == 0
