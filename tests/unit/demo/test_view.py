"""The demonstration tells the same on a terminal and in a pipe."""

from __future__ import annotations

from datetime import UTC, datetime
from io import StringIO
from uuid import UUID

import pytest
from rich.console import Console

from gateway.demo.sight import Sight, Tally
from gateway.demo.view import LiveView, PlainView, delivery_line, status_line
from gateway.ledger.deliveries import Delivery, Place
from gateway.ledger.values import BalanceRow

ADDRESSES = [("gateway", "http://127.0.0.1:8080")]
AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def a_delivery(reference: str = "KEM-2026-000001") -> Delivery:
    return Delivery(
        place=Place(0, 1),
        attempt_id=UUID(int=1),
        handoff_id=UUID(int=2),
        tracking_code="3PKR-RFPG-C6E6",
        channel="wa-demo",
        destination="kemenkes",
        step="post",
        number=2,
        started_at=AT,
        ended_at=AT,
        source="reply",
        outcome="delivered",
        reason="http_201",
        status=201,
        receipt={"reference": reference},
        state="delivered",
    )


def a_sight(accepted: int = 3) -> Sight:
    books = [
        BalanceRow("wa-demo", "kemenkes", accepted, delivered=2, pending=1),
        BalanceRow("app-demo", "kemenkes", 4, delivered=3, uncertain=1),
    ]
    return Sight(books, [("wa-demo", "accept", 3), ("app-demo", "hold", 1)], [a_delivery()], Place(0, 1))


def test_the_status_line_adds_up_every_channel() -> None:
    told = status_line(a_sight(), Tally(sent=9, again=2))
    for part in ("posted 9", "again 2", "delivered 5", "pending 1", "uncertain 1", "books balance"):
        assert part in told


def test_books_that_do_not_balance_are_shouted() -> None:
    assert "DO NOT BALANCE" in status_line(a_sight(accepted=4), Tally())


def test_a_delivery_is_told_with_its_reference_and_its_status_once() -> None:
    told = delivery_line(a_delivery())
    assert (told.count("201"), "KEM-2026-000001" in told, "#2" in told) == (1, True, True)


def test_a_reference_cannot_steer_the_terminal() -> None:
    assert "\x1b" not in delivery_line(a_delivery("KEM\x1b[2J"))


def test_a_pipe_gets_lines(capsys: pytest.CaptureFixture[str]) -> None:
    with PlainView(ADDRESSES) as view:
        view.say("mulai")
        view.show(a_sight(), Tally())
        view.show(Sight(a_sight().books, [], [], Place(0, 1)), Tally())
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["gateway: http://127.0.0.1:8080", "mulai"]
    assert len(lines) == 4


def test_a_terminal_gets_one_picture_with_everything() -> None:
    screen = Console(file=StringIO(), force_terminal=True, width=140, height=60)
    with LiveView(ADDRESSES, screen) as view:
        view.say("mulai")
        view.show(a_sight(), Tally())
    said = screen.file.getvalue()  # type: ignore[attr-defined]
    for part in ("http://127.0.0.1:8080", "mulai", "wa-demo", "kemenkes", "3PKR-RFPG-C6E6", "KEM-2026-000001"):
        assert part in said
