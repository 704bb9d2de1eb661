"""What reviewers decide, clicked in a real Chromium: each decision in one language at one width."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from gateway.roles import Role
from tests.integration.console.scenery import Scenery, record_of
from tests.integration.console.seats import Seats, flashes, looked_at, press, said, tick
from tests.integration.console.seats import room as room
from tests.integration.console.seats import scenery as scenery
from tests.integration.console.serving import FORGETFUL, Served, served
from tests.integration.console.test_browser import browser as browser


@pytest.fixture(scope="module")
def it(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A gateway that keeps what officers decide."""
    with served(tmp_path_factory.mktemp("deciding"), keep_corrections=True) as running:
        yield running


def page_of(it: Served, code: str) -> str:
    """The address of a report's page."""
    return f"/reports/{record_of(it, code).report.id}"


def states(it: Served, code: str) -> list[str]:
    """Where a report was set aside, and how that ended."""
    return [one.state for one in record_of(it, code).parked]


def test_held_reports_are_sent_to_the_destination_that_a_person_names(
    room: Seats, it: Served, scenery: Scenery
) -> None:
    page = room.sit("en phone", "/review", Role.REVIEWER)
    tick(page, *scenery.held[:2])
    page.select_option("#to", FORGETFUL)
    press(page, "/review/release")
    flashes(page, "done.released", n=2)
    assert [one.destination for one in record_of(it, scenery.held[0]).handoffs] == [FORGETFUL]


def test_held_reports_are_corrected_all_at_once(room: Seats, it: Served, scenery: Scenery) -> None:
    page = room.sit("id phone", "/review", Role.REVIEWER)
    tick(page, *scenery.held[2:4])
    page.fill("#category", "936")
    page.select_option("#class", "aspirasi")
    press(page, "/review/correct")
    flashes(page, "done.corrected", n=2)
    report = record_of(it, scenery.held[3]).report
    assert (report.category_id, report.classification) == (936, "aspirasi")


def test_a_category_that_there_is_not_is_told(room: Seats, scenery: Scenery) -> None:
    page = room.sit("en desk", "/review", Role.REVIEWER)
    tick(page, scenery.held[4])
    page.fill("#category", "1")
    press(page, "/review/correct")
    expect(page.locator("main")).to_contain_text(said(page, "review.no_category"))
    looked_at(page, "no-category")


def test_held_reports_are_merged_into_the_one_that_they_repeat(room: Seats, it: Served, scenery: Scenery) -> None:
    page = room.sit("id desk", "/review", Role.REVIEWER)
    tick(page, scenery.held[5])
    page.fill("#into", scenery.parked[0])
    press(page, "/review/merge")
    flashes(page, "done.merged", n=1)
    room.go(page, page_of(it, scenery.parked[0]))
    expect(page.locator("main")).to_contain_text(said(page, "report.supporters", n=1))


def test_a_report_is_merged_on_its_own_page_and_unlinked_again(room: Seats, it: Served, scenery: Scenery) -> None:
    page = room.sit("en phone", page_of(it, scenery.held[6]), Role.REVIEWER)
    page.click("details.amend summary")
    page.fill("#into-merge", scenery.parked[1])
    press(page, "/review/merge")
    flashes(page, "done.merged", n=1)
    expect(page.locator("main")).to_contain_text(said(page, "report.follows"))
    looked_at(page, "report-merged")
    page.fill("#why-unlink", "another clinic")
    press(page, "/review/unlink")
    expect(page.locator("main")).to_contain_text(said(page, "report.unlinked"))
    expect(page.locator("main")).to_contain_text("another clinic")


def test_a_report_that_an_agency_does_not_take_goes_on_to_another(room: Seats, it: Served, scenery: Scenery) -> None:
    page = room.sit("id phone", "/review", Role.REVIEWER)
    case = page.locator(".cases li", has_text=scenery.refused[0])
    case.locator("select").select_option(FORGETFUL)
    case.locator("input[name=why]").fill("urusan bantuan sosial")
    press(case, "/review/onward")
    flashes(page, "done.released", n=1)
    expect(case).to_have_count(0)
    assert FORGETFUL in [one.destination for one in record_of(it, scenery.refused[0]).handoffs]


