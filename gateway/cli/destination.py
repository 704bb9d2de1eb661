"""`destination`: what the configuration names, and what operations decided about it."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

import typer

from gateway.app import opened, prepare
from gateway.certificates import trust_of
from gateway.cli.certify.command import certify
from gateway.cli.desk import Desk, at_desk
from gateway.cli.finding import found_report
from gateway.cli.inbox_key import app as inbox_key
from gateway.cli.preview_cases import print_preview
from gateway.cli.rows import DESTINATION_HEADINGS, TERM_HEADINGS
from gateway.cli.say import listing, note, tell
from gateway.config import Config
from gateway.ledger.destinations import keep_terms, list_destinations, list_terms
from gateway.ledger.destinations import pause as pause_destination
from gateway.ledger.destinations import resume as resume_destination
from gateway.ledger.gates import list_gates
from gateway.ledger.inbox import count_not_collected
from gateway.ledger.reply_shapes import accept_shapes
from gateway.ledger.values import GateRow
from gateway.operations.preview_cases import Looker, preview_of, stored_case
from gateway.operations.rows import destination_row, term_row
from gateway.probing import probe
from gateway.route.institutions import disagreements
from gateway.settings import load_settings
from schemas.errors import Invalid, NotFound

app = typer.Typer(add_completion=False, no_args_is_help=True)
app.add_typer(inbox_key, name="inbox-key")
app.command()(certify)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The destination.")]
INSTITUTION = "institution"

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List destinations with their state."""

    async def work(desk: Desk) -> list[dict[str, Any]]:
        config = prepare(desk.settings).config
        decided = {row.name: row for row in await desk.ledger.read(list_destinations)}
        gates = await desk.ledger.read(list_gates)
        late = await desk.ledger.read(count_not_collected)
        names = dict.fromkeys((*config.destinations, *decided))
        return [_row(config, name, decided, gates) | {"not_collected": late.get(name, 0)} for name in names]

    listing(at_desk(work), DESTINATION_HEADINGS, as_json=as_json, empty="Belum ada tujuan / No destination configured.")


@app.command()
def pause(
    name: Name,
    reason: Annotated[str, typer.Option(help="Why; shown beside the destination.", prompt="Alasan / Reason")],
) -> None:
    """Send nothing to a destination until it is resumed. Handoffs keep their places; none is lost."""

    async def work(desk: Desk) -> None:
        _known(prepare(desk.settings).config, name)
        changed = await desk.ledger.write(pause_destination, name, desk.actor, reason, desk.now)
        tell(f"Dijeda / Paused: {name}" if changed else f"{name}: sudah dijeda / paused already")

    at_desk(work)


@app.command()
def resume(name: Name) -> None:
    """Send to a paused destination again."""

    async def work(desk: Desk) -> None:
        changed = await desk.ledger.write(resume_destination, name, desk.actor, desk.now)
        tell(f"Dilanjutkan / Resumed: {name}" if changed else f"{name}: tidak dijeda / was not paused")

    at_desk(work)


@app.command()
def accept(name: Name) -> None:
    """Accept that the destination's replies have another shape now: it is learned anew, and sending goes on."""

    async def work(desk: Desk) -> None:
        _known(prepare(desk.settings).config, name)
        resumed = await desk.ledger.write(accept_shapes, name, desk.actor, desk.now)
        tell(f"Diterima / Accepted: {name}" + (" · dilanjutkan / resumed" if resumed else ""))

    at_desk(work)


@app.command()
def sync(name: Name) -> None:
    """Read the destination's vocabularies and say what changed, and where the directory disagrees with them."""

    async def work(desk: Desk) -> None:
        async with opened(desk.settings) as gateway:
            if name not in gateway.lines:
                raise _unknown(gateway.config, name)
            terms = await gateway.lines[name].destination.sync()
            if not terms:
                note(f"{name}: tidak punya daftar istilah / has no vocabulary to read")
                return
            changes = await gateway.ledger.write(keep_terms, name, terms, desk.now)
            institutions = {term.code: term.name for term in terms if term.kind == INSTITUTION}
            wrong = disagreements(gateway.config.rules.directory, institutions) if institutions else []
        tell(
            f"{name}: {len(terms)} · baru / added {changes.added} · "
            f"berubah nama / renamed {changes.renamed} · hilang / gone {changes.gone}"
        )
        for told in wrong:
            note(f"direktori / directory: {told}")

    at_desk(work)


@app.command()
def test(name: Name) -> None:
    """Find out whether the destination can be reached: its name resolved, a connection opened. Nothing is sent."""

    async def work(desk: Desk) -> None:
        config = prepare(desk.settings).config
        _known(config, name)
        entry = config.destinations[name].entry
        problem = await probe(entry.url, entry.connect_timeout, trust_of(entry))
        if problem is not None:
            raise NotFound(f"{name}: {problem}")
        tell(f"{name}: {entry.url} dapat dihubungi / can be reached", style="green")

    at_desk(work)


@app.command()
def terms(
    name: Name,
    kind: Annotated[str | None, typer.Option(help="Only institution, category or template.")] = None,
    gone: Annotated[bool, typer.Option(help="Those too that are no longer there.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the destination's vocabularies as they were last read."""

    async def work(desk: Desk) -> list[dict[str, Any]]:
        return [term_row(row) for row in await desk.ledger.read(list_terms, name, kind, gone)]

    empty = f"Belum ada / None yet: sp4n-gateway destination sync {name}"
    listing(at_desk(work), TERM_HEADINGS, as_json=as_json, empty=empty)


@app.command()
def preview(
    name: Name,
    report: Annotated[str | None, typer.Argument(metavar="[REPORT]", help="A stored report; else a sample.")] = None,
    reveal_it: Annotated[
        bool, typer.Option("--reveal", help="Show the stored report as it is; recorded with the reason.")
    ] = False,
    reason: Annotated[str | None, typer.Option(help="Why the content must be seen.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show the requests that a report becomes here, secrets masked, and which personal fields go. Nothing is sent."""
    if reveal_it and not (reason or "").strip():
        raise Invalid("--reveal needs --reason: it stands in the record beside your name")
    if report is None:
        config = prepare(load_settings()).config
        _known(config, name)
        print_preview(asyncio.run(preview_of(config.destinations[name], None)), as_json=as_json)
        return

    async def work(desk: Desk) -> None:
        config = prepare(desk.settings).config
        _known(config, name)
        configured, record = config.destinations[name], await found_report(desk, report)
        looker = Looker(desk.ledger, desk.vault(), desk.actor, desk.now)
        case = await stored_case(looker, record, configured, reason=reason if reveal_it else None)
        print_preview(await preview_of(configured, case), as_json=as_json)

    at_desk(work)


def _row(config: Config, name: str, decided: dict[str, Any], gates: list[GateRow]) -> dict[str, Any]:
    configured = config.destinations.get(name)
    adapter = configured.kind.name if configured else None
    url = configured.entry.url if configured else None
    return destination_row(name, adapter, url, decided.get(name), [one for one in gates if one.destination == name])


def _known(config: Config, name: str) -> None:
    if name not in config.destinations:
        raise _unknown(config, name)


def _unknown(config: Config, name: str) -> NotFound:
    return NotFound(
        f"no destination is called {name!r}; the configuration names {', '.join(config.destinations) or 'none'}"
    )
