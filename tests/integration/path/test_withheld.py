"""A file that does not travel by itself is let go or kept back by a person: by command, API and console alike."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable, Coroutine
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from typer.testing import CliRunner

from gateway.cli.tree import app as commands
from gateway.console.desk import BASE
from gateway.console.sessions import COOKIE, csrf_of
from gateway.ledger.actions import list_actions
from gateway.ledger.file_decisions import list_undecided
from gateway.ledger.sessions import SessionRow, open_session
from gateway.ledger.user_keys import add_user_key
from gateway.ledger.users import UserRow, add_user
from gateway.ledger.values import FileRow
from gateway.roles import Role
from gateway.user_access import make_user_key
from gateway.withheld import Deciding
from schemas.errors import Conflict, NotFound
from schemas.ids import new_id
from tests.fakes.clamd import EICAR, Clamd
from tests.fakes.instagram import InstagramGraph
from tests.integration.backends import EMBEDDED, Backend
from tests.integration.installation import (
    APP_SECRET,
    MINISTRY,
    SP4N,
    Installation,
    Plan,
    installation,
    signature,
    until,
    whatsapp_delivery,
    whatsapp_text,
)
from tests.integration.path.test_attachments import CONTENT, hashed, received, report
from tests.integration.path.test_vendors import make_channel

EMBEDDED_ONLY = pytest.mark.parametrize("place", [EMBEDDED], indirect=True)
PROGRAM = b"MZ" + bytes(62) + b"PE\0\0" + bytes(200)


async def with_a_withheld_file(it: Installation, content: bytes = EICAR, message: str = "1") -> tuple[str, FileRow]:
    """A report that went without its file, and the file."""
    [kept] = await it.post({**report(("c.txt", "text/plain", content)), "message_id": message})
    await it.settled(kept["tracking_code"])
    [row] = (await it.record(kept["tracking_code"])).files
    assert (row.state, received(it)) == ("withheld", [])
    return kept["tracking_code"], row


async def undecided(it: Installation) -> list[UUID]:
    return [one.file.id for one in await it.ledger.read(list_undecided)]


async def test_a_file_that_is_let_go_reaches_everybody_who_has_the_report_once(tmp_path: Path, place: Backend) -> None:
    async with Clamd() as clamd, installation(tmp_path, place, Plan(settings={"scanner": clamd.address})) as it:
        code, row = await with_a_withheld_file(it)
        deciding = Deciding(it.ledger, it.gateway.vault, it.gateway.clock)
        kept = await deciding.release(row.id, "ani", "positif palsu")
        assert (kept.tracking_code, kept.sequence) == (code, 1)
        with pytest.raises(Conflict, match="somebody decided before"):
            await deciding.release(row.id, "ani", "lagi")
        await it.settled(code)
        record = await it.record(code)
        added = [(one.destination, one.kind.value) for one in record.handoffs if one.kind.value == "addition"]
        assert sorted(added) == sorted([(SP4N, "addition"), (MINISTRY, "addition")])
        assert [digest for _, _, digest in received(it)] == [hashed(EICAR)]
        [followup] = it.simulators.sp4n.book.of("followup")
        assert followup["fields"]["attachment[0]"] == "70001"
        [addition] = it.simulators.ministry.book.of("addition")
        assert [file["sha256"] for file in addition["body"]["messages"][0]["attachments"]] == [hashed(EICAR)]
        assert [(one.sequence, one.state, one.notes) for one in record.files] == [
            (0, "released", None),
            (1, "stored", "released"),
        ]
        assert len(clamd.scanned) == 1, "what a person let go is not scanned again"
        [action] = await it.ledger.read(list_actions, actor="ani")
        assert (action.action, action.detail["why"]) == ("file.release", "positif palsu")
        assert await undecided(it) == []


async def test_a_file_that_is_kept_back_stays_and_nobody_is_reminded(tmp_path: Path, place: Backend) -> None:
    async with Clamd() as clamd, installation(tmp_path, place, Plan(settings={"scanner": clamd.address})) as it:
        code, row = await with_a_withheld_file(it)
        assert await undecided(it) == [row.id]
        deciding = Deciding(it.ledger, it.gateway.vault, it.gateway.clock)
        await deciding.keep(row.id, "ani", "benar virus")
        assert await undecided(it) == []
        with pytest.raises(Conflict):
            await deciding.release(row.id, "ani", "berubah pikiran")
        with pytest.raises(NotFound):
            await deciding.keep(UUID(int=5), "ani", "tidak ada")
        record = await it.record(code)
        assert ([one.state for one in record.files], len(record.messages)) == (["kept"], 1)


@EMBEDDED_ONLY
async def test_commands_api_and_console_do_the_same(
    tmp_path: Path, place: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with installation(tmp_path, place) as it:
        rows = [(await with_a_withheld_file(it, PROGRAM + bytes([number]), str(number)))[1] for number in range(3)]
        await by_command(it, rows[0].id, tmp_path, monkeypatch)
        await by_api(it, rows[1].id)
        await by_console(it, rows[2].id)
        assert await undecided(it) == []
        actions = [(row.action, row.subject) for row in await it.ledger.read(list_actions, limit=100)]
        decided = [one for one in actions if one[0].startswith("file.")]
        assert sorted(decided) == sorted(
            [("file.release", str(rows[0].id)), ("file.release", str(rows[1].id)), ("file.keep", str(rows[2].id))]
        )


def commands_of(
    it: Installation, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Coroutine[Any, Any, str]]:
    """What runs the gateway's commands beside the installation."""
    monkeypatch.setenv("SP4N_GATEWAY_CONFIG", str(folder / "gateway.yaml"))
    monkeypatch.setenv("SP4N_GATEWAY_DATA_DIR", str(it.gateway.settings.data_dir))
    monkeypatch.setenv("SP4N_GATEWAY_DATABASE_URL", it.gateway.settings.ledger_url)

    async def run(*words: str) -> str:
        done = await asyncio.to_thread(CliRunner().invoke, commands, list(words), prog_name="sp4n-gateway")
        assert done.exit_code == 0, done.output
        return done.output

    return run


