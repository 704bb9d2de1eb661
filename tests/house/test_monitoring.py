"""Alert rules and dashboards ask for metrics and labels that exist, and the page about metrics tells all of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from gateway.families import FAMILIES, PREFIX, Kind, described
from gateway.metrics import Metrics

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
RULES = [
    rule
    for group in yaml.safe_load((DEPLOY / "prometheus/alerts.yml").read_text("utf-8"))["groups"]
    for rule in group["rules"]
]
DASHBOARDS = {
    path.stem: json.loads(path.read_text("utf-8")) for path in sorted(DEPLOY.glob("grafana/dashboards/*.json"))
}
SCRAPED = {"up": {"job", "instance"}}
WORDS = {
    "by", "without", "sum", "max", "min", "abs", "rate", "time", "absent", "histogram_quantile",
    "label_values", "offset",
}  # fmt: skip


def labels_by_sample() -> dict[str, set[str]]:
    """The labels of everything that a query may name."""
    found = dict(SCRAPED)
    for one in FAMILIES:
        suffixes = ("_bucket", "_sum", "_count") if one.kind is Kind.HISTOGRAM else ("",)
        for suffix in suffixes:
            bucket = {"le"} if suffix == "_bucket" else set()
            found[f"{PREFIX}{one.name}{suffix}"] = {*one.labels, *bucket}
    return found


def queries() -> Iterator[tuple[str, str]]:
    for rule in RULES:
        yield rule["alert"], rule["expr"]
    for name, board in DASHBOARDS.items():
        for panel in board["panels"]:
            yield from ((f"{name}: {panel['title']}", target["expr"]) for target in panel["targets"])
        for variable in board["templating"]["list"]:
            if variable["type"] == "query":
                yield f"{name}: ${variable['name']}", variable["query"]


def named(query: str) -> tuple[set[str], set[str]]:
    """The metrics and the labels that a query names."""
    bare = re.sub(r'"[^"]*"', '""', query)
    matched = {label for inner in re.findall(r"\{([^}]*)\}", bare) for label in re.findall(r"(\w+)\s*[!=]", inner)}
    grouped = {
        label for inner in re.findall(r"\b(?:by|without)\s*\(([^)]*)\)", bare) for label in re.findall(r"\w+", inner)
    }
    asked = set(re.findall(r"label_values\(\w+, (\w+)\)", bare))
    rest = re.sub(r"\{[^}]*\}|\[[^\]]*\]|\b(?:by|without)\s*\([^)]*\)|, \w+\)$|\boffset \w+", " ", bare)
    words = {word for word in re.findall(r"[a-zA-Z_]\w*", rest) if word not in WORDS}
    return words, matched | grouped | asked


@pytest.mark.parametrize(("place", "query"), list(queries()), ids=lambda value: None)
def test_a_query_names_metrics_and_labels_that_exist(place: str, query: str) -> None:
    known = labels_by_sample()
    metrics, labels = named(query)
    assert metrics, place
    assert metrics - set(known) == set(), place
    assert labels - set[str]().union(*(known[metric] for metric in metrics)) == set(), place
    assert query.count("(") == query.count(")"), place


def test_a_query_is_taken_apart() -> None:
    query = 'sum by (a, le) (rate(x_bucket{b="c)", d!~"e"}[5m])) / time() - max without (f) (y offset 1h)'
    assert named(query) == ({"x_bucket", "y"}, {"a", "le", "b", "d", "f"})


def test_the_process_measures_what_the_table_says() -> None:
    metrics = Metrics()
    shown = set(re.findall(r"^# TYPE (\S+) ", metrics.exposition().decode(), re.MULTILINE))
    told_by_workers = {one.name for one in FAMILIES if one.kind is Kind.GAUGE and not one.labels}
    wanted = {f"{PREFIX}{one.name}" for one in FAMILIES if one.name not in told_by_workers}
    assert {name for name in shown if not name.endswith("_created")} == wanted


def test_the_page_about_metrics_is_made_from_the_table() -> None:
    assert (ROOT / "docs/metrics.md").read_text("utf-8") == described()


@pytest.mark.parametrize("one", FAMILIES, ids=lambda one: one.name)
def test_a_name_follows_the_conventions(one: Any) -> None:
    assert one.name.endswith("_total") == (one.kind is Kind.COUNTER)
    assert re.search(r"_(ms|milliseconds|minutes|hours|kb|mb|percent)\b", one.name) is None
    assert set(one.labels) <= {
        "cause", "channel", "destination", "folder", "kind", "outcome", "reason", "result", "seconds", "source",
        "stage", "state", "step",
    }  # fmt: skip


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_a_rule_says_how_grave_it_is_and_what_to_do(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in ("page", "ticket")
    assert set(rule["annotations"]) == {"summary", "action"}
    told = " ".join(rule["annotations"].values())
    kept = set(re.findall(r"\bby \(([^)]*)\)", rule["expr"])[0].split(", ")) if " by (" in rule["expr"] else set()
    assert set(re.findall(r"\$labels\.(\w+)", told)) <= kept


@pytest.mark.parametrize("name", DASHBOARDS)
def test_a_dashboard_takes_its_source_from_a_variable(name: str) -> None:
    board = DASHBOARDS[name]
    sources = [part["datasource"] for panel in board["panels"] for part in (panel, *panel["targets"])]
    assert [source for source in sources if source != {"type": "prometheus", "uid": "${source}"}] == []
    assert (board["templating"]["list"][0]["name"], board["uid"]) == ("source", f"sp4n-gateway-{name}")


def test_every_part_of_the_compose_file_that_measures_is_asked() -> None:
    jobs = yaml.safe_load((DEPLOY / "prometheus/prometheus.yml").read_text("utf-8"))["scrape_configs"]
    service = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]
    asked = {job["job_name"]: str(job["dns_sd_configs"][0]["port"]) for job in jobs}
    environment = service["worker"]["environment"]
    assert asked == {
        "api": environment["SP4N_GATEWAY_PORT"],
        "worker": environment["SP4N_GATEWAY_WORKER_METRICS_PORT"],
    }
