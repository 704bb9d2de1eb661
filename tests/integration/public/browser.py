"""A real browser before a real server: what it needs to run, and what every page must be."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, async_playwright

from gateway.app import Gateway
from gateway.web import api_of
from tests.integration.backends import leave_out

PHONE, DESKTOP = (390, 844), (1280, 900)

_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
_PATIENCE = 60_000
_GRAVE = ("serious", "critical")


@asynccontextmanager
async def served(gateway: Gateway) -> AsyncIterator[str]:
    """The gateway's faces on a port of their own; gives the address."""
    config = uvicorn.Config(api_of(gateway, None), port=0, lifespan="off", log_config=None, access_log=False)
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    try:
        while not server.started:  # noqa: ASYNC110 - uvicorn offers no event for it
            await asyncio.sleep(0.01)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await running


@asynccontextmanager
async def visitor(size: tuple[int, int], *, scripts: bool = True) -> AsyncIterator[Page]:
    """A browser window. Without the browser the test is left out; in CI it fails."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        leave_out("chromium is not installed")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=_OPTIONS)
        try:
            viewport: Any = {"width": size[0], "height": size[1]}
            context = await browser.new_context(viewport=viewport, java_script_enabled=scripts)
            context.set_default_timeout(_PATIENCE)
            yield await context.new_page()
        finally:
            await browser.close()


async def faults(page: Page) -> list[str]:
    """What keeps people from using the page: grave findings of axe, and anything wider than the window."""
    found = (await Axe().run(page)).response["violations"]
    grave = [f"{each['id']}: {each['help']}" for each in found if each["impact"] in _GRAVE]
    if await page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        grave.append("the page is wider than the window")
    return grave
