"""What the pages say is true: their commands run, their examples parse, their links lead somewhere."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import pytest
import typer
import yaml
from typer.main import get_command

from gateway.chaos.ports import free_ports
from gateway.cli.tree import COMMANDS, Entry
from tests.house.pages import ROOT, Block, blocks, links, pages

README = ROOT / "README.md"
ALL_BLOCKS = [block for page in pages() for block in blocks(page)]
USUAL_ADDRESS = "127.0.0.1:8080"
START_SECONDS = 200


def written_in(*languages: str) -> list[Block]:
    return [block for block in ALL_BLOCKS if block.language in languages]


@dataclass(frozen=True, slots=True)
class Demonstration:
    """A running demonstration: the folder that its reader would stand in, and the gateway's address."""

    folder: Path
    address: str


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demonstration]:
    """What `make run` starts, on ports of its own, beside what a reader of the pages would have around it."""
    for tool in ("bash", "curl", "openssl"):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed")
    folder = tmp_path_factory.mktemp("reader")
    (folder / ".venv").symlink_to(Path(sys.executable).parent.parent)
    (folder / "docs").symlink_to(ROOT / "docs")
    first = free_ports(6)
    command = [sys.executable, "-m", "gateway.cli", "demo", "--data", str(folder / "var")]
    with (folder / "demo.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--port", str(first), "--port-base", str(first + 1)], cwd=ROOT, stdout=log, stderr=log
        )
    try:
        wait_until_ready(process, f"http://127.0.0.1:{first}/readyz", folder)
        yield Demonstration(folder, f"127.0.0.1:{first}")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(START_SECONDS)


def wait_until_ready(process: subprocess.Popen[bytes], url: str, folder: Path) -> None:
    """Return when the gateway is ready and its channels are made."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        if (folder / "var/app-demo.key").exists() and answers(url) and "wa-demo" in channels(folder):
            return
        time.sleep(0.2)
    pytest.fail((folder / "demo.log").read_text("utf-8", "replace")[-2000:])


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as reply:  # noqa: S310  (an http address of this test's own)
            return bool(reply.status == 200)
    except (urllib.error.URLError, TimeoutError):
        return False


def channels(folder: Path) -> str:
    command = [sys.executable, "-m", "gateway.cli", "channel", "list", "--json"]
    environment = os.environ | {"SP4N_GATEWAY_DATA_DIR": str(folder / "var")}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False).stdout


def script(run: list[Block], address: str) -> str:
    """The blocks as one program, the output of each in a file of its own."""
    parts = [f"exec >out.{place} 2>&1\n{block.text}" for place, block in enumerate(run)]
    return "set -euo pipefail\n" + "\n".join(parts).replace(USUAL_ADDRESS, address)


def expected(page: Path) -> Iterator[tuple[int, str]]:
    """Lines that a page shows as output, each with the place of its command among those that run."""
    place = -1
    for block in blocks(page):
        place += block.mark == "run"
        if block.mark == "output":
            yield from ((place, line) for line in block.text.splitlines() if line.strip())


@pytest.mark.timeout(900)
def test_the_commands_of_the_readme_run_and_print_what_it_shows(demonstration: Demonstration) -> None:
    folder = demonstration.folder
    run = [block for block in blocks(README) if block.mark == "run"]
    around = {name: value for name, value in os.environ.items() if not name.startswith("SP4N_GATEWAY_")}
    program = ["bash", "-c", script(run, demonstration.address)]
    done = subprocess.run(program, cwd=folder, env=around, stdin=subprocess.DEVNULL, check=False)
    said = [path.read_text("utf-8") for path in (folder / f"out.{n}" for n in range(len(run))) if path.exists()]
    assert (done.returncode, len(said)) == (0, len(run)), said[-1]
    assert [(place, line) for place, line in expected(README) if line not in said[place]] == []


def test_only_pages_that_a_test_reads_have_blocks_that_run() -> None:
    assert {block.page for block in ALL_BLOCKS if block.mark == "run"} == {
        "README.md",
        "docs/integrators.md",
        "docs/operations.md",
    }


@pytest.mark.parametrize("block", written_in("sh", "bash", "console"), ids=Block.place)
def test_a_command_on_a_page_runs_or_says_why_not(block: Block) -> None:
    assert block.mark == "run" or (block.mark == "not run" and block.reason)


@pytest.mark.parametrize("block", written_in("json", "yaml"), ids=Block.place)
def test_an_example_can_be_parsed(block: Block) -> None:
    read = json.loads if block.language == "json" else yaml.safe_load
    assert read(block.text) is not None


@pytest.mark.parametrize("block", written_in("python"), ids=Block.place)
def test_a_program_on_a_page_runs(block: Block) -> None:
    names: dict[str, object] = {}
    exec(compile(block.text, block.place(), "exec"), names)  # noqa: S102  (the project's own pages)
    assert [name for name, value in names.items() if callable(value)] != []


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_a_link_leads_somewhere(page: Path) -> None:
    targets = [target.partition("#")[0] for target in links(page) if not re.match(r"https?://|mailto:|#", target)]
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_the_readme_names_every_command_and_no_other() -> None:
    table = README.read_text("utf-8").split("| command | what it does |")[1].split("\n\n")[0]
    named = {
        word for row in table.splitlines()[2:] for word in re.findall(r"`([a-z ]+|new-adapter)`", row.split("|")[1])
    }
    first = {name.split()[0] for name in named}
    assert {entry.name for entry in COMMANDS} - first == set()
    assert (
        first - {entry.name for entry in COMMANDS} - {name for entry in COMMANDS for name in below(entry.module)}
        == set()
    )


@pytest.mark.parametrize("entry", COMMANDS, ids=lambda entry: entry.name)
def test_the_readme_names_every_part_of_a_command(entry: Entry) -> None:
    row = next(line for line in README.read_text("utf-8").splitlines() if re.match(rf"\| .*`{entry.name}[ `]", line))
    assert [part for part in below(entry.module) if not re.search(rf"`(?:{entry.name} )?{part}`", row)] == []


def below(module: str) -> list[str]:
    """The names of a command's own commands."""
    app = import_module(f"gateway.cli.{module}").app
    assert isinstance(app, typer.Typer)
    return list(getattr(get_command(app), "commands", {}))


@pytest.mark.parametrize("kind", ["channels", "destinations"])
def test_every_adapter_has_a_page(kind: str) -> None:
    folders = [path.parent for path in (ROOT / "adapters" / kind).glob("*/adapter.py")]
    assert len(folders) >= 2
    assert [folder.name for folder in folders if not (folder / "README.md").exists()] == []


def test_every_decision_is_listed() -> None:
    folder = ROOT / "docs/decisions"
    assert set(links(folder / "README.md")) == {path.name for path in folder.glob("0*.md")}


def test_the_changelog_is_kept_in_its_format() -> None:
    headings = re.findall(r"^## (.*)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert headings[0] == "[Unreleased]"
    assert [
        heading for heading in headings[1:] if not re.fullmatch(r"\[\d+\.\d+\.\d+\] - \d{4}-\d{2}-\d{2}", heading)
    ] == []
