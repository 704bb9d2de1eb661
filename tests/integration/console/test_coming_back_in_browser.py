"""A form that lacks something, in a real Chromium: it comes back where it was sent, at what must be mended."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from gateway.roles import Role
from tests.integration.console.scenery import Scenery, record_of
from tests.integration.console.seats import Seats, flashes, looked_at, press, said, tick
from tests.integration.console.seats import room as room
from tests.integration.console.seats import scenery as scenery
from tests.integration.console.serving import FORGETFUL, MINISTRY, PASSWORD, Served, served
from tests.integration.console.test_browser import browser as browser


@pytest.fixture(scope="module")
def it(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A gateway with something to decide in every way."""
    with served(tmp_path_factory.mktemp("coming-back")) as running:
        yield running


def is_to_be_mended(page: Page, field: Locator, problem: str) -> None:
    """The field has the focus, is in sight, and says what is wrong to whoever sees it or hears it."""
    expect(field).to_be_focused()
    expect(field).to_be_in_viewport()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(problem)
    expect(page.get_by_role("alert").first).to_contain_text(problem)
    assert page.title().startswith(said(page, "returned.title"))


@pytest.mark.parametrize("seat", ["id desk", "en phone"])
def test_a_reason_that_is_missing_is_asked_for_and_nothing_else_is_asked_again(
    room: Seats, scenery: Scenery, seat: str
) -> None:
    page = room.sit(seat, "/review?stage=screen", Role.REVIEWER)
    mine = scenery.held[:2] if seat == "id desk" else scenery.held[2:4]
    tick(page, *mine)
    page.select_option("#to", FORGETFUL)
    press(page, "/review/give-up")
    is_to_be_mended(page, page.locator("#why"), said(page, "error.needed", field=said(page, "field.why")))
    looked_at(page, "came-back-review")
    expect(page.locator("#count")).to_have_text("2")
    expect(page.locator("#to")).to_have_value(FORGETFUL)
    expect(page.locator(".views a[aria-current]")).to_have_text(said(page, "stage.screen"))
    page.keyboard.type("only a try")
    press(page, "/review/give-up")
    flashes(page, "done.given_up", n=2)


@pytest.mark.parametrize("seat", ["en desk", "id phone"])
def test_of_several_cases_the_one_that_was_sent_is_mended(room: Seats, scenery: Scenery, seat: str) -> None:
    page = room.sit(seat, "/review", Role.REVIEWER)
    case = page.locator(".cases li", has_text=scenery.refused[2])
    case.locator("input[name=why]").fill("not theirs")
    press(case, "/review/onward")
    is_to_be_mended(page, case.locator("select"), said(page, "error.needed", field=said(page, "field.to")))
    expect(case.locator("input[name=why]")).to_have_value("not theirs")
    expect(page.locator("[aria-invalid]")).to_have_count(1)
    looked_at(page, "came-back-case")


def test_nothing_ticked_is_told_where_the_ticking_begins(room: Seats, scenery: Scenery) -> None:
    places = {"id desk": "/review", "en phone": "/files", "id phone": "/uncertain", "en desk": "/parked"}
    for seat, path in places.items():
        page = room.sit(seat, path)
        page.locator(".bar button").first.click()
        is_to_be_mended(page, page.locator("tr.row input[type=checkbox]").first, said(page, "queue.none_chosen"))


def test_what_is_opened_for_a_reason_is_in_sight_and_without_one_the_field_is(
    room: Seats, it: Served, scenery: Scenery
) -> None:
    report = record_of(it, scenery.parked[5]).report.id
    page = room.sit("en phone", f"/reports/{report}", Role.REVIEWER)
    press(page, f"/reports/{report}/reveal")
    is_to_be_mended(page, page.locator("#why"), said(page, "error.needed", field=said(page, "field.why")))
    looked_at(page, "came-back-reveal")
    page.keyboard.type("a call from the clinic")
    press(page, f"/reports/{report}/reveal")
    expect(page.locator("#content")).to_be_focused()
    expect(page.locator("#content")).to_contain_text("Marlina Siagiman")


@pytest.mark.parametrize("seat", ["id phone", "en desk"])
def test_what_htmx_asks_for_is_told_on_the_page_that_is_open(room: Seats, seat: str) -> None:
    page = room.sit(seat, "/log", Role.VIEWER)
    page.evaluate("document.getElementById('since').type = 'text'")
    page.select_option("#destination", MINISTRY)
    page.fill("#since", "kemarin")
    page.locator("#since").dispatch_event("change")
    is_to_be_mended(page, page.locator("#since"), said(page, "cause.no_moment"))
    expect(page.locator("#destination")).to_have_value(MINISTRY)
    looked_at(page, "came-back-log")


def test_without_scripts_it_is_the_same(room: Seats, it: Served) -> None:
    context = room.browser.new_context(java_script_enabled=False)
    page = context.new_page()
    room.go(page, f"/destinations/{MINISTRY}")
    press(page, "/sign-in")
    expect(page.locator("#name")).to_be_focused()
    page.fill("#name", "operator")
    page.fill("#password", PASSWORD)
    press(page, "/sign-in")
    press(page, f"/destinations/{MINISTRY}/pause")
    is_to_be_mended(page, page.locator("#why"), said(page, "error.needed", field=said(page, "field.why")))
    context.close()


def test_who_comes_second_reads_who_was_first(room: Seats, scenery: Scenery) -> None:
    late = room.sit("en phone", "/files", Role.REVIEWER)
    early = room.sit("id desk", "/files", Role.OPERATOR)
    tick(early, scenery.with_files[2])
    early.fill("#why", "tidak berbahaya")
    press(early, "/files/keep")
    flashes(early, "done.files_kept", n=1)
    tick(late, scenery.with_files[2])
    late.fill("#why", "harmless")
    press(late, "/files/release")
    alert = late.get_by_role("alert")
    expect(alert).to_contain_text("operator")
    expect(alert).to_be_focused()
    expect(late.locator("#why")).to_have_value("harmless")
    looked_at(late, "came-second")


def test_a_report_is_decided_about_on_its_own_page(room: Seats, it: Served, scenery: Scenery) -> None:
    page = room.sit("id phone", f"/reports/{record_of(it, scenery.held[8]).report.id}", Role.REVIEWER)
    looked_at(page, "report-held")
    press(page, "/review/give-up")
    is_to_be_mended(page, page.locator("#why-decide"), said(page, "error.needed", field=said(page, "field.why")))
    page.keyboard.type("hanya uji coba")
    press(page, "/review/give-up")
    flashes(page, "done.given_up", n=1)
    assert [one.state for one in record_of(it, scenery.held[8]).parked] == ["cancelled"]
