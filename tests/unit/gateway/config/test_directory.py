"""The directory of agencies in the file."""

from __future__ import annotations

import pytest

from gateway.route import Agency
from tests.fakes.configs import SOUND, parse, problems

SECOND = "  Dinas Sosial:\n    {}\nroutes:"


def with_agency(fields: str) -> str:
    """The sound configuration with a second agency, whose fields stand in line 17."""
    return SOUND.replace("routes:", SECOND.format(fields), 1)


def test_an_agency_needs_nothing_but_its_name() -> None:
    assert parse(with_agency("aliases: []")).rules.directory[1] == Agency("Dinas Sosial")


def test_one_alias_need_not_be_a_list() -> None:
    assert parse(with_agency("aliases: Dinsos")).rules.directory[1].aliases == ("Dinsos",)


def test_a_file_without_a_directory_is_sound() -> None:
    start, end = SOUND.index("directory:"), SOUND.index("routes:")
    assert parse(SOUND[:start] + SOUND[end:]).rules.directory == ()


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ("destination: puu", "17: directory.Dinas Sosial.destination: `puu` is no destination; did you mean `pu`?"),
        ("aliases: [kemen pu]", "17: directory.Dinas Sosial.aliases[0]: `kemen pu` is the name of Kementerian PU"),
        ("aliases: Kementerian PU", "17: directory.Dinas Sosial.aliases: `Kementerian PU` is the name of Kementerian"),
        ("aliases: ['...']", "17: directory.Dinas Sosial.aliases[0]: `...` cannot be looked for"),
        ("aliases: ['dinsos*']", "17: directory.Dinas Sosial.aliases[0]: `dinsos*` cannot be looked for"),
        ("categories: [AGAMAA]", "17: directory.Dinas Sosial.categories[0]: `AGAMAA` is no parent category; did you"),
        (
            "categories: [PEKERJAAN UMUM DAN PENATAAN RUANG]",
            "17: directory.Dinas Sosial.categories[0]: PEKERJAAN UMUM DAN PENATAAN RUANG belongs to Kementerian PU",
        ),
        ("alias: x", "17: directory.Dinas Sosial.alias: is no setting; did you mean `aliases`?"),
        ("- x", "16: directory.Dinas Sosial: must be a mapping of aliases, institution, destination, categories"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_to_write(fields: str, problem: str) -> None:
    (found,) = problems(with_agency(fields))
    assert found.startswith(f"g.yaml:{problem}")


def test_a_directory_that_is_a_list_is_told() -> None:
    found = problems("destinations: {x: {adapter: plain, url: 'https://x'}}\ndirectory: [a]\nroutes: {default: [x]}\n")
    assert found == ["g.yaml:2: directory: must be a mapping from an agency's name to what is known of it"]
