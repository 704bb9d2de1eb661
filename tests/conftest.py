"""What holds for every test: a slow machine fails nothing, files stay whole side by side, the longest begin first."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import is_hypothesis_test, settings
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

settings.register_profile("house", deadline=None, print_blob=True)
settings.register_profile("traced", settings.get_profile("house"), max_examples=10)
settings.load_profile(os.environ.get("SP4N_TEST_ROUNDS", "house"))

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # a run in the background: what it starts must hear Ctrl-C
    signal.signal(signal.SIGINT, signal.default_int_handler)

_TESTS = Path(__file__).parent
_ONE_BY_ONE = (_TESTS / "acceptance", _TESTS / "chaos", _TESTS / "integration" / "path")
"""Folders of slow tests that share nothing: each may go to whoever is free."""
_UNIT = _TESTS / "unit"
_UNTRACED = (_UNIT / "cli", _UNIT / "demo", _UNIT / "scripts")
"""Unit tests of what is no pure module."""


_BROWSER = "_browser"
"""In the name of each file whose tests drive one."""
_ALL_OF_A_BROWSER = 500.0
"""Seconds: longer than most that are given a time of their own."""


class _Together(LoadScopeScheduling):  # type: ignore[misc]  # xdist comes without types
    """Gives a worker whole files, and of the slow tests that share nothing one at a time, in the order of the items.

    All that drive a browser go to the same worker, from the start: several browsers at once crowd two cores.

    xdist's own groups are not heard by this pytest: they are written behind a node's id, where nobody reads them.
    """

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        if _BROWSER in path:
            return _BROWSER
        return nodeid if _shares_nothing(_TESTS.parent / path) else path


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> _Together:
    """How tests are shared out."""
    config.option.loadscopereorder = False
    return _Together(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say which tests are run with coverage.

    Those of hypothesis are run twice: a few rounds with coverage, all of them without. Of the tests that share nothing,
    those that are given the most time begin first.
    """
    items.sort(key=_time_given, reverse=True)
    for item in items:
        if _is_traced(item):
            item.add_marker(pytest.mark.traced)
            if is_hypothesis_test(getattr(item, "obj", None)):
                item.add_marker(pytest.mark.many_rounds)


def _shares_nothing(path: Path) -> bool:
    return any(path.is_relative_to(folder) for folder in _ONE_BY_ONE)


def _time_given(item: pytest.Item) -> float:
    """Seconds until it is taken to hang, if it says so itself; of a browser's tests the time of all together."""
    if _BROWSER in item.path.name:
        return _ALL_OF_A_BROWSER
    marker = item.get_closest_marker("timeout")
    return float(marker.args[0]) if marker and marker.args and _shares_nothing(item.path) else 0.0


def _is_traced(item: pytest.Item) -> bool:
    """Whether `scripts.complete` runs it: a unit test, unless tracing would make many rounds several times slower."""
    if not item.path.is_relative_to(_UNIT) or any(item.path.is_relative_to(one) for one in _UNTRACED):
        return False
    return item.get_closest_marker("many_rounds") is None