async def by_command(it: Installation, file: UUID, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = commands_of(it, folder, monkeypatch)
    assert str(file) in await run("file", "list", "--json")
    await run("file", "save", str(file), str(folder / "terlihat"), "--reason", "dilihat dulu")
    assert (folder / "terlihat").read_bytes().startswith(PROGRAM)
    assert "berkas dilepas" in await run("file", "release", str(file), "--reason", "bukan program", "--yes")


async def by_api(it: Installation, file: UUID) -> None:
    now = it.gateway.clock.now()
    await it.ledger.write(add_user, UserRow("budi", Role.REVIEWER, "no password", now, now), "uji")
    row, key = make_user_key("budi", os.urandom(40), now)
    await it.ledger.write(add_user_key, row, "uji")
    bearer = {"authorization": f"Bearer {key}"}
    listed = (await it.api.get("/v1/ops/files?limit=1", headers=bearer)).json()
    assert ([one["id"] for one in listed["rows"]], listed["rows"][0]["reason"]) == ([str(file)], "type_refused")
    assert listed["next"] == str(file)
    without = await it.api.post(f"/v1/ops/files/{file}/release", headers=bearer, json={})
    done = await it.api.post(f"/v1/ops/files/{file}/release", headers=bearer, json={"why": "bukan program"})
    again = await it.api.post(f"/v1/ops/files/{file}/keep", headers=bearer, json={"why": "sudah"})
    assert (without.status_code, done.status_code, again.status_code) == (422, 200, 409)
    assert done.json()["sequence"] == 1


async def browser_of(it: Installation, user: str, secret: str = "sesi" * 8) -> tuple[httpx.AsyncClient, str]:
    """A browser in which the user is signed in, and the token of its forms."""
    now = it.gateway.clock.now()
    session = SessionRow(new_id(now), sha256(secret.encode()).digest(), user, now, now, "127.0.0.1", "uji")
    await it.ledger.write(open_session, session)
    client = httpx.AsyncClient(transport=it.api._transport, base_url="http://gateway", cookies={COOKIE: secret})
    return client, csrf_of(secret)


async def by_console(it: Installation, file: UUID) -> None:
    browser, csrf = await browser_of(it, "budi")
    page = await browser.get(f"{BASE}/files")
    assert (page.status_code, str(file) in page.text, "jenis berkas tidak diteruskan" in page.text) == (200, True, True)
    form = {"csrf": csrf, "id": str(file), "why": "memang program"}
    done = await browser.post(f"{BASE}/files/keep", data=form)
    shown = await browser.get(done.headers["location"])
    assert ("1 berkas tetap ditahan." in shown.text, "Tidak ada berkas yang tertinggal" in shown.text) == (True, True)


GONE = {"error": {"message": "x", "type": "OAuthException", "code": 100}}


async def with_a_lost_file(it: Installation, graph: InstagramGraph) -> FileRow:
    """A report whose picture WhatsApp has no more."""
    address = f"http://127.0.0.1:{graph.port}/v23.0"
    secrets = {"app_secret": APP_SECRET, "verify_token": "t", "access_token": "t0ken"}
    await make_channel(it, "whatsapp", secrets, graph_url=address, private_hosts=["127.0.0.1"])
    picture = {"id": "99", "mime_type": "image/jpeg", "caption": CONTENT}
    message = {**whatsapp_text("foto", ""), "type": "image", "image": picture}
    del message["text"]
    body = json.dumps(whatsapp_delivery(message)).encode()
    headers = {"x-hub-signature-256": signature(body)}
    answer = await it.api.post("/v1/channels/whatsapp/webhook", content=body, headers=headers)
    assert answer.status_code == 200

    async def is_listed() -> bool:
        return bool(await undecided(it))

    await until(is_listed)
    [one] = await it.ledger.read(list_undecided)
    return one.file


@EMBEDDED_ONLY
async def test_a_file_that_could_not_be_had_is_listed_and_fetched_once_more_when_a_person_says_so(
    tmp_path: Path, place: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with InstagramGraph((404, GONE)) as graph, installation(tmp_path, place) as it:
        row = await with_a_lost_file(it, graph)
        assert (row.state, row.reason, row.stored) == ("failed", "NotFound", None)
        run = commands_of(it, tmp_path, monkeypatch)
        listed = await run("file", "list", "--json")
        assert [one in listed for one in (str(row.id), '"state": "failed"', '"reason": "NotFound"')] == [True] * 3
        asked = len(graph.asked)
        await run("file", "release", str(row.id), "--reason", "sudah dikirim ulang", "--yes")

        async def is_listed_again() -> bool:
            return [one for one in await undecided(it) if one != row.id] != []

        await until(is_listed_again)
        assert len(graph.asked) == asked + 1
        record = await it.record(str(row.report_id))
        assert [one.state for one in record.files] == ["released", "failed"]
