"""Forms as their pages show them: empty, or as they came back because something in them must be mended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Fields = Mapping[str, list[str]]

TOKEN, HERE, NAME = "csrf", "here", "form"
"""What every form carries beside what people fill in: its token, the page it stands on, and which one of it it is."""
SECRETS = ("password", "old", "new")
"""Fields that no page ever shows again."""


@dataclass(frozen=True, slots=True)
class Returned:
    """A form that was not taken. `problems`: what is wrong, by field; under the empty name what is no field's fault.

    `status` is that of the answer, as in HTTP.
    """

    form: str
    typed: Fields
    problems: Mapping[str, str]
    status: int


@dataclass(frozen=True, slots=True)
class FormOnPage:
    """One form while its page is made. The principal form of a page has no name; its fields' ids are their names."""

    name: str
    here: str
    csrf: str
    returned: Returned | None = None

    @property
    def came_back(self) -> bool:
        """Whether it is the one that was not taken."""
        return self.returned is not None

    def id(self, field: str) -> str:
        """The field's id on its page."""
        return f"{field}-{self.name}" if self.name else field

    def value(self, field: str, usual: object = "") -> str:
        """What was typed into a field; `usual` in a form that nobody sent."""
        if self.returned is None or field not in self.returned.typed:
            return str(usual)
        return next(iter(self.returned.typed[field]), "")

    def ticked(self, field: str, value: object) -> bool:
        """Whether a box was ticked."""
        return self.returned is not None and str(value) in self.returned.typed.get(field, ())

    def count(self, field: str) -> int:
        """How many boxes were ticked."""
        return len(self.returned.typed.get(field, ())) if self.returned is not None else 0

    def problem(self, field: str) -> str:
        """What is wrong with a field; empty where nothing is."""
        return self.returned.problems.get(field, "") if self.returned is not None else ""

    def is_first(self, field: str) -> bool:
        """Whether this is the field to begin mending with."""
        return self.returned is not None and next(iter(self.returned.problems), "") == field != ""


def on_page(name: str, here: str, csrf: str, returned: Returned | None) -> FormOnPage:
    """The form of this name, with what came back if it is the one that did."""
    return FormOnPage(name, here, csrf, returned if returned is not None and returned.form == name else None)


def shown_again(fields: Fields) -> Fields:
    """What people filled in, without what no page shows again."""
    return {name: values for name, values in fields.items() if name not in (TOKEN, HERE, NAME, *SECRETS)}
