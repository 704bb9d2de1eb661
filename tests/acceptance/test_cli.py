"""The commands as an operator uses them: several processes beside each other on one ledger."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from adapters.destinations.ministry_rest.simulator import SECRET
from adapters.destinations.sp4n.simulator import INSTITUTION_ID
from gateway.chaos.ports import free_ports
from tests.acceptance.programs import Program, around, command, program, ran, until

pytestmark = pytest.mark.timeout(300)

CONFIG = """\
settings: {{data_dir: {data}, gather_seconds: 0, sweep_interval: 100ms, grace: 5s}}
destinations:
  sp4n:
    adapter: sp4n
    url: {sp4n}
    private_hosts: [127.0.0.1]
    secrets: {{token: token-uji, second_token: token-kedua-uji}}
    options: {{user_id: 1201, institution_id: {institution}, target_institution: 2}}
    timeouts: {{connect: 30s, read: 60s, total: 60s}}
    retry: {{quick: [200ms, 500ms], longest: 2s}}
  kemenkes:
    adapter: ministry_rest
    url: {ministry}
    private_hosts: [127.0.0.1]
    secrets: {{signing_secret: {signing}}}
    options: {{path: /cases, repeat: dedupes}}
    timeouts: {{connect: 30s, read: 60s, total: 60s}}
    retry: {{quick: [200ms, 500ms], longest: 2s}}
routes:
  default: [sp4n]
  rules:
    - name: kesehatan
      when: {{keywords: [puskesmas]}}
      to: [kemenkes]
