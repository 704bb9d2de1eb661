"""The installation on containers: well-formed, closed to the outside, and speaking the gateway's own settings."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from adapters.destinations import DESTINATIONS
from gateway.cli.tree import COMMANDS
from gateway.config import parse_config
from gateway.settings import Settings, load_settings, variable

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"].startswith("sp4n-gateway:")}
LONG_RUNNING = {name: service for name, service in SERVICES.items() if service["restart"] != "no"}
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that `deploy/make-secrets` writes."""
    deploy = tmp_path_factory.mktemp("installation") / "deploy"
    shutil.copytree(ROOT / "deploy", deploy, ignore=shutil.ignore_patterns("secrets"))
    subprocess.run([deploy / "make-secrets"], check=True, capture_output=True)
    return deploy / "secrets"


def test_the_compose_file_is_well_formed() -> None:
    schema = json.loads(Path(__file__).with_name("compose.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(COMPOSE, schema, cls=jsonschema.Draft202012Validator)


def test_every_name_that_a_service_uses_is_declared() -> None:
    for service in SERVICES.values():
        named = {secret if isinstance(secret, str) else secret["source"] for secret in service.get("secrets", [])}
        assert named <= set(COMPOSE["secrets"])
        assert set(service["networks"]) <= set(COMPOSE["networks"])
        mounted = {volume.partition(":")[0] for volume in service.get("volumes", [])}
        assert [path for path in mounted if path.startswith("./") and not (ROOT / path).exists()] == []
        assert {volume for volume in mounted if not volume.startswith("./")} <= set(COMPOSE["volumes"])
        assert set(service.get("depends_on", {})) <= set(SERVICES)


def test_what_is_declared_is_used() -> None:
    text = json.dumps(SERVICES)
    assert [name for part in ("secrets", "volumes", "networks") for name in COMPOSE[part] if name not in text] == []


@pytest.mark.parametrize("name", SERVICES)
def test_an_image_is_pinned_to_a_version(name: str) -> None:
    assert re.fullmatch(r"[a-z0-9/-]+:v?\d+\.\d+[\w.-]*", SERVICES[name]["image"])


def test_our_image_has_the_version_of_the_project_and_a_pinned_base() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert {service["image"] for service in OURS.values()} == {f"sp4n-gateway:{version}"}
    assert len(set(re.findall(r"^FROM (python:\d+\.\d+\.\d+-slim-\w+)", DOCKERFILE, re.MULTILINE))) == 1


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_can_write_only_to_its_volumes_and_has_no_rights(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["user"].partition(":")[0] not in ("", "0", "root")


def test_the_image_runs_as_the_user_that_the_compose_file_names() -> None:
    user = re.search(r"^USER (\S+)$", DOCKERFILE, re.MULTILINE)
    assert user is not None
    assert {service["user"] for service in OURS.values()} == {user[1]}
    assert f"--uid {user[1].partition(':')[0]} " in DOCKERFILE


def test_every_volume_that_our_services_write_is_theirs_in_the_image() -> None:
    """A new volume has the owner of the folder that the image has in its place; where it has none, root's."""
    mounted = {volume.split(":")[1] for service in OURS.values() for volume in service["volumes"]}
    made = re.search(r"install -d -o gateway -g gateway -m 0700 (.*)$", DOCKERFILE, re.MULTILINE)
    assert made is not None
    assert set(made[1].split()) == mounted


def test_the_image_can_be_built_from_each_lock_that_is_meant() -> None:
    assert re.findall(r"requirements/(\S+)\.lock", DOCKERFILE) == ["install", "$LOCK"]
    assert all((ROOT / f"requirements/{lock}.lock").exists() for lock in ("runtime", "extras"))


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_has_limits(name: str) -> None:
    limits = SERVICES[name]["deploy"]["resources"]["limits"]
    assert float(limits["cpus"]) > 0
    assert limits["memory"]


@pytest.mark.parametrize("name", LONG_RUNNING)
def test_a_service_that_stays_is_asked_for_its_health(name: str) -> None:
    assert "healthcheck" in SERVICES[name]


def test_what_is_mounted_from_the_project_can_only_be_read() -> None:
    volumes = [volume for service in SERVICES.values() for volume in service.get("volumes", [])]
    assert [volume for volume in volumes if volume.startswith("./") and not volume.endswith(":ro")] == []


def test_only_the_http_face_and_the_dashboards_are_published_and_only_on_this_host() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {
        "api": ["127.0.0.1:8080:8080"],
        "api-b": ["127.0.0.1:8081:8080"],
        "grafana": ["127.0.0.1:3000:3000"],
    }
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert {name: service["networks"] for name, service in SERVICES.items() if name not in OURS} == {
        "postgres": ["inside"],
        "rabbitmq": ["inside"],
        "prometheus": ["inside"],
        "grafana": ["inside", "outside"],
    }


def test_two_gateways_stand_behind_the_proxy_so_that_one_can_be_restarted() -> None:
    alike = [{key: value for key, value in SERVICES[name].items() if key != "ports"} for name in ("api", "api-b")]
    assert alike[0] == alike[1]
    proxy = (ROOT / "deploy/proxy/nginx.conf").read_text("utf-8")
    behind = re.findall(r"^    server (127\.0\.0\.1:\d+) ", proxy, re.MULTILINE)
    assert behind == [SERVICES[name]["ports"][0].removesuffix(":8080") for name in ("api", "api-b")]
    prometheus = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yml").read_text("utf-8"))
    asked = {name for job in prometheus["scrape_configs"] for one in job["dns_sd_configs"] for name in one["names"]}
    assert {"api", "api-b", "worker"} <= asked


@pytest.mark.parametrize("name", OURS)
def test_our_services_are_set_by_settings_that_exist(name: str) -> None:
    known = {variable(field) for field in Settings.model_fields}
    assert set(OURS[name]["environment"]) <= known


@pytest.mark.parametrize("name", OURS)
def test_our_services_run_commands_that_exist(name: str) -> None:
    assert OURS[name]["command"][0] in {entry.name for entry in COMMANDS}


def test_no_secret_stands_in_the_compose_file() -> None:
    values = [value for service in SERVICES.values() for value in service.get("environment", {}).values()]
    assert [value for value in values if re.search(r"://[^/]*@", value)] == []
    names = [name for service in SERVICES.values() for name in service.get("environment", {})]
    assert [name for name in names if re.search("PASS|TOKEN|SECRET", name) and not name.endswith("_FILE")] == []


def test_a_process_has_time_to_finish_what_is_in_hand() -> None:
    grace = Settings.model_fields["grace"].default
    assert [name for name, service in OURS.items() if int(service["stop_grace_period"].rstrip("s")) <= grace] == []


def test_the_secrets_that_are_written_are_those_that_are_read(secrets: Path) -> None:
    read = {Path(secret["file"]).name for secret in COMPOSE["secrets"].values()}
    assert {path.name for path in secrets.iterdir()} == read
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o700


def test_the_passwords_agree_and_differ_from_each_other(secrets: Path) -> None:
    settings = yaml.safe_load((secrets / "gateway.yaml").read_text("utf-8"))["settings"]
    ledger = (secrets / "postgres_password").read_text("utf-8")
    broker = re.search(r"^default_pass = (\w{48})$", (secrets / "rabbitmq.conf").read_text("utf-8"), re.MULTILINE)
    assert broker is not None
    assert settings["database_url"] == f"postgresql://gateway:{ledger}@postgres/gateway"
    assert settings["broker_url"] == f"amqp://gateway:{broker[1]}@rabbitmq//"
    assert ledger != broker[1]


def test_secrets_that_are_there_are_never_overwritten(secrets: Path) -> None:
    before = (secrets / "gateway.yaml").read_bytes()
    again = subprocess.run([secrets.parent / "make-secrets"], capture_output=True, text=True, check=False)
    assert (again.returncode, "is there already" in again.stderr) == (1, True)
    assert (secrets / "gateway.yaml").read_bytes() == before


def test_production_accepts_the_settings_of_the_installation(secrets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("SP4N_GATEWAY_")]:
        monkeypatch.delenv(name)
    for name, value in OURS["api"]["environment"].items():
        monkeypatch.setenv(name, "https://lapor.example.go.id" if value.startswith("${") else value)
    settings = load_settings(config_file=secrets / "gateway.yaml")
    assert settings.is_production
    assert not settings.is_embedded


def test_the_configuration_of_the_installation_can_be_read(secrets: Path) -> None:
    for name in ("sp4n_token", "sp4n_second_token"):
        (secrets / name).chmod(0o600)
        (secrets / name).write_text("a-token-of-the-test", "utf-8")
    text = (secrets / "gateway.yaml").read_text("utf-8").replace("/run/secrets", str(secrets))
    config = parse_config(text, file="gateway.yaml", kinds=DESTINATIONS, production=True, environ={})
    assert list(config.destinations) == ["sp4n"]
