"""The HTTP application of a process: API, public pages and console, wired to what was opened."""

from __future__ import annotations

import asyncio

from fastapi import FastAPI

from adapters.channels import CHANNELS
from gateway.api.app import build_api
from gateway.api.state import Check, Face, Ops, georeport_of
from gateway.app import Gateway, keeping_of
from gateway.config.agencies import agency_names
from gateway.console.app import build_console
from gateway.console.desk import BASE, Desk, desk_of
from gateway.inbox import inbox_of
from gateway.oidc.wiring import provider_of
from gateway.opening import problem_of
from gateway.operations.checking import Checker
from gateway.public.app import add_pages
from gateway.public.state import make_public
from gateway.receipting import Receipting
from gateway.receipts.callbacks import Callbacks
from gateway.receipts.later import Later
from gateway.worker import Worker


def api_of(gateway: Gateway, worker: Worker | None, leaving: asyncio.Event | None = None) -> FastAPI:
    """The HTTP application of this process. `leaving` is set when it is told to stop: what streams ends then."""
    leaving = leaving or asyncio.Event()
    url = gateway.settings.public_url or ""
    checks: dict[str, Check] = {"ledger": lambda: problem_of(gateway.ledger)}
    checks |= {"worker": worker.check} if worker is not None else {}
    face = Face(
        intake=gateway.intake,
        access=gateway.access,
        ledger=gateway.ledger,
        metrics=gateway.metrics,
        max_body_bytes=gateway.settings.max_body_bytes,
        public_url=url,
        checks=checks,
        notes={"history": gateway.history.told},
        georeport=georeport_of(gateway.vault, gateway.settings),
        callbacks=_callbacks(gateway),
        inbox=inbox_of(gateway.lines, gateway.tools, leaving),
        later=Later(keeping_of(gateway), gateway.intake.enrolment, CHANNELS),
        receipting=Receipting(gateway.ledger, gateway.ring, gateway.clock.now, url, agency_names(gateway.config)),
        ops=_ops(gateway),
        spans=gateway.tools.spans,
    )
    api = add_pages(build_api(face), make_public(face, gateway.vault, gateway.clock, gateway.settings))
    api.state.finish = face.ops.checker.close
    if gateway.settings.console:
        desk = _desk(gateway, face.ops.checker, leaving)
        api.mount(BASE, build_console(desk))
        api.state.finish = desk.close
    return api


def _ops(gateway: Gateway) -> Ops:
    built = {name: line.destination for name, line in gateway.lines.items()}
    checker = Checker(gateway.ledger, gateway.ring, gateway.clock)
    within, learns = gateway.settings.review_within, gateway.settings.keep_corrections
    return Ops(gateway.vault, gateway.ring, gateway.config, gateway.clock, built, checker, within, learns)


def _desk(gateway: Gateway, checker: Checker, leaving: asyncio.Event) -> Desk:
    return desk_of(
        ledger=gateway.ledger,
        vault=gateway.vault,
        ring=gateway.ring,
        config=gateway.config,
        clock=gateway.clock,
        access=gateway.access,
        enrolment=gateway.intake.enrolment,
        reviewing=gateway.reviewing(),
        channels=CHANNELS,
        destinations={name: line.destination for name, line in gateway.lines.items()},
        secure=gateway.settings.is_production or (gateway.settings.public_url or "").startswith("https://"),
        leaving=leaving,
        checker=checker,
        turned_away=gateway.metrics.turned_away,
        provider=provider_of(gateway.settings, gateway.clock),
        passwords=gateway.settings.password_sign_in,
    )


def _callbacks(gateway: Gateway) -> Callbacks:
    secrets = {name: one.callback for name, one in gateway.config.destinations.items() if one.callback}
    return Callbacks(secrets, keeping_of(gateway), gateway.history.note_stranger)
