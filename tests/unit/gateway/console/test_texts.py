"""The console speaks Indonesian and English, and nothing is missing in either."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gateway.console.telling import FORM_EXPIRED
from gateway.console.texts import LANGUAGES, texts, told, word_for
from gateway.console.ticked import MEANWHILE, OTHER

FOLDER = Path(__file__).resolve().parents[4] / "gateway/console"
NAMED = re.compile(r"""(?:\bt|told)\(\s*["']([a-z_]+(?:\.[a-z_0-9]+)*)["']\s*[,)]""")
MADE = re.compile(r"""(?:\bt|told)\(\s*f?["']([a-z_.]+)(?:["'] ~|\{)""")
WORDS = re.compile(r"""\bw\(\s*["']([a-z_]+)["']""")


def sources() -> str:
    files = [*FOLDER.rglob("*.html"), *FOLDER.glob("*.py")]
    return "\n".join(path.read_text("utf-8") for path in files)


def test_every_text_is_there_in_both_languages() -> None:
    assert [key for language in LANGUAGES for key, text in texts()[language].items() if not text.strip()] == []


def test_every_text_takes_the_same_values_in_both_languages() -> None:
    def values(text: str) -> set[str]:
        return set(re.findall(r"\{(\w+)\}", text))

    indonesian, english = texts()["id"], texts()["en"]
    assert [key for key in indonesian if values(indonesian[key]) != values(english[key])] == []


def test_every_text_that_a_page_names_is_in_the_table() -> None:
    assert sorted(set(NAMED.findall(sources())) - set(texts()["id"])) == []


def test_the_table_holds_nothing_that_no_page_names() -> None:
    code = sources()
    named = set(NAMED.findall(code))
    prefixes = ("span.", "advice.", *MADE.findall(code), *(f"{kind}." for kind in WORDS.findall(code)))
    loose = [
        key for key in texts()["id"] if key not in named and not key.startswith(prefixes) and f'"{key}"' not in code
    ]
    assert loose == []


def test_every_cause_that_an_error_names_has_its_text_and_no_text_is_left_over() -> None:
    """What `telling` looks up for an error of whatever part of the gateway."""
    code = "\n".join(path.read_text("utf-8") for path in FOLDER.parent.rglob("*.py"))
    named = set(re.findall(r'\bcause="([a-z_]+)"', code)) | {FORM_EXPIRED, MEANWHILE, OTHER}
    told_of = {key.removeprefix("cause.") for key in texts()["id"] if key.startswith("cause.")}
    assert sorted(named ^ told_of) == []


@pytest.mark.parametrize(("language", "expected"), [("id", "3 jam"), ("en", "3 h")])
def test_a_text_is_told_with_its_values(language: str, expected: str) -> None:
    assert told(language, "span.hour", n=3) == expected


def test_a_word_without_a_text_is_shown_as_it_is() -> None:
    assert word_for("id", "state", "new_state") == "new_state"
