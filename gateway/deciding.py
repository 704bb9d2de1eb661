"""What becomes of a report: screened with what is known of its sender, classified, and routed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from gateway.classify import Suggestion, classify
from gateway.ledger import Ledger
from gateway.ledger.reporters import past_of
from gateway.reporters import sender_key_of
from gateway.route import Rules, route
from gateway.screen import Past, ScreenContext, is_doubted, names_emergency, screen
from gateway.text import Text
from gateway.vault import Vault
from schemas.report import Message, Report, Reporter
from schemas.screening import RouteDecision, Verdict, VerdictKind

Remember = Callable[["Sender", Verdict, datetime], Awaitable[Past | None]]
"""What is known of a sender, for a verdict that it could change; None where it could not, or nothing is known."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent a report through which channel, as far as anybody can tell."""

    channel: str
    reporter: Reporter | None
    conversation_key: bytes | None


async def no_memory(sender: Sender, verdict: Verdict, now: datetime) -> Past | None:
    """Of nobody anything is known."""
    return None


def memory_of(ledger: Ledger, vault: Vault) -> Remember:
    """What the ledger remembers of senders."""

    async def remember(sender: Sender, verdict: Verdict, now: datetime) -> Past | None:
        key = sender_key_of(vault, sender.reporter, sender.conversation_key) if is_doubted(verdict) else None
        return None if key is None else await ledger.read(past_of, key, sender.channel, now)

    return remember


@dataclass(frozen=True, slots=True)
class Decided:
    """What screening, classification and routing said of a report; `report` is as it was routed."""

    report: Report
    verdict: Verdict
    suggestion: Suggestion
    decision: RouteDecision | None

    def written(self) -> dict[str, Any]:
        """The decision as it is kept in the clear: rules and reasons, no report text."""
        return {
            "verdict": self.verdict.model_dump(mode="json"),
            "suggestion": self.suggestion.model_dump(mode="json"),
            "route": self.decision.model_dump(mode="json") if self.decision else None,
        }


async def decided_on(
    rules: Rules,
    remember: Remember,
    sender: Sender,
    report: Report,
    message: Message,
    text: Text,
    *,
    title_written: bool,
) -> Decided:
    """Screen a report, twice where what is known of its sender may change the verdict, and decide where it goes."""
    context = ScreenContext(title_written=title_written)
    verdict = screen(report, message, context=context, text=text)
    past = await remember(sender, verdict, message.received_at)
    if past is not None:
        verdict = screen(report, message, context=replace(context, past=past), text=text)
    return _decide(rules, sender.channel, report, verdict, text)


def _decide(rules: Rules, channel: str, report: Report, verdict: Verdict, text: Text) -> Decided:
    """File a report, if it was found to be one, under what is surely its category and class, and route it."""
    suggestion = classify(report, text)
    urgent = report.is_priority or names_emergency(verdict)
    if verdict.kind is not VerdictKind.ACCEPT:
        return Decided(report.model_copy(update={"is_priority": urgent}), verdict, suggestion, None)
    filed = suggestion.applied_to(report).model_copy(update={"is_priority": urgent})
    return Decided(filed, verdict, suggestion, route(filed, channel, rules, text))
