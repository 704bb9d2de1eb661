"""What the forms of the console do, and that it stands in the record under the name of who sent them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from gateway.alerts.conditions import Kind
from gateway.alerts.lasting import Alert, State, Step
from gateway.console.desk import BASE
from gateway.ledger.actions import list_actions
from gateway.ledger.alerts import take_steps
from gateway.ledger.channels import add_channel, list_credentials
from gateway.ledger.queues import waiting
from gateway.ledger.repairs import redrive
from gateway.ledger.set_aside import list_parked
from gateway.ledger.users import load_user
from gateway.ledger.values import ChannelRow, HandoffRow, WorkerRow
from gateway.ledger.workers import register
from gateway.roles import Role
from schemas.handoff import HandoffState, ParkStage
from schemas.ids import new_id
from tests.integration.console.stand import Stand, post
from tests.integration.ledger.doing import brought_to, handoff, keep
from tests.integration.ledger.making import SP4N, a_report, a_worker


@pytest.fixture
async def worker(stand: Stand) -> WorkerRow:
    """A registered worker."""
    row = a_worker()
    await stand.desk.ledger.write(register, row)
    return row


async def parked(stand: Stand, worker: WorkerRow) -> HandoffRow:
    """A parked handoff."""
    return await brought_to(stand.desk.ledger, worker, HandoffState.PARKED, a_report("wamid.1", SP4N))


async def actions_of(stand: Stand, actor: str) -> set[str]:
    """What somebody did, as the record has it."""
    return {row.action for row in await stand.desk.ledger.read(list_actions, actor=actor)}


async def test_a_redrive_is_previewed_done_and_taken_back(stand: Stand, worker: WorkerRow) -> None:
    row = await parked(stand, worker)
    browser = await stand.signed_in(Role.OPERATOR)
    shown = await post(browser, "/parked/preview", id=str(row.id), action="redrive")
    assert (shown.status_code, "Kirim ulang 1 kiriman?" in shown.text) == (200, True)
    assert (await handoff(stand.desk.ledger, row.id)).state is HandoffState.PARKED

    done = await post(browser, "/parked/redrive", id=str(row.id))
    assert (await handoff(stand.desk.ledger, row.id)).state is HandoffState.PENDING
    page = (await browser.get(done.headers["location"])).text
    at = re.search(r'name="at" value="([^"]+)"', page)
    assert at is not None

    await post(browser, "/parked/undo", at=at[1].replace("&#43;", "+"), by="operator")
    assert (await handoff(stand.desk.ledger, row.id)).state is HandoffState.PARKED
    assert await actions_of(stand, "operator") == {"sign_in", "redrive", "redrive.undo"}


async def test_cancelling_needs_a_reason(stand: Stand, worker: WorkerRow) -> None:
    row = await parked(stand, worker)
    browser = await stand.signed_in(Role.OPERATOR)
    without = await post(browser, "/parked/cancel", id=str(row.id))
    await post(browser, "/parked/cancel", id=str(row.id), why="sudah selesai")
    after = await handoff(stand.desk.ledger, row.id)
    assert (without.status_code, after.state, after.reason) == (422, HandoffState.CANCELLED, "sudah selesai")


async def test_what_did_not_arrive_is_sent_again(stand: Stand, worker: WorkerRow) -> None:
    row = await brought_to(stand.desk.ledger, worker, HandoffState.UNCERTAIN, a_report("wamid.1", SP4N))
    browser = await stand.signed_in(Role.OPERATOR)
    await post(browser, "/uncertain/resolve", id=str(row.id), arrived="no")
    after = await handoff(stand.desk.ledger, row.id)
    assert (after.state, after.released) == (HandoffState.PENDING, True)
    assert await actions_of(stand, "operator") == {"sign_in", "resolve"}


async def test_a_held_report_is_given_up(stand: Stand) -> None:
    await keep(stand.desk.ledger, a_report("wamid.1", parked=ParkStage.SCREEN))
    (held,) = await stand.desk.ledger.read(list_parked)
    browser = await stand.signed_in(Role.REVIEWER)
    await post(browser, "/review/give-up", id=str(held.id), why="bukan laporan")
    assert (await stand.desk.ledger.read(waiting)).set_aside == 0
    assert await actions_of(stand, "reviewer") == {"sign_in", "cancel_parked"}


async def test_what_was_given_up_is_taken_back_by_the_button_that_follows(stand: Stand) -> None:
    await keep(stand.desk.ledger, a_report("wamid.1", parked=ParkStage.SCREEN))
    (held,) = await stand.desk.ledger.read(list_parked)
    browser = await stand.signed_in(Role.REVIEWER)
    given_up = await post(browser, "/review/give-up", id=str(held.id), why="bukan laporan")
    page = (await browser.get(given_up.headers["location"])).text
    fields = dict(re.findall(r'name="(at|by)" value="([^"]+)"', page))
    assert (fields, f'action="{BASE}/review/undo"' in page) == (
        {"at": stand.clock.now().isoformat(), "by": "reviewer"},
        True,
    )
    undone = await post(browser, "/review/undo", **fields)
    assert undone.headers["location"] == f"{BASE}/review?done=review_taken_back&n=1"
    assert [row.id for row in await stand.desk.ledger.read(list_parked)] == [held.id]
    again = await browser.get((await post(browser, "/review/undo", **fields)).headers["location"])
    assert "1 tetap: sudah mulai dikirim, atau diputuskan lagi sesudahnya." in again.text


async def test_a_key_is_shown_once_and_revoked(stand: Stand) -> None:
    await stand.desk.ledger.write(add_channel, ChannelRow("app", "native", stand.clock.now(), {}), "uji")
    browser = await stand.signed_in(Role.ADMIN)
    made = await post(browser, "/channels/app/keys")
    (key,) = await stand.desk.ledger.read(list_credentials)
    assert f"sgk_{key.id}_" in made.text
    assert re.search(rf"sgk_{key.id}_\w", (await browser.get(f"{BASE}/channels")).text) is None
    await post(browser, f"/channels/keys/{key.id}/revoke")
    (revoked,) = await stand.desk.ledger.read(list_credentials)
    assert revoked.revoked_at is not None


async def test_a_user_is_made_given_a_role_and_locked_out(stand: Stand) -> None:
    browser = await stand.signed_in(Role.ADMIN)
    made = await post(browser, "/users", name="budi", role="viewer")
    assert (made.status_code, "budi" in made.text) == (200, True)
    await post(browser, "/users/budi/role", role="operator")
    await post(browser, "/users/budi/lock", locked="yes")
    user = await stand.desk.ledger.read(load_user, "budi")
    assert user is not None
    assert (user.role, user.locked_at is not None) == (Role.OPERATOR, True)


async def test_a_view_is_saved_and_forgotten(stand: Stand) -> None:
    browser = await stand.signed_in(Role.VIEWER)
    await post(browser, "/log/views", view="gagal", query="state=parked&nothing=else", shared="yes")
    page = (await browser.get(f"{BASE}/log")).text
    drop = re.search(r'action="/console(/log/views/[0-9a-f-]+/drop)"', page)
    assert (drop is not None, "/console/log?state=parked" in page, "nothing=else" in page) == (True, True, False)
    await post(browser, drop[1] if drop else "")
    assert "gagal" not in (await browser.get(f"{BASE}/log")).text


async def test_an_undo_by_hand_of_nothing_changes_nothing(stand: Stand, worker: WorkerRow) -> None:
    row = await parked(stand, worker)
    now = stand.clock.now()
    await stand.desk.ledger.write(redrive, [row.id], "ani", now)
    browser = await stand.signed_in(Role.OPERATOR)
    await post(browser, "/parked/undo", at=(now + timedelta(seconds=1)).isoformat(), by="ani")
    assert (await handoff(stand.desk.ledger, row.id)).state is HandoffState.PENDING


async def test_alerts_say_what_to_do_and_the_overview_leads_to_them(stand: Stand) -> None:
    now = stand.clock.now()
    alert = Alert(new_id(now), Kind.DISK, "files", State.RAISED, now, now, {"free_mib": 3}, now)
    over = Alert(new_id(now), Kind.DISK, "keys", State.CLEARED, now, now, {"free_mib": 9}, now, now)
    await stand.desk.ledger.write(take_steps, [Step(None, alert, tell=True), Step(None, over)], lambda _: ())
    browser = await stand.signed_in(Role.VIEWER)
    page, first = [(await browser.get(f"{BASE}{path}")).text for path in ("/alerts", "/")]
    assert ("Kosongkan atau tambah ruang" in page, "folder keys tinggal 9" in page) == (True, True)
    assert (f"/alerts#a-{alert.id}" in first, str(over.id) in first) == (True, False)


async def test_a_day_is_shown_with_charts_that_can_be_kept(stand: Stand, worker: WorkerRow) -> None:
    await parked(stand, worker)
    browser = await stand.signed_in(Role.VIEWER)
    page = await browser.get(f"{BASE}/daily?date=2026-03-02")
    assert (page.status_code, "Senin, 2 Maret 2026" in page.text) == (200, True)
    empty = (await browser.get(f"{BASE}/daily?date=2026-02-01")).text
    assert ("Tidak ada laporan pada tanggal ini" in empty, "<img" in empty) == (True, False)
    kept = await browser.get(f"{BASE}/daily/chart/destinations?date=2026-03-02&keep=svg")
    dots = await browser.get(f"{BASE}/daily/chart/destinations?date=2026-03-02&keep=png")
    shown = [await browser.get(f"{BASE}/daily/chart/hours?date=2026-03-02{more}") for more in ("", "&on=phone")]
    assert ['width="720"' in shown[0].text, 'width="340"' in shown[1].text, dots.content[:4]] == [
        True,
        True,
        b"\x89PNG",
    ]
    paper, sheet = [await browser.get(f"{BASE}/daily/{kind}") for kind in ("pdf", "csv")]
    assert ("attachment" in kept.headers["content-disposition"], kept.text[:4]) == (True, "<svg")
    assert (paper.content[:5], sheet.text[:5]) == (b"%PDF-", "\ufeffdate")
    wrong = [await browser.get(f"{BASE}/daily{path}") for path in ("?date=kemarin", "/chart/pie")]
    assert [answer.status_code for answer in wrong] == [422, 404]


async def test_other_rules_are_tried_and_what_is_wrong_is_told(stand: Stand) -> None:
    browser = await stand.signed_in(Role.OPERATOR)
    wrong = await post(browser, "/rules/try", routes="routes: {default: [nobody]}")
    right = await post(browser, "/rules/try", routes="routes: {default: []}")
    assert ("nobody" in wrong.text, 'role="alert"' in wrong.text, "Laporan dicoba" in right.text) == (True, True, True)


@pytest.mark.parametrize("address", ["/parked/undo", "/review/undo"])
@pytest.mark.parametrize("at", ["kemarin", "2026-03-02T10:00:00", "0637-05-24T00:00:00+00:00"])
async def test_a_moment_that_no_page_of_ours_wrote_takes_nothing_back(stand: Stand, address: str, at: str) -> None:
    browser = await stand.signed_in(Role.ADMIN)
    assert (await post(browser, address, at=at, by="admin")).status_code == 422
