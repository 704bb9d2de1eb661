"""The example as it is started: what it took before a kill it knows after it, and what it owes it sends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from sp4n_gateway_client.signing import signed_headers
from tests.unit.clients.bodies import SECRET, body

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = [sys.executable, "-m", "sp4n_gateway_client.example"]
AROUND = os.environ | {"PYTHONPATH": str(ROOT / "clients/python"), "KASUS_SIGNING_SECRET": SECRET}


@contextmanager
def serving(store: Path) -> Iterator[int]:
    """The example on a free port, killed at the end."""
    command = [*PROGRAM, "serve", "--port", "0", "--store", str(store)]
    with subprocess.Popen(command, env=AROUND, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as program:
        assert program.stdout is not None
        yield int(program.stdout.readline().rpartition(":")[2].partition("/")[0])
        program.kill()


def post(port: int, raw: bytes, **headers: str) -> tuple[int, dict[str, Any]]:
    signed = signed_headers(SECRET, "kunci-1", raw, time.time())
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("POST", "/cases", raw, {"idempotency-key": "kunci-1", **signed, **headers})
    reply = connection.getresponse()
    return reply.status, json.loads(reply.read())


def test_a_case_is_known_again_after_a_kill(tmp_path: Path) -> None:
    store = tmp_path / "kasus.sqlite"
    with serving(store) as port:
        status, first = post(port, body())
    assert status == 201
    with serving(store) as port:
        assert post(port, body()) == (200, first)
        assert post(port, body(), **{"webhook-signature": "v1,AAAA"})[0] == 401
        assert post(port, body(), **{"content-length": "999999999"})[0] == 413
    code = json.loads(body())["tracking_code"]
    told = subprocess.run(
        [*PROGRAM, "say", code, "Selesai", "--store", str(store)],
        env=AROUND,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout == f"{code}-1\n"


def test_it_does_not_start_without_its_secret(tmp_path: Path) -> None:
    command = [*PROGRAM, "serve", "--store", str(tmp_path / "kasus.sqlite")]
    done = subprocess.run(
        command, env=AROUND | {"KASUS_SIGNING_SECRET": ""}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, "anybody could hand in cases" in done.stderr) == (1, True)
