"""Nobody does in the console what their role does not allow: every address, every role."""

from __future__ import annotations

import httpx
import pytest

from gateway.console.addresses import Page
from gateway.console.desk import BASE
from gateway.console.routes import PAGES
from gateway.roles import Permission, Role, may
from tests.integration.console.stand import Stand, post

NOWHERE = "00000000-0000-7000-8000-000000000000"
STREAMS = {"/log/follow"}
LAST = {"/sign-out", "/me/password"}


def address(page: Page) -> str:
    """The page's address with something in each of its places."""
    parts = [NOWHERE if part.startswith("{") else part for part in page.path.split("/")]
    return "/".join(parts)


async def asked(browser: httpx.AsyncClient, page: Page) -> int:
    """How a page answers: its status."""
    if page.method == "POST":
        return (await post(browser, address(page))).status_code
    return (await browser.get(f"{BASE}{address(page)}")).status_code


async def test_every_role_is_let_in_exactly_where_the_table_says(stand: Stand) -> None:
    wrong = []
    for role in Role:
        browser = await stand.signed_in(role)
        pages = [page for page in PAGES if page.permission is not None and page.path not in STREAMS]
        for page in sorted(pages, key=lambda page: page.path in LAST):
            refused = await asked(browser, page) == 403
            if refused == may(role, page.permission):  # type: ignore[arg-type]  # those without were left out
                wrong.append((role, page.method, page.path))
    assert wrong == []


async def test_without_a_session_every_page_leads_to_the_sign_in(stand: Stand) -> None:
    await stand.add_person("ani")
    browser = stand.browser()
    answers = [await browser.request(page.method, f"{BASE}{address(page)}") for page in PAGES if page.permission]
    assert {answer.status_code for answer in answers} == {303}
    assert {answer.headers["location"].partition("?")[0] for answer in answers} == {f"{BASE}/sign-in"}


async def test_what_anybody_may_see_is_the_way_in(stand: Stand) -> None:
    way_in = {"/sign-in", "/sign-in/provider", "/sign-in/return"}
    assert {page.path for page in PAGES if page.permission is None} == way_in | {"/static/{name}", "/language"}


async def test_a_form_without_its_token_changes_nothing(stand: Stand) -> None:
    browser = await stand.signed_in(Role.ADMIN)
    answers = [
        await browser.post(f"{BASE}{address(page)}", data={"csrf": "x" * 64}) for page in PAGES if page.method == "POST"
    ]
    assert {answer.status_code for answer in answers} == {403}


async def test_what_changes_something_is_asked_for_more_than_a_look() -> None:
    harmless = {
        "/sign-out",
        "/search",
        "/log/views",
        "/log/views/{view}/drop",
        "/me/sessions/{session}/end",
        "/me/password",
    }
    others = [page.path for page in PAGES if page.method == "POST" and page.permission is Permission.LOOK]
    assert sorted(set(others) - harmless) == []


@pytest.mark.parametrize("path", ["/sign-in", "/log", "/nothing-here"])
async def test_every_page_binds_the_hands_of_the_browser(stand: Stand, path: str) -> None:
    browser = await stand.signed_in(Role.VIEWER)
    headers = (await browser.get(f"{BASE}{path}")).headers
    policy = headers["content-security-policy"]
    assert ("'unsafe-inline'" in policy, "frame-ancestors 'none'" in policy) == (False, True)


async def test_no_page_holds_a_script_or_a_style_of_its_own(stand: Stand) -> None:
    browser = await stand.signed_in(Role.ADMIN)
    pages = [page for page in PAGES if page.method == "GET" and page.path not in STREAMS]
    texts = {page.path: (await browser.get(f"{BASE}{address(page)}")).text for page in pages if "{" not in page.path}
    assert [path for path, text in texts.items() if " style=" in text or "<style" in text or " onclick" in text] == []
