"""Places at which a process can be made to die."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from gateway.failpoints import failpoint, no_failpoint

_SCRIPT = """
import sys
from gateway.failpoints import failpoint
reach = failpoint(sys.argv[1])
for _ in range(3):
    reach("a"); reach("b")
    print("round", flush=True)
"""


def run(spec: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _SCRIPT, spec], capture_output=True, text=True, timeout=60, check=False
    )


def test_without_a_spec_nothing_ever_happens() -> None:
    assert failpoint(None) is no_failpoint
    assert failpoint("") is no_failpoint
    no_failpoint("anything")


def test_the_process_dies_at_the_place_and_time_that_were_named() -> None:
    died = run("b:2")
    assert died.returncode == -signal.SIGKILL
    assert died.stdout == "round\n"


def test_a_place_that_is_never_reached_kills_nobody() -> None:
    assert run("c").returncode == 0


def test_a_trace_names_every_place_in_order(tmp_path: Path) -> None:
    trace = tmp_path / "places"
    assert run(f"trace:{trace}").returncode == 0
    assert trace.read_text().split() == ["a", "b"] * 3


@pytest.mark.parametrize("spec", ["a:0", "a:x"])
def test_a_spec_that_makes_no_sense_is_refused(spec: str) -> None:
    with pytest.raises(ValueError, match=r"counts from 1|invalid literal"):
        failpoint(spec)
