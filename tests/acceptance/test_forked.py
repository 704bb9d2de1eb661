"""The processes that the other tests fork, held to what a start from nothing does."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import pytest

from tests.acceptance.programs import around, command, program, ran


@pytest.mark.parametrize(
    ("arguments", "variables"),
    [
        (["--version"], {}),
        (["settings"], {"SP4N_GATEWAY_PORT": "8123", "SP4N_GATEWAY_DATA_DIR": "di-sini"}),
        (["settings"], {"SP4N_GATEWAY_PORT": "delapan"}),
        (["chanel", "list"], {}),
    ],
)
def test_a_fork_says_and_ends_as_a_start_from_nothing_does(
    tmp_path: Path, arguments: list[str], variables: dict[str, str]
) -> None:
    forked = ran(*arguments, environ=variables, cwd=tmp_path)
    started = subprocess.run(
        command(*arguments), env=around(variables), cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (forked.returncode, forked.stdout, forked.stderr) == (started.returncode, started.stdout, started.stderr)


def test_a_fork_dies_of_the_signal_that_it_is_sent(tmp_path: Path) -> None:
    with program(tmp_path / "log", "simulate", "ministry") as running:
        running.wait_for("_simulator/book")
        assert running.stop(signal.SIGKILL) == -signal.SIGKILL
