"""Somebody else decided while a page was open: who sends the form then is told who and what, and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from pathlib import Path

from gateway.console.desk import BASE
from gateway.console.texts import told
from gateway.ledger.actions import list_actions
from gateway.roles import Role
from tests.integration.backends import Backend
from tests.integration.console.mistakes import TYPED, Scene, Slip, scene, send
from tests.integration.installation import MINISTRY, SP4N


def decisions(at: Scene) -> Iterator[tuple[Slip, Slip]]:
    """A decision, and the one that comes too late; the first word of what is said is the same in all."""
    first, second, third = ({"id": one} for one in at.held[:3])
    why, case = {"why": TYPED}, {"report": at.asked[0], "left": SP4N, "why": TYPED}
    yield (
        Slip("/review", "/review/give-up", "", first | why, "", ""),
        Slip("/review", "/review/release", "", first | why, "", "action.cancel_parked"),
    )
    yield (
        Slip("/review", "/review/release", "", second | {"to": MINISTRY}, "", ""),
        Slip("/review", "/review/give-up", "", second | why, "", "action.release"),
    )
    yield (
        Slip("/review", "/review/merge", "", third | {"into": at.code}, "", ""),
        Slip("/review", "/review/correct", "", third | {"category": "936"}, "", ""),
    )
    yield (
        Slip("/review", "/review/close", at.asked[1], case, "", ""),
        Slip("/review", "/review/close", at.asked[1], case, "", ""),
    )
    yield (
        Slip("/files", "/files/keep", "", {"id": at.file} | why, "", ""),
        Slip("/files", "/files/release", "", {"id": at.file} | why, "", "action.file.keep"),
    )
    yield (
        Slip("/uncertain", "/uncertain/resolve", "", {"id": at.uncertain, "arrived": "yes"}, "", ""),
        Slip("/uncertain", "/uncertain/resolve", "", {"id": at.uncertain, "arrived": "no"}, "", "action.resolve"),
    )
    yield (
        Slip("/parked", "/parked/cancel", "", {"id": at.parked} | why, "", ""),
        Slip("/parked/preview", "/parked/redrive", "", {"id": at.parked, "action": "redrive"}, "", "action.cancel"),
    )
    yield (
        Slip(f"/destinations/{SP4N}", f"/destinations/{SP4N}/pause", "", why, "", ""),
        Slip(f"/destinations/{SP4N}", f"/destinations/{SP4N}/pause", "", why, "", ""),
    )


async def test_whoever_comes_second_changes_nothing_and_learns_who_was_first(tmp_path: Path, embedded: Backend) -> None:
    async with scene(tmp_path, embedded) as at:
        siti, budi = await at.seat(name="siti"), await at.seat(name="budi", language="en")
        for early, late in decisions(at):
            assert (await send(siti, early)).status_code == 303, early.path
            answer = await send(budi, late)
            told_of = f"Somebody was first: {told('en', late.said)} (siti," if late.said else 'role="alert"'
            text = unescape(answer.text)
            seen = (answer.status_code, told_of in text, told("en", "error.title_409") in text)
            assert seen == (409, True, True), (late.path, answer.status_code)
        assert {one.action for one in await at.it.ledger.read(list_actions, actor="budi")} == {"sign_in"}


async def test_of_several_only_those_that_still_wait_are_counted(tmp_path: Path, embedded: Backend) -> None:
    async with scene(tmp_path, embedded) as at:
        siti, budi = await at.seat(Role.REVIEWER, name="siti"), await at.seat(Role.REVIEWER, name="budi")
        await send(siti, Slip("/review", "/review/give-up", "", {"id": at.held[0], "why": TYPED}, "", ""))
        both = {"id": at.held[:2], "why": TYPED}
        done = await send(budi, Slip("/review", "/review/give-up", "", both, "", ""))  # type: ignore[arg-type]
        page = (await budi.get(f"http://gateway{done.headers['location']}")).text
        assert told("id", "done.given_up", n=1) in page
        assert told("id", "done.missed", n=1) in page


async def test_what_went_wrong_with_some_is_told_beside_what_was_done(tmp_path: Path, embedded: Backend) -> None:
    async with scene(tmp_path, embedded) as at:
        browser = await at.seat(Role.REVIEWER)
        into = {"id": at.held[0], "into": at.code}
        assert (await send(browser, Slip("/review", "/review/merge", "", into, "", ""))).status_code == 303
        page = await browser.get(f"{BASE}/review?done=merged&n=1&problem=has_followers&about={at.code}")
        assert told("id", "cause.has_followers", about=at.code) in page.text


async def test_an_address_from_elsewhere_says_nothing_in_our_name(tmp_path: Path, embedded: Backend) -> None:
    async with scene(tmp_path, embedded) as at:
        browser = await at.seat()
        for query in ("done=merged&n=Telepon+0812", "done=nobody&n=1", "done=merged&problem=other&about=kirim+uang"):
            page = await browser.get(f"{BASE}/review?{query}")
            assert (page.status_code, "Telepon 0812" in page.text, "kirim uang" in page.text) == (200, False, False), (
                query
            )
