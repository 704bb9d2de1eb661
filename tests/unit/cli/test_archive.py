"""`archive`: content of old reports goes into a file and comes back; whatever is wrong with a file is said."""

from __future__ import annotations

import asyncio
import gzip
import json
import shutil
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, update

from gateway.ledger import Ledger
from gateway.ledger.tables import case_watch, handoffs, reports
from gateway.operations.archiving import contents_of
from schemas.errors import Invalid
from tests.unit.cli.world import CONTENT, REPORTER, Cli, World

REASON = ("--reveal", "--reason", "uji")


@pytest.fixture
def old(world: World, tmp_path: Path) -> World:
    """The same a year later: every case was ended long ago, as far as it was handed on."""

    def passes(conn: Connection) -> None:
        then = datetime.now(UTC) - timedelta(days=365)
        conn.execute(update(reports).values(last_message_at=then))
        conn.execute(update(handoffs).values(updated_at=then))
        conn.execute(update(case_watch).values(changed_at=then, next_poll_at=None, clocks_at=None))

    async def pass_on() -> None:
        ledger = await Ledger.open(f"sqlite:///{tmp_path / 'data' / 'ledger.sqlite'}")
        await ledger.write(passes)
        await ledger.close()

    asyncio.run(pass_on())
    return world


def made(cli: Cli, folder: Path) -> Path:
    """The archive that a command makes in the folder."""
    done = cli("archive", "make", str(folder), "--before", "100d", "--yes")
    assert done.exit_code == 0, done.output
    [file] = folder.iterdir()
    return file


def shown(cli: Cli, code: str) -> dict[str, Any]:
    done = cli("report", "show", code, "--json")
    assert done.exit_code == 0, done.output
    record: dict[str, Any] = json.loads(done.stdout)
    return record


def test_only_what_is_over_is_moved_and_its_story_stays(cli: Cli, old: World, tmp_path: Path) -> None:
    before = shown(cli, old.delivered)
    file = made(cli, tmp_path / "arsip")

    after = shown(cli, old.delivered)
    assert (after["archive"], after["erased_at"] is None) == (file.name, False)
    assert {key: after[key] for key in ("handoffs", "decision", "timeline")} == {
        key: before[key] for key in ("handoffs", "decision", "timeline")
    }
    for code in (old.refused, old.doubtful, old.held):
        assert (shown(cli, code)["archive"], shown(cli, code)["erased_at"]) == (None, None)
    assert file.name in cli("report", "show", old.delivered).stdout
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_proof_and_the_balance_stay_whole(cli: Cli, old: World, tmp_path: Path) -> None:
    made(cli, tmp_path / "arsip")
    assert cli("verify").exit_code == 0
    assert cli("books").exit_code == 0


def test_what_is_moved_is_readable_nowhere(cli: Cli, old: World, tmp_path: Path) -> None:
    file = made(cli, tmp_path / "arsip")
    assert CONTENT[:20].encode() not in gzip.decompress(file.read_bytes())
    done = cli("report", "show", old.delivered, *REASON)
    assert (done.exit_code, REPORTER in done.output) == (1, False)
    assert "archive restore" in done.output


def test_it_comes_back_as_it_was(cli: Cli, old: World, tmp_path: Path) -> None:
    before = cli("report", "show", old.delivered, *REASON, "--json").stdout
    file = made(cli, tmp_path / "arsip")

    done = cli("archive", "restore", str(file), old.delivered.lower())

    assert (done.exit_code, "1 dipulihkan" in done.stdout) == (0, True)
    content = json.loads(cli("report", "show", old.delivered, *REASON, "--json").stdout)["content"]
    assert content == json.loads(before)["content"]
    again = cli("archive", "restore", str(file), "--all")
    assert "0 dipulihkan" in again.stdout


def test_what_is_erased_meanwhile_does_not_come_back(cli: Cli, old: World, tmp_path: Path) -> None:
    file = made(cli, tmp_path / "arsip")
    assert cli("report", "erase", old.delivered, "--yes").exit_code == 0

    done = cli("archive", "restore", str(file), "--all")

    assert (done.exit_code, "0 dipulihkan" in done.stdout, "1 dihapus" in done.stdout) == (0, True, True)
    assert cli("report", "show", old.delivered, *REASON).exit_code == 1


def test_the_archives_are_listed_and_checked(cli: Cli, old: World, tmp_path: Path) -> None:
    file = made(cli, tmp_path / "arsip")
    [row] = json.loads(cli("archive", "list", "--json").stdout)
    assert (row["file"], row["reports"], row["bytes"]) == (file.name, 1, file.stat().st_size)
    assert file.name[:12] in cli("archive", "list").stdout
    assert "GENUINE" in cli("archive", "check", str(file)).stdout
    [action] = [one for one in json.loads(cli("audit", "--json").stdout) if one["action"] == "archive"]
    assert action["detail"] == {"file": file.name, "reports": 1}


