"""Long texts that the network cut: their parts wait for one another, in whatever order they come."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from pydantic import TypeAdapter

from adapters.contract import InboundMessage, TextPart
from gateway.chores import Chore
from gateway.clock import Clock
from gateway.ledger import Ledger
from gateway.ledger.text_parts import PartRow, PartSet, forget_joined, keep_parts, note_joined, waiting_parts
from gateway.vault import Vault
from schemas.ids import new_id

PART = "text part"
REMEMBERED = timedelta(hours=48)
"""A vendor sends a part again for a day."""

_EVERY = 2.0
_FORGET_EVERY = 600.0
_AT_ONCE = 1000
_RAW = b"\0"  # JSON holds none: what follows is the part as it came


@dataclass(frozen=True, slots=True)
class Whole:
    """A text made of parts. `ids` are those of the parts that stand in it.

    `continues`: the other parts came before and were kept without these, as the message of this keyed hash.
    """

    channel: str
    message: InboundMessage
    ids: tuple[UUID, ...]
    continues: bytes | None = None


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
        """The messages that are whole, and the texts that parts among them now complete. Raises LedgerUnavailable.

        A part that still waits for others is kept, and is in none of them.
        """
        whole = [message for message in messages if message.text_part is None]
        rows = [self._row(channel, message, message.text_part) for message in messages if message.text_part is not None]
        texts = [text for row in rows if (text := self._whole(await self.ledger.group(keep_parts, row))) is not None]
        return whole, texts

    async def overdue(self) -> list[Whole]:
        """The texts that are complete, or have waited long enough for what is missing."""
        until = self.clock.now() - self.within
        sets = await self.ledger.read(waiting_parts, _AT_ONCE)
        texts = [self._whole(one, partly=one.waiting[0].received_at <= until) for one in sets]
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

    def _whole(self, parts: PartSet, *, partly: bool = False) -> Whole | None:
        """The text of parts of one set; None while some are missing, unless it is to be taken without them.

        Those that were joined before count as being here, unless one of them comes again under another id: then the
        sender's telephone uses its reference for another text.
        """
        rows = parts.waiting
        first = {row.number: row for row in reversed(rows)}
        before = {} if parts.joined.keys() & first.keys() else parts.joined
        if not rows or (len(first) + len(before) < rows[0].total and not partly):
            return None
        kept = [first[number] for number in sorted(first)]
        message = joined_text(map(self._opened, kept), frozenset(before))
        continues = before[min(before)] if before else None
        return Whole(rows[0].channel, message, tuple(row.id for row in kept), continues)

    def _opened(self, row: PartRow) -> InboundMessage:
        key = self.vault.open_key(row.id, row.wrapped_key, row.master_key_id)
        told, _, raw = key.open(PART, row.sealed_part).partition(_RAW)
        return replace(_message.validate_json(told), raw=raw)


def joined_text(parts: Iterable[InboundMessage], before: frozenset[int] = frozenset()) -> InboundMessage:
    """One message of parts in their order, glued as they were cut; what did not come is said where it would stand.

    It has the id of its first part, so that joining again makes the same message. Of a text whose other parts
    (`before`) went on without these, each says which it is.
    """
    first, *others = parts
    total = first.text_part.total if first.text_part else 1
    here = {message.text_part.number if message.text_part else 1: message for message in (first, *others)}
    files, told = first.attachments, list[str]()
    for number in range(1, total + 1):
        if number in here:
            told += [_late(number, total)] if before else []
            told.append(here[number].content)
        elif number not in before:
            told.append(_missing(number, total))
    return replace(
        first,
        content="".join(told),
        raw=b"\n".join(message.raw for message in (first, *others)),
        attachments=sum((message.attachments for message in others), files),
        text_part=None,
    )


def _missing(number: int, total: int) -> str:
    return f" [bagian {number} dari {total} tidak sampai] "


def _late(number: int, total: int) -> str:
    return f" [bagian {number} dari {total} menyusul] "


def joining(parts: TextParts, keep: Callable[[Whole], Awaitable[None]]) -> tuple[Chore, ...]:
    """The chore of a worker: keep what has waited long enough, and forget what was joined long ago."""

    async def join() -> None:
        for text in await parts.overdue():
            await keep(text)

    return ("text parts", _EVERY, join), ("old text parts", _FORGET_EVERY, parts.forget)


_message = TypeAdapter(InboundMessage)
