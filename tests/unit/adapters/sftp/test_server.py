"""The way to a server: only to the one whose key is known, and one case there whatever breaks."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adapters.contract import DestinationEntry
from adapters.destinations.sftp.adapter import COLLECT, DROP, Dropbox, build
from adapters.destinations.sftp.options import Options
from adapters.destinations.sftp.simulator import SimulatedDropbox
from schemas.errors import Misconfigured
from schemas.handoff import OutcomeKind, Repeat
from tests.contracts.play import play_all, play_step
from tests.contracts.subjects import FOLDER
from tests.fakes.cases import HANDOFF_ID, a_case

WRITTEN: dict[str, Any] = json.loads((FOLDER / "sftp" / "fixtures" / "password.entry.json").read_text("utf-8"))
STEP = build(
    DestinationEntry("desa", "sftp://x.example", Options.model_validate(WRITTEN["options"]), WRITTEN["secrets"])
).next_step(a_case())


def an_entry(url: str, *, inside: bool = True, secrets: dict[str, str] | None = None) -> DestinationEntry:
    return DestinationEntry(
        name="desa",
        url=url,
        options=Options.model_validate(WRITTEN["options"]),
        secrets=WRITTEN["secrets"] if secrets is None else secrets,
        private_hosts=frozenset({"127.0.0.1"}) if inside else frozenset(),
    )


@pytest.fixture
async def ministry() -> AsyncIterator[SimulatedDropbox]:
    simulator = SimulatedDropbox(public_key=WRITTEN["simulated"]["public_key"])
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
async def dropbox(ministry: SimulatedDropbox) -> AsyncIterator[Dropbox]:
    adapter = build(an_entry(f"{ministry.url}/masuk"))
    yield adapter
    await adapter.aclose()


async def _drop(dropbox: Dropbox) -> tuple[OutcomeKind, str]:
    assert STEP is not None
    outcome = (await play_step(dropbox, a_case(), STEP)).outcome
    return outcome.kind, outcome.reason


def _lying(ministry: SimulatedDropbox) -> list[str]:
    return sorted(path.name for path in ministry.root.rglob("*") if path.is_file())


async def test_the_case_and_its_signature_lie_there_and_nothing_beside_them(
    ministry: SimulatedDropbox, dropbox: Dropbox
) -> None:
    assert await _drop(dropbox) == (OutcomeKind.DELIVERED, "placed")
    assert _lying(ministry) == [f"{HANDOFF_ID}.json", f"{HANDOFF_ID}.json.sig"]


async def test_nothing_is_told_to_a_server_with_another_key(ministry: SimulatedDropbox, dropbox: Dropbox) -> None:
    await ministry.misbehave("wrong_host_key")
    assert await _drop(dropbox) == (OutcomeKind.DEFERRED, "host_key_unknown")
    assert _lying(ministry) == []


async def test_an_address_inside_is_not_connected_to_unless_allowed_by_name(ministry: SimulatedDropbox) -> None:
    adapter = build(an_entry(ministry.url, inside=False))
    assert await _drop(adapter) == (OutcomeKind.DEFERRED, "address_blocked")
    await adapter.aclose()


@pytest.mark.parametrize("kind", ["disk_full", "write_reset", "rename_reset", "renamed_reset"])
async def test_whatever_breaks_one_case_is_there_in_the_end(
    kind: str, ministry: SimulatedDropbox, dropbox: Dropbox
) -> None:
    await ministry.misbehave(kind)
    await _drop(dropbox)
    assert await _drop(dropbox) == (OutcomeKind.DELIVERED, "placed")
    assert _lying(ministry) == [f"{HANDOFF_ID}.json", f"{HANDOFF_ID}.json.sig"]


async def test_a_case_that_the_ministry_has_spoken_of_is_not_put_there_again(
    ministry: SimulatedDropbox, dropbox: Dropbox
) -> None:
    (ministry.root / "masuk" / "ack").mkdir(parents=True)
    (ministry.root / "masuk" / "ack" / f"{HANDOFF_ID}.ack").write_text("{}")
    assert await _drop(dropbox) == (OutcomeKind.DELIVERED, "placed")
    assert _lying(ministry) == [f"{HANDOFF_ID}.ack"]


async def test_an_acknowledgement_in_doubt_can_be_corrected(ministry: SimulatedDropbox) -> None:
    adapter = build(an_entry(ministry.url))
    case = a_case()
    step = adapter.next_step(case)
    assert step is not None
    case = replace(case, progress={DROP: (await play_step(adapter, case, step)).outcome.yields})
    collect = adapter.next_step(case)
    assert collect is not None
    assert (collect.name, collect.repeat) == (COLLECT, Repeat.DEDUPES)
    await ministry.misbehave("acks_other_bytes")
    assert (await play_step(adapter, case, collect)).outcome.reason == "ack_digest_differs"
    _, played = await play_all(adapter, case)
    assert [one.outcome.reason for one in played] == ["acknowledged"]
    await adapter.aclose()


@pytest.mark.parametrize(
    ("url", "secrets", "said"),
    [
        ("ftp://x.example", {}, "no SFTP server"),
        ("sftp://x.example/../etc", {}, "folder"),
        ("sftp://x.example", {"password": ""}, "cannot log in"),
        ("sftp://x.example", {"login_key": "x"}, "cannot log in"),
        ("sftp://x.example", {"signing_key": "x"}, "signing key"),
        ("sftp://x.example", {"password": "", "login_key": "x"}, "login key"),
    ],
)
def test_an_entry_that_cannot_work_is_refused(url: str, secrets: dict[str, str], said: str) -> None:
    given = {name: value for name, value in (WRITTEN["secrets"] | secrets).items() if value}
    with pytest.raises(Misconfigured, match=said):
        build(an_entry(url, secrets=given))


def test_the_page_names_the_fingerprint_of_the_simulator() -> None:
    page = (Path(FOLDER) / "sftp" / "README.md").read_text("utf-8")
    assert WRITTEN["options"]["host_keys"][0] in page
