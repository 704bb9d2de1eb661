"""Listening sockets."""

from __future__ import annotations

import pytest

from gateway.sockets import listening
from schemas.errors import Misconfigured

HOST = "127.0.0.1"


def test_a_port_that_somebody_listens_on_is_told_with_what_to_do() -> None:
    with listening(HOST, 0, 8, to="listen", mend="Choose another.") as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Misconfigured) as caught:
            listening(HOST, port, 8, to="take mail", mend="Choose another.")
    assert str(caught.value) == f"cannot take mail on {HOST} port {port}: Address already in use. Choose another."


def test_a_port_that_was_left_can_be_taken_at_once() -> None:
    with listening(HOST, 0, 8, to="listen", mend="") as first:
        port = first.getsockname()[1]
    with listening(HOST, port, 8, to="listen", mend="") as again:
        assert again.getsockname() == (HOST, port)
