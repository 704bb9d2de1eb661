"""What operators and admins do, clicked in a real Chromium: each action once, each page in every language and width."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from gateway.ledger.users import load_user
from gateway.roles import Role
from tests.integration.console.scenery import Scenery, record_of
from tests.integration.console.seats import EXAMINED, SEATS, Seats, faults_of, flashes, id_in, press, said, tick
from tests.integration.console.seats import room as room
from tests.integration.console.seats import scenery as scenery
from tests.integration.console.serving import FORGETFUL, MINISTRY, PASSWORD, Served, served
from tests.integration.console.test_browser import browser as browser

QUEUES = ("/", "/log", "/parked", "/uncertain", "/review", "/files", "/alerts", "/daily")
PLACES = ("/destinations", f"/destinations/{MINISTRY}", f"/destinations/{MINISTRY}/preview", "/channels", "/rules")
PEOPLE = ("/journal", "/users", "/audit", "/me", "/nothing-here")


@pytest.fixture(scope="module")
def it(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A gateway whose ministries do not do as they should."""
    with served(tmp_path_factory.mktemp("mending")) as running:
        yield running


@pytest.mark.timeout(300)
@pytest.mark.parametrize("seat", SEATS)
def test_every_page_fits_and_is_accessible(room: Seats, it: Served, scenery: Scenery, seat: str) -> None:
    reports = [f"/reports/{record_of(it, codes[0]).report.id}" for codes in (scenery.parked, scenery.uncertain)]
    wrong: list[str] = []
    for path in (*QUEUES, *PLACES, *PEOPLE, *reports):
        page = room.sit(seat, path)
        assert page.locator("html").get_attribute("lang") == seat[:2]
        name = f"{path.strip('/').replace('/', '-') or 'overview'}-{seat.replace(' ', '-')}"
        wrong += faults_of(page, name, examined=seat in EXAMINED)
    assert wrong == []


def test_a_destination_is_paused_what_was_redriven_is_taken_back_and_it_is_resumed(
    room: Seats, scenery: Scenery
) -> None:
    page = room.sit("id phone", f"/destinations/{MINISTRY}", Role.OPERATOR)
    page.fill("#why", "sertifikat sedang diganti")
    press(page, f"/destinations/{MINISTRY}/pause")
    flashes(page, "done.paused")
    expect(page.locator(".notice")).to_contain_text("sertifikat sedang diganti")

    room.go(page, "/parked")
    tick(page, *scenery.parked[:2])
    page.click(".bar button[value=redrive]")
    expect(page.locator("h1")).to_have_text(said(page, "preview.redrive", n=2))
    press(page, "/parked/redrive")
    flashes(page, "done.redriven", n=2)
    press(page, "/parked/undo")
    flashes(page, "done.taken_back", n=2)

    room.go(page, f"/destinations/{MINISTRY}")
    press(page, f"/destinations/{MINISTRY}/resume")
    flashes(page, "done.resumed")


def test_parked_handoffs_are_cancelled_for_a_reason(room: Seats, it: Served, scenery: Scenery) -> None:
    page = room.sit("en desk", "/parked", Role.OPERATOR)
    tick(page, scenery.parked[2], scenery.parked[3])
    press(page, "/parked/preview", "cancel")
    expect(page.locator("#why")).to_be_focused()
    page.fill("#why", "settled by phone")
    press(page, "/parked/cancel")
    flashes(page, "done.cancelled", n=2)
    assert [one.reason for one in record_of(it, scenery.parked[2]).handoffs] == ["settled by phone"]


def test_one_is_redriven_from_its_own_page_and_arrives(room: Seats, it: Served, scenery: Scenery) -> None:
    it.change_certificate()
    record = record_of(it, scenery.parked[4])
    page = room.sit("en phone", f"/reports/{record.report.id}", Role.OPERATOR)
    press(page, "/parked/preview", "redrive")
    press(page, "/parked/redrive")
    flashes(page, "done.redriven", n=1)
    room.go(page, "/")
    expect(page.locator("a.tile[href$='state=pending'] b")).to_have_text("0")
    room.go(page, f"/reports/{record.report.id}")
    expect(page.locator("section .s-delivered").first).to_have_text(said(page, "state.delivered"))


