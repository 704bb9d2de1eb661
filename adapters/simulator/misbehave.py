"""How each kind of misbehaviour is done: another answer in place of the true one, or a wire that breaks."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Awaitable, Callable
from functools import cache

from adapters.simulator.exchange import SimulatedAnswer
from adapters.simulator.faults import FaultRule
from adapters.simulator.wire import Wire, head_of

ENORMOUS = 64 * 1024 * 1024
_CHUNK = b" " * 65536
_TRICKLE_SECONDS = 0.05
_ENDLESS = 1_000_000

_LOGIN_PAGE = "<!doctype html><html lang='id'><title>Masuk</title><p>Sesi Anda berakhir. Silakan masuk kembali.</p>"


def _with_status(default: int) -> Callable[[FaultRule, SimulatedAnswer], SimulatedAnswer]:
    def answer(rule: FaultRule, _: SimulatedAnswer) -> SimulatedAnswer:
        status = rule.status or default
        told = SimulatedAnswer.of_json({"message": "Sistem sedang sibuk"}, status)
        extra = {} if rule.retry_after is None else {"retry-after": rule.retry_after}
        return SimulatedAnswer(status, {**told.headers, **extra}, told.body)

    return answer


def _redirect(rule: FaultRule, _: SimulatedAnswer) -> SimulatedAnswer:
    return SimulatedAnswer(rule.status or 302, {"location": "/masuk"})


def _html(_rule: FaultRule, _: SimulatedAnswer) -> SimulatedAnswer:
    return SimulatedAnswer(200, {"content-type": "text/html; charset=utf-8"}, _LOGIN_PAGE.encode())


def _no_id(_rule: FaultRule, _: SimulatedAnswer) -> SimulatedAnswer:
    return SimulatedAnswer.of_json({"message": "Berhasil"})


def _malformed(_rule: FaultRule, answer: SimulatedAnswer) -> SimulatedAnswer:
    return SimulatedAnswer(200, {"content-type": "application/json"}, b'{"results": [' + answer.body[:1])


def _bomb(_rule: FaultRule, _: SimulatedAnswer) -> SimulatedAnswer:
    return SimulatedAnswer(200, {"content-type": "application/json", "content-encoding": "gzip"}, _packed())


@cache
def _packed() -> bytes:
    return gzip.compress(bytes(ENORMOUS), compresslevel=1, mtime=0)


REPLACED: dict[str, Callable[[FaultRule, SimulatedAnswer], SimulatedAnswer]] = {
    "status": _with_status(503),
    "status_after": _with_status(500),
    "redirect": _redirect,
    "html": _html,
    "no_id": _no_id,
    "malformed": _malformed,
    "bomb": _bomb,
}
"""Another answer, sent properly."""


async def _reset(wire: Wire, _rule: FaultRule, _: SimulatedAnswer) -> None:
    wire.reset()


async def _stall(wire: Wire, rule: FaultRule, _: SimulatedAnswer) -> None:
    await wire.hold(rule.seconds)


async def _stall_headers(wire: Wire, rule: FaultRule, answer: SimulatedAnswer) -> None:
    await _close_mid_headers(wire, rule, answer)
    await wire.hold(rule.seconds)


async def _stall_body(wire: Wire, rule: FaultRule, answer: SimulatedAnswer) -> None:
    await _truncated(wire, rule, answer)
    await wire.hold(rule.seconds)


async def _trickle(wire: Wire, rule: FaultRule, answer: SimulatedAnswer) -> None:
    await wire.write(head_of(answer, _ENDLESS))
    body = answer.body.ljust(_ENDLESS)
    for place in range(_ENDLESS):
        await wire.write(body[place : place + 1])
        await asyncio.sleep(rule.seconds or _TRICKLE_SECONDS)


async def _truncated(wire: Wire, _rule: FaultRule, answer: SimulatedAnswer) -> None:
    await wire.write(head_of(answer, len(answer.body) + 10) + answer.body[: len(answer.body) // 2])


async def _close_mid_headers(wire: Wire, _rule: FaultRule, answer: SimulatedAnswer) -> None:
    head = head_of(answer, len(answer.body))
    await wire.write(head[: len(head) // 2])


async def _enormous(wire: Wire, _rule: FaultRule, answer: SimulatedAnswer) -> None:
    await wire.write(head_of(SimulatedAnswer(200, answer.headers), ENORMOUS))
    for _ in range(ENORMOUS // len(_CHUNK)):
        await wire.write(_CHUNK)


BROKEN: dict[str, Callable[[Wire, FaultRule, SimulatedAnswer], Awaitable[None]]] = {
    "reset_before": _reset,
    "reset_after": _reset,
    "stall_before": _stall,
    "stall_after": _stall,
    "stall_headers": _stall_headers,
    "stall_body": _stall_body,
    "trickle": _trickle,
    "truncated": _truncated,
    "close_mid_headers": _close_mid_headers,
    "enormous": _enormous,
}
"""The wire breaks; the connection is not used again."""
