"""Prometheus itself reads our rules and configuration, and every alert fires where it should and nowhere else."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

FOLDER = Path(__file__).resolve().parents[2] / "deploy" / "prometheus"
PROMTOOL = os.environ.get("SP4N_TEST_PROMTOOL") or shutil.which("promtool")


@pytest.mark.parametrize(
    "words",
    [
        ("check", "rules", "alerts.yml"),
        ("check", "config", "--syntax-only", "prometheus.yml"),
        ("test", "rules", "alerts_test.yml"),
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_prometheus_takes_them(words: tuple[str, ...]) -> None:
    if PROMTOOL is None:
        missing = "promtool is missing; apt-get install prometheus"
        pytest.fail(missing) if os.environ.get("CI") == "true" else pytest.skip(missing)
    done = subprocess.run([PROMTOOL, *words], cwd=FOLDER, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_alert_has_a_case_in_which_it_fires() -> None:
    rules = yaml.safe_load((FOLDER / "alerts.yml").read_text("utf-8"))
    named = {rule["alert"] for group in rules["groups"] for rule in group["rules"]}
    written = (FOLDER / "alerts_test.yml").read_text("utf-8")
    assert {name for name in named if f'alertname="{name}"' not in written} == set()
