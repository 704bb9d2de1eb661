"""Where people sit before a console in a real Chromium: in which language, width and role; and what they do there."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from gateway.console.texts import told
from gateway.roles import Role
from tests.integration.console.scenery import Scenery, furnish
from tests.integration.console.serving import PASSWORD, Served

DESK, PHONE_SIZE = (1280, 800), (390, 844)
SIZES = {"desk": DESK, "phone": PHONE_SIZE}
SEATS = ("id desk", "id phone", "en desk", "en phone")
"""Every language at every width."""
EXAMINED = ("id desk", "en phone")
"""Where axe looks at every page: what it finds hangs on the width and on the page, and it takes its time."""
AXE = {"resultTypes": ["violations"]}
"""What passes is not told: telling it costs as much as looking."""
SHOTS = os.environ.get("SP4N_TEST_SCREENSHOTS")
"""A folder for pictures of what was looked at."""


@dataclass
class Seats:
    """One page for each seat and role, signed in when it is first asked for."""

    browser: Browser
    it: Served
    taken: dict[tuple[str, Role], Page] = field(default_factory=dict)
    contexts: list[BrowserContext] = field(default_factory=list)

    def sit(self, seat: str, path: str, role: Role = Role.ADMIN) -> Page:
        """The page of this seat, at an address of the console."""
        page = self.taken.get((seat, role))
        if page is None:
            page = self.taken[seat, role] = self.entered(seat, role.value, PASSWORD)
        self.go(page, path)
        return page

    def entered(self, seat: str, name: str, password: str) -> Page:
        """A new page in which somebody has signed in."""
        language, width = seat.split()
        wide, high = SIZES[width]
        context = self.browser.new_context(viewport={"width": wide, "height": high})
        self.contexts.append(context)
        context.set_default_timeout(30_000)
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(f"a script failed: {error}"))
        self.go(page, f"/language?to={language}&next=/console/sign-in")
        page.fill("#name", name)
        page.fill("#password", password)
        page.click("form button")
        page.wait_for_url(f"{self.it.address}/console/")
        return page

    def go(self, page: Page, path: str) -> None:
        """Open an address of the console."""
        page.goto(f"{self.it.address}/console{path}")


@contextmanager
def seats(browser: Browser, it: Served) -> Iterator[Seats]:
    """Seats before this console; all stand up at the end."""
    made = Seats(browser, it)
    try:
        yield made
    finally:
        for context in made.contexts:
            context.close()


def press(where: Page | Locator, form: str, value: str = "") -> None:
    """Click the button that sends a form to this address; `value`: which, where a form has several."""
    which = f"[value='{value}']" if value else ""
    own, other = f"form[action$='{form}'] button:not([formaction]){which}", f"button[formaction$='{form}']{which}"
    where.locator(f"{own}, {other}").first.click()


def tick(page: Page, *codes: str) -> None:
    """Tick the lines of these reports."""
    for code in codes:
        page.locator("tr.row", has_text=code).locator("input[type=checkbox]").check()
    expect(page.locator("#count")).to_have_text(str(len(codes)))


def said(page: Page, key: str, **values: object) -> str:
    """A text of the console in the language of the page."""
    return told(page.locator("html").get_attribute("lang") or "", key, **values)


def flashes(page: Page, key: str, **values: object) -> None:
    """Wait until the page says that it is done."""
    expect(page.locator(".flash")).to_contain_text(said(page, key, **values))


def id_in(page: Page, selector: str, attribute: str = "action") -> str:
    """The id in an address that the page holds."""
    found = re.search(r"[0-9a-f]{8}-[0-9a-f-]{27}", page.locator(selector).first.get_attribute(attribute) or "")
    assert found is not None
    return found[0]


def faults_of(page: Page, name: str, *, examined: bool = True) -> list[str]:
    """What is wrong with how a page looks: wider than the screen, or serious for axe. Kept as a picture on demand."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
    faults = []
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        faults.append(f"{name}: wider than the screen")
    found = Axe().run(page, options=AXE).response["violations"] if examined else []
    serious = [one for one in found if one["impact"] in ("serious", "critical")]
    return faults + [f"{name}: {one['id']} {[node['html'] for node in one['nodes']][:3]}" for one in serious]


def looked_at(page: Page, name: str) -> None:
    """Nothing is wrong with how the page looks."""
    assert faults_of(page, f"{name}-{page.locator('html').get_attribute('lang')}") == []


@pytest.fixture(scope="module")
def scenery(it: Served) -> Scenery:
    """Something on every page, and to decide about in every way."""
    return furnish(it)


@pytest.fixture(scope="module")
def room(browser: Browser, it: Served, scenery: Scenery) -> Iterator[Seats]:
    """Seats before that console."""
    with seats(browser, it) as made:
        yield made
