"""Each role in a real Chromium: what it sees, what it is offered, and what is refused whatever it sends."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from gateway.roles import Permission, Role, may
from tests.integration.console.serving import MINISTRY, PASSWORD, Served, served
from tests.integration.console.test_browser import browser as browser

OFFERS = {
    Permission.SET_UP: ("/channels", "text=Buat kunci baru"),
    Permission.REPAIR: (f"/destinations/{MINISTRY}", f"form[action$='/destinations/{MINISTRY}/pause']"),
    Permission.VERIFY: ("/journal", "form[action$='/journal/verify']"),
    Permission.REVEAL: ("/reports/{report}", "form[action*='/reveal']"),
    Permission.REVIEW: ("/reports/{report}", "form[action$='/review/correct']"),
}
"""Of each permission: a page that everybody may see, and what only those with the permission find on it."""
CLOSED = {Permission.SET_UP: "/users", Permission.AUDIT: "/audit"}
"""Pages that only those with the permission may open."""
SENT = {
    Permission.REPAIR: (f"/destinations/{MINISTRY}/pause", "why=coba"),
    Permission.REVIEW: ("/review/give-up", "why=coba"),
    Permission.SET_UP: ("/users", "name=penyusup&role=admin"),
    Permission.VERIFY: ("/journal/verify", ""),
}
"""Forms that are sent by hand by those who are not offered them."""
POST = """async ([path, body]) => {
  const csrf = document.querySelector("input[name=csrf]").value;
  const headers = {"content-type": "application/x-www-form-urlencoded"};
  const answer = await fetch(path, {method: "POST", headers, body: `${body}&csrf=${encodeURIComponent(csrf)}`});
  return answer.status;
}"""


@pytest.fixture(scope="module")
def it(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A gateway with one report, and a user for each role."""
    with served(tmp_path_factory.mktemp("roles")) as running:
        running.change_certificate()
        yield running


@pytest.fixture(scope="module")
def report(it: Served) -> str:
    """The path of a report's page without its beginning."""
    (code,) = it.post("Lampu jalan di depan puskesmas Cibiru padam sejak Senin, mohon segera diperbaiki petugas.")
    return code


def signed_in(browser: Browser, it: Served, role: Role) -> Page:
    page = browser.new_context(locale="id-ID").new_page()
    page.set_default_timeout(60_000)
    page.goto(f"{it.address}/console/")
    page.fill("#name", role.value)
    page.fill("#password", PASSWORD)
    page.click("button.primary")
    page.wait_for_url(f"{it.address}/console/")
    return page


@pytest.mark.timeout(300)
@pytest.mark.parametrize("role", list(Role))
def test_a_role_sees_what_it_may_and_is_offered_no_more(browser: Browser, it: Served, report: str, role: Role) -> None:
    page = signed_in(browser, it, role)
    page.fill("#q", report)
    page.press("#q", "Enter")
    expect(page.locator("h1")).to_have_text(report)
    its_page = page.url.removeprefix(f"{it.address}/console")

    for permission, (path, offer) in OFFERS.items():
        page.goto(f"{it.address}/console{path if '{report}' not in path else its_page}")
        expect(page.locator(offer)).to_have_count(1 if may(role, permission) else 0)
    for permission, path in CLOSED.items():
        answer = page.goto(f"{it.address}/console{path}")
        assert answer is not None
        assert answer.status == (200 if may(role, permission) else 403), path
        expect(page.locator("h1")).to_be_visible()
        page.goto(f"{it.address}/console/")
        links = page.locator(f"nav a[href$='/console{path}']")
        expect(links).to_have_count(1 if may(role, permission) else 0)
    for permission, (path, body) in SENT.items():
        if not may(role, permission):
            assert page.evaluate(POST, [f"/console{path}", body]) == 403, path
    page.context.close()


def test_a_report_that_was_handed_on_is_corrected_on_its_own_page(browser: Browser, it: Served, report: str) -> None:
    page = signed_in(browser, it, Role.REVIEWER)
    page.fill("#q", report)
    page.press("#q", "Enter")
    page.click("summary:has-text('Betulkan atau gabungkan')")
    page.fill("#category-amend", "936")
    page.click("form[action$='/review/correct'] button")
    expect(page.locator("h1")).to_have_text(report)
    expect(page.locator(".flash")).to_be_visible()
    expect(page.locator("#category-amend")).to_have_value("936")
    page.context.close()
