"""The public pages in a real browser: at phone and desktop width, without scripts, with the keyboard alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Page

from tests.integration.backends import Backend
from tests.integration.installation import installation
from tests.integration.public.browser import DESKTOP, PHONE, faults, served, visitor
from tests.integration.public.visits import STORY, open_form

pytestmark = pytest.mark.xdist_group("browser")


async def value(page: Page, name: str) -> str:
    return await page.input_value(f"#{name}")


async def typed(page: Page, *texts: str) -> None:
    """Each text into the field that has the focus, then on to the next field."""
    for text in texts:
        await page.keyboard.type(text)
        await page.keyboard.press("Tab")


async def large(page: Page, place: int) -> str:
    return (await page.locator(".besar").nth(place).inner_text()).strip()


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_a_citizen_reports_mends_a_mistake_and_tracks_the_report(
    tmp_path: Path, embedded: Backend, size: tuple[int, int]
) -> None:
    async with installation(tmp_path, embedded) as it, served(it.gateway) as address, visitor(size) as page:
        await open_form(it)
        await page.goto(f"{address}/lapor")
        assert await faults(page) == []
        await page.fill("#cerita", STORY)
        await page.fill("#telepon", "12")
        await page.click("main button")
        assert await faults(page) == []
        await page.click("#ringkasan a")
        assert await page.evaluate("document.activeElement.id") == "telepon"
        assert await value(page, "cerita") == STORY
        await page.fill("#telepon", "0812 0000 4321")
        await page.click("main button")
        assert await faults(page) == []
        code = await large(page, 0)
        await it.settled(code)
        await page.click("main a.tombol")
        assert (await value(page, "kode"), await faults(page)) == (code, [])
        await page.fill("#bukti", "4321")
        await page.keyboard.press("Enter")
        await page.wait_for_selector(".perjalanan")
        assert ("instansi: SP4N-LAPOR!" in await page.inner_text("main"), await faults(page)) == (True, [])
        await _check_a_receipt(page, address)


async def _check_a_receipt(page: Page, address: str) -> None:
    """Whoever is shown a receipt reads at once that what was pasted is none."""
    await page.goto(f"{address}/periksa")
    assert await faults(page) == []
    await page.fill("#tanda", "ini bukan tanda terima")
    await page.click("main button")
    await page.wait_for_selector("[role=alert]")
    read = await page.inner_text("main")
    assert ("Tidak asli" in read, "tidak lengkap tersalin" in read, await faults(page)) == (True, True, [])
    assert "Expecting value" not in read, "a parser's words are for whoever opens the details"


async def test_without_scripts_a_second_tap_makes_nothing_twice(tmp_path: Path, embedded: Backend) -> None:
    async with (
        installation(tmp_path, embedded) as it,
        served(it.gateway) as address,
        visitor(PHONE, scripts=False) as page,
    ):
        await open_form(it)
        await page.goto(f"{address}/lapor")
        await page.fill("#cerita", STORY)
        await page.click("main button")
        code = await large(page, 0)
        await page.reload()
        assert await large(page, 0) == code
        assert [row.accepted for row in await it.books() if row.channel == "web"] == [1]


async def test_an_officer_needs_the_keyboard_only(tmp_path: Path, embedded: Backend) -> None:
    async with installation(tmp_path, embedded) as it, served(it.gateway) as address, visitor(DESKTOP) as page:
        key = await open_form(it, "desk", name="Loket Uji")
        await page.goto(f"{address}/loket")
        assert await faults(page) == []
        await page.keyboard.type(key)
        await page.keyboard.press("Enter")
        await page.wait_for_url(f"{address}/loket")
        await typed(page, "Ani Contoh", "123")
        assert "16 angka" in await page.inner_text("#nik-galat")
        assert await faults(page) == []
        await page.keyboard.press("Shift+Tab")
        await typed(page, "3201010101900001")
        assert await page.inner_text("#nik-galat") == ""
        await typed(page, "", "", "", "", "", STORY)
        await page.keyboard.press("Enter")
        await page.wait_for_selector(".tanda-terima")
        assert (await page.inner_text(".antrean strong"), await faults(page)) == ("001", [])
        await page.emulate_media(media="print")
        assert not await page.is_visible("#cetak")
        assert "Ani" not in await page.inner_text("main")
