"""Long texts that the network cut: their parts wait for one another, in whatever order they come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from pydantic import TypeAdapter

from adapters.contract import InboundMessage, TextPart
from gateway.clock import Clock
from gateway.ledger import Ledger
from gateway.ledger.text_parts import PartRow, forget_joined, keep_parts, note_joined, waiting_parts
from gateway.vault import Vault
from schemas.ids import new_id

PART = "text part"
REMEMBERED = timedelta(hours=48)
"""A vendor sends a part again for a day."""

_EVERY = 2.0
_FORGET_EVERY = 600.0
_AT_ONCE = 1000
_RAW = b"\0"  # JSON holds none: what follows is the part as it came

Chore = tuple[str, float, Callable[[], Awaitable[None]]]


@dataclass(frozen=True, slots=True)
class Whole:
    """A text made of parts. `ids` are those of the parts that stand in it."""

    channel: str
    message: InboundMessage
    ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class TextParts:
    """Where parts wait. `within`: so long after its first part a text is taken without those that did not come."""

    ledger: Ledger
    vault: Vault
    clock: Clock
    within: timedelta

    async def gathered(
        self, channel: str, messages: Sequence[InboundMessage]
    ) -> tuple[list[InboundMessage], list[Whole]]:
        """The messages that are whole, and the texts among them that parts now complete. Raises LedgerUnavailable.

        A part that still waits for others is kept, and is none of the messages.
        """
        whole = [message for message in messages if message.text_part is None]
        rows = [self._row(channel, message, message.text_part) for message in messages if message.text_part is not None]
        texts = [text for row in rows if (text := self._whole(await self.ledger.group(keep_parts, row))) is not None]
        return [*whole, *(text.message for text in texts)], texts

    async def overdue(self) -> list[Whole]:
        """The texts that are complete, or have waited long enough for what is missing."""
        until = self.clock.now() - self.within
        sets: dict[bytes, list[PartRow]] = defaultdict(list)
        for row in await self.ledger.read(waiting_parts, _AT_ONCE):
            sets[row.set_key].append(row)
        texts = [self._whole(rows, partly=rows[0].received_at <= until) for rows in sets.values()]
        return [text for text in texts if text is not None]

    async def done(self, *texts: Whole) -> None:
        """Destroy the parts of texts that are kept as messages."""
        for text in texts:
            await self.ledger.write(note_joined, text.ids, self.clock.now())

    async def forget(self) -> None:
        """Forget the parts that cannot come again."""
        await self.ledger.write(forget_joined, self.clock.now() - REMEMBERED)

    def _row(self, channel: str, message: InboundMessage, part: TextPart) -> PartRow:
        now = self.clock.now()
        identity = new_id(now)
        key = self.vault.new_key(identity)
        talk = message.conversation or message.message_id
        return PartRow(
            id=identity,
            channel=channel,
            message_key=self.vault.keyed_hash("message", channel, message.message_id),
            set_key=self.vault.keyed_hash("text parts", channel, talk, part.reference, str(part.total)),
            number=part.number,
            total=part.total,
            received_at=now,
            sealed_part=key.seal(PART, _message.dump_json(replace(message, raw=b"")) + _RAW + message.raw),
            wrapped_key=key.wrapped,
            master_key_id=key.master_key_id,
        )

    def _whole(self, rows: Sequence[PartRow], *, partly: bool = False) -> Whole | None:
        """The text of parts of one set; None while some are missing, unless it is to be taken without them."""
        first = {row.number: row for row in reversed(rows)}
        if not rows or (len(first) < rows[0].total and not partly):
            return None
        kept = [first[number] for number in sorted(first)]
        return Whole(rows[0].channel, joined_text(map(self._opened, kept)), tuple(row.id for row in kept))

    def _opened(self, row: PartRow) -> InboundMessage:
        key = self.vault.open_key(row.id, row.wrapped_key, row.master_key_id)
        told, _, raw = key.open(PART, row.sealed_part).partition(_RAW)
        return replace(_message.validate_json(told), raw=raw)


def joined_text(parts: Iterable[InboundMessage]) -> InboundMessage:
    """One message of parts in their order, glued as they were cut; what did not come is said where it would stand.

    It has the id of its first part, so that joining again makes the same message.
    """
    first, *others = parts
    told, files, expected = [], first.attachments, 1
    for message in (first, *others):
        part = message.text_part or TextPart("", 1, 1)
        told += [_missing(number, part.total) for number in range(expected, part.number)]
        told.append(message.content)
        expected = part.number + 1
    total = first.text_part.total if first.text_part else 1
    told += [_missing(number, total) for number in range(expected, total + 1)]
    return replace(
        first,
        content="".join(told),
        raw=b"\n".join(message.raw for message in (first, *others)),
        attachments=sum((message.attachments for message in others), files),
        text_part=None,
    )


def _missing(number: int, total: int) -> str:
    return f" [bagian {number} dari {total} tidak sampai] "


def joining(parts: TextParts, keep: Callable[[Whole], Awaitable[None]]) -> tuple[Chore, ...]:
    """The chore of a worker: keep what has waited long enough, and forget what was joined long ago."""

    async def join() -> None:
        for text in await parts.overdue():
            await keep(text)

    return ("text parts", _EVERY, join), ("old text parts", _FORGET_EVERY, parts.forget)


_message = TypeAdapter(InboundMessage)
