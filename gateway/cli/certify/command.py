"""`destination certify URL|NAME`: who is asked, with which secrets, and how the findings are told."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer

from adapters.contract import DestinationEntry
from adapters.destinations.ministry_rest.options import Options
from adapters.destinations.ministry_rest.signing import SIGNING_SECRET
from adapters.simulator import Book, Simulator
from gateway.app import config_of
from gateway.cli.certify.calling_back import Listener, tells_a_status
from gateway.cli.certify.script import certified
from gateway.cli.certify.talk import Talk
from gateway.cli.certify.verdicts import Found, Result
from gateway.cli.failures import FOUND_SOMETHING
from gateway.cli.say import note, print_json, tell
from gateway.clock import SystemClock
from gateway.settings import load_settings
from schemas.errors import Misconfigured, NotFound

SECRET, CALLBACK = "SP4N_CERTIFY_SECRET", "SP4N_CERTIFY_CALLBACK_SECRET"
_MARKS = {Result.PASSED: ("✓", "green"), Result.FAILED: ("✗", "red"), Result.SKIPPED: ("-", "dim")}
_STATUS_TITLE = "status disampaikan, juga setelah 503 / a status is told, after a 503 too"
_STATUS_MEND = (
    "POST /v1/cases/{case}/status bertanda tangan; setelah 503 kirim lagi dengan webhook-id yang sama / signed; after "
    "a 503 send it again with the same webhook-id"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who is certified. `callback` are the secrets of its updates, `port` where they are listened for; None: not."""

    entry: DestinationEntry
    callback: tuple[str, ...]
    port: int | None
    wait: float
    body_size: int


def certify(
    where: Annotated[str, typer.Argument(metavar="URL|NAME", help="An address, or a destination's name.")],
    body_size: Annotated[int, typer.Option(min=1_000, help="Bytes of the big body.")] = 1_000_000,
    patience: Annotated[float, typer.Option(min=0.1, help="URL only: seconds to wait for an answer.")] = 30.0,
    callback_port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Listen here for the ministry's updates, too.")
    ] = None,
    callback_wait: Annotated[float, typer.Option(min=0.1, help="Seconds to wait for an update.")] = 120.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Talk to a ministry's new endpoint as the gateway does, and say what passes, what fails and what to do.

    Its cases are marked as tests and withdrawn at the end. For a URL the secret stands in SP4N_CERTIFY_SECRET, that of
    updates in SP4N_CERTIFY_CALLBACK_SECRET. Exits with 1 when something failed.
    """
    entry, callback = _of_url(where, patience) if "://" in where else _of_name(where)
    wanted = Wanted(entry, callback, callback_port, callback_wait, body_size)
    found, left = asyncio.run(_held(wanted, quiet=as_json))
    if as_json:
        print_json(_document(where, found, left))
    else:
        _sum_up(found, left)
    if any(one.verdict.result is Result.FAILED for one in found):
        raise typer.Exit(FOUND_SOMETHING)


async def _held(wanted: Wanted, *, quiet: bool) -> tuple[list[Found], list[dict[str, Any]]]:
    """The findings, and the test cases that were made."""
    talk = Talk(wanted.entry, SystemClock(), wanted.body_size)
    listener = Listener(wanted.callback, talk.clock)
    server = Simulator(listener, book=Book())
    found = []
    try:
        if wanted.port is not None:
            await server.start(port=wanted.port)
            note(f"Alamat untuk status / Where updates go: {server.url}/v1/cases/{{case}}/status")
        async for one in certified(talk):
            found.append(one)
            _print(one, quiet=quiet)
        if wanted.port is not None:
            found.append(await _status(listener, talk, wanted.wait))
            _print(found[-1], quiet=quiet)
    finally:
        await talk.aclose()
        if wanted.port is not None:
            await server.stop()
    return found, [{"tracking_code": case.tracking_code, "reference": reference} for case, reference in talk.taken]


async def _status(listener: Listener, talk: Talk, wait: float) -> Found:
    if talk.taken:
        case, reference = talk.taken[0]
        note(f"Ubah status kasus uji ini / Now change the status of this test case: {reference or case.tracking_code}")
    verdict = await tells_a_status(listener, talk, wait)
    mend = _STATUS_MEND if verdict.result is Result.FAILED else ""
    return Found(tells_a_status.__name__, _STATUS_TITLE, verdict, mend)


def _of_url(url: str, patience: float) -> tuple[DestinationEntry, tuple[str, ...]]:
    host = urlsplit(url).hostname
    if not host:
        raise Misconfigured("write the address whole, such as https://layanan.kementerian.example/cases")
    if SECRET not in os.environ:
        raise Misconfigured(f"put the signing secret that the ministry was given into the variable {SECRET}")
    entry = DestinationEntry(
        name="certification",
        url=url,
        options=Options(),
        secrets={SIGNING_SECRET: os.environ[SECRET]},
        connect_timeout=min(10.0, patience),
        read_timeout=patience,
        total_timeout=patience * 3,
        private_hosts=frozenset({host}),
    )
    return entry, tuple(os.environ.get(CALLBACK, "").split())


def _of_name(name: str) -> tuple[DestinationEntry, tuple[str, ...]]:
    config = config_of(load_settings())
    configured = config.destinations.get(name)
    if configured is None:
        raise NotFound(f"no destination is called {name!r}; write its name as configured, or an address with https://")
    if not isinstance(configured.entry.options, Options):
        raise Misconfigured(f"{name} is no destination of the kind ministry_rest; only such can be certified")
    return configured.entry, configured.callback


def _print(one: Found, *, quiet: bool) -> None:
    if quiet:
        return
    mark, style = _MARKS[one.verdict.result]
    tell(f"{mark} {one.name}: {one.title}", style=style)
    if one.verdict.seen and one.verdict.result is not Result.PASSED:
        tell(f"    {one.verdict.seen}")
    if one.mend:
        tell(f"    → {one.mend}")


def _sum_up(found: Sequence[Found], left: Sequence[dict[str, Any]]) -> None:
    counts = {result: sum(one.verdict.result is result for one in found) for result in Result}
    tell("")
    tell(
        f"Lulus / Passed: {counts[Result.PASSED]} · gagal / failed: {counts[Result.FAILED]} · "
        f"dilewati / skipped: {counts[Result.SKIPPED]}"
    )
    if left:
        references = ", ".join(one["reference"] or one["tracking_code"] for one in left)
        tell(f"Kasus uji, sudah ditarik / Test cases, withdrawn: {references}")


def _document(where: str, found: Sequence[Found], left: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {
        "endpoint": where,
        "certified": not any(one.verdict.result is Result.FAILED for one in found),
        "checks": [
            {
                "name": one.name,
                "title": one.title,
                "result": one.verdict.result.value,
                "seen": one.verdict.seen,
                "mend": one.mend,
            }
            for one in found
        ],
        "test_cases": list(left),
    }
