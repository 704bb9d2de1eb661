"""`alert`: what is wrong, what it means and what to do; and the webhooks that are told of it."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
import typer

from gateway.cli.asked import agreed, secret
from gateway.cli.desk import Desk, at_desk
from gateway.cli.rows import ALERT_HEADINGS, HOOK_HEADINGS
from gateway.cli.say import listing, note, tell
from gateway.hooks import deliver, trial_event
from gateway.ledger.alert_hooks import HookRow, add_hook, drop_hook, list_hooks
from gateway.ledger.alerts import list_alerts
from gateway.operations.hooks import make_hook
from gateway.operations.rows import alert_row, hook_row
from schemas.errors import NotFound
from schemas.ids import new_id

app = typer.Typer(add_completion=False, no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The hook.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("list")
def list_(
    every: Annotated[bool, typer.Option("--all", help="Those too that are over.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List what is wrong now, newest first, with what it means and what to do."""

    async def work(desk: Desk) -> list[dict[str, Any]]:
        return [alert_row(one) for one in await desk.ledger.read(list_alerts, raised=not every, limit=limit)]

    rows = at_desk(work)
    if not as_json:
        rows = [row | {name: " / ".join(row[name].values()) for name in ("title", "meaning", "todo")} for row in rows]
    listing(rows, ALERT_HEADINGS, as_json=as_json, empty="Semua baik / All is well.")


@app.command()
def add(
    url: Annotated[str, typer.Argument(metavar="URL", help="Where alerts are posted to.")],
    name: Annotated[str | None, typer.Option(help="What the hook is called; usually its host.")] = None,
    private: Annotated[bool, typer.Option("--private", help="The host may be an inside address, and http.")] = False,
    given: Annotated[
        str | None, typer.Option("--secret", help="whsec_…, as @file or - for stdin; else one is made.")
    ] = None,
) -> None:
    """Tell a webhook of every alert that is raised or cleared, signed as Standard Webhooks says."""
    chosen = secret(given, "secret") if given is not None else None

    async def work(desk: Desk) -> None:
        hook, key = make_hook(desk.vault(), name, url, chosen, desk.now, private=private)
        await desk.ledger.write(add_hook, hook, desk.actor)
        tell(f"Dibuat / Made: {hook.name} → {hook.url}")
        if chosen is None:
            note("Rahasia ini hanya tampil sekali / This secret is shown only once:")
            tell(key)

    at_desk(work, begin=True)


@app.command()
def hooks(as_json: AsJson = False) -> None:
    """List who is told."""

    async def work(desk: Desk) -> list[dict[str, Any]]:
        return [hook_row(hook) for hook in await desk.ledger.read(list_hooks)]

    listing(at_desk(work), HOOK_HEADINGS, as_json=as_json, empty="Belum ada / None yet: alert add URL")


@app.command()
def drop(name: Name, yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False) -> None:
    """Tell a hook nothing more."""

    async def work(desk: Desk) -> None:
        await _known(desk, name)
        if not agreed(f"Hapus {name} / Drop {name}?", yes=yes):
            raise typer.Exit(1)
        await desk.ledger.write(drop_hook, name, desk.actor, desk.now)
        tell(f"Dihapus / Dropped: {name}")

    at_desk(work)


@app.command()
def test(name: Name) -> None:
    """Send a hook a test event now, and say how it answered."""

    async def work(desk: Desk) -> None:
        body = orjson.dumps(trial_event(desk.now)).decode()
        reason = await deliver(desk.vault(), await _known(desk, name), new_id(desk.now), body, desk.now)
        if reason is not None:
            raise NotFound(f"{name} did not take it: {reason}")
        tell(f"{name}: diterima / taken", style="green")

    at_desk(work)


async def _known(desk: Desk, name: str) -> HookRow:
    found = next((hook for hook in await desk.ledger.read(list_hooks) if hook.name == name), None)
    if found is None:
        raise NotFound(f"there is no hook {name}; see `alert hooks`")
    return found
