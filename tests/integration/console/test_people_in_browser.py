"""Signing in by a provider, and taking a decision back, in a real Chromium: desk and phone, in two languages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, expect

from gateway.ledger.destinations import pause
from tests.fakes.oidc import CLIENT, SECRET, Desk, oidc_server
from tests.integration.console.seats import DESK, PHONE_SIZE, looked_at, press
from tests.integration.console.serving import MINISTRY, PASSWORD, Served, served
from tests.integration.console.test_browser import browser

__all__ = ["browser"]

SIZES = {"id": DESK, "en": PHONE_SIZE}


@pytest.fixture(scope="module")
def there() -> Iterator[Desk]:
    """A provider that knows an operator."""
    with oidc_server(lambda: datetime.now(UTC)) as desk:
        yield desk


@pytest.fixture(scope="module")
def it(tmp_path_factory: pytest.TempPathFactory, there: Desk) -> Iterator[Served]:
    """A gateway beside the provider, with a destination that is paused."""
    roles = {"oidc_roles": "operasi=operator", "oidc_client_id": CLIENT, "oidc_client_secret": SECRET}
    with served(tmp_path_factory.mktemp("console"), oidc_issuer=there.issuer, **roles) as running:
        running.done(running.gateway.ledger.write(pause, MINISTRY, "uji", "uji", running.gateway.clock.now()))
        yield running


@pytest.fixture(params=SIZES)
def page(request: pytest.FixtureRequest, browser: Browser, it: Served) -> Iterator[Page]:
    """A page in one language and at one width, in which nobody has signed in."""
    width, height = SIZES[request.param]
    context = browser.new_context(viewport={"width": width, "height": height})
    context.set_default_timeout(30_000)
    opened = context.new_page()
    opened.on("pageerror", lambda error: pytest.fail(f"a script failed: {error}"))
    opened.goto(f"{it.address}/console/language?to={request.param}&next=/console/sign-in")
    yield opened
    context.close()


def enter(page: Page, it: Served) -> None:
    page.goto(f"{it.address}/console/review")
    page.click("a.button.primary")
    page.wait_for_url(f"{it.address}/console/review")


def test_somebody_signs_in_by_the_provider_and_out_of_both(page: Page, it: Served, there: Desk) -> None:
    looked_at(page, "sign-in")
    enter(page, it)
    page.goto(f"{it.address}/console/me")
    expect(page.locator("h1")).to_contain_text("ani")
    looked_at(page, "me")
    page.click(".who form button")
    page.wait_for_url(f"{there.issuer}/logout?*")
    expect(page.locator("h1")).to_have_text("Sampai jumpa")
    page.goto(f"{it.address}/console/log")
    expect(page.locator("#password")).to_be_visible()


def test_who_is_refused_sees_why_and_may_use_a_password(page: Page, it: Served, there: Desk) -> None:
    there.claims |= {"groups": ["tamu"]}
    try:
        page.goto(f"{it.address}/console/")
        page.click("a.button.primary")
        alert = page.get_by_role("alert")
        expect(alert).to_contain_text("kelompok" if page.locator("html").get_attribute("lang") == "id" else "groups")
        looked_at(page, "refused")
    finally:
        there.claims |= {"groups": ["operasi"]}
    page.fill("#name", "viewer")
    page.fill("#password", PASSWORD)
    page.click("form button")
    page.wait_for_url(f"{it.address}/console/")


def test_who_comes_back_without_having_left_begins_again(page: Page, it: Served) -> None:
    page.goto(f"{it.address}/console/sign-in/return?code=x&state=y")
    expect(page.get_by_role("alert")).to_be_visible()
    looked_at(page, "start-again")


@pytest.mark.parametrize("decision", ["released", "given_up"])
def test_a_decision_is_taken_back_by_the_button_that_follows_it(page: Page, it: Served, decision: str) -> None:
    (code,) = it.post("ini cuma tes saja ya min, abaikan")
    enter(page, it)
    row = page.locator("tr.row", has_text=code)
    row.locator("input[type=checkbox]").check()
    if decision == "given_up":
        page.fill("#why", "hanya uji coba")
        press(page, "/review/give-up")
    else:
        press(page, "/review/release")
    expect(row).to_have_count(0)
    flash = page.locator(".flash")
    looked_at(page, f"after-{decision}")
    press(page, "/review/undo")
    expect(row).to_have_count(1)
    expect(flash.get_by_role("button")).to_have_count(0)
    looked_at(page, f"taken-back-{decision}")
