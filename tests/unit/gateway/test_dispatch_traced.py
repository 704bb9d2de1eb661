"""A request to a destination carries the context of its report's trace; what is committed to stays the same."""

from __future__ import annotations

import pytest

from adapters.contract import Call
from gateway.dispatch import traced
from gateway.traceparent import Trace

TRACE = Trace("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7")


def a_call(url: str, *headers: tuple[str, str]) -> Call:
    return Call("POST", url, headers, b"isi", "key")


def test_a_call_by_http_carries_it_beside_its_own_headers() -> None:
    sent = traced(a_call("https://tujuan.example/x", ("accept", "application/json")), TRACE)
    assert sent.headers == (("accept", "application/json"), ("traceparent", TRACE.header))
    assert sent.body == b"isi"


@pytest.mark.parametrize(
    "call", [a_call("smtps://relay.example"), a_call("https://tujuan.example", ("Traceparent", "its own"))]
)
def test_a_mail_and_an_adapter_that_sets_its_own_are_left_alone(call: Call) -> None:
    assert traced(call, TRACE) is call