"""
"""Patient with its destinations: these are slow only where the machine is, and what is in doubt waits for a person."""
CONTENT = "Obat di puskesmas Cibiru habis sejak dua minggu, pasien disuruh beli sendiri di luar."


@dataclass(frozen=True)
class Stage:
    """Two simulated destinations as processes, and the configuration that names them."""

    folder: Path
    config: str

    def ran(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command on this configuration."""
        return ran("--config", self.config, *arguments)

    def asked(self, *arguments: str) -> Any:
        """What a command prints as JSON."""
        done = self.ran(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """SP4N answers 503 once; the ministry resets one connection after it took the case."""
    with ExitStack() as stack:
        faults = {"sp4n": "status:request=1:retry_after=1", "ministry": "reset_after:request=1"}
        urls = {
            kind: address(stack.enter_context(simulator(tmp_path, kind, "--fault", fault)))
            for kind, fault in faults.items()
        }
        config = tmp_path / "gateway.yaml"
        data = json.dumps(str(tmp_path / "data"))
        config.write_text(CONFIG.format(data=data, institution=INSTITUTION_ID, signing=SECRET, **urls))
        yield Stage(tmp_path, str(config))


def simulator(folder: Path, kind: str, *arguments: str) -> Any:
    book = ["--book", str(folder / f"{kind}.jsonl")]
    return program(folder / f"{kind}.log", "simulate", kind, *book, *arguments)


def address(running: Program) -> str:
    found = re.search(r"(http://\S+)", running.wait_for("_simulator/book"))
    assert found is not None
    return found[1]


def serving(stage: Stage, *arguments: str) -> Any:
    return program(stage.folder / "serve.log", "--config", stage.config, "serve", "--port", "0", *arguments)


def taken_reports(serve: Program) -> str:
    found = re.search(r"Taking reports at (\S+)", serve.wait_for("Taking reports at"))
    assert found is not None
    return found[1]


@dataclass(frozen=True)
class Posted:
    """A report that was taken."""

    code: str
    status_url: str
    key: str

    def states(self) -> dict[str, str]:
        """Where its handoffs stand, as the channel is told."""
        shown = ask(urllib.request.Request(self.status_url, headers={"Authorization": f"Bearer {self.key}"}))  # noqa: S310
        return {row["destination"]: row["state"] for row in shown["handoffs"]}


def post(url: str, key: str, message_id: str) -> Posted:
    body = json.dumps({"message_id": message_id, "content": CONTENT}).encode()
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    accepted = ask(urllib.request.Request(f"{url}/v1/reports", body, headers))  # noqa: S310 - an address of this test
    return Posted(accepted["tracking_code"], url + accepted["status_url"], key)


def ask(request: urllib.request.Request) -> Any:
    with urllib.request.urlopen(request, timeout=10) as reply:  # noqa: S310 - an address of this test
        return json.load(reply)


def test_a_report_is_taken_by_one_process_worked_on_by_another_and_watched_by_a_third(stage: Stage) -> None:
    key = stage.ran("channel", "add", "loket").stdout.splitlines()[-1]
    with ExitStack() as stack:
        serve = stack.enter_context(serving(stage, "--no-worker"))
        url = taken_reports(serve)
        tail_command = ("--config", stage.config, "tail", "--json")
        tail = stack.enter_context(program(stage.folder / "tail.log", *tail_command))
        posted = post(url, key, "loket-1")
        assert set(posted.states().values()) == {"pending"}
        worker = stack.enter_context(program(stage.folder / "worker.log", "--config", stage.config, "worker"))
        until(lambda: set(posted.states().values()) == {"delivered"}, worker.said)
        until(lambda: len(tail.said().splitlines()) >= 5, tail.said)
        outcomes = [json.loads(line)["outcome"] for line in tail.said().splitlines()]
        assert sorted(outcomes) == ["deferred", "delivered", "delivered", "delivered", "uncertain"]
        grades = {row["destination"]: row["evidence"] for row in stage.asked("handoff", "list", "--code", posted.code)}
        assert grades == {"sp4n": "referenced", "kemenkes": "referenced"}
        assert stage.ran("doctor").returncode == 0
        assert [each.stop(signal.SIGTERM) for each in (worker, serve)] == [0, 0]
        assert tail.stop() in (0, 130)
    assert stage.ran("books").returncode == 0
    assert stage.ran("verify").returncode == 0


def test_a_paused_destination_is_sent_nothing_until_it_is_resumed(stage: Stage) -> None:
    key = stage.ran("channel", "add", "loket").stdout.splitlines()[-1]
    stage.ran("destination", "pause", "sp4n", "--reason", "pemeliharaan")
    with serving(stage) as serve:
        posted = post(taken_reports(serve), key, "loket-1")
        until(lambda: posted.states()["kemenkes"] == "delivered", serve.said)
        assert posted.states()["sp4n"] == "pending"
        assert (stage.folder / "sp4n.jsonl").read_text() == ""
        stage.ran("destination", "resume", "sp4n")
        until(lambda: posted.states()["sp4n"] == "delivered", serve.said)
        assert serve.stop() == 0


def test_a_revoked_key_is_refused_by_the_running_gateway(stage: Stage) -> None:
    key = stage.ran("channel", "add", "loket").stdout.splitlines()[-1]
    with serving(stage) as serve:
        url = taken_reports(serve)
        post(url, key, "loket-1")
        stage.ran("channel", "key", "revoke", key.split("_")[1], "--yes")
        until(lambda: is_refused(url, key))


def is_refused(url: str, key: str) -> bool:
    try:
        post(url, key, f"loket-{time.monotonic_ns()}")
    except urllib.error.HTTPError as error:
        return error.code == 401
    return False


def test_a_taken_port_is_said_without_a_traceback(stage: Stage) -> None:
    with serving(stage) as serve:
        port = taken_reports(serve).rsplit(":", 1)[1]
        done = stage.ran("serve", "--port", port)
    assert (done.returncode, port in done.stderr, "--port" in done.stderr) == (2, True, True)
    assert "Traceback" not in done.stderr


def test_a_configuration_with_mistakes_is_told_with_its_lines(stage: Stage) -> None:
    config = Path(stage.config)
    config.write_text(
        config.read_text().replace("adapter: sp4n", "adapter: lapor").replace("to: [kemenkes]", "to: [x]")
    )
    done = stage.ran("serve", "--port", "0")
    assert (done.returncode, done.stderr.count("gateway.yaml:")) == (2, 2)
    assert "Traceback" not in done.stderr


def test_long_work_shows_no_progress_where_nobody_watches(stage: Stage) -> None:
    stage.ran("channel", "add", "loket")
    assert stage.ran("verify").stderr == ""


# --------------------------------------------------------------------------------------------------------- simulators


def test_a_simulated_destination_goes_on_with_its_book(tmp_path: Path) -> None:
    for count in (1, 2):
        with simulator(tmp_path, "sp4n") as running:
            url = f"{address(running)}/complaints/complaint/file"
            body = b'--x\r\nContent-Disposition: form-data; name="attachments[]"; filename="a.png"\r\n'
            body += b"Content-Type: image/png\r\n\r\nisi\r\n--x--\r\n"
            headers = {"Authorization": "Bearer x", "token": "x", "Content-Type": "multipart/form-data; boundary=x"}
            request = urllib.request.Request(url, body, headers)  # noqa: S310 - an http address of this test
            urllib.request.urlopen(request, timeout=10).close()  # noqa: S310
            assert running.stop() == 0
        assert len((tmp_path / "sp4n.jsonl").read_text().splitlines()) == count


@pytest.mark.parametrize(
    ("arguments", "told"),
    [(["sp4n", "--fault", "entah"], "reset_after"), (["sp4n", "--fault", "status:request=x"], "status:request=x")],
)
def test_a_fault_that_does_not_exist_is_told_those_that_do(arguments: list[str], told: str) -> None:
    done = ran("simulate", *arguments)
    assert (done.returncode, told in done.stderr) == (2, True)


def test_a_simulator_on_a_taken_port_is_said(tmp_path: Path) -> None:
    port = str(free_ports())
    with program(tmp_path / "first.log", "simulate", "sp4n", "--port", port) as first:
        address(first)
        done = ran("simulate", "ministry", "--port", port)
    assert (done.returncode, "--port" in done.stderr) == (2, True)


@pytest.mark.parametrize("arguments", [["simulate", "sp4n"], ["serve", "--port", "0"], ["worker"]], ids=" ".join)
def test_a_process_that_is_held_on_to_leaves_when_it_is_let_go(stage: Stage, arguments: list[str]) -> None:
    process = subprocess.Popen(
        command("--config", stage.config, *arguments, "--tethered"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=around(None),
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stdout.readline() != b""
    process.stdin.close()
    assert process.wait(60) == 0
    process.stdout.close()


def test_a_reader_that_goes_away_is_no_fault(stage: Stage) -> None:
    stage.ran("channel", "add", "loket")
    piped = f"{' '.join(command('--config', stage.config, 'schema'))} | head -n 1"
    done = subprocess.run(["bash", "-c", piped], capture_output=True, text=True, env=around(None), check=False)
    assert ("Traceback" in done.stderr, done.stdout.strip()) == (False, "{")
