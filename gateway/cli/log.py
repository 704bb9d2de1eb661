"""`log`: the delivery log with the console's filters, and its saved views."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import parse_qsl

import typer

from gateway.cli.asked import identity, unseen
from gateway.cli.desk import Desk, at_desk
from gateway.cli.rows import LOG_HEADINGS, VIEW_HEADINGS
from gateway.cli.say import listing, note, tell
from gateway.ledger.delivery_log import LogLine, read_log
from gateway.ledger.saved_views import SavedView, drop_view, list_views, save_view
from gateway.operations.documents import log_row
from gateway.operations.log_query import LogQuery, log_query
from gateway.operations.rows import view_row
from gateway.operations.searching import named_in, reporter_hash
from schemas.errors import Invalid, NotFound
from schemas.ids import new_id

app = typer.Typer(add_completion=False, no_args_is_help=True)

Find = Annotated[str | None, typer.Option(help="Of the report with this tracking code or reference.")]
Destination = Annotated[str | None, typer.Option("--destination", "-d", help="Only to this destination.")]
Channel = Annotated[str | None, typer.Option("--channel", "-c", help="Only from this channel.")]
State = Annotated[str | None, typer.Option(help="Only of handoffs in this state.")]
Outcome = Annotated[str | None, typer.Option(help="Only with this outcome: delivered, deferred, refused, uncertain.")]
Reason = Annotated[str | None, typer.Option(help="Only where the reason holds this text, such as http_50.")]
Since = Annotated[str | None, typer.Option(help="Only begun since: a date or time (WIB).")]
Until = Annotated[str | None, typer.Option(help="Only begun before: a date or time (WIB).")]


@app.command("list")
def list_(
    find: Find = None,
    destination: Destination = None,
    channel: Channel = None,
    state: State = None,
    outcome: Outcome = None,
    reason: Reason = None,
    since: Since = None,
    until: Until = None,
    reporter: Annotated[
        bool, typer.Option("--reporter", help="Of a phone number or NIK; typed unseen, recorded.")
    ] = False,
    view: Annotated[str | None, typer.Option(help="A saved view by its name; other filters add to it.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at most.")] = 50,
    before: Annotated[str | None, typer.Option(help="Go on before this id, the last of the page before.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List attempts, newest first, each with what came of it."""
    given = _given(find=find, destination=destination, channel=channel, state=state, outcome=outcome, reason=reason)
    given |= _given(since=since, until=until)
    number = unseen("Nomor telepon atau NIK / Phone number or NIK") if reporter else None
    cursor = identity(before) if before else None

    async def work(desk: Desk) -> list[LogLine]:
        wanted = await _wanted(desk, view, given, number)
        return await desk.ledger.read(read_log, wanted.wanted, cursor, limit)

    lines = at_desk(work)
    rows = [log_row(line) if as_json else _cells(line) for line in lines]
    listing(rows, LOG_HEADINGS, as_json=as_json, empty="Tidak ada yang cocok / Nothing fits.")
    if len(lines) == limit:
        note(f"Masih ada lagi mungkin / There may be more: --before {lines[-1].attempt.id}")


@app.command()
def views(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List saved views: your own, and those that others share."""

    async def work(desk: Desk) -> list[dict[str, Any]]:
        return [view_row(view) for view in await desk.ledger.read(list_views, desk.actor)]

    listing(at_desk(work), VIEW_HEADINGS, as_json=as_json, empty="Belum ada tampilan tersimpan / No saved view yet.")


@app.command()
def save(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What the view is called.")],
    find: Find = None,
    destination: Destination = None,
    channel: Channel = None,
    state: State = None,
    outcome: Outcome = None,
    reason: Reason = None,
    shared: Annotated[bool, typer.Option("--shared", help="Everybody sees it, in the console too.")] = False,
) -> None:
    """Save these filters as a view; one of yours of the same name is replaced."""
    given = _given(find=find, destination=destination, channel=channel, state=state, outcome=outcome, reason=reason)
    if not given:
        raise Invalid("a view without a filter is the whole log: give one")

    async def work(desk: Desk) -> None:
        query = log_query(given, desk.now).address
        view = SavedView(new_id(desk.now), desk.actor, name[:64], query, shared, desk.now)
        await desk.ledger.write(save_view, view)
        tell(f"Disimpan / Saved: {name} ({query})")

    at_desk(work)


@app.command()
def drop(name: Annotated[str, typer.Argument(metavar="NAME", help="One of your own views.")]) -> None:
    """Forget a view of your own."""

    async def work(desk: Desk) -> None:
        view = await _named(desk, name)
        if not await desk.ledger.write(drop_view, view.id, desk.actor):
            raise NotFound(f"the view {name} is somebody else's")
        tell(f"Dihapus / Forgotten: {name}")

    at_desk(work)


async def _wanted(desk: Desk, view: str | None, given: Mapping[str, str], number: str | None) -> LogQuery:
    """The query of the options, on top of a saved view, about one reporter if asked. Raises NotFound, Invalid."""
    asked = dict(parse_qsl((await _named(desk, view)).query)) if view else {}
    asked |= given
    if number is not None:
        key = await reporter_hash(desk.ledger, desk.vault(), number, actor=desk.actor, now=desk.now)
        if key is None:
            raise Invalid("that is neither a phone number nor a NIK")
        asked["reporter"] = key.hex()
    return await named_in(desk.ledger, log_query(asked, desk.now), may_reveal=True)


async def _named(desk: Desk, name: str) -> SavedView:
    views = await desk.ledger.read(list_views, desk.actor)
    found = sorted((view for view in views if view.name == name), key=lambda view: view.owner != desk.actor)
    if not found:
        raise NotFound(f"there is no view {name}; see `log views`")
    return found[0]


def _given(**values: str | None) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}


def _cells(line: LogLine) -> dict[str, Any]:
    """A line of the log as a table shows it."""
    attempt, last = line.attempt, line.last
    return {
        "started_at": attempt.started_at,
        "tracking_code": line.tracking_code,
        "channel": line.channel,
        "destination": attempt.destination,
        "step": f"{attempt.step} #{attempt.number}",
        "outcome": last.outcome.value if last else None,
        "reason": last.reason if last else None,
        "state": line.state.value,
        "reference": line.reference,
    }
