"""The texts of the console: one table, a line for each text, with its Indonesian and its English."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

LANGUAGES = ("id", "en")
USUAL = "id"


@lru_cache(1)
def texts() -> dict[str, dict[str, str]]:
    """By language and key. A line of the table is key, Indonesian, English, with tabs between."""
    table: dict[str, dict[str, str]] = {language: {} for language in LANGUAGES}
    for line in files("gateway.console").joinpath("texts.tsv").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            key, *written = line.split("\t")
            for language, text in zip(LANGUAGES, written, strict=True):
                table[language][key] = text
    return table


def told(language: str, key: str, **values: object) -> str:
    """A text with its values filled in. Raises KeyError for one that is not in the table."""
    text = texts()[language][key]
    return text.format(**values) if values else text


def advice_for(language: str, reason: str) -> str:
    """What a reason means and what to do about it."""
    table = texts()[language]
    return table.get(f"advice.{reason}", table["advice.other"])


def word_for(language: str, kind: str, value: object) -> str:
    """What a value of a closed set is called (`state.parked`); a value that has no text is shown as it is."""
    return texts()[language].get(f"{kind}.{value}", str(value))
