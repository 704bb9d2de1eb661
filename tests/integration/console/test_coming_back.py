"""A form that lacks something comes back on its own page, alike for every form: nothing that was typed is lost, what is
wrong is said at its field, in the language of who reads, and that field has the focus.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path

import httpx
import pytest

from gateway.console.desk import BASE
from gateway.console.routes import PAGES
from gateway.console.texts import told
from gateway.roles import Role
from tests.integration.backends import Backend
from tests.integration.console.mistakes import TYPED, Scene, Slip, scene, send, told_at
from tests.integration.installation import MINISTRY, SP4N


def slips(at: Scene) -> Iterator[Slip]:
    """What is forgotten or written wrongly, in every form that asks for something."""
    yield from _of_review(at.held[0])
    yield from _of_other_queues(at)
    yield from _of_a_report(at)
    yield from _of_the_rest()


def _lacks(page: str, path: str, field: str, fields: Mapping[str, str], form: str = "", name: str = "") -> Slip:
    """One that is sent without this field; `name`: how the field is called, where not like itself."""
    return Slip(page, path, form, fields, field, "error.needed", {"field": name or f"field.{field}"})


def _of_review(one: str) -> Iterator[Slip]:
    page, held = "/review", {"id": one, "why": TYPED}
    long = {"n": 200, "over": 55}
    yield _lacks(page, "/review/give-up", "why", {"id": one, "into": TYPED})
    yield Slip(page, "/review/give-up", "", {"id": one, "why": "x" * 255}, "why", "error.too_long", long)
    yield Slip(f"{page}?stage=screen", "/review/give-up", "", {"why": TYPED}, "id", "queue.none_chosen")
    yield Slip(page, "/review/release", "", {"why": TYPED}, "id", "queue.none_chosen")
    unknown = {"about": "dinas"}
    yield Slip(page, "/review/release", "", held | {"to": "dinas"}, "to", "cause.no_destination", unknown)
    yield _lacks(page, "/review/merge", "into", held)
    yield Slip(page, "/review/merge", "", held | {"into": "AAAA"}, "into", "report.unknown")
    yield Slip(page, "/review/correct", "", held | {"category": "1"}, "category", "review.no_category")
    yield Slip(page, "/review/correct", "", held | {"region": "Bandung"}, "region", "review.no_region")
    yield Slip(page, "/review/correct", "", held, "category", "review.nothing_to_correct")
    yield _lacks(page, "/review/export", "why", {}, "export")


def _of_other_queues(at: Scene) -> Iterator[Slip]:
    (asked, event), sure = at.asked, "/uncertain/resolve"
    case = {"report": asked, "left": SP4N}
    yield _lacks("/review", "/review/onward", "to", case | {"why": TYPED}, event)
    yield _lacks("/review", "/review/close", "why", case | {"to": MINISTRY}, event)
    yield _lacks("/files", "/files/release", "why", {"id": at.file})
    yield Slip("/files", "/files/keep", "", {"why": TYPED}, "id", "queue.none_chosen")
    yield Slip("/parked", "/parked/preview", "", {"action": "cancel"}, "id", "queue.none_chosen")
    yield _lacks("/parked/preview", "/parked/cancel", "why", {"id": at.parked, "action": "cancel"})
    yield Slip("/uncertain", sure, "", {"arrived": "yes", "reference": TYPED}, "id", "queue.none_chosen")
    two = {"id": at.uncertain, "arrived": "no", "reference": TYPED}
    yield Slip("/uncertain", sure, "", two, "reference", "queue.one_reference")


def _of_a_report(at: Scene) -> Iterator[Slip]:
    page, own = f"/reports/{at.report}", {"report": at.report}
    yield _lacks(page, f"{page}/reveal", "why", {})
    yield Slip(page, "/review/correct", "amend", own | {"category": "abc"}, "category", "review.no_category")
    yield Slip(page, "/review/merge", "merge", own | {"into": at.code}, "into", "cause.into_itself")
    yield _lacks(f"/reports/{at.follower}", "/review/unlink", "why", {"report": at.follower}, "unlink")
    held = f"/reports/{at.held_report}"
    yield _lacks(held, "/review/give-up", "why", {"id": at.held[0], "to": MINISTRY}, "decide")


def _of_the_rest() -> Iterator[Slip]:
    role = {"role": "operator"}
    yield _lacks(f"/destinations/{SP4N}", f"/destinations/{SP4N}/pause", "why", {})
    yield _lacks("/log?state=parked", "/log/views", "view", {"shared": "yes"}, "save")
    yield Slip("/users", "/users", "new", role | {"name": "Budi Utomo"}, "name", "users.name_rule")
    there = {"about": "admin-id"}
    yield Slip("/users", "/users", "new", role | {"name": "admin-id"}, "name", "cause.user_there", there)
    yield _lacks("/me", "/me/password", "old", {"new": "rahasia baru sekali"})
    yield Slip("/me", "/me/password", "", {"old": "salah", "new": "rahasia baru sekali"}, "old", "me.wrong_password")
    yield _lacks("/rules", "/rules/try", "routes", {"routes": " "}, name="rules.routes")


WITHOUT = {
    "/sign-in", "/sign-out", "/search", "/log/views/{view}/drop", "/parked/redrive", "/parked/undo", "/review/undo",
    "/destinations/{name}/resume", "/destinations/{name}/test", "/channels/{name}/keys",
    "/channels/keys/{key}/revoke", "/journal/verify", "/users/{name}/role", "/users/{name}/lock",
    "/users/{name}/password", "/me/sessions/{session}/end",
}  # fmt: skip
"""Forms that ask for nothing, or are tried by a test of their own."""


def expected(slip: Slip, language: str) -> str:
    values = {name: told(language, text) if name == "field" else text for name, text in slip.values.items()}
    return told(language, slip.said, **values)


def found(answer: httpx.Response, slip: Slip) -> tuple[object, ...]:
    """What the page of a form that came back is: its status, what it says where, what is kept, what has the focus."""
    typed = [
        value for name, value in slip.fields.items() if name not in ("id", "to", "action", "arrived", "old", "new")
    ]
    kept = [f'value="{escape(value)}"' in answer.text or value == " " or len(value) > 200 for value in typed]
    focus = re.findall(r'<[^>]* id="([^"]*)"[^>]* autofocus', answer.text)
    return answer.status_code, told_at(answer, slip.id), all(kept), focus, f'href="#{slip.id}"' in answer.text


@pytest.mark.timeout(300)
async def test_every_form_that_lacks_something_comes_back_with_what_was_typed(
    tmp_path: Path, embedded: Backend
) -> None:
    async with scene(tmp_path, embedded) as at:
        browser = await at.seat()
        follow = Slip("/review", "/review/merge", "", {"report": at.follower, "into": at.code}, "", "")
        assert (await send(browser, follow)).status_code == 303
        seats = {"id": browser, "en": await at.seat(language="en")}
        missing = {page.path for page in PAGES if page.method == "POST"} - WITHOUT
        wrong: list[tuple[object, ...]] = []
        for slip in slips(at):
            missing -= {page.path for page in PAGES if page.method == "POST" and page.pattern.match(slip.path)}
            for language, seat in seats.items():
                answer = await send(seat, slip)
                right = (422, expected(slip, language), True, [slip.id], True)
                if found(answer, slip) != right:
                    wrong.append((slip.path, slip.at, language, found(answer, slip), right))
                over_htmx = await send(seat, slip, **{"hx-request": "true"})
                if (over_htmx.status_code, over_htmx.headers.get("hx-retarget")) != (422, "#main"):
                    wrong.append((slip.path, slip.at, "htmx", over_htmx.status_code, over_htmx.headers))
        assert (wrong, missing) == ([], set())


@pytest.mark.parametrize("language", ["id", "en"])
async def test_an_address_with_a_wrong_field_shows_the_page_without_it(
    tmp_path: Path, embedded: Backend, language: str
) -> None:
    cases = {
        "/daily?date=kemarin": ("date", "error.date", {}),
        "/daily?date=0637-05-24": ("date", "cause.no_such_day", {"about": "2000-01-01"}),
        "/log?since=kemarin&reason=uji": ("since", "cause.no_moment", {}),
        "/log?state=hilang": ("state", "cause.no_such_word", {}),
        f"/destinations/{SP4N}/preview?report=AAAA": ("report", "report.unknown", {}),
    }
    async with scene(tmp_path, embedded) as at:
        seat = await at.seat(language=language)
        for address, (field, key, values) in cases.items():
            answer = await seat.get(f"{BASE}{address}")
            assert (answer.status_code, told_at(answer, field)) == (422, told(language, key, **values)), address
            part = await seat.get(f"{BASE}{address}", headers={"hx-request": "true"})
            assert (part.status_code, part.headers["hx-reselect"], "<h1" in part.text) == (422, "#main", True)
        kept = await seat.get(f"{BASE}/log?since=kemarin&reason=uji")
        assert ('value="uji"' in kept.text, 'value="kemarin"' in kept.text) == (True, True)


async def test_a_whole_file_of_rules_that_is_wrong_comes_back_whole(tmp_path: Path, embedded: Backend) -> None:
    rules = "routes:\n  default: [tidak-ada]\n  # <catatan>\n"
    async with scene(tmp_path, embedded) as at:
        answer = await send(await at.seat(), Slip("/rules", "/rules/try", "", {"routes": rules}, "routes", ""))
        assert (answer.status_code, escape(rules).strip() in answer.text) == (422, True)
        assert "tidak-ada" in answer.text
        assert 'id="routes-wrong"' in answer.text


async def test_a_phone_number_that_one_may_not_look_for_is_told_in_the_box(tmp_path: Path, embedded: Backend) -> None:
    async with scene(tmp_path, embedded) as at:
        seat = await at.seat(Role.VIEWER)
        answer = await send(seat, Slip("/journal", "/search", "", {"q": "081200000001"}, "q", ""))
        assert (answer.status_code, told_at(answer, "q")) == (403, told("id", "cause.looking_for_reporters"))
        assert told("id", "journal.title") in answer.text
