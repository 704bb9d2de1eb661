"""Settings from options, environment and file, and what production refuses."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gateway.settings import Settings, document_settings, load_settings, variable
from schemas.errors import Misconfigured

ROOT = Path(__file__).resolve().parents[4]
SOUND_PRODUCTION = {
    "ENVIRONMENT": "production",
    "DATABASE_URL": "postgresql://gateway:of-its-own@db/gateway",
    "BROKER_URL": "amqps://gateway:of-its-own@broker/gateway",
    "KEYS_FILE": "/etc/sp4n-gateway/keys.json",
    "PUBLIC_URL": "https://lapor.example.go.id/",
}


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("SP4N_GATEWAY_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def environ(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    return monkeypatch


def set_all(environ: pytest.MonkeyPatch, values: dict[str, str]) -> None:
    for name, value in values.items():
        environ.setenv(f"SP4N_GATEWAY_{name}", value)


def problems(**given: object) -> list[str]:
    with pytest.raises(Misconfigured) as caught:
        load_settings(**given)
    return caught.value.problems


def test_nothing_needs_to_be_set_to_try_it_out(tmp_path: Path) -> None:
    settings = load_settings()
    assert (settings.environment, settings.is_production, settings.is_embedded) == ("development", False, True)
    assert settings.ledger_url == f"sqlite:///{tmp_path / 'var' / 'ledger.sqlite'}"
    assert (settings.keys_path, settings.files_path) == (Path("var/keys.json"), Path("var/files"))
    assert (settings.broker_url, settings.lease, settings.config_file) == ("memory://", 6.0, None)


def test_an_option_beats_the_environment_which_beats_the_file(environ: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "g.yaml"
    path.write_text("settings: {port: 1, host: file, log_level: WARNING, grace: 1m}\n", encoding="utf-8")
    set_all(environ, {"CONFIG": str(path), "PORT": "2", "HOST": "environment"})
    settings = load_settings(port=3, host=None)
    assert (settings.port, settings.host, settings.log_level, settings.grace) == (3, "environment", "warning", 60.0)
    assert settings.config_file == path


def test_the_file_given_beats_the_one_in_the_environment(environ: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("settings: {port: 1}\n", encoding="utf-8")
    environ.setenv("SP4N_GATEWAY_CONFIG", "nowhere.yaml")
    settings = load_settings(config_file=tmp_path / "a.yaml")
    assert (settings.port, settings.config_file) == (1, tmp_path / "a.yaml")


def test_an_empty_variable_is_not_set(environ: pytest.MonkeyPatch) -> None:
    set_all(environ, {"PORT": "", "CONFIG": ""})
    assert (load_settings().port, load_settings().config_file) == (8080, None)


def test_a_file_without_settings_sets_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("destinations: {}\n", encoding="utf-8")
    assert load_settings(config_file=tmp_path / "a.yaml").port == 8080


def test_the_address_and_the_ledger_are_as_they_were_set(environ: pytest.MonkeyPatch) -> None:
    set_all(environ, SOUND_PRODUCTION)
    settings = load_settings()
    assert settings.public_url == "https://lapor.example.go.id"
    assert settings.ledger_url == SOUND_PRODUCTION["DATABASE_URL"]
    assert settings.keys_path == Path("/etc/sp4n-gateway/keys.json")
    assert (settings.is_production, settings.is_embedded) == (True, False)


def test_settings_do_not_show_passwords(environ: pytest.MonkeyPatch) -> None:
    set_all(environ, SOUND_PRODUCTION)
    assert "of-its-own" not in repr(load_settings())


def test_settings_do_not_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_settings().port = 1  # type: ignore[misc]


def test_all_problems_are_told_at_once_each_with_its_place(environ: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "g.yaml"
    path.write_text("settings:\n  prot: 1\n  lease: 60s\n  port: 99999\n", encoding="utf-8")
    set_all(environ, {"GRACE": "long", "DATABSE_URL": "x", "BROKER_URL": "redis://x"})
    assert sorted(problems(config_file=path, max_body_bytes=0)) == sorted(
        [
            f"{path}:2: settings.prot: is no setting; did you mean `port`?",
            "SP4N_GATEWAY_DATABSE_URL: is no setting; did you mean SP4N_GATEWAY_DATABASE_URL?",
            "SP4N_GATEWAY_BROKER_URL: must begin with amqp://, amqps:// or memory://",
            f"{path}:4: settings.port: Input should be less than or equal to 65535",
            "--max-body-bytes: Input should be greater than or equal to 1024",
            f"{path}:3: settings.lease: Input should be less than 10",
            "SP4N_GATEWAY_GRACE: 'long' is no duration: write a number with a unit, such as 5s, 30m, 76h or 2d",
        ]
    )


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("DATABASE_URL", "mysql://x", "SP4N_GATEWAY_DATABASE_URL: must begin with postgresql:// or sqlite:///"),
        ("PUBLIC_URL", "lapor.example", "SP4N_GATEWAY_PUBLIC_URL: must be a whole address, such as https://"),
        ("FAILPOINT", "a:b", "SP4N_GATEWAY_FAILPOINT: must be `name` or `name:count`"),
        ("ENVIRONMENT", "test", "SP4N_GATEWAY_ENVIRONMENT: Input should be 'development' or 'production'"),
        ("QUEUE_PREFIX", "Über", "SP4N_GATEWAY_QUEUE_PREFIX: String should match pattern"),
    ],
)
def test_a_value_that_cannot_be_is_told(environ: pytest.MonkeyPatch, name: str, value: str, problem: str) -> None:
    environ.setenv(f"SP4N_GATEWAY_{name}", value)
    (found,) = problems()
    assert found.startswith(problem)


def test_a_variable_with_our_prefix_that_is_no_slip_is_left_alone(environ: pytest.MonkeyPatch) -> None:
    environ.setenv("SP4N_GATEWAY_SECRET_OF_A_MINISTRY", "x")
    assert load_settings().port == 8080


def test_a_file_that_is_no_yaml_is_told_and_not_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "g.yaml"
    path.write_text("settings: [\n", encoding="utf-8")
    assert len(problems(config_file=path)) == 1


def test_a_file_that_is_a_list_is_told(tmp_path: Path) -> None:
    path = tmp_path / "g.yaml"
    path.write_text("- x\n", encoding="utf-8")
    assert problems(config_file=path) == [
        f"{path}:1: the file must be a mapping: `destinations:`, `directory:`, `routes:`"
    ]


def test_a_file_that_is_not_there_is_told() -> None:
    (found,) = problems(config_file="nowhere.yaml")
    assert found.startswith("nowhere.yaml: cannot be read (FileNotFoundError)")


def test_sound_production_is_accepted(environ: pytest.MonkeyPatch) -> None:
    set_all(environ, SOUND_PRODUCTION)
    assert load_settings().is_production


def test_production_on_sqlite_is_accepted_when_it_is_meant(environ: pytest.MonkeyPatch) -> None:
    changed = {"DATABASE_URL": "", "BROKER_URL": "memory://", "ALLOW_SQLITE": "true"}
    set_all(environ, {**SOUND_PRODUCTION, **changed})
    assert load_settings().is_embedded


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"DATABASE_URL": ""}, "SP4N_GATEWAY_DATABASE_URL: is SQLite"),
        (
            {"DATABASE_URL": "postgresql://postgres:postgres@db/x"},
            "SP4N_GATEWAY_DATABASE_URL: has a password that equals",
        ),
        ({"BROKER_URL": "memory://"}, "SP4N_GATEWAY_BROKER_URL: is memory://"),
        ({"BROKER_URL": "amqp://guest:guest@broker"}, "SP4N_GATEWAY_BROKER_URL: has the broker's default account"),
        ({"BROKER_URL": "amqp://broker"}, "SP4N_GATEWAY_BROKER_URL: has the broker's default account"),
        ({"KEYS_FILE": ""}, "SP4N_GATEWAY_KEYS_FILE: is not set"),
        ({"KEYS_FILE": "var/keys.json"}, "SP4N_GATEWAY_KEYS_FILE: lies inside data_dir"),
        ({"PUBLIC_URL": ""}, "SP4N_GATEWAY_PUBLIC_URL: is not set"),
        ({"PUBLIC_URL": "http://lapor.example"}, "SP4N_GATEWAY_PUBLIC_URL: is not https://"),
        ({"LOG_LEVEL": "debug"}, "SP4N_GATEWAY_LOG_LEVEL: is debug"),
        ({"FAILPOINT": "ledger.keep_reports.committed"}, "SP4N_GATEWAY_FAILPOINT: makes the process die on purpose"),
    ],
)
def test_production_refuses(environ: pytest.MonkeyPatch, changed: dict[str, str], problem: str) -> None:
    set_all(environ, {**SOUND_PRODUCTION, **changed})
    (found,) = problems()
    assert found.startswith(problem)


def test_production_tells_all_that_it_refuses_at_once(environ: pytest.MonkeyPatch) -> None:
    environ.setenv("SP4N_GATEWAY_ENVIRONMENT", "production")
    assert [one.split(":")[0] for one in problems(log_level="debug")] == [
        "SP4N_GATEWAY_DATABASE_URL",
        "SP4N_GATEWAY_KEYS_FILE",
        "SP4N_GATEWAY_PUBLIC_URL",
        "--log-level",
    ]


def test_every_setting_is_described() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_every_setting_has_a_variable_of_its_own() -> None:
    names = {variable(name) for name in Settings.model_fields}
    assert len(names) == len(Settings.model_fields)
    assert "SP4N_GATEWAY_CONFIG" in names


def test_the_page_about_settings_is_the_settings() -> None:
    assert (ROOT / "docs" / "settings.md").read_text(encoding="utf-8") == document_settings()


def test_the_page_shows_defaults_as_people_write_them() -> None:
    page = document_settings()
    for cell in ("| `6s` |", "| `30m` |", "| `false` |", "| SQLite, `ledger.sqlite` in `data_dir` |", "| – |"):
        assert cell in page
