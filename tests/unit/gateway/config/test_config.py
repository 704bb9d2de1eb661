"""The configuration file as a whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.contract import DestinationEntry
from gateway.config import DestinationConfig, load_config, parse_rules
from gateway.retry import RetryPolicy
from gateway.route import Agency
from schemas.errors import Misconfigured
from tests.fakes.configs import ENVIRON, SOUND, parse, problems
from tests.fakes.kinds import KINDS, NationalOptions


def test_a_sound_file_becomes_destinations_and_rules() -> None:
    config = parse(SOUND)
    assert config.destinations["sp4n"] == DestinationConfig(
        kind=KINDS["national"],
        entry=DestinationEntry(
            name="sp4n",
            url="https://sp4n.example/v1",
            options=NationalOptions(institution_id=7),
            secrets={"token": "secret-of-the-environment"},
            connections=8,
        ),
        identity=False,
        concurrency=8,
        rate=None,
        retry=RetryPolicy(),
        paused=False,
        line=2,
    )
    assert list(config.destinations) == ["sp4n", "pu"]
    assert config.destinations["sp4n"].name == "sp4n"
    assert config.rules.default == ("sp4n",)
    parents = frozenset({"PEKERJAAN UMUM DAN PENATAAN RUANG"})
    assert config.rules.directory == (Agency("Kementerian PU", ("Kemen PU",), "0151", "pu", parents),)


def test_a_sound_file_is_sound_in_production_too() -> None:
    assert list(parse(SOUND, production=True).destinations) == ["sp4n", "pu"]


def test_a_file_is_read_from_disk(tmp_path: Path) -> None:
    path = tmp_path / "g.yaml"
    path.write_text(SOUND, encoding="utf-8")
    assert load_config(path, kinds=KINDS, production=False, environ=ENVIRON) == parse(SOUND)


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "g.yaml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(Misconfigured) as caught:
        load_config(path, kinds=KINDS, production=False, environ={})
    assert str(path) in caught.value.problems[0]


def test_all_problems_are_told_at_once_in_the_order_of_their_lines() -> None:
    spoilt = """\
    routes:
      default: [sp5n]
    destinations:
      sp4n:
        adaptor: national
        url: sp4n.example
    colour: red
    """
    assert problems(spoilt) == [
        "g.yaml:2: routes.default[0]: `sp5n` is no destination; did you mean `sp4n`?",
        "g.yaml:4: destinations.sp4n.adapter: is missing; write one of: national, plain",
        "g.yaml:5: destinations.sp4n.adaptor: is no setting; did you mean `adapter`?",
        "g.yaml:6: destinations.sp4n.url: is no address; write it whole, such as https://api.example.go.id/v1",
        "g.yaml:7: colour: is no setting; write one of: calendar, destinations, directory, routes, settings",
    ]


def test_the_error_counts_its_problems() -> None:
    with pytest.raises(Misconfigured, match=r"^g\.yaml has 2 problems"):
        parse("")
    with pytest.raises(Misconfigured, match=r"^g\.yaml has 1 problem;"):
        parse(SOUND + "x: 1\n")


@pytest.mark.parametrize("text", ["", "destinations:\n", "destinations: {}\n", "destinations: [a]\n"])
def test_a_file_without_destinations_is_refused(text: str) -> None:
    assert any("destinations: is missing; name at least one" in problem for problem in problems(text))


def test_no_secret_is_told_in_a_problem() -> None:
    spoilt = SOUND.replace("env:TOKEN", "literal-secret-value").replace("https://pu.example", "ftp//wrong")
    assert not any("literal-secret-value" in problem for problem in problems(spoilt, production=True))


def test_a_callback_secret_belongs_to_one_destination() -> None:
    secret = "whsec_" + "a2Vt" * 8
    shared = SOUND.replace('{token: "env:TOKEN"}', f'{{token: "env:TOKEN", callback_secret: {secret}}}').replace(
        "url: https://pu.example", f"url: https://pu.example\n    secrets: {{callback_secret: {secret}}}"
    )

    told = "g.yaml:7: destinations.pu.secrets.callback_secret: is that of sp4n too; give each destination its own"
    assert problems(shared) == [told]


def test_the_calendar_may_be_corrected() -> None:
    (problem,) = problems(SOUND + "calendar: {corrections: tidak-ada.txt}\n")

    assert problem.startswith("g.yaml:18: calendar.corrections: tidak-ada.txt cannot be read (FileNotFoundError)")


def test_other_rules_are_read_over_a_configuration_and_its_directory_kept() -> None:
    config = parse(SOUND)
    other = parse_rules("routes:\n  default: [pu]\n", config)
    assert (other.rules.default, other.rules.directory) == (("pu",), config.rules.directory)
    assert other.destinations is config.destinations


def test_other_rules_may_bring_a_directory_and_are_refused_with_every_problem() -> None:
    text = "directory:\n  Kementerian Contoh: {destination: pu}\nroutes:\n  default: [sp4n]\n"
    [agency] = parse_rules(text, parse(SOUND)).rules.directory
    assert agency.name == "Kementerian Contoh"
    with pytest.raises(Misconfigured) as caught:
        parse_rules("routes:\n  default: [nowhere]\n", parse(SOUND))
    assert "nowhere" in caught.value.problems[0]
