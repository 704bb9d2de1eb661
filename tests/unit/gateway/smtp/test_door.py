"""Who may connect to the SMTP listener."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from gateway.smtp.door import CROWDED, REFUSED, Door

RELAYS = (ip_network("10.1.0.0/16"), ip_network("2001:db8::/32"))


@pytest.mark.parametrize(
    ("host", "answer"),
    [
        ("10.1.2.3", None),
        ("::ffff:10.1.2.3", None),
        ("2001:db8::1%eth0", None),
        ("10.2.0.1", REFUSED),
        ("", REFUSED),
        ("bukan alamat", REFUSED),
    ],
)
def test_only_the_relays_come_in_where_they_are_named(host: str, answer: str | None) -> None:
    assert Door(RELAYS).enter(host) == answer


def test_anybody_comes_in_where_no_relay_is_named_but_nobody_takes_all_places() -> None:
    door = Door((), most=4)
    assert [door.enter("192.0.2.1") for _ in range(3)] == [None, None, CROWDED]
    assert [door.enter("192.0.2.2"), door.enter("192.0.2.3"), door.enter("192.0.2.4")] == [None, None, CROWDED]


def test_a_relay_may_take_every_place_and_gives_it_back() -> None:
    door = Door(RELAYS, most=2)
    assert [door.enter("10.1.0.1") for _ in range(3)] == [None, None, CROWDED]
    door.leave("10.1.0.1")
    assert door.enter("10.1.0.1") is None
