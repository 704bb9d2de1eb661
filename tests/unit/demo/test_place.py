"""The demonstration's folder and ports: its configuration holds for any ports, and fits the simulators."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from adapters.destinations import DESTINATIONS
from adapters.destinations.sp4n import simulator as sp4n
from adapters.simulator import Book, SimulatedRequest, parse_fault
from gateway.config import Config, load_config
from gateway.demo.place import PRETENDERS, Place
from gateway.settings import load_settings
from schemas.errors import Misconfigured


def furnished(folder: Path, port_base: int = 9801) -> Place:
    place = Place(folder / "var", 9080, port_base)
    place.furnish()
    return place


def config_of(place: Place) -> Config:
    return load_config(place.config, kinds=DESTINATIONS, production=False, environ={})


def test_every_simulated_destination_stands_where_the_configuration_says(tmp_path: Path) -> None:
    place = furnished(tmp_path)
    found = {name: one.entry.url for name, one in config_of(place).destinations.items()}
    assert found == {each.name: place.address_of(each) for each in PRETENDERS}


@pytest.mark.parametrize("port_base", [8800, 8801, 8802, 8803, 20000])
def test_the_ports_may_overlap_with_the_usual_ones(tmp_path: Path, port_base: int) -> None:
    place = furnished(tmp_path, port_base)
    ports = [one.entry.url.rsplit(":", 1)[1] for one in config_of(place).destinations.values()]
    assert ports == [str(port_base + place) for place in range(len(PRETENDERS))]


def test_the_configuration_holds_the_settings_of_its_gateway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = furnished(tmp_path)
    for name in list(os.environ):
        if name.startswith("SP4N_GATEWAY_"):
            monkeypatch.delenv(name)
    settings = load_settings(config_file=place.config)
    assert (settings.data_dir, settings.port) == (place.folder.absolute(), 9080)
    assert settings.ledger_url == place.ledger_url


def test_no_setting_of_another_installation_gets_in(tmp_path: Path) -> None:
    place = Place(tmp_path, 9080, 9801)
    around = {"PATH": "/bin", "SP4N_GATEWAY_DATABASE_URL": "postgresql://x", "sp4n_gateway_port": "1"}
    assert place.environ(around) == {"PATH": "/bin", "SP4N_GATEWAY_CONFIG": str(place.config)}


def test_the_simulated_national_system_knows_every_institution_that_is_named(tmp_path: Path) -> None:
    config = config_of(furnished(tmp_path))
    asked = SimulatedRequest("GET", "/masters/institutions/external", {"page_size": "1000"}, HEADERS, b"")
    known = sp4n.simulated().take(asked, Book()).body.decode()
    options = config.destinations["sp4n"].entry.options.model_dump()
    named = {options["target_institution"], *_institutions(config)}
    assert len(named) > 3
    assert [each for each in named if f'"id":{each},' not in known] == []
    assert options["institution_id"] == sp4n.INSTITUTION_ID


HEADERS = {"authorization": "Bearer x", "token": "x"}


def _institutions(config: Config) -> set[object]:
    rules = config.rules
    of_rules = {rule.parameters.get("sp4n", {}).get("institution") for rule in rules.rules}
    return (of_rules | {agency.institution for agency in rules.directory}) - {None}


@pytest.mark.parametrize("fault", [fault for each in PRETENDERS for fault in each.faults])
def test_every_fault_is_one_that_the_simulator_knows(fault: str) -> None:
    assert parse_fault(fault).kind


def test_every_taken_port_is_named_with_the_option_that_changes_it(tmp_path: Path) -> None:
    with socket.socket() as one, socket.socket() as other:
        for each in (one, other):
            each.bind(("127.0.0.1", 0))
            each.listen()
        port, base = one.getsockname()[1], other.getsockname()[1]
        with pytest.raises(Misconfigured) as refused:
            Place(tmp_path, port, base).require_free_ports()
    assert [f"port {port} (gateway): choose another with --port"] == refused.value.problems[:1]
    assert f"port {base} (sp4n): choose another with --port-base" in refused.value.problems


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file")
    with pytest.raises(Misconfigured, match="--data"):
        furnished(tmp_path)
