"""By what a report that comes in is found again: its sketch under the keys of this installation."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from gateway.classify import Suggestion
from gateway.likeness import WORD, Likeness, likeness_of
from gateway.normalize import Normalized
from gateway.reporters import sender_key_of
from gateway.vault import Vault
from gateway.wording import Met
from schemas.ids import uuid7

_FIRST = bytes(10)


@dataclass(frozen=True, slots=True)
class Recognition:
    """How reports are recognised. `within`: a report is linked to one that came up to so long before; 0 never."""

    vault: Vault
    within: timedelta = timedelta(0)
    _met: Met[bytes] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_met", Met(self._hashed))

    def likeness(
        self, normalized: Normalized, suggestion: Suggestion, conversation_key: bytes | None
    ) -> Likeness | None:
        """By what the report is found again; None for one that is never linked by itself."""
        if not self.within:
            return None
        sender = sender_key_of(self.vault, normalized.reporter, conversation_key)
        since = uuid7(normalized.message.received_at - self.within, _FIRST)
        return likeness_of(normalized.report, suggestion, sender, since, self._known, normalized.text)

    def _known(self, text: str) -> bytes:
        """The keyed hash; that of a word is remembered."""
        return self._met[text] if text.startswith(WORD) else self._hashed(text)

    def _hashed(self, text: str) -> bytes:
        return self.vault.keyed_hash("same event", text)