def test_what_arrived_after_all_is_noted_with_its_reference(room: Seats, it: Served, scenery: Scenery) -> None:
    page = room.sit("id desk", "/uncertain", Role.OPERATOR)
    tick(page, scenery.uncertain[0])
    page.fill("#reference", "KEMSOS-2026-77")
    press(page, "/uncertain/resolve", "yes")
    flashes(page, "done.resolved", n=1)
    assert [one.reference for one in record_of(it, scenery.uncertain[0]).handoffs] == ["KEMSOS-2026-77"]


def test_what_did_not_arrive_is_sent_again(room: Seats, it: Served, scenery: Scenery) -> None:
    page = room.sit("en phone", "/uncertain", Role.OPERATOR)
    tick(page, scenery.uncertain[1], scenery.uncertain[2])
    press(page, "/uncertain/resolve", "no")
    flashes(page, "done.resolved", n=2)
    assert "resolve" in [one.action for one in record_of(it, scenery.uncertain[1]).actions]


def test_a_connection_is_tried_without_sending_anything(room: Seats) -> None:
    page = room.sit("en phone", f"/destinations/{FORGETFUL}", Role.OPERATOR)
    press(page, f"/destinations/{FORGETFUL}/test")
    flashes(page, "destinations.reached")


def test_what_a_report_would_become_is_looked_at(room: Seats, scenery: Scenery) -> None:
    page = room.sit("id phone", f"/destinations/{FORGETFUL}/preview", Role.OPERATOR)
    page.fill("#report", scenery.parked[5])
    page.click(".filters button")
    expect(page.locator(".notice")).to_contain_text(said(page, "case.masked"))
    expect(page.locator("main pre").first).to_contain_text(scenery.parked[5])


def test_a_view_of_the_log_is_saved_and_forgotten(room: Seats) -> None:
    page = room.sit("en desk", "/log?state=parked", Role.VIEWER)
    page.click(".save summary")
    page.fill("#view-save", "what is parked")
    page.check("input[name=shared]")
    press(page, "/log/views")
    flashes(page, "done.view_saved")
    expect(page.locator(".views a[aria-current]")).to_have_text("what is parked")
    press(page, f"/log/views/{id_in(page, '.views form')}/drop")
    flashes(page, "done.view_dropped")
    expect(page.locator(".views")).to_have_count(0)


def test_other_rules_are_tried_on_every_report(room: Seats) -> None:
    page = room.sit("id desk", "/rules", Role.OPERATOR)
    page.fill("#routes", "routes: {default: [nowhere-known]}")
    press(page, "/rules/try")
    expect(page.get_by_role("alert")).to_contain_text("nowhere-known")
    page.fill("#routes", f"routes: {{default: [{FORGETFUL}]}}")
    press(page, "/rules/try")
    expect(page.locator("#try .tile.warn b")).not_to_have_text("0")
    expect(page.locator("#try tr.row").first).to_contain_text(FORGETFUL)


def test_the_journal_is_verified(room: Seats) -> None:
    page = room.sit("en phone", "/journal", Role.AUDITOR)
    press(page, "/journal/verify")
    expect(page.locator("#check .flash")).to_have_text(said(page, "journal.whole"))


def test_a_day_is_taken_home_as_paper_sheet_and_picture(room: Seats) -> None:
    page = room.sit("id phone", "/daily", Role.VIEWER)
    for link, ending in (("daily/pdf", ".pdf"), ("daily/csv", ".csv"), ("keep=svg", ".svg"), ("keep=png", ".png")):
        with page.expect_download() as waiting:
            page.locator(f"a[href*='{link}']").first.click()
        assert waiting.value.suggested_filename.endswith(ending)
    shown = page.locator("img.chart").first
    expect(shown).to_be_in_viewport()
    assert "on=phone" in shown.evaluate("image => image.currentSrc")
    assert shown.evaluate("image => image.clientWidth >= image.naturalWidth * 0.9"), "every number is large enough"
    today = page.locator("h1").inner_text()
    page.click(".turn a >> nth=0")
    expect(page.locator("h1")).not_to_have_text(today)
    page.click(".turn a >> nth=1")
    expect(page.locator("h1")).to_have_text(today)


