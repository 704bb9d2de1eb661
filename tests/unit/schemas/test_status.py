"""Status names as destinations write them."""

from __future__ import annotations

import pytest

from schemas.status import CaseEvent, EventKind, status_of
from schemas.vocabulary import CaseStatus


@pytest.mark.parametrize("status", [status for status in CaseStatus if status is not CaseStatus.UNKNOWN])
def test_every_known_name_is_its_status_whatever_its_capitals_and_spaces(status: CaseStatus) -> None:
    assert status_of(f"  {status.value.upper().replace(' ', '  ')} ") is status


def test_another_name_is_unknown_and_stays_as_it_came() -> None:
    event = CaseEvent(key="1", kind=EventKind.STATUS, status_name="Sedang Ditelaah Tim 7")

    assert (event.status, event.status_name) == (CaseStatus.UNKNOWN, "Sedang Ditelaah Tim 7")
