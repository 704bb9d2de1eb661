"""What a run came to: the figures, the table that is printed, and the signed note that is kept."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from gateway.chaos.balance import doubles
from gateway.chaos.regime import KILLED, Part, Regime, Taking
from gateway.ledger.recount import Recount
from gateway.notes import Signer, Verifier, open_note, sign
from schemas.errors import Invalid
from schemas.handoff import HandoffKind, HandoffState

TITLE = "sp4n-gateway chaos report 1"
_NAME_WIDTH, _NUMBER_WIDTH = 20, 12


@dataclass(frozen=True, slots=True)
class DestinationAccount:
    """One destination. `doubled` is what it took more than once; `released` how many decisions allowed that."""

    name: str
    repeat: str
    handoffs: int
    delivered: int
    parked: int
    uncertain: int
    attempts: int
    taken: int
    released: int
    doubled: int


@dataclass(frozen=True, slots=True)
class Account:
    """The whole run. `broken` are broken promises in words, of `broken_count` the first; empty is what was promised."""

    regime: Regime
    began: str
    ended: str
    ledger: str
    broker: str
    kept: int
    posts: int
    in_ledger: int
    aside: int
    blows: Mapping[str, int]
    kills: int
    moods: Mapping[str, int]
    decisions: Mapping[str, int]
    reaped: int
    journal: int
    destinations: tuple[DestinationAccount, ...]
    broken: tuple[str, ...]
    broken_count: int

    @property
    def whole(self) -> bool:
        """Whether every promise held."""
        return self.broken_count == 0


def account_of(
    regime: Regime, parts: Sequence[Part], seen: Recount, taken: Sequence[Taking], *, began: datetime, **figures: Any
) -> Account:
    """The account of a run that was counted. `figures` are the fields of `Account` that the caller counted itself."""
    figures |= {name: dict(sorted(figures[name].items())) for name in ("blows", "moods", "decisions")}
    return Account(
        regime=regime,
        began=_spelled(began),
        ended=_spelled(datetime.now(UTC)),
        in_ledger=len(seen.reports),
        aside=len(seen.aside),
        reaped=seen.reaped,
        destinations=tuple(_of(part, seen, taken) for part in parts),
        **(figures | {"broken": tuple(figures["broken"])}),
    )


def table(account: Account) -> str:
    """The account as it is printed."""
    regime = account.regime
    lines = [
        f"{account.ledger} + {account.broker}, seed {regime.seed}: {account.began} – {account.ended}",
        _line("reports", f"{account.posts} posts, {account.kept} answered 202, {account.in_ledger} in the ledger"),
        _line("kills", f"{account.kills} ({_counts(_blows(account, kills=True))})"),
        _line("cuts", _counts(_blows(account, kills=False))),
        _line("moods", _counts(account.moods)),
        _line("decisions", _counts(account.decisions)),
        _line("attempts", f"{sum(one.attempts for one in account.destinations)}, {account.reaped} cut off by a death"),
        _line("set aside", f"{account.aside} reports without a handoff"),
        _line("journal", f"{account.journal} records signed and verified"),
        "",
        *_rows(account.destinations),
        "",
        *(f"  ✗ {told}" for told in account.broken),
        f"SEMUA JANJI DITEPATI / EVERY PROMISE HELD: {_promises()}"
        if account.whole
        else f"JANJI DILANGGAR / BROKEN PROMISES: {account.broken_count}",
    ]
    return "\n".join(lines) + "\n"


def signed(account: Account, signer: Signer) -> str:
    """The account as a signed note (c2sp.org/signed-note): a title, one line of JSON, and the table for people."""
    document = json.dumps(asdict(account), ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    shown = [line for line in table(account).splitlines() if line]
    return sign("\n".join((TITLE, document, *shown)) + "\n", signer)


def opened(note: str, trusted: Iterable[Verifier]) -> tuple[dict[str, Any], str]:
    """The document of a signed account, and its table. Raises InvalidNote for a signature, Invalid for other text."""
    lines = open_note(note, trusted).splitlines()
    if len(lines) < 3 or lines[0] != TITLE:
        raise Invalid("this is no report of a chaos run")
    document: dict[str, Any] = json.loads(lines[1])
    return document, "\n".join(lines[2:])


def _of(part: Part, seen: Recount, taken: Sequence[Taking]) -> DestinationAccount:
    rows = [row for row in seen.handoffs if row.destination == part.name and row.kind == HandoffKind.REPORT]
    ids = {row.id for row in rows}
    states = Counter(row.state for row in rows)
    return DestinationAccount(
        name=part.name,
        repeat=part.repeat.value,
        handoffs=len(rows),
        delivered=states[HandoffState.DELIVERED],
        parked=states[HandoffState.PARKED],
        uncertain=states[HandoffState.UNCERTAIN],
        attempts=sum(count for (which, _), count in seen.attempts.items() if which in ids),
        taken=sum(1 for one in taken if one.destination == part.name and one.step != "pass_on"),
        released=sum(seen.releases[each] for each in ids),
        doubled=sum(count for (name, _, _), count in doubles(taken).items() if name == part.name),
    )


_COLUMNS = ("repeat", "handoffs", "delivered", "parked", "uncertain", "attempts", "taken", "released", "doubled")


def _rows(destinations: Sequence[DestinationAccount]) -> list[str]:
    heading = "destination".ljust(_NAME_WIDTH) + "".join(name.rjust(_NUMBER_WIDTH) for name in _COLUMNS)
    rows = [
        one.name[: _NAME_WIDTH - 1].ljust(_NAME_WIDTH)
        + "".join(str(getattr(one, name)).rjust(_NUMBER_WIDTH) for name in _COLUMNS)
        for one in destinations
    ]
    return [heading, *rows]


def _blows(account: Account, *, kills: bool) -> dict[str, int]:
    return {name: count for name, count in account.blows.items() if name.endswith(KILLED) is kills}


def _promises() -> str:
    return "lost 0, unexplained doubles 0, every state explained, the books balance, the journal verifies"


def _line(what: str, told: str) -> str:
    return f"  {what:<12}{told}"


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items()) or "-"


def _spelled(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%SZ")
