"""What an attempt says about its destination's health."""

from __future__ import annotations

from adapters.http.faults import _FAULTS, _OTHER
from gateway.vital import OURS, OUTAGES

MENDED_BY_PEOPLE = {"address_blocked"}


def test_every_fault_of_the_transport_is_ours_or_over_when_the_destination_is_back_or_mended_by_people() -> None:
    reasons = {fault.reason for _, fault in _FAULTS} | {_OTHER.reason}
    assert reasons - OURS - MENDED_BY_PEOPLE <= OUTAGES
    assert not OUTAGES & (OURS | MENDED_BY_PEOPLE)
