"""Reporters read names that they know."""

from __future__ import annotations

from dataclasses import replace

from adapters.contract import DestinationKind
from gateway.config.agencies import agency_names
from tests.fakes.configs import SOUND, parse
from tests.fakes.kinds import KINDS

SHARED = SOUND.replace(
    "routes:", "  Kementerian Perumahan:\n    destination: pu\n  Kementerian Sosial:\n    institution: 9\nroutes:"
)


def test_a_destination_has_the_name_of_the_agency_that_it_serves_alone() -> None:
    assert agency_names(parse(SOUND)) == {"pu": "Kementerian PU"}


def test_one_that_serves_several_has_no_name_of_its_own() -> None:
    assert agency_names(parse(SHARED)) == {}


def test_the_national_system_is_called_what_everybody_calls_it() -> None:
    config = parse(SOUND)
    national = DestinationKind("sp4n", KINDS["national"].options, (), KINDS["national"].build)
    entries = {**config.destinations, "lapor": replace(config.destinations["sp4n"], kind=national)}

    assert agency_names(replace(config, destinations=entries))["lapor"] == "SP4N-LAPOR!"
