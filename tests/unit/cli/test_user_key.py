"""`user key`: a key of a user is shown once, listed by its public half, and can be revoked."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.unit.cli.world import Cli

KEY = re.compile(r"^sgk_[0-9a-f]{16}_[\w-]{43}$", re.MULTILINE)


def test_a_key_is_made_shown_once_listed_and_revoked(cli: Cli, folder: Path) -> None:
    cli("user", "add", "ani", "--role", "operator", "--generate")
    [key] = KEY.findall(cli("user", "key", "add", "ani").stdout)
    [row] = json.loads(cli("user", "key", "list", "ani", "--json").stdout)
    assert (row["id"], row["user"], row["revoked_at"]) == (key.split("_")[1], "ani", None)
    assert key not in cli("user", "key", "list").output
    revoked, again = (cli("user", "key", "revoke", row["id"], "--yes").stdout for _ in range(2))
    assert ("Dicabut / Revoked" in revoked, "revoked already" in again) == (True, True)


def test_only_a_user_gets_a_key_and_only_a_key_is_revoked(cli: Cli, folder: Path) -> None:
    cli("user", "add", "ani", "--generate")
    assert [cli("user", "key", *words).exit_code for words in (("add", "budi"), ("revoke", "0" * 16, "-y"))] == [1, 1]
