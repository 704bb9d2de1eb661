"""The command tree: one visible line for each command, loaded only when it is called.

`sp4n-gateway --help` and every start stay fast, because a command's module, with the database drivers, the HTTP stack
and the adapters below it, is imported when that command runs and not before.
"""

from __future__ import annotations

import importlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command as built

from gateway import __version__
from gateway.cli.failures import explained

RUN = "Run"
WATCH = "Watch and repair"
SET_UP = "Set up"
PROVE = "Prove"
BUILD = "Build"


CONFIG_VARIABLE = "SP4N_GATEWAY_CONFIG"


@dataclass(frozen=True, slots=True)
class Entry:
    """One command: its name, the module whose `app` it is, and the line that the help shows."""

    name: str
    module: str
    help: str
    panel: str


COMMANDS = (
    Entry("demo", "demo", "Run everything here with simulated destinations and sample reports", RUN),
    Entry("serve", "serve", "Run the HTTP face, and a worker beside it", RUN),
    Entry("worker", "worker", "Run a worker only", RUN),
    Entry("simulate", "simulate", "Run a simulated destination", RUN),
    Entry("tail", "tail", "Follow deliveries as they happen", WATCH),
    Entry("log", "log", "The delivery log by filter, and its saved views", WATCH),
    Entry("report", "report", "Show what became of a report; erase the person in it", WATCH),
    Entry("handoff", "handoff", "List, show, redrive, take back, cancel and resolve handoffs", WATCH),
    Entry("clocks", "clocks", "List the law's clocks that approach their end or have run out", WATCH),
    Entry("import", "importing", "Take in the reports of a table, from Excel or CSV", WATCH),
    Entry("mail", "mail", "Take in bounces that a mail system hands over", WATCH),
    Entry("park", "park", "List, redrive and cancel what was set aside", WATCH),
    Entry("review", "review", "Decide about reports that screening set aside", WATCH),
    Entry("file", "file", "Decide about files that did not travel", WATCH),
    Entry("route", "route", "Explain where a report was sent, and why", WATCH),
    Entry("books", "books", "Show the balance: accepted, and what became of it", WATCH),
    Entry("alert", "alert", "What is wrong now, and who is told of it", WATCH),
    Entry("audit", "audit", "Show who did what", WATCH),
    Entry("doctor", "doctor", "Examine this installation and say how to mend it", WATCH),
    Entry("restored", "restored", "Say that the ledger was put back from a backup", WATCH),
    Entry("archive", "archive", "Move the content of old reports into files, and back", WATCH),
    Entry("channel", "channel", "Make and close channels, make and revoke their keys", SET_UP),
    Entry("destination", "destination", "List, pause, resume, synchronize and test destinations", SET_UP),
    Entry("user", "user", "Make users of console and API, give them roles and keys, lock them out", SET_UP),
    Entry("keys", "keys", "Show, rotate and rewrap the encryption keys", SET_UP),
    Entry("migrate", "migrate", "Bring the ledger's schema up to date", SET_UP),
    Entry("settings", "settings", "Print the settings in force, secrets masked", SET_UP),
    Entry("evaluate", "evaluate", "Measure screening and classification on labelled messages", PROVE),
    Entry("figures", "figures", "Show the follow-up rate and the time to each state", PROVE),
    Entry("chaos", "chaos", "Kill and cut off a scratch copy of this installation, then count", PROVE),
    Entry("daily", "daily", "The report of a day: figures, CSV, a page of paper, charts", PROVE),
    Entry("verify", "verify", "Prove that no recorded handoff was changed", PROVE),
    Entry("receipt", "receipt", "Write the receipt of a report for whoever reported it", PROVE),
    Entry("export", "export", "Write a bundle that proves handoffs to others", PROVE),
    Entry("new-adapter", "new_adapter", "Start a channel or destination adapter from the template", BUILD),
    Entry("openapi", "openapi", "Print the OpenAPI document of the HTTP face", BUILD),
    Entry("schema", "schema", "Print the JSON Schema of a published schema", BUILD),
)

_MODULES = {entry.name: entry.module for entry in COMMANDS}


class LazyTree(TyperGroup):
    """Shows the table above in its help, and loads a command when it is called."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands.update({entry.name: _stand_in(entry) for entry in COMMANDS})

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command itself, in place of the one that stands in for it."""
        name, stand_in, rest = super().resolve_command(ctx, args)
        return name, stand_in and _loaded(str(stand_in.name)), rest

    def invoke(self, ctx: Any) -> Any:
        """Run it; an expected error becomes plain words and an exit code."""
        with explained():
            return super().invoke(ctx)


def _stand_in(entry: Entry) -> TyperCommand:
    return TyperCommand(name=entry.name, help=entry.help, rich_help_panel=entry.panel)


def _loaded(name: str) -> Any:
    module = importlib.import_module(f"gateway.cli.{_MODULES[name]}")
    command = built(module.app)
    command.name = name
    return command


app = typer.Typer(
    cls=LazyTree,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Takes citizen reports from every channel, hands each to SP4N-LAPOR! and the ministries, and can prove it.",
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


def _name_config(path: Path | None) -> None:
    if path is not None:
        os.environ[CONFIG_VARIABLE] = str(path)


@app.callback()
def root(
    config: Annotated[
        Path | None,
        typer.Option(
            "--config", metavar="FILE", help="The configuration file; SP4N_GATEWAY_CONFIG.", callback=_name_config
        ),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Takes citizen reports from every channel, hands each to SP4N-LAPOR! and the ministries, and can prove it."""
