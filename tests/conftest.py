"""What holds for every test: a slow machine fails nothing, and files stay whole when tests run side by side."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("house", deadline=None, print_blob=True)
settings.load_profile("house")

_TESTS = Path(__file__).parent
_ONE_BY_ONE = (_TESTS / "acceptance", _TESTS / "integration" / "path")
"""Folders of slow tests that share nothing: each may go to whoever is free."""


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Keep the tests of a file, and what they share, in one process."""
    for item in items:
        if not any(item.path.is_relative_to(folder) for folder in _ONE_BY_ONE):
            item.add_marker(pytest.mark.xdist_group(str(item.path.relative_to(_TESTS))))
