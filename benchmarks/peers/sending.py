"""How the peers whose workers block hand a report on and record it: a kept connection of each kind for each thread."""

from __future__ import annotations

import threading

import psycopg
import urllib3

from benchmarks.peers.common import DATABASE_URL, HEADERS

RECORD = "INSERT INTO attempts (report_id, destination, status, answer) VALUES (%s, %s, %s, %s)"
_own = threading.local()
_http = urllib3.PoolManager(num_pools=4, maxsize=16, retries=False)


def hand_on(report_id: int, destination: str, body: str) -> None:
    """POST the report and record the attempt. Raises OSError to be tried again."""
    answer = _http.request("POST", destination, body=body.encode(), headers=HEADERS, timeout=30)
    if not hasattr(_own, "connection"):
        _own.connection = psycopg.connect(DATABASE_URL, autocommit=True, prepare_threshold=1)
    _own.connection.execute(RECORD, (report_id, destination, answer.status, answer.data.decode()))
    if answer.status >= 300:
        raise OSError(f"{destination} answered {answer.status}")