def test_one_that_no_agency_takes_is_closed_and_that_is_taken_back(room: Seats, scenery: Scenery) -> None:
    page = room.sit("en desk", "/review", Role.REVIEWER)
    case = page.locator(".cases li", has_text=scenery.refused[1])
    case.locator("input[name=why]").fill("a private matter")
    press(case, "/review/close")
    flashes(page, "done.given_up", n=1)
    expect(case).to_have_count(0)
    press(page, "/review/undo")
    flashes(page, "done.review_taken_back", n=1)
    expect(case).to_have_count(1)


def test_a_held_report_is_given_up_for_a_reason_that_must_be_there(room: Seats, it: Served, scenery: Scenery) -> None:
    page = room.sit("id desk", "/review", Role.REVIEWER)
    tick(page, scenery.held[7])
    press(page, "/review/give-up")
    expect(page.locator("main")).to_contain_text(said(page, "error.needed", field=said(page, "field.why")))
    room.go(page, "/review")
    tick(page, scenery.held[7])
    page.fill("#why", "hanya uji coba")
    press(page, "/review/give-up")
    flashes(page, "done.given_up", n=1)
    assert states(it, scenery.held[7]) == ["cancelled"]


def test_what_was_decided_is_taken_home_to_learn_from(room: Seats) -> None:
    page = room.sit("id phone", "/review", Role.ADMIN)
    page.fill("#why-export", "melatih penyaringan")
    with page.expect_download() as waiting:
        press(page, "/review/export")
    lines = Path(waiting.value.path()).read_text().splitlines()
    assert "corrected" in {json.loads(line)["decided"] for line in lines}


def test_a_file_that_did_not_travel_is_sent_after_all(room: Seats, scenery: Scenery) -> None:
    page = room.sit("en phone", "/files", Role.REVIEWER)
    tick(page, scenery.with_files[0])
    page.fill("#why", "harmless, looked at")
    press(page, "/files/release")
    flashes(page, "done.files_released", n=1)
    expect(page.locator("tr.row", has_text=scenery.with_files[0])).to_have_count(0)


def test_a_file_that_did_not_travel_is_kept_back(room: Seats, scenery: Scenery) -> None:
    page = room.sit("id desk", "/files", Role.REVIEWER)
    tick(page, scenery.with_files[1])
    page.fill("#why", "program, bukan bukti")
    press(page, "/files/keep")
    flashes(page, "done.files_kept", n=1)
    expect(page.locator("tr.row", has_text=scenery.with_files[1])).to_have_count(0)


def test_who_reported_is_opened_for_a_reason(room: Seats, it: Served, scenery: Scenery) -> None:
    report = record_of(it, scenery.parked[2]).report.id
    page = room.sit("en phone", f"/reports/{report}", Role.REVIEWER)
    page.fill("#why", "a call from the clinic")
    press(page, f"/reports/{report}/reveal")
    expect(page.locator("#content")).to_contain_text("Marlina Siagiman")
    looked_at(page, "report-opened")


def test_a_report_is_corrected_on_its_own_page(room: Seats, it: Served, scenery: Scenery) -> None:
    page = room.sit("en desk", page_of(it, scenery.parked[3]), Role.REVIEWER)
    open_amend(page)
    page.select_option("#class-amend", "permintaan_informasi")
    press(page, "/review/correct")
    flashes(page, "done.corrected", n=1)
    assert record_of(it, scenery.parked[3]).report.classification == "permintaan_informasi"


def open_amend(page: Page) -> None:
    """Open what corrects or merges a report."""
    page.click("details.amend summary")
    expect(page.locator("#class-amend")).to_be_visible()
