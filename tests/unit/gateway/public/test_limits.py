"""How often somebody may try something."""

from __future__ import annotations

import pytest

from gateway.public.limits import Limit, subscriber


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_so_many_tries_pass_and_the_next_is_told_how_long_to_wait() -> None:
    clock = Hand()
    limit = Limit(2, 60.0, clock)
    assert [limit.wait_for("a") for _ in range(3)] == [0, 0, 60]
    clock.now += 59.5
    assert limit.wait_for("a") == 1
    clock.now += 0.5
    assert limit.wait_for("a") == 0


def test_one_key_is_no_burden_to_another() -> None:
    limit = Limit(1, 60.0, Hand())
    assert [limit.wait_for("a"), limit.wait_for("b"), limit.wait_for("a")] == [0, 0, 60]


@pytest.mark.parametrize(
    ("host", "whose"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::"),
        ("testclient", "testclient"),
        (None, "unknown"),
    ],
)
def test_an_address_belongs_to_a_subscriber(host: str | None, whose: str) -> None:
    assert subscriber(host) == whose
