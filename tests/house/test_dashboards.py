"""Dashboards have the shape that Grafana reads, and their panels lie beside each other, none over another."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import jsonschema
import pytest

PATHS = sorted((Path(__file__).resolve().parents[2] / "deploy/grafana/dashboards").glob("*.json"))
COLUMNS = 24
TEXT: dict[str, Any] = {"type": "string", "minLength": 1}
SOURCE = {"type": "object", "required": ["type", "uid"], "properties": {"type": TEXT, "uid": TEXT}}
PANEL = {
    "type": "object",
    "required": ["id", "title", "type", "datasource", "gridPos", "targets", "fieldConfig"],
    "properties": {
        "id": {"type": "integer", "minimum": 1},
        "title": TEXT,
        "type": {"enum": ["timeseries", "stat", "gauge", "bargauge", "table", "heatmap", "state-timeline", "piechart"]},
        "datasource": SOURCE,
        "gridPos": {
            "type": "object",
            "required": ["h", "w", "x", "y"],
            "properties": {
                "h": {"type": "integer", "minimum": 2},
                "w": {"type": "integer", "minimum": 1, "maximum": COLUMNS},
                "x": {"type": "integer", "minimum": 0, "exclusiveMaximum": COLUMNS},
                "y": {"type": "integer", "minimum": 0},
            },
        },
        "targets": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["refId", "expr", "datasource"],
                "properties": {"refId": {"type": "string", "pattern": "^[A-Z]$"}, "expr": TEXT, "datasource": SOURCE},
            },
        },
        "fieldConfig": {
            "type": "object",
            "required": ["defaults", "overrides"],
            "properties": {"defaults": {"type": "object"}, "overrides": {"type": "array"}},
        },
    },
}
BOARD = {
    "type": "object",
    "required": ["uid", "title", "schemaVersion", "time", "templating", "panels"],
    "properties": {
        "uid": {"type": "string", "maxLength": 40, "pattern": "^[a-z0-9-]+$"},
        "title": TEXT,
        "schemaVersion": {"type": "integer", "minimum": 36},
        "time": {"type": "object", "required": ["from", "to"]},
        "templating": {
            "type": "object",
            "required": ["list"],
            "properties": {"list": {"type": "array", "items": {"type": "object", "required": ["name", "type"]}}},
        },
        "panels": {"type": "array", "minItems": 1, "items": PANEL},
    },
}


def boards() -> list[tuple[str, dict[str, Any]]]:
    return [(path.stem, json.loads(path.read_text("utf-8"))) for path in PATHS]


@pytest.mark.parametrize(("name", "board"), boards(), ids=[path.stem for path in PATHS])
def test_a_dashboard_has_the_shape_that_grafana_reads(name: str, board: dict[str, Any]) -> None:
    jsonschema.validate(board, BOARD)
    for panel in board["panels"]:
        references = [target["refId"] for target in panel["targets"]]
        assert len(set(references)) == len(references), panel["title"]


@pytest.mark.parametrize(("name", "board"), boards(), ids=[path.stem for path in PATHS])
def test_panels_lie_beside_each_other(name: str, board: dict[str, Any]) -> None:
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])
    places = [(panel["title"], panel["gridPos"]) for panel in board["panels"]]
    assert [title for title, at in places if at["x"] + at["w"] > COLUMNS] == []
    assert [(one, other) for (one, at), (other, on) in combinations(places, 2) if _overlap(at, on)] == []


def _overlap(one: dict[str, int], other: dict[str, int]) -> bool:
    across = one["x"] < other["x"] + other["w"] and other["x"] < one["x"] + one["w"]
    return across and one["y"] < other["y"] + other["h"] and other["y"] < one["y"] + one["h"]


def test_no_two_dashboards_have_the_same_address() -> None:
    ids = [board["uid"] for _, board in boards()]
    assert (len(set(ids)), len(ids) > 0) == (len(ids), True)
