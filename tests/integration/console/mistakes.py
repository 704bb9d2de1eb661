"""A whole gateway with something to decide in every way, a seat before its console, and what one forgets there."""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any, NamedTuple

import httpx

from adapters.simulator import parse_fault
from gateway.console.desk import BASE
from gateway.console.sessions import COOKIE, LANGUAGE_COOKIE, csrf_of
from gateway.ledger.file_decisions import list_undecided
from gateway.ledger.not_ours import list_asked, note_refused
from gateway.ledger.rerouting import ask_a_person
from gateway.ledger.sessions import SessionRow, open_session
from gateway.ledger.users import UserRow, add_user
from gateway.roles import Role
from schemas.ids import new_id
from tests.integration.backends import Backend
from tests.integration.console.scenery import FILE
from tests.integration.installation import MINISTRY, SP4N, Installation, Plan, installation

TYPED = "Sudah <dibahas> dengan Bu Ani"
"""What somebody typed, with what a careless page would take for markup."""


class Slip(NamedTuple):
    """A form sent with something missing or wrong: where it stands, and at which field that is to be told."""

    page: str
    path: str
    form: str
    fields: Mapping[str, str]
    at: str
    said: str
    values: Mapping[str, Any] = {}

    @property
    def id(self) -> str:
        """The field's id on its page."""
        return f"{self.at}-{self.form}" if self.form else self.at


@dataclass(frozen=True)
class Scene:
    """What there is to decide about, by id; and the console."""

    it: Installation
    held: list[str]
    held_report: str
    parked: str
    uncertain: str
    file: str
    asked: tuple[str, str]
    report: str
    code: str
    follower: str

    async def seat(self, role: Role = Role.ADMIN, language: str = "id", name: str = "") -> httpx.AsyncClient:
        """A browser in which somebody with this role is signed in, speaking a language."""
        name, now = name or f"{role.value}-{language}", self.it.gateway.clock.now()
        await self.it.ledger.write(add_user, UserRow(name, role, "no password", now, now), "uji")
        digest = hashlib.sha256(name.encode()).digest()
        await self.it.ledger.write(open_session, SessionRow(new_id(now), digest, name, now, now, "10.0.0.7", "uji"))
        cookies = {COOKIE: name, LANGUAGE_COOKIE: language}
        return httpx.AsyncClient(transport=self.it.api._transport, base_url="http://gateway", cookies=cookies)


async def send(browser: httpx.AsyncClient, slip: Slip, **headers: str) -> httpx.Response:
    """Send the form as its page would."""
    token = csrf_of(browser.cookies[COOKIE])
    data = {"csrf": token, "here": f"{BASE}{slip.page}", "form": slip.form, **slip.fields}
    return await browser.post(f"{BASE}{slip.path}", data=data, headers=headers)


def told_at(answer: httpx.Response, field: str) -> str:
    """What the page says is wrong with a field to whoever hears it: by the id that the field names; else nothing."""
    marked = re.search(rf'<(?:input|select|textarea)[^>]* id="{field}"[^>]*>', answer.text)
    wrong = re.search(r'aria-invalid="true" aria-describedby="([^"]+)"', marked[0]) if marked else None
    text = re.search(rf'id="{wrong[1]}"[^>]*>([^<]+)<', answer.text) if wrong else None
    return unescape(text[1]) if text else ""


@asynccontextmanager
async def scene(folder: Path, backend: Backend) -> AsyncIterator[Scene]:
    """SP4N refuses what it is sent, the ministry hangs up after it has taken a case."""
    plan = Plan(
        sp4n_faults=[parse_fault("status:times=0:status=400:method=POST")],
        ministry_faults=[parse_fault("reset_after:times=0:method=POST")],
        mode="neither",
        settings={"keep_corrections": True, "same_event_within": 0},
    )
    async with installation(folder, backend, plan) as it:
        yield await _furnished(it)


async def _furnished(it: Installation) -> Scene:
    held, codes = [], await _posted(it)
    for code in codes["held"]:
        held += [str(one.id) for one in (await it.record(code)).parked]
    parked = (await it.settled(codes["lead"][0]))[SP4N]
    uncertain = (await it.settled(codes["ministry"][0]))[MINISTRY]
    asked = await it.record(codes["asked"][0])
    refused = (await it.settled(codes["asked"][0]))[SP4N]
    now, event = it.gateway.clock.now(), asked.attempts[-1].id
    await it.ledger.write(note_refused, [(event, refused.id, now)])
    await it.ledger.write(ask_a_person, asked.report.id, "rule:uji", now, {}, event)
    [file] = await it.ledger.read(list_undecided, None, 10)
    [one] = await it.ledger.read(list_asked)
    lead, follower = await it.record(codes["lead"][0]), await it.record(codes["follower"][0])
    return Scene(
        it=it,
        held=held,
        held_report=str((await it.record(codes["held"][0])).report.id),
        parked=str(parked.id),
        uncertain=str(uncertain.id),
        file=str(file.file.id),
        asked=(str(one.report_id), str(one.event_id)),
        report=str(lead.report.id),
        code=lead.report.tracking_code,
        follower=str(follower.report.id),
    )


async def _posted(it: Installation) -> dict[str, list[str]]:
    told = {
        "held": [f"ini cuma tes saja ya min nomor {number}, abaikan" for number in range(4)],
        "lead": ["Lampu jalan di Gang Kenanga padam sudah dua minggu, gelap dan rawan bagi anak sekolah."],
        "follower": ["Lampu jalan di Gang Melati mati sejak Senin, warga minta segera diperbaiki petugas."],
        "asked": ["Sampah di pasar Cicadas tidak diangkut sejak Jumat, baunya sampai ke sekolah."],
        "ministry": ["Obat darah tinggi di puskesmas Regol habis sejak dua minggu lalu."],
        "file": ["Jalan di depan SD Negeri Coblong berlubang sejak Januari, buktinya saya lampirkan."],
    }
    codes = {}
    for kind, texts in told.items():
        files = {"attachments": [FILE]} if kind == "file" else {}
        sent = [{"message_id": f"{kind}-{number}", "content": text, **files} for number, text in enumerate(texts)]
        codes[kind] = [one["tracking_code"] for one in await it.post(*sent)]
        for code in codes[kind]:
            await it.settled(code)
    return codes
