"""The context of a trace is read as W3C Trace Context writes it, and nothing else is taken for one."""

from __future__ import annotations

import pytest

from gateway.traceparent import Trace, continued, parsed

TRACE_ID, SPAN_ID = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
HEADER = f"00-{TRACE_ID}-{SPAN_ID}-01"
ENTROPY = bytes(range(24))


def test_a_header_is_read_and_written_alike() -> None:
    found = parsed(HEADER)
    assert found == Trace(TRACE_ID, SPAN_ID, sampled=True)
    assert found is not None
    assert (found.header, parsed(HEADER[:-2] + "02")) == (HEADER, Trace(TRACE_ID, SPAN_ID))


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "sembarang",
        f"ff-{TRACE_ID}-{SPAN_ID}-01",
        f"00-{'0' * 32}-{SPAN_ID}-01",
        f"00-{TRACE_ID}-{'0' * 16}-01",
        f"00-{TRACE_ID.upper()}-{SPAN_ID}-01",
        f"00-{TRACE_ID}-{SPAN_ID}-01-more",
    ],
)
def test_what_no_conforming_sender_writes_is_none(text: str | None) -> None:
    assert parsed(text) is None


def test_a_later_version_may_say_more() -> None:
    assert parsed(f"01-{TRACE_ID}-{SPAN_ID}-01-more") == Trace(TRACE_ID, SPAN_ID, sampled=True)


def test_a_trace_goes_on_under_a_span_of_its_own_and_begins_where_there_is_none() -> None:
    assert continued(HEADER, ENTROPY) == Trace(TRACE_ID, ENTROPY[:8].hex(), sampled=True)
    assert continued(None, ENTROPY) == Trace(ENTROPY[8:].hex(), ENTROPY[:8].hex())
    assert continued(HEADER, ENTROPY).at(bytes([9] * 8)).span_id == "09" * 8
