"""How each peer is started: its HTTP face, its workers tuned to two cores, its servers."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from benchmarks.load import HOST, Target
from benchmarks.peer_environment import need_node, need_python
from benchmarks.place import ROOT, Place, Running
from gateway.chaos.ports import free_ports
from gateway.chaos.servers import Unavailable

UVICORN = ("--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning")
CELERY = (
    "worker", "--pool", "prefork", "--concurrency", "4", "--loglevel", "warning",
    "--without-gossip", "--without-mingle", "--without-heartbeat", "-O", "fair",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PythonPeer:
    """A peer in benchmarks/peers: its folder, the command of its workers after `python -m`, and what comes first."""

    folder: str
    workers: Sequence[str] = ()
    broker: bool = True
    first: Sequence[Sequence[str]] = (("benchmarks.peers.tables",),)

    def __call__(self, place: Place) -> AbstractContextManager[Running]:
        """Run it."""
        return _python_peer(place, self)


@contextmanager
def _python_peer(place: Place, peer: PythonPeer) -> Iterator[Running]:
    python, port = str(need_python()), free_ports()
    with place.servers.database() as url, place.processes() as started:
        environ = {
            "DATABASE_URL": url,
            "BROKER_URL": place.servers.get("RabbitMQ").url if peer.broker else "",
            "DESTINATION_URLS": ",".join(f"http://{HOST}:{each}/cases" for each in place.sink.ports),
        }
        for command in peer.first:
            if started.start("first", [python, "-m", *command], environ).wait() != 0:
                raise Unavailable(started.said())
        face = ["uvicorn", f"benchmarks.peers.{peer.folder}.face:app", "--port", str(port), *UVICORN]
        running = Running(Target(port, "/reports"), database_url=url)
        running.processes["server"] = [started.start("face", [python, "-m", *face], environ)]
        running.processes["database"] = [place.servers.get("PostgreSQL").process]
        if peer.workers:
            running.processes["workers"] = [started.start("workers", [python, "-m", *peer.workers], environ)]
        if peer.broker:
            running.processes["broker"] = [place.servers.get("RabbitMQ").process]
        running.said = started.said
        yield running


celery = PythonPeer("celery_tasks", ("celery", "-A", "benchmarks.peers.celery_tasks.tasks", *CELERY))
dramatiq = PythonPeer(
    "dramatiq_tasks",
    ("dramatiq", "benchmarks.peers.dramatiq_tasks.tasks", "--processes", "2", "--threads", "8", "--skip-logging"),
)
procrastinate = PythonPeer(
    "procrastinate_tasks",
    ("benchmarks.peers.procrastinate_tasks.worker",),
    broker=False,
    first=(("benchmarks.peers.tables",), ("benchmarks.peers.procrastinate_tasks.worker", "schema")),
)
taskiq = PythonPeer(
    "taskiq_tasks",
    ("taskiq", "worker", "benchmarks.peers.taskiq_tasks.tasks:broker", "--workers", "2", "--log-level", "WARNING"),
)
sqlalchemy_intake = PythonPeer("sqlalchemy_intake", broker=False, first=())


@contextmanager
def bullmq(place: Place) -> Iterator[Running]:
    """Express + BullMQ on Redis, which keeps the reports, the jobs and what each came to."""
    folder, port, redis = need_node(), free_ports(), place.servers.get("Redis")
    with place.processes() as started:
        environ = {
            "REDIS_URL": redis.url,
            "PORT": str(port),
            "NODE_ENV": "production",
            "DESTINATION_URLS": ",".join(f"http://{HOST}:{each}/cases" for each in place.sink.ports),
        }
        subprocess.run(["redis-cli", "-u", redis.url, "flushall"], cwd=ROOT, capture_output=True, check=True)  # noqa: S607
        running = Running(Target(port, "/reports"), said=started.said)
        running.processes["server"] = [started.start("server", ["node", "server.js"], environ, folder)]
        running.processes["workers"] = [started.start("worker", ["node", "worker.js"], environ, folder)]
        running.processes["database"] = [redis.process]
        yield running


Open = Callable[[Place], AbstractContextManager[Running]]
PEERS: dict[str, Open] = {
    "celery": celery,
    "dramatiq": dramatiq,
    "procrastinate": procrastinate,
    "taskiq": taskiq,
    "bullmq": bullmq,
}
