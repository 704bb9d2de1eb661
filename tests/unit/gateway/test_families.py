"""The page about metrics tells every one of them."""

from __future__ import annotations

from gateway.families import FAMILIES, PREFIX, described


def test_every_metric_has_a_row_with_its_labels() -> None:
    rows = [line for line in described().splitlines() if line.startswith(f"| `{PREFIX}")]
    assert len(rows) == len(FAMILIES)
    assert all(f"`{label}`" in row for one, row in zip(FAMILIES, rows, strict=True) for label in one.labels)