def test_there_may_be_nothing_to_move(cli: Cli, world: World, tmp_path: Path) -> None:
    done = cli("archive", "make", str(tmp_path / "arsip"), "--before", "2000d", "--yes")
    assert (done.exit_code, "nothing to move" in done.stdout) == (0, True)
    assert list((tmp_path / "arsip").iterdir()) == []
    assert json.loads(cli("archive", "list", "--json").stdout) == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["make", "arsip", "--before", "5d", "--yes"], "90 days"),
        (["make", "arsip", "--before", "kemarin", "--yes"], "is no moment"),
        (["make", "gateway.yaml/arsip", "--before", "100d", "--yes"], "nothing was moved"),
        (["restore", "gateway.yaml", "--all"], "is no archive"),
        (["restore", "gateway.yaml"], "or --all"),
        (["check", "nowhere.gz"], "cannot be read"),
    ],
)
def test_what_is_asked_wrongly_is_refused(
    cli: Cli, old: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    done = cli("archive", *arguments)
    assert done.exit_code != 0
    assert told in " ".join(done.output.split())
    assert shown(cli, old.delivered)["erased_at"] is None


def test_it_waits_for_a_yes(cli: Cli, old: World, tmp_path: Path) -> None:
    assert cli("archive", "make", str(tmp_path / "arsip"), "--before", "100d").exit_code == 1
    assert not (tmp_path / "arsip").exists()


def test_a_code_that_is_not_in_it_is_not_found(cli: Cli, old: World, tmp_path: Path) -> None:
    file = made(cli, tmp_path / "arsip")
    done = cli("archive", "restore", str(file), old.delivered, old.held)
    assert (done.exit_code, old.held in done.output) == (1, True)
    assert shown(cli, old.delivered)["archive"] == file.name


def damaged(content: bytes) -> bytes:
    """One letter of what is packed is another."""
    lines = gzip.decompress(content).splitlines(keepends=True)
    lines[1] = lines[1].replace(b'"sealed_report":"A', b'"sealed_report":"B')
    return gzip.compress(b"".join(lines))


@pytest.mark.parametrize(
    "harm",
    [
        damaged,
        lambda content: content[: len(content) // 2],
        lambda content: gzip.compress(b"".join(gzip.decompress(content).splitlines(keepends=True)[:-1])),
        lambda content: gzip.compress(gzip.decompress(content) + b"{}\n"),
        lambda content: b"\x00" * len(content),
        lambda _: b"",
    ],
    ids=["changed", "cut off", "without its end", "longer", "zeros", "empty"],
)
def test_a_file_that_is_not_as_it_was_written_is_refused(cli: Cli, old: World, tmp_path: Path, harm: Any) -> None:
    file = made(cli, tmp_path / "arsip")
    whole = tmp_path / "whole"
    shutil.copy(file, whole)
    file.write_bytes(harm(file.read_bytes()))

    for arguments in (["check", str(file)], ["restore", str(file), "--all"]):
        done = cli("archive", *arguments)
        assert done.exit_code not in (0, 70), done.output
        assert str(file.name) in done.output.replace("\n", "")
    assert shown(cli, old.delivered)["archive"] == file.name
    assert cli("archive", "restore", str(whole), "--all").exit_code == 0


def test_an_archive_of_another_installation_is_refused(cli: Cli, old: World, tmp_path: Path) -> None:
    file = made(cli, tmp_path / "arsip")
    shutil.rmtree(tmp_path / "data")
    shutil.copytree(old.folder / "data", tmp_path / "data")
    done = cli("archive", "restore", str(file), "--all")
    assert (done.exit_code == 0, "not of this ledger" in " ".join(done.output.split())) == (False, True)


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (lambda lines: [*lines[:1], b'{"report_id": 7}\n', *lines[2:]], "damaged at report 1"),
        (lambda lines: [*lines[:-1], b'{"reports":2}\n'], "ends after 1 reports"),
        (lambda lines: lines[:-1], "ends after 0 reports"),
        (lambda lines: lines[1:], "is no archive"),
    ],
)
def test_what_is_wrong_inside_a_file_is_told(cli: Cli, old: World, tmp_path: Path, harm: Any, told: str) -> None:
    file = made(cli, tmp_path / "arsip")
    lines = gzip.decompress(file.read_bytes()).splitlines(keepends=True)
    file.write_bytes(gzip.compress(b"".join(harm(lines))))
    with pytest.raises(Invalid, match=told):
        list(contents_of(file))
