"""The console in a real Chromium: found, seen, mended, in both languages, on a desk and on a phone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from gateway.chaos.servers import Unavailable
from gateway.ledger.actions import list_actions
from gateway.ledger.destinations import pause
from gateway.ledger.repairs import cancel_parked
from gateway.ledger.set_aside import list_parked
from gateway.operations.archiving import archive_before, restore
from schemas.handoff import ParkStage
from scripts.browser import chromium
from tests.integration.backends import leave_out
from tests.integration.console.scenery import is_tried
from tests.integration.console.seats import DESK, PHONE_SIZE, looked_at, said
from tests.integration.console.serving import MINISTRY, PASSWORD, PHONE, Served, served

REPORTS = 300
DAY = timedelta(days=1)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PLACES = ("Cibiru", "Antapani", "Ujungberung", "Cicadas", "Kiaracondong", "Lengkong", "Regol", "Sukajadi")


@pytest.fixture(scope="module")
def it(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A gateway whose ministry's certificate has expired, with 300 reports owed to it."""
    with served(tmp_path_factory.mktemp("console")) as running:
        for start in range(0, REPORTS, 100):
            running.post(*(content(number) for number in range(start, start + 100)))
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium; without one the tests are left out, which continuous integration does not accept."""
    try:
        path = os.environ.get("SP4N_TEST_CHROMIUM") or chromium(os.environ)
    except Unavailable as missing:
        leave_out(str(missing))
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=[*FLAGS, "--disable-sync", "--no-first-run"])
        yield running
        running.close()


def content(number: int) -> str:
    place = PLACES[number % len(PLACES)]
    return f"Obat darah tinggi di puskesmas {place} habis sejak {number + 2} hari lalu, pasien disuruh beli di luar."


@pytest.fixture(scope="module")
def desk(browser: Browser, it: Served) -> Iterator[Page]:
    """The one page at which the admin sits, signed in once; whatever a script complains about fails the test."""
    context = browser.new_context(viewport={"width": DESK[0], "height": DESK[1]}, locale="id-ID")
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"a script failed: {error}"))
    page.goto(f"{it.address}/console/")
    page.fill("#name", "admin")
    page.fill("#password", PASSWORD)
    page.click("button.primary")
    page.wait_for_url(f"{it.address}/console/")
    yield page
    context.close()


def all_parked(page: Page) -> None:
    """Wait until every report was tried and is parked."""
    tile = page.locator("a.tile[href$='/parked'] b")
    expect(tile).to_have_text(str(REPORTS), timeout=100_000)


@pytest.mark.timeout(300)
def test_three_hundred_that_failed_by_an_expired_certificate_are_mended_in_a_few_clicks(desk: Page, it: Served) -> None:
    page = desk
    all_parked(page)
    page.click("nav >> text=Disisihkan")  # 1
    cause = page.locator("table.causes tbody tr")
    expect(cause).to_have_count(1)
    expect(cause).to_contain_text("certificate_expired")
    expect(cause).to_contain_text("Sertifikat tujuan kedaluwarsa")
    assert it.book.of("case") == []
    it.change_certificate()
    page.get_by_role("button", name="Kirim ulang semua").click()  # 2
    expect(page.locator("h1")).to_have_text(f"Kirim ulang {REPORTS} kiriman?")
    page.click(f"button:has-text('Kirim ulang {REPORTS}')")  # 3
    expect(page.locator(".flash")).to_contain_text(f"{REPORTS} dikirim ulang")
    page.click("nav >> text=Ringkasan")  # 4
    expect(page.locator("a.tile[href$='/parked'] b")).to_have_text("0", timeout=100_000)
    expect(page.locator("a.tile[href$='state=pending'] b")).to_have_text("0", timeout=100_000)
    assert len(it.book.of("case")) == REPORTS


def test_a_new_line_appears_in_the_log_while_one_looks(desk: Page, it: Served) -> None:
    page = desk
    page.goto(f"{it.address}/console/log")
    expect(page.locator("#live")).to_have_class("live")
    (code,) = it.post("Lampu jalan di depan puskesmas Cibiru padam sejak Senin, mohon segera diperbaiki petugas.")
    expect(page.locator("tr.row").first).to_contain_text(code)


def test_a_report_is_found_by_its_code_and_its_reporter_by_phone(desk: Page, it: Served) -> None:
    (code,) = it.post("Atap ruang tunggu puskesmas Regol bocor setiap hujan, pasien kehujanan saat antre obat.")
    page = desk
    page.goto(f"{it.address}/console/")
    page.keyboard.press("/")
    page.keyboard.type(code.lower())
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(code)
    page.fill("#q", PHONE)
    page.press("#q", "Enter")
    expect(page.locator(".filters")).to_contain_text("satu pelapor")
    assert PHONE[1:] not in page.url
    expect(page.locator("tr.row", has_text=code).first).to_be_visible()


def test_the_log_is_filtered_as_one_types(desk: Page, it: Served) -> None:
    page = desk
    page.goto(f"{it.address}/console/log")
    page.fill("#reason", "expired")
    expect(page.locator("tr.row .outcome").first).to_contain_text("certificate_expired")
    page.select_option("#outcome", "delivered")
    expect(page.locator("#lines h2")).to_have_text("Tidak ada yang cocok")
    assert "reason=expired" in page.url


def test_who_reported_is_shown_only_for_a_reason_that_is_recorded(desk: Page, it: Served) -> None:
    (code,) = it.post("Loket obat puskesmas Lengkong tutup jam sepuluh pagi padahal antrean masih panjang sekali.")
    page = desk
    is_tried(it, code)  # a report's page does not change by itself
    page.fill("#q", code)
    page.press("#q", "Enter")
    expect(page.locator("main")).not_to_contain_text("Marlina")
    expect(page.locator(".timeline .s-good").first).to_contain_text("sama persis dengan yang dikirim")
    expect(page.locator(".timeline details pre").first).not_to_contain_text("Lengkong")
    page.fill("#why", "menelusuri keluhan")
    page.click("text=Buka dan catat")
    expect(page.locator("#content")).to_contain_text("Marlina Siagiman")
    expect(page.locator("main")).to_contain_text("menelusuri keluhan")
    newest = it.done(it.gateway.ledger.read(list_actions, actor="admin", limit=1))
    assert [(one.action, one.detail["reason"]) for one in newest] == [("reveal", "menelusuri keluhan")]


def test_a_report_in_an_archive_says_where_it_lies_and_how_it_comes_back(
    desk: Page, it: Served, tmp_path: Path
) -> None:
    (code,) = it.post("tes tes 123")
    ledger, now = it.gateway.ledger, it.gateway.clock.now()
    [parked] = it.done(ledger.read(list_parked, stage=ParkStage.SCREEN))
    it.done(ledger.write(cancel_parked, [parked.id], "uji", "bukan laporan", now))
    long_after, origin = now + timedelta(days=400), it.gateway.ring.origin
    made = it.done(archive_before(ledger, tmp_path, now + DAY, origin=origin, actor="uji", now=long_after))
    assert made is not None
    page = desk
    page.fill("#q", code)
    page.press("#q", "Enter")
    expect(page.locator("main")).to_contain_text("diarsipkan")
    expect(page.locator("#content")).to_contain_text(f"disimpan dalam arsip {made.row.name}")
    expect(page.locator("#content pre")).to_have_text(f"sp4n-gateway archive restore {made.row.name} {code}")
    expect(page.locator("#why")).to_have_count(0)
    looked_at(page, "archived")
    it.done(restore(ledger, tmp_path / made.row.name, [code], actor="uji", now=now))
    page.reload()
    expect(page.locator("#why")).to_be_visible()


def test_a_paused_destination_is_resumed_from_its_page(desk: Page, it: Served) -> None:
    ledger = it.gateway.ledger
    it.done(ledger.write(pause, MINISTRY, "uji", "uji", it.gateway.clock.now()))
    page = desk
    page.goto(f"{it.address}/console/destinations/{MINISTRY}")
    expect(page.locator(".notice")).to_contain_text("dijeda")
    page.click("text=Lanjutkan pengiriman")
    expect(page.locator(".flash")).to_contain_text("dilanjutkan")


def test_the_journal_is_verified_while_one_waits(desk: Page, it: Served) -> None:
    page = desk
    page.goto(f"{it.address}/console/journal")
    page.click("text=Periksa sekarang")
    expect(page.locator("#check .flash")).to_contain_text("Utuh", timeout=60_000)


def test_the_keyboard_moves_and_opens(desk: Page, it: Served) -> None:
    page = desk
    page.goto(f"{it.address}/console/")
    page.keyboard.press("g")
    page.keyboard.press("l")
    page.wait_for_url("**/console/log")
    page.keyboard.press("j")
    page.keyboard.press("j")
    code = page.locator("tr.at a.go").inner_text()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(code)
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()


@pytest.mark.parametrize(("language", "size"), [("en", PHONE_SIZE), ("id", DESK)])
def test_a_queue_with_nothing_in_it_says_so_and_what_that_means(
    desk: Page, it: Served, language: str, size: tuple[int, int]
) -> None:
    page = desk
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(f"{it.address}/console/language?to={language}&next=/console/")
    for name in ("parked", "uncertain", "review", "files"):
        page.goto(f"{it.address}/console/{name}")
        expect(page.locator(".empty")).to_contain_text(said(page, f"{name}.empty_next"))
        looked_at(page, f"empty-{name}")


def test_without_scripts_the_essential_things_work(browser: Browser, it: Served) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{it.address}/console/log?outcome=delivered")
    page.fill("#name", "viewer")
    page.fill("#password", PASSWORD)
    page.click("button.primary")
    expect(page.locator("h1")).to_have_text("Log pengiriman")
    page.select_option("#destination", MINISTRY)
    page.click("text=Saring")
    assert f"destination={MINISTRY}" in page.url
    page.click("tr.row a.go >> nth=0")
    expect(page.locator("h1 .code")).to_be_visible()
