"""A case that no agency takes, and a report that was handed on already: decided by forms of the console."""

from __future__ import annotations

from gateway.ledger.actions import list_actions
from gateway.ledger.not_ours import list_asked, note_refused
from gateway.ledger.rerouting import ask_a_person
from gateway.roles import Role
from schemas.ids import new_id
from tests.integration.console.stand import Stand, post
from tests.integration.ledger.doing import keep
from tests.integration.ledger.making import SP4N, a_report


async def refused(stand: Stand) -> str:
    """A report that waits for a person because SP4N did not take it; its id."""
    report, now, attempt = a_report("wamid.1", SP4N), stand.clock.now(), new_id(stand.clock.now())
    await keep(stand.desk.ledger, report)
    await stand.desk.ledger.write(note_refused, [(attempt, report.handoffs[0].id, now)])
    await stand.desk.ledger.write(ask_a_person, report.report.id, "rule:uji", now, {}, attempt)
    return str(report.report.id)


async def test_a_case_that_no_agency_takes_is_closed_with_a_reason(stand: Stand) -> None:
    report = await refused(stand)
    browser = await stand.signed_in(Role.REVIEWER)
    page = (await browser.get("/console/review")).text
    assert 'action="/console/review/onward"' in page
    assert (await post(browser, "/review/close", report=report)).status_code == 422
    assert (await post(browser, "/review/close", report=report, why="di luar kewenangan")).status_code == 303
    assert await stand.desk.ledger.read(list_asked) == []
    done = await stand.desk.ledger.read(list_actions, actor="reviewer")
    assert [row.detail["reason"] for row in done if row.action == "reroute_ends"] == ["di luar kewenangan"]


async def test_where_it_goes_on_to_must_be_known_and_said(stand: Stand) -> None:
    report = await refused(stand)
    browser = await stand.signed_in(Role.REVIEWER)
    assert (await post(browser, "/review/onward", report=report, left=SP4N, why="dinas")).status_code == 422
    unknown = await post(browser, "/review/onward", report=report, left=SP4N, why="dinas", to="dinas")
    assert (unknown.status_code, "Tidak ada tujuan bernama dinas." in unknown.text) == (422, True)
    assert len(await stand.desk.ledger.read(list_asked)) == 1


async def test_whoever_only_looks_sees_the_case_and_no_form(stand: Stand) -> None:
    report = await refused(stand)
    browser = await stand.signed_in(Role.VIEWER)
    page = (await browser.get("/console/review")).text
    assert (report in page, "/review/onward" in page) == (True, False)
    assert (await post(browser, "/review/close", report=report, why="x")).status_code == 403
