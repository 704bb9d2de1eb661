"""Reads values out of JSON objects, each with its place told when it is not what it should be."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sp4n_gateway_client.errors import Unreadable


class Fields:
    """One object of a body. Fields that nobody asks for are left alone: they may have been added later."""

    def __init__(self, value: object, place: str = "") -> None:
        """Raises Unreadable when `value` is no object."""
        if not isinstance(value, Mapping):
            raise Unreadable(f"{place or 'the body'}: must be an object")
        self._value: Mapping[str, Any] = value
        self._place = place

    def text(self, name: str) -> str:
        """A text that must be there."""
        value = self._value.get(name)
        return value if isinstance(value, str) else self._wrong(name, "must be a text")

    def text_or_none(self, name: str) -> str | None:
        """A text, or nothing."""
        return None if self._value.get(name) is None else self.text(name)

    def flag(self, name: str) -> bool:
        """True or false; what is not there is false."""
        value = self._value.get(name, False)
        return value if isinstance(value, bool) else self._wrong(name, "must be true or false")

    def whole(self, name: str) -> int | None:
        """A whole number, or nothing."""
        value = self._value.get(name)
        is_whole = value is None or (isinstance(value, int) and not isinstance(value, bool))
        return value if is_whole else self._wrong(name, "must be a whole number")

    def number(self, name: str) -> float | None:
        """A number, or nothing."""
        value = self._value.get(name)
        is_number = value is None or (isinstance(value, int | float) and not isinstance(value, bool))
        return value if is_number else self._wrong(name, "must be a number")

    def time(self, name: str) -> datetime:
        """A time with its zone."""
        try:
            at = datetime.fromisoformat(self.text(name))
        except ValueError:
            at = self._wrong(name, "must be a time in ISO 8601")
        return at if at.tzinfo is not None else self._wrong(name, "must have a zone")

    def each(self, name: str) -> list[Fields]:
        """The objects of a list; what is not there is none."""
        value = self._value.get(name) or []
        if not isinstance(value, list):
            self._wrong(name, "must be a list")
        return [Fields(one, f"{self._at(name)}[{place}]") for place, one in enumerate(value)]

    def texts(self, name: str) -> tuple[str, ...]:
        """The texts of a list; what is not there is none."""
        value = self._value.get(name) or []
        is_texts = isinstance(value, list) and all(isinstance(one, str) for one in value)
        return tuple(value) if is_texts else self._wrong(name, "must be a list of texts")

    def below(self, name: str) -> Fields:
        """An object that must be there."""
        return Fields(self._value.get(name), self._at(name))

    def below_or_none(self, name: str) -> Fields | None:
        """An object, or nothing."""
        return None if self._value.get(name) is None else self.below(name)

    def whole_object(self, name: str) -> Mapping[str, Any]:
        """An object as it is; what is not there is empty."""
        return self.below(name)._value if self._value.get(name) is not None else {}

    def _at(self, name: str) -> str:
        return f"{self._place}.{name}" if self._place else name

    def _wrong(self, name: str, problem: str) -> Any:
        raise Unreadable(f"{self._at(name)}: {problem}")
