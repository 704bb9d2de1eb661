"""What an attempt came to is written, however long the ledger is away."""

from __future__ import annotations

import pytest

from gateway import insisting
from gateway.insisting import insist
from schemas.errors import Conflict, LedgerUnavailable


class Away:
    """A ledger that is away for the first calls."""

    def __init__(self, times: int) -> None:
        self.left = times
        self.calls = 0

    async def write(self) -> str:
        self.calls += 1
        if self.left:
            self.left -= 1
            raise LedgerUnavailable("restarting")
        return "written"


@pytest.mark.parametrize("times", [0, 1, 3])
async def test_it_is_tried_until_it_is_written_and_the_answer_is_the_ledgers(
    times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(insisting, "wait_exponential", lambda **_: lambda _: 0.0)
    ledger = Away(times)
    assert await insist(lambda: ledger.write()) == "written"
    assert ledger.calls == times + 1


async def test_another_error_is_not_repeated() -> None:
    calls = []

    async def refuse() -> None:
        calls.append(1)
        raise Conflict("no")

    with pytest.raises(Conflict):
        await insist(refuse)
    assert calls == [1]
