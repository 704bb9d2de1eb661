"""`channel`: a key is shown once, a secret never, and a name is used once."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from gateway.access import split_key
from tests.unit.cli.world import Cli, World

KEY = re.compile(r"^sgk_[0-9a-f]{16}_[\w-]{43}$", re.MULTILINE)
SECRETS = ("--secret", "app_secret=-", "--secret", "verify_token=@{folder}/token", "--secret", "access_token=")


def add_whatsapp(cli: Cli, folder: Path) -> str:
    (folder / "token").write_text("token-verifikasi-uji\n")
    secrets = [part.format(folder=folder) for part in SECRETS]
    done = cli("channel", "add", "wa", "--adapter", "whatsapp", *secrets, stdin="rahasia-uji\n")
    assert done.exit_code == 0, done.output
    return done.output


def test_a_new_channel_gets_its_first_key_shown_once(cli: Cli, folder: Path) -> None:
    [key] = KEY.findall(cli("channel", "add", "loket").stdout)
    for arguments in (["channel", "list"], ["channel", "key", "list"], ["channel", "list", "--json"]):
        assert key not in cli(*arguments).output


def test_the_key_that_was_shown_is_the_one_that_is_kept(cli: Cli, folder: Path) -> None:
    [key] = KEY.findall(cli("channel", "add", "loket").stdout)
    [listed] = json.loads(cli("channel", "key", "list", "loket", "--json").stdout)
    assert (split_key(key) or ("",))[0] == listed["id"]


def test_a_name_is_used_once(cli: Cli, folder: Path) -> None:
    cli("channel", "add", "loket")
    done = cli("channel", "add", "loket")
    assert (done.exit_code, "never used twice" in done.stderr) == (2, True)


@pytest.mark.parametrize("name", ["Loket", "a b", "-loket", "x" * 65, "loket/satu", ""])
def test_a_name_that_would_not_fit_an_address_is_refused(cli: Cli, folder: Path, name: str) -> None:
    assert cli("channel", "add", "--", name).exit_code == 2


def test_secrets_come_from_files_and_standard_input(cli: Cli, folder: Path) -> None:
    said = add_whatsapp(cli, folder)
    assert "/v1/channels/wa/webhook" in said
    assert "rahasia-uji" not in said + cli("channel", "list", "--json").stdout


def test_a_secret_on_the_command_line_is_taken_with_a_warning(cli: Cli, folder: Path) -> None:
    secrets = ["--secret", "app_secret=rahasia", "--secret", "verify_token=x", "--secret", "access_token="]
    done = cli("channel", "add", "wa", "--adapter", "whatsapp", *secrets)
    assert (done.exit_code, "history" in done.stderr) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--adapter", "whatsapp"], "app_secret"),
        (["--adapter", "merpati_pos"], "native, "),
        (["--secret", "app_secret=@/nirwana/tidak-ada"], "cannot be read"),
        (["--secret", "app_secret"], "NAME=VALUE"),
        (["--secret", "kunci=@{file}"], "knows no kunci"),
    ],
)
def test_what_is_missing_or_unknown_is_said(cli: Cli, folder: Path, arguments: list[str], told: str) -> None:
    (folder / "rahasia").write_text("isi")
    given = [part.format(file=folder / "rahasia") for part in arguments]
    done = cli("channel", "add", "baru", *given)
    assert (done.exit_code, told in done.stderr) == (2, True)


def test_options_are_json_where_they_can_be(cli: Cli, folder: Path) -> None:
    given = ["--option", "graph_url=http://127.0.0.1:1", "--option", 'private_hosts=["127.0.0.1"]']
    assert cli("channel", "add", "loket", *given).exit_code == 0
    [row] = json.loads(cli("channel", "list", "--json").stdout)
    assert row["options"] == {"graph_url": "http://127.0.0.1:1", "private_hosts": ["127.0.0.1"]}


def test_a_second_key_leaves_the_first_valid_until_it_is_revoked(cli: Cli, folder: Path) -> None:
    cli("channel", "add", "loket")
    [second] = KEY.findall(cli("channel", "key", "add", "loket").stdout)
    first = next(
        row["id"] for row in json.loads(cli("channel", "key", "list", "--json").stdout) if row["id"] not in second
    )
    assert cli("channel", "key", "revoke", first, "--yes").exit_code == 0
    rows = json.loads(cli("channel", "key", "list", "--json").stdout)
    assert {row["id"]: row["revoked_at"] is not None for row in rows} == {first: True, second.split("_")[1]: False}


def test_revoking_waits_for_a_yes(cli: Cli, folder: Path) -> None:
    cli("channel", "add", "loket")
    [row] = json.loads(cli("channel", "key", "list", "--json").stdout)
    assert cli("channel", "key", "revoke", row["id"]).exit_code == 1
    [row] = json.loads(cli("channel", "key", "list", "--json").stdout)
    assert row["revoked_at"] is None


def test_a_closed_channel_says_when_it_was_closed(cli: Cli, folder: Path) -> None:
    cli("channel", "add", "loket")
    assert cli("channel", "close", "loket", "--yes").exit_code == 0
    [row] = json.loads(cli("channel", "list", "--json").stdout)
    assert row["closed_at"] is not None
    assert "closed already" in cli("channel", "close", "loket", "--yes").stderr


@pytest.mark.parametrize(
    "arguments", [["close", "entah", "--yes"], ["key", "add", "entah"], ["key", "revoke", "0" * 16, "--yes"]]
)
def test_what_is_not_there_is_not_found(cli: Cli, folder: Path, arguments: list[str]) -> None:
    cli("channel", "add", "loket")
    assert cli("channel", *arguments).exit_code == 1


def test_the_channels_of_a_gateway_are_listed_with_their_valid_keys(cli: Cli, world: World) -> None:
    rows = json.loads(cli("channel", "list", "--json").stdout)
    assert {row["name"]: (row["kind"], row["keys"]) for row in rows} == {
        "aplikasi": ("native", 1),
        "wa": ("whatsapp", 0),
    }


def test_options_are_changed_and_taken_away_and_the_others_stay(cli: Cli, folder: Path) -> None:
    cli("channel", "add", "loket", "--option", "publish=true", "--option", "zone=WIT")
    assert cli("channel", "set", "loket", "--option", "zone=WITA", "--without", "publish").exit_code == 0
    [listed] = json.loads(cli("channel", "list", "--json").stdout)
    assert listed["options"] == {"zone": "WITA"}


def test_a_channel_that_gets_its_missing_secret_begins_to_answer(cli: Cli, folder: Path) -> None:
    add_whatsapp(cli, folder)
    assert "tidak / no" in cli("channel", "set", "wa", "--option", "note=x").stdout
    done = cli("channel", "secret", "wa", "access_token=-", stdin="token-akses-uji\n")
    assert (done.exit_code, "ya / yes" in done.stdout, "token-akses-uji" in done.output) == (0, True, False)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["set", "loket", "--without", "zone"], "no option zone"),
        (["set", "loket"], "name an option"),
        (["set", "antah"], "no channel antah"),
        (["secret", "loket", "kunci="], "knows no kunci"),
    ],
)
def test_a_change_that_means_nothing_is_refused(cli: Cli, folder: Path, arguments: list[str], told: str) -> None:
    cli("channel", "add", "loket")
    done = cli("channel", *arguments)
    assert (done.exit_code != 0, told in done.stderr) == (True, True)


def test_a_closed_channel_is_not_changed(cli: Cli, folder: Path) -> None:
    cli("channel", "add", "loket")
    cli("channel", "close", "loket", "--yes")
    assert "closed" in cli("channel", "set", "loket", "--option", "zone=WIT").stderr
