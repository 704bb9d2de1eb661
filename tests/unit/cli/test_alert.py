"""`alert`: what is wrong is told with what to do; hooks are made, listed, dropped."""

from __future__ import annotations

import json
from pathlib import Path

from tests.unit.cli.world import Cli


def test_a_hook_is_made_with_a_secret_that_is_shown_once_and_dropped(cli: Cli, folder: Path) -> None:
    made = cli("alert", "add", "https://siaga.example.go.id/sp4n", "--name", "siaga")
    assert (made.exit_code, "whsec_" in made.stdout) == (0, True)
    (hook,) = json.loads(cli("alert", "hooks", "--json").stdout)
    assert (hook["name"], hook["url"], "whsec_" in json.dumps(hook)) == (
        "siaga",
        "https://siaga.example.go.id/sp4n",
        False,
    )
    assert cli("alert", "add", "https://lain.example/x", "--name", "siaga").exit_code == 2
    assert [cli("alert", "drop", "siaga", "--yes").exit_code for _ in range(2)] == [0, 1]


def test_where_nothing_is_wrong_that_is_said(cli: Cli, folder: Path) -> None:
    cli("user", "add", "ani", "--generate")
    assert ("Semua baik" in cli("alert", "list").output, cli("alert", "list", "--all", "--json").stdout) == (
        True,
        "[]\n",
    )


def test_a_hook_that_does_not_answer_is_said(cli: Cli, folder: Path) -> None:
    cli("alert", "add", "http://127.0.0.1:9/x", "--name", "siaga", "--private")
    assert cli("alert", "test", "siaga").exit_code == 1
