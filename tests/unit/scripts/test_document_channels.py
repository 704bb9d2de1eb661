"""The page about channels is made of the adapters' own pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.channels import CHANNELS
from scripts.document_channels import PAGE, page


def test_the_page_is_what_the_adapters_say() -> None:
    assert PAGE.read_text("utf-8") == page()


def test_every_adapter_has_its_line() -> None:
    assert [name for name in CHANNELS if f"| [`{name}`](" not in page()] == []


def test_a_page_without_its_title_is_refused(tmp_path: Path) -> None:
    (tmp_path / "merpati").mkdir()
    (tmp_path / "merpati" / "README.md").write_text("Merpati pos\n")
    with pytest.raises(ValueError, match="must begin with"):
        page(tmp_path)
