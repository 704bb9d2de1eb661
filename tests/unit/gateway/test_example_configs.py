"""The configuration files that are published: they load, and do what their comments say."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path

import pytest

from adapters.destinations.ministry_rest.adapter import KIND as MINISTRY_REST
from adapters.destinations.sp4n.adapter import KIND as SP4N
from gateway.config import Config, load_config, parse_config
from gateway.route import route
from gateway.settings import load_settings
from schemas.report import Report

EXAMPLE = Path(__file__).resolve().parents[3] / "docs" / "gateway.example.yaml"
KINDS = {"sp4n": SP4N, "ministry_rest": MINISTRY_REST}
DEMO_TEXT = (files("gateway") / "demo" / "gateway.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def demo() -> Config:
    return parse_config(DEMO_TEXT, file="gateway.yaml", kinds=KINDS, production=False, environ={})


@pytest.fixture
def example(tmp_path: Path) -> Config:
    """The example as production reads it, once its secrets are where it says."""
    secret = tmp_path / "secret"
    secret.write_text("whsec_" + "MDEy" * 11, encoding="utf-8")  # 33 bytes in base64
    path = tmp_path / "gateway.yaml"
    text = re.sub(r"/run/secrets/\w+", str(secret), EXAMPLE.read_text(encoding="utf-8"))
    path.write_text(text, encoding="utf-8")
    environ = dict.fromkeys(("SP4N_TOKEN", "SP4N_SECOND_TOKEN", "INSPEKTORAT_SIGNING_SECRET"), "x")
    return load_config(path, kinds=KINDS, production=True, environ=environ)


def targets(config: Config, channel: str, **fields: object) -> dict[str, dict[str, object]]:
    report = Report.model_validate({"title": "Laporan", "content": "isi", **fields})
    return route(report, channel, config.rules).targets


def test_the_example_is_fit_for_production(example: Config) -> None:
    assert list(example.destinations) == ["sp4n", "dinas-kesehatan", "inspektorat"]
    assert [one.paused for one in example.destinations.values()] == [False, False, True]


def test_the_settings_of_the_example_are_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SP4N_GATEWAY_CONFIG", raising=False)
    assert load_settings(config_file=EXAMPLE).conversation_window == 1800.0


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, {"sp4n": {}}),
        (
            {"classification": "pengaduan_berkadar_pengawasan", "is_secret": True, "content": "air bersih"},
            {"inspektorat": {}},
        ),
        (
            {"category_id": 1389, "location": {"region_code": "32.73.05"}},
            {"dinas-kesehatan": {}, "sp4n": {"institution": "151"}},
        ),
        ({"content": "jalan rusaknya parah"}, {"sp4n": {"institution": 162}}),
        ({"content": "lapor ke KEMENKES"}, {"sp4n": {}, "dinas-kesehatan": {"copy": True}}),
        ({"agency": "Dinkes Kota Bandung"}, {"dinas-kesehatan": {}, "sp4n": {"institution": "162"}}),
    ],
)
def test_the_example_routes_as_its_comments_say(
    example: Config, fields: dict[str, object], expected: dict[str, object]
) -> None:
    assert targets(example, "web", **fields) == expected


def test_the_demonstration_names_the_national_system_and_three_ministries(demo: Config) -> None:
    ports = {name: one.entry.url.rpartition(":")[2] for name, one in demo.destinations.items()}
    assert ports == {"sp4n": "8801", "pupr": "8802", "kemenkes": "8803", "kemendikdasmen": "8804"}


def test_every_ministry_of_the_demonstration_gets_some_of_the_samples(demo: Config) -> None:
    reached: set[str] = set()
    for line in (files("gateway") / "demo" / "reports.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        fields = {name: row[name] for name in ("category_id", "agency", "classification", "is_secret") if name in row}
        channel = "wa-demo" if row["channel"] == "whatsapp" else "app-demo"
        reached |= set(targets(demo, channel, content=row["text"], **fields))
    assert reached == set(demo.destinations)


def test_a_secret_report_about_officials_goes_to_no_ministry_in_the_demonstration(demo: Config) -> None:
    secret = {"classification": "pengaduan_berkadar_pengawasan", "is_secret": True, "agency": "Kemenkes"}
    assert set(targets(demo, "app-demo", **secret)) == {"sp4n"}
