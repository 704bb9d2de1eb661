"""`destination inbox-key`: a key is shown once, is of one inbox, and can be revoked."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.unit.cli.world import Cli

KEY = re.compile(r"^sgk_[0-9a-f]{16}_[\w-]{43}$", re.MULTILINE)
CONFIG = """\
destinations:
  desa: {adapter: inbox, url: "inbox://desa"}
  kotak:
    adapter: email
    url: smtps://relay.example
    options: {sender: a@gateway.example, recipients: [b@kementerian.example]}
routes: {default: [desa, kotak]}
"""


@pytest.fixture
def configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clean_environment: None) -> None:
    (tmp_path / "gateway.yaml").write_text(CONFIG)
    monkeypatch.setenv("SP4N_GATEWAY_CONFIG", str(tmp_path / "gateway.yaml"))
    monkeypatch.setenv("SP4N_GATEWAY_DATA_DIR", str(tmp_path / "data"))


@pytest.mark.usefixtures("configured")
def test_a_key_is_made_shown_once_listed_and_revoked(cli: Cli) -> None:
    [key] = KEY.findall(cli("destination", "inbox-key", "make", "desa").stdout)
    listed = json.loads(cli("destination", "inbox-key", "list", "--json").stdout)
    assert [(row["id"], row["destination"], row["revoked_at"]) for row in listed] == [(key.split("_")[1], "desa", None)]
    assert key not in cli("destination", "inbox-key", "list").output
    assert "Dicabut / Revoked" in cli("destination", "inbox-key", "revoke", listed[0]["id"], "--yes").stdout
    assert "revoked already" in cli("destination", "inbox-key", "revoke", listed[0]["id"], "--yes").stdout


@pytest.mark.usefixtures("configured")
def test_only_an_inbox_has_such_keys(cli: Cli) -> None:
    assert 0 not in [cli("destination", "inbox-key", "make", name).exit_code for name in ("kotak", "lain")]
