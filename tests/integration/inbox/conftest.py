"""The backend of tests for which one is enough."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.backends import EMBEDDED, Backend, backend


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Backend]:
    """SQLite with the memory broker."""
    with backend(EMBEDDED, tmp_path) as made:
        yield made
