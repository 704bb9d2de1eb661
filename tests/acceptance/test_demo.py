"""The demonstration as whoever starts it sees it: it works, goes on where it stopped, and ends cleanly."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from gateway.chaos.ports import free_ports
from gateway.demo.place import PRETENDERS
from tests.acceptance.programs import Program, around, command, program, ran, until

pytestmark = pytest.mark.timeout(400)


@dataclass(frozen=True)
class Demo:
    """A demonstration's folder and its ports."""

    folder: Path
    first: int

    @property
    def arguments(self) -> list[str]:
        """The command with its options."""
        ports = ["--port", str(self.first), "--port-base", str(self.first + 1)]
        return ["demo", "--data", str(self.folder / "var"), *ports]

    def asked(self, *arguments: str) -> Any:
        """What a command beside it prints as JSON."""
        done = ran("--config", str(self.folder / "var/gateway.yaml"), *arguments, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def totals(self) -> Counter[str]:
        """The books, added up."""
        counted: Counter[str] = Counter()
        for row in self.asked("books"):
            counted.update({name: value for name, value in row.items() if isinstance(value, int)})
        return counted

    def taken(self, destination: str, *kinds: str) -> list[dict[str, Any]]:
        """What stands in a destination's own book."""
        lines = (self.folder / f"var/books/{destination}.jsonl").read_text("utf-8").splitlines()
        return [entry for entry in map(json.loads, lines) if entry["kind"] in kinds]


@pytest.fixture
def demo(tmp_path: Path) -> Demo:
    """A folder and ports of its own."""
    return Demo(tmp_path, free_ports(6))


def all_gone(pids: list[int]) -> bool:
    return not any(psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE for pid in pids)


def test_every_sample_is_handed_on_exactly_once_and_a_second_run_goes_on(demo: Demo) -> None:
    first = ran_once(demo)
    assert "delivered" in first
    totals = demo.totals()
    assert (totals["difference"], totals["pending"]) == (0, 0)
    assert totals["delivered"] > 100
    assert_exactly_once(demo)
    assert_retries_were_seen(demo)
    assert_verified(demo)

    ran_once(demo)
    again = demo.totals()
    assert (again["accepted"] > totals["accepted"], again["difference"]) == (True, 0)
    assert_exactly_once(demo)


def ran_once(demo: Demo) -> str:
    with program(demo.folder / "once.log", *demo.arguments, "--once", "--pause", "0.03") as running:
        code = running.process.wait(200)
        assert code == 0, running.said()[-3000:]
        return running.said()


def assert_exactly_once(demo: Demo) -> None:
    """Each handoff stands in the destination's book once, however often its call had to be made."""
    for each in PRETENDERS:
        cases = demo.taken(each.name, "complaint", "case")
        codes = Counter(json.dumps(entry) for entry in map(tracked, cases))
        assert [code for code, count in codes.items() if count > 1] == []
    rows = [row for row in demo.asked("books") if row["destination"] == "sp4n"]
    complaints = demo.taken("sp4n", "complaint", "followup")
    assert len(complaints) == sum(row["delivered"] + row["uncertain"] for row in rows)


def tracked(entry: dict[str, Any]) -> object:
    """What names the report in an entry of a book."""
    return entry.get("tracking_code") or entry["fields"]["content"].split()[0:3]


def assert_retries_were_seen(demo: Demo) -> None:
    done = ran("--config", str(demo.folder / "var/gateway.yaml"), "tail", "--no-follow", "--json", "-n", "1000")
    outcomes = Counter(json.loads(line)["outcome"] for line in done.stdout.splitlines())
    assert outcomes["deferred"] > 0
    assert outcomes["uncertain"] > 0


def assert_verified(demo: Demo) -> None:
    done = ran("--config", str(demo.folder / "var/gateway.yaml"), "verify")
    assert (done.returncode, "INTACT" in done.stdout) == (0, True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_everything_in_order_and_the_books_are_shown(demo: Demo, number: signal.Signals) -> None:
    with program(demo.folder / "demo.log", *demo.arguments) as running:
        running.wait_for("delivered")
        pids = [each.pid for each in running.descendants()]
        assert len(pids) == len(PRETENDERS) + 1
        assert running.stop(number) == 0
        said = running.said()
    assert "books balance" in said.split("Pembukuan / Books")[0].splitlines()[-1]
    assert "Traceback" not in said
    assert all_gone(pids)
    assert demo.totals()["difference"] == 0


def test_a_killed_demonstration_leaves_no_process_behind(demo: Demo) -> None:
    with program(demo.folder / "demo.log", *demo.arguments) as running:
        running.wait_for("delivered")
        pids = [each.pid for each in running.descendants()]
        os.kill(running.process.pid, signal.SIGKILL)
        until(lambda: all_gone(pids))


def test_a_taken_port_is_named_with_the_option_that_changes_it(demo: Demo) -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", demo.first))
        taken.listen()
        done = subprocess.run(command(*demo.arguments), env=around(None), capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert f"port {demo.first} (gateway): choose another with --port" in done.stderr
    assert not (demo.folder / "var").exists()


def test_a_destination_that_ends_by_itself_ends_the_demonstration_with_its_log(demo: Demo) -> None:
    with program(demo.folder / "demo.log", *demo.arguments) as running:
        running.wait_for("delivered")
        pretender = next(each for each in running.descendants() if "sp4n" in each.cmdline())
        pretender.kill()
        assert running.process.wait(60) == 1
        assert "sp4n ended with -9" in running.said()
        assert "Traceback" not in running.said()


def test_commands_beside_a_running_demonstration_see_its_deliveries(demo: Demo) -> None:
    with program(demo.folder / "demo.log", *demo.arguments) as running:
        running.wait_for("delivered")
        config = str(demo.folder / "var/gateway.yaml")
        with program(demo.folder / "tail.log", "--config", config, "tail", "-n", "0", "--json") as tail:
            follow(tail, 5)
            assert tail.stop() in (0, 130)
        followed = ends_in(tail.said())
        everything = ends_in(ran("--config", config, "tail", "--no-follow", "-n", "1000", "--json").stdout)
        first = everything.index(followed[0])
        assert everything[first : first + len(followed)] == followed  # as committed, none left out, none twice
        done = ran("--config", config, "doctor")
        assert done.returncode == 0, done.stdout
        assert running.stop() == 0


def ends_in(lines: str) -> list[tuple[str, str]]:
    """Which ends of which attempts, in the order in which they were shown."""
    return [(row["attempt_id"], row["source"]) for row in map(json.loads, lines.splitlines())]


def follow(tail: Program, count: int) -> None:
    until(lambda: len(tail.said().splitlines()) >= count, tail.said)
