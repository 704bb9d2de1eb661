"""A console on SQLite; what its pages ask of the ledger is tried on both databases beside the ledger's own tests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from gateway.ledger import Ledger
from tests.fakes.oidc import Desk, oidc_server
from tests.integration.console.provider import Scene, scene_of
from tests.integration.console.stand import Stand, StandingClock, make_stand
from tests.integration.databases import Kind

expect.set_options(timeout=30_000)  # in ms: a busy machine shows late what it shows at all


@pytest.fixture
async def stand(sqlite_files: Kind, tmp_path: Path) -> AsyncIterator[Stand]:
    """A console with nobody in it."""
    (url,) = sqlite_files.migrated()
    ledger = await Ledger.open(url)
    yield make_stand(ledger, tmp_path)
    await ledger.close()


@pytest.fixture
def there() -> Iterator[Desk]:
    """A provider that lives at the same time as the console."""
    clock = StandingClock()
    with oidc_server(clock.now) as desk:
        yield desk


@pytest.fixture
async def scene(stand: Stand, there: Desk) -> AsyncIterator[Scene]:
    """A console that nobody has entered yet."""
    made = await scene_of(stand, there)
    yield made
    await made.browser.aclose()
    await made.stand.desk.close()
