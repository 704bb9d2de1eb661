"""Where the demonstration lives: its folder, its ports, its processes and how each of them misbehaves."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from gateway.sockets import is_free
from schemas.errors import Misconfigured

HOST = "127.0.0.1"
FIRST_PORT = 8801
_CONFIG = "gateway.yaml"
_PACE = "gather_seconds: 4s, grace: 8s, quiet_hours: 00:00-00:00, notice_burst: 2s"
"""Settings that suit a demonstration: nobody waits long for it to begin or to end."""


@dataclass(frozen=True, slots=True)
class Pretender:
    """A simulated destination: its name in the configuration, its kind, and its faults (see `simulate --fault`)."""

    name: str
    kind: str
    faults: tuple[str, ...]
    mode: str | None = None


PRETENDERS = (
    Pretender(
        "sp4n",
        "sp4n",
        (
            "status:request=4:status=503:retry_after=3:path=/complaints/complaint$",
            "reset_before:request=9:path=/reject$",
            "stall_after:request=12:path=/complaints/complaint$",
            "status:request=20:probability=0.03:seed=1:status=503:retry_after=5:path=/complaints/complaint$",
        ),
    ),
    Pretender(
        "pupr",
        "ministry",
        ("stall_after:request=5", "status:request=10:probability=0.05:seed=2:status=503:retry_after=4"),
        "dedupes",
    ),
    Pretender(
        "kemenkes", "ministry", ("reset_after:request=3", "reset_after:request=8:probability=0.05:seed=3"), "lookup"
    ),
    Pretender("kemendikdasmen", "ministry", ("status:request=2:times=2:status=429:retry_after=3",), "dedupes"),
)
"""The destinations of the demonstration's configuration, in the order of their ports."""

MEDIA_OFFSET = len(PRETENDERS)
_USUAL = re.compile(rf"{re.escape(HOST)}:({'|'.join(str(FIRST_PORT + each) for each in range(MEDIA_OFFSET))})\b")


@dataclass(frozen=True, slots=True)
class Place:
    """The folder and the ports of one demonstration."""

    folder: Path
    port: int
    port_base: int

    @property
    def address(self) -> str:
        """Where the gateway is."""
        return f"http://{HOST}:{self.port}"

    @property
    def config(self) -> Path:
        """The configuration file that is written for it."""
        return self.folder / _CONFIG

    @property
    def ledger_url(self) -> str:
        """The gateway's ledger."""
        return f"sqlite:///{self.folder.absolute() / 'ledger.sqlite'}"

    @property
    def logs(self) -> Path:
        """What the processes say."""
        return self.folder / "log"

    @property
    def key_file(self) -> Path:
        """The API key of the native channel, readable by its owner only."""
        return self.folder / "app-demo.key"

    @property
    def password_file(self) -> Path:
        """The password of the console's user, readable by its owner only."""
        return self.folder / "console.password"

    @property
    def desk_key_file(self) -> Path:
        """The key that opens the walk-in desk."""
        return self.folder / "loket-demo.key"

    @property
    def open311_key_file(self) -> Path:
        """The `api_key` of Open311 clients."""
        return self.folder / "kota-demo.key"

    def book(self, pretender: Pretender) -> Path:
        """What a simulated destination took."""
        return self.folder / "books" / f"{pretender.name}.jsonl"

    @property
    def told(self) -> Path:
        """What reporters were told through WhatsApp."""
        return self.folder / "books" / "wa-demo.jsonl"

    def port_of(self, pretender: Pretender) -> int:
        """The port of a simulated destination."""
        return self.port_base + PRETENDERS.index(pretender)

    def address_of(self, pretender: Pretender) -> str:
        """The address of a simulated destination."""
        return f"http://{HOST}:{self.port_of(pretender)}"

    @property
    def media_address(self) -> str:
        """Where photos are fetched from."""
        return f"http://{HOST}:{self.port_base + MEDIA_OFFSET}"

    def environ(self, around: Mapping[str, str]) -> dict[str, str]:
        """The environment of its processes: ours, with no setting of another installation in it."""
        kept = {name: value for name, value in around.items() if not name.upper().startswith("SP4N_GATEWAY_")}
        return kept | {"SP4N_GATEWAY_CONFIG": str(self.config)}

    def furnish(self) -> None:
        """Make the folders and write the configuration for these ports. Raises Misconfigured."""
        try:
            for folder in (self.logs, self.folder / "books"):
                folder.mkdir(parents=True, exist_ok=True)
            text = files("gateway.demo").joinpath(_CONFIG).read_text(encoding="utf-8")
            text = _USUAL.sub(lambda found: f"{HOST}:{self.port_base + int(found[1]) - FIRST_PORT}", text)
            settings = f"{{data_dir: {json.dumps(str(self.folder.absolute()))}, port: {self.port}, {_PACE}}}"
            self.config.write_text(f"settings: {settings}\n\n{text}", encoding="utf-8")
        except OSError as error:
            raise Misconfigured(
                f"{self.folder} cannot be written: {error.strerror}; choose another with --data"
            ) from error

    def require_free_ports(self) -> None:
        """Raises Misconfigured naming every port that is taken, and how to choose others."""
        taken = [
            f"{port} ({name}): choose another with {option}"
            for port, name, option in self._ports()
            if not is_free(HOST, port)
        ]
        if taken:
            raise Misconfigured("these ports are taken by other programs", [f"port {each}" for each in taken])

    def _ports(self) -> list[tuple[int, str, str]]:
        simulated = [(self.port_of(each), each.name, "--port-base") for each in PRETENDERS]
        media = (self.port_base + MEDIA_OFFSET, "WhatsApp media", "--port-base")
        return [(self.port, "gateway", "--port"), *simulated, media]
