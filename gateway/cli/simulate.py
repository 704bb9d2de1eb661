"""`simulate`: a destination to try things on, as a real server that misbehaves when it is told to."""

from __future__ import annotations

import asyncio
import signal
import ssl
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from adapters.destinations.email import simulator as email
from adapters.destinations.lapor_xml import simulator as lapor_xml
from adapters.destinations.ministry_rest import simulator as ministry
from adapters.destinations.open311 import simulator as open311
from adapters.destinations.sftp import simulator as sftp
from adapters.destinations.sp4n import simulator as sp4n
from adapters.simulator import Book, SimulatedApp, Simulator, parse_fault
from adapters.simulator.mishaps import OtherSide
from gateway.cli.say import note, tell
from gateway.cli.tether import hold_on_to_stdin
from schemas.errors import Misconfigured

app = typer.Typer(add_completion=False)


class Kind(StrEnum):
    """What can be simulated."""

    SP4N = "sp4n"
    MINISTRY = "ministry"
    EMAIL = "email"
    LAPOR_XML = "lapor-xml"
    OPEN311 = "open311"
    SFTP = "sftp"


class Mode(StrEnum):
    """What a second sending of the same does."""

    DEDUPES = "dedupes"
    LOOKUP = "lookup"
    NEITHER = "neither"


_OTHERS: dict[Kind, Callable[[Mode, Book], OtherSide]] = {
    Kind.EMAIL: lambda mode, book: email.simulated("dedupes" if mode is Mode.DEDUPES else "neither", book),
    Kind.SFTP: lambda mode, book: sftp.simulated(book=book),
}
"""Those that do not speak HTTP; their faults are kinds of their own, named in their adapters' simulators."""


class Proof(StrEnum):
    """How a ministry wants to be shown who sends."""

    SIGNATURE = "signature"
    API_KEY = "api_key"
    API_KEY_IN_QUERY = "api_key_in_query"
    BASIC = "basic"
    BEARER = "bearer"
    OAUTH2 = "oauth2"
    HMAC = "hmac"
    HMAC_OF_TIMESTAMP = "hmac_of_timestamp"


def _app(kind: Kind, mode: Mode, wants: list[Proof] | None) -> SimulatedApp:
    match kind:
        case Kind.SP4N:
            return sp4n.simulated()
        case Kind.LAPOR_XML:
            return lapor_xml.simulated()
        case Kind.OPEN311:
            return open311.simulated(dedupes=mode is Mode.DEDUPES)
        case _:
            proofs = [proof.value for proof in wants or [Proof.SIGNATURE]]
            return ministry.simulated(mode=mode.value, wants=proofs)  # type: ignore[arg-type]  # the same words


@app.command()
def simulate(
    kind: Annotated[Kind, typer.Argument(help="Which destination.")],
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")] = 0,
    fault: Annotated[
        list[str] | None,
        typer.Option("--fault", metavar="SPEC", help="Misbehave: reset_after:request=3:path=/complaints/complaint$"),
    ] = None,
    book: Annotated[Path | None, typer.Option(help="Keep what was taken in this file, and go on with it.")] = None,
    mode: Annotated[
        Mode, typer.Option(help="Ministry and open311: what it does with a key that came before.")
    ] = Mode.DEDUPES,
    wants: Annotated[
        list[Proof] | None, typer.Option(help="Ministry only: which proofs it wants; the signature unless told.")
    ] = None,
    certificate: Annotated[
        Path | None, typer.Option(help="Speak TLS with this certificate (PEM), its key in --key.")
    ] = None,
    key: Annotated[Path | None, typer.Option(help="The key of --certificate (PEM), without a passphrase.")] = None,
    clients: Annotated[
        Path | None, typer.Option(help="Mutual TLS: take only clients whom these authorities (PEM) vouch for.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Shifts the chance of every fault.")] = 0,
    tethered: Annotated[bool, typer.Option(hidden=True, help="Leave when standard input closes.")] = False,
) -> None:
    """Run a simulated destination until Ctrl-C. GET /_simulator/book shows what one that speaks HTTP took."""
    if tethered:
        hold_on_to_stdin()
    if kind in _OTHERS:
        other = _OTHERS[kind](mode, _opened(book))
        asyncio.run(_run(other, kind, host, port, fault or ()))
        return
    faults = [parse_fault(text) for text in fault or ()]
    simulator = Simulator(
        _app(kind, mode, wants), book=_opened(book), faults=faults, seed=seed, tls=tls_of(certificate, key, clients)
    )
    asyncio.run(_run(simulator, kind, host, port))


async def _run(simulator: Simulator | OtherSide, kind: Kind, host: str, port: int, mishaps: Sequence[str] = ()) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        await simulator.start(host, port)
    except OSError as error:
        raise Misconfigured(
            f"cannot listen on {host} port {port}: {error.strerror}; choose another with --port"
        ) from error
    if isinstance(simulator, Simulator):
        tell(f"{kind.value}: {simulator.url}  (buku / book: {simulator.url}/_simulator/book)")
    else:
        await simulator.misbehave(*mishaps)
        tell(f"{kind.value}: {simulator.url}")
    await stop.wait()
    taken = len(simulator.book)
    await simulator.stop()
    note(f"Diambil / Taken: {taken}")


def tls_of(certificate: Path | None, key: Path | None, clients: Path | None) -> ssl.SSLContext | None:
    """What the simulator speaks: plain HTTP, TLS, or TLS with clients that prove themselves. Raises Misconfigured."""
    if certificate is None and key is None and clients is None:
        return None
    if certificate is None or key is None:
        raise Misconfigured("TLS wants a certificate and its key: give both --certificate and --key")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(certificate, key)
        if clients is not None:
            context.load_verify_locations(clients)
            context.verify_mode = ssl.CERT_REQUIRED
    except OSError as error:
        raise Misconfigured(f"certificate, key or authorities cannot be used: {error.strerror or error}") from error
    return context


def _opened(path: Path | None) -> Book:
    if path is None:
        return Book()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return Book(path)
    except (OSError, ValueError) as error:
        raise Misconfigured(f"the book {path} cannot be opened: {error}") from error
