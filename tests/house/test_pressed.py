"""Every form of the console is sent by a click in a real browser, somewhere in the tests."""

from __future__ import annotations

import re
from pathlib import Path

from gateway.console.routes import PAGES

FOLDER = Path(__file__).resolve().parents[1] / "integration/console"
PRESSED = re.compile(r'press\(\w+, f?"(/[^"#]*)')
BY_KEY_OR_BY_NAME = {"/search": 'press("#q", "Enter")', "/sign-in": 'page.click("form button")'}
"""Forms whose button is not clicked by its address: the words of a test that send them."""


def sources() -> str:
    return "\n".join(path.read_text("utf-8") for path in sorted(FOLDER.glob("*.py")))


def test_every_form_is_sent_by_a_click() -> None:
    text = sources()
    pressed = {re.sub(r"\{[^/]*?\}", "x", one) for one in PRESSED.findall(text)}
    forms = [page.path for page in PAGES if page.method == "POST"]
    patterns = {form: re.compile(re.sub(r"\{\w+\}", "[^/]+", form)) for form in forms}
    missing = [
        form
        for form in forms
        if BY_KEY_OR_BY_NAME.get(form, "\0") not in text and not any(map(patterns[form].fullmatch, pressed))
    ]
    assert missing == []