def test_an_alert_is_reached_from_the_overview(room: Seats) -> None:
    page = room.sit("en desk", "/", Role.VIEWER)
    page.locator(".alarms a[href*='/alerts#']").first.click()
    expect(page.locator("section.alert").first).to_contain_text(said(page, "alerts.todo"))


def test_the_audit_trail_is_narrowed_to_somebody(room: Seats) -> None:
    page = room.sit("id desk", "/audit", Role.AUDITOR)
    page.fill("#actor", "operator")
    page.click(".filters button")
    expect(page.locator("tr.row .by").first).to_have_text("operator")
    assert set(page.locator("tr.row .by").all_inner_texts()) == {"operator"}


def test_somebody_is_made_and_signs_in_with_the_password_that_is_shown_once(room: Seats) -> None:
    page = room.sit("id phone", "/users")
    page.fill("#name-new", "fajar")
    page.select_option("#role-new", "operator")
    press(page, "/users")
    password = page.locator(".notice pre").inner_text()
    room.go(page, "/users")
    expect(page.locator(".notice")).to_have_count(0)
    theirs = room.entered("en desk", "fajar", password)
    room.go(theirs, "/me")
    expect(theirs.locator("h1")).to_contain_text("fajar")


def test_a_role_is_changed_an_account_locked_and_opened_a_password_renewed(room: Seats, it: Served) -> None:
    page = room.sit("en desk", "/users")
    page.select_option("#role-budi", "reviewer")
    press(page, "/users/budi/role")
    flashes(page, "done.role_set")
    expect(page.locator("#role-budi")).to_have_value("reviewer")
    budi = page.locator("tr.row", has_text="budi")
    budi.locator("summary").first.click()
    press(page, "/users/budi/lock")
    flashes(page, "done.locked")
    user = it.done(it.gateway.ledger.read(load_user, "budi"))
    assert user is not None
    assert user.locked_at is not None
    press(page, "/users/budi/lock")
    flashes(page, "done.unlocked")
    budi.locator("summary").last.click()
    press(page, "/users/budi/password")
    expect(page.locator(".notice")).to_contain_text(said(page, "users.password_once", name="budi"))


def test_a_key_of_a_channel_is_made_and_revoked(room: Seats) -> None:
    page = room.sit("en phone", "/channels")
    press(page, "/channels/loket-bandung/keys")
    key = page.locator(".notice pre").inner_text().split("_")[1]
    page.locator("tr.row", has_text=key).locator("summary").click()
    press(page, f"/channels/keys/{key}/revoke")
    flashes(page, "done.revoked")
    expect(page.locator("tr.row", has_text=key)).to_contain_text(said(page, "channels.revoked"))


def test_another_session_of_mine_is_ended(room: Seats) -> None:
    other = room.entered("en phone", "viewer", PASSWORD)
    page = room.entered("id desk", "viewer", PASSWORD)
    room.go(page, "/me")
    press(page, f"/me/sessions/{id_in(page, 'form[action$=end]')}/end")
    flashes(page, "done.session_ended")
    room.go(other, "/me")
    expect(other.locator("#password")).to_be_visible()


def test_a_password_of_mine_is_changed_and_the_old_one_ends(room: Seats) -> None:
    page = room.entered("id phone", "reviewer", PASSWORD)
    room.go(page, "/me")
    page.fill("#old", PASSWORD)
    page.fill("#new", "kuda laut merah tua")
    press(page, "/me/password")
    expect(page.locator("#password")).to_be_visible()
    room.go(room.entered("en desk", "reviewer", "kuda laut merah tua"), "/review")


def test_somebody_changes_the_language_and_signs_out(room: Seats) -> None:
    page = room.entered("en phone", "auditor", PASSWORD)
    page.click(".who a[hreflang=id]")
    expect(page.locator("h1")).to_have_text(said(page, "overview.title"))
    assert page.locator("html").get_attribute("lang") == "id"
    press(page, "/sign-out")
    expect(page.locator("#password")).to_be_visible()
