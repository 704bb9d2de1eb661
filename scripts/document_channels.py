"""Writes docs/channels.md from the adapters' own pages: `python -m scripts.document_channels`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from adapters.channels import CHANNELS
from adapters.contract import AnsweringChannel

ROOT = Path(__file__).resolve().parents[1]
ADAPTERS = ROOT / "adapters" / "channels"
PAGE = ROOT / "docs" / "channels.md"

_TITLE = re.compile(r"# (?P<name>[\w-]+): (?P<what>.+)")
_HEAD = """# Channels

One line for each adapter, from its own page, which says how it is set up and what becomes of what comes in.
`sp4n-gateway channel add NAME --adapter ADAPTER` makes a channel, `channel set` and `channel secret` change it.
Made by `python -m scripts.document_channels`.

| adapter | what it is | answers reporters | in a few words |
| --- | --- | --- | --- |
"""


def page(folder: Path = ADAPTERS) -> str:
    """The page: a row for each adapter with a README. Raises ValueError for one that does not begin as it should."""
    return _HEAD + "".join(_rows(folder))


def _rows(folder: Path) -> Iterator[str]:
    for readme in sorted(folder.glob("*/README.md")):
        text = readme.read_text("utf-8")
        title = _TITLE.match(text)
        if title is None:
            raise ValueError(f"{readme} must begin with `# <adapter>: <what it is>`")
        name = readme.parent.name
        answers = "yes" if isinstance(CHANNELS.get(name), AnsweringChannel) else "no"
        yield f"| [`{name}`](../adapters/channels/{name}/README.md) | {title['what']} | {answers} | {_said(text)} |\n"


def _said(text: str) -> str:
    """The first paragraph below the title, Indonesian first, on one line of a table."""
    paragraph = text.split("\n\n")[1]
    return " ".join(paragraph.split()).replace("|", "\\|")


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), "utf-8")


if __name__ == "__main__":
    main()
