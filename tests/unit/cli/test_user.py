"""`user`: who may use the console."""

from __future__ import annotations

import json

from tests.unit.cli.world import Cli, World


def test_a_user_is_made_and_listed(cli: Cli, world: World) -> None:
    made = cli("user", "add", "ani", "--role", "admin", "--generate")
    assert (made.exit_code, "ani (admin)" in made.stdout) == (0, True)
    (user,) = json.loads(cli("user", "list", "--json").stdout)
    assert (user["name"], user["role"], user["locked_at"]) == ("ani", "admin", None)


def test_a_role_is_changed_and_the_last_admin_kept(cli: Cli, world: World) -> None:
    for name, role in (("ani", "admin"), ("budi", "viewer")):
        cli("user", "add", name, "--role", role, "--generate")
    changed, refused = cli("user", "role", "budi", "operator"), cli("user", "role", "ani", "viewer")
    roles = {one["name"]: one["role"] for one in json.loads(cli("user", "list", "--json").stdout)}
    assert (changed.exit_code, refused.exit_code, roles) == (0, 2, {"ani": "admin", "budi": "operator"})


def test_a_user_is_locked_out_and_let_in_again(cli: Cli, world: World) -> None:
    cli("user", "add", "budi", "--generate")
    asked = cli("user", "lock", "budi")
    locked, again = cli("user", "lock", "budi", "--yes"), cli("user", "lock", "budi", "--off")
    assert (asked.exit_code, locked.exit_code, again.exit_code) == (1, 0, 0)
    assert ("dikunci" in locked.stdout, "dibuka" in again.stdout) == (True, True)


def test_a_password_is_given_or_made(cli: Cli, world: World) -> None:
    cli("user", "add", "budi", "--password", "kuda laut hijau muda")
    short, new = cli("user", "password", "budi", "--password", "pendek"), cli("user", "password", "budi", "--generate")
    assert (short.exit_code, new.exit_code) == (2, 0)


def test_a_name_is_plain(cli: Cli, world: World) -> None:
    assert cli("user", "add", "Ani Wijaya", "--generate").exit_code == 2
