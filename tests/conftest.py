"""What holds for every test: a slow machine fails nothing, and files stay whole when tests run side by side."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import is_hypothesis_test, settings

settings.register_profile("house", deadline=None, print_blob=True)
settings.register_profile("traced", settings.get_profile("house"), max_examples=10)
settings.load_profile(os.environ.get("SP4N_TEST_ROUNDS", "house"))

_TESTS = Path(__file__).parent
_ONE_BY_ONE = (_TESTS / "acceptance", _TESTS / "integration" / "path")
"""Folders of slow tests that share nothing: each may go to whoever is free."""
_UNIT, _UNIT_OF_SCRIPTS = _TESTS / "unit", _TESTS / "unit" / "scripts"


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Keep the tests of a file, and what they share, in one process; say which tests are run with coverage.

    Those of hypothesis are run twice: a few rounds with coverage, all of them without.
    """
    for item in items:
        if _is_traced(item):
            item.add_marker(pytest.mark.traced)
            if is_hypothesis_test(getattr(item, "obj", None)):
                item.add_marker(pytest.mark.many_rounds)
        if not any(item.path.is_relative_to(folder) for folder in _ONE_BY_ONE):
            item.add_marker(pytest.mark.xdist_group(str(item.path.relative_to(_TESTS))))


def _is_traced(item: pytest.Item) -> bool:
    """Whether `scripts.complete` runs it: a unit test, unless tracing would make many rounds several times slower."""
    if not item.path.is_relative_to(_UNIT) or item.path.is_relative_to(_UNIT_OF_SCRIPTS):
        return False
    return item.get_closest_marker("many_rounds") is None
