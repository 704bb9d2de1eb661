"""Each condition of a rule: when it holds and what it saw."""

from __future__ import annotations

import pytest

from gateway.route import Agency, Rule, Rules, When
from gateway.route.conditions import CONDITIONS, seen
from gateway.route.facts import facts_of, region_name, without_type
from schemas.report import Report
from schemas.vocabulary import Classification

POLICE = Agency("Polri", aliases=("Kepolisian", "polisi"))


def saw(when: When, channel: str = "app", **fields: object) -> dict[str, object] | None:
    about = Report.model_validate({"title": "Laporan", "content": "isi", **fields})
    given = Rules("v", (Rule("r", when, ("a",)),), (), (POLICE,))
    return seen(when, when.given(), facts_of(about, channel, given))


@pytest.mark.parametrize(
    ("when", "fields", "expected"),
    [
        (When(classifications=frozenset({Classification.ASPIRATION})), {"classification": "aspirasi"}, "aspirasi"),
        (
            When(classifications=frozenset({Classification.ASPIRATION})),
            {"classification": "permintaan_informasi"},
            None,
        ),
        (When(categories=frozenset({99_999})), {"category_id": 99_999}, {"id": 99_999}),
        (When(categories=frozenset({936})), {"category_id": 938}, None),
        (When(categories=frozenset({936})), {}, None),
        (When(provinces=frozenset({"jawa barat"})), {"location": {"province": "Prov. JAWA BARAT"}}, "jawa barat"),
        (When(provinces=frozenset({"jawa barat"})), {"location": {"province": "Banten"}}, None),
        (When(provinces=frozenset({"jawa barat"})), {}, None),
        (When(regencies=frozenset({"kabupaten garut"})), {"location": {"regency": "Kab. Garut"}}, "kabupaten garut"),
        (When(regencies=frozenset({"bandung"})), {"location": {"regency": "Kota Bandung"}}, "bandung"),
        (When(regencies=frozenset({"kota bandung"})), {"location": {"regency": "Bandung"}}, None),
        (When(regencies=frozenset({"kota bandung"})), {"location": {"province": "Jawa Barat"}}, None),
        (When(regions=frozenset({"32"})), {"location": {"region_code": "32.73"}}, "32"),
        (When(regions=frozenset({"32", "3273"})), {"location": {"region_code": "32.73.01"}}, "3273"),
        (When(regions=frozenset({"3273"})), {"location": {"region_code": "32"}}, None),
        (When(regions=frozenset({"32"})), {"location": {"address": "x"}}, None),
        (When(keywords=frozenset({"pungli", "suap"})), {"content": "ada PUNGLI!"}, ["pungli"]),
        (When(keywords=frozenset({"pungli"})), {"title": "Pungli di loket"}, ["pungli"]),
        (When(keywords=frozenset({"pungli"})), {"content": "tidak ada"}, None),
        (When(keywords=frozenset({"laporan isi"})), {}, None),
        (When(is_secret=True), {"is_secret": True}, True),
        (When(is_secret=True), {}, None),
        (When(is_secret=False), {}, False),
        (When(is_anonymous=True), {"is_anonymous": True}, True),
        (When(is_anonymous=False), {"is_anonymous": True}, None),
        (When(is_priority=True), {"is_priority": True}, True),
        (When(is_priority=True), {}, None),
    ],
)
def test_a_condition_holds_or_not(when: When, fields: dict[str, object], expected: object) -> None:
    (name,) = when.given()
    assert saw(when, **fields) == (None if expected is None else {name: expected})


def test_a_channel_is_compared_by_its_name() -> None:
    assert saw(When(channels=frozenset({"wa"})), channel="wa") == {"channels": "wa"}
    assert saw(When(channels=frozenset({"wa"})), channel="app") is None


def test_a_known_category_is_told_with_its_name() -> None:
    expected = {"id": 936, "name": "Transportasi Darat", "parent": "PERHUBUNGAN"}
    assert saw(When(categories=frozenset({936})), category_id=936) == {"categories": expected}


def test_an_agency_is_seen_in_its_field_before_the_text() -> None:
    when = When(agencies=frozenset({"Polri"}))
    told = {"agencies": {"agency": "Polri", "named_as": "Kepolisian", "in": "agency field"}}
    assert saw(when, agency="Kepolisian Resor", content="polisi diam saja") == told
    assert saw(when, content="polisi diam saja") == {
        "agencies": {"agency": "Polri", "named_as": "polisi", "in": "text"}
    }
    assert saw(when, content="tidak ada") is None


def test_a_rule_that_asks_nothing_saw_nothing() -> None:
    assert saw(When()) == {}


def test_every_condition_has_its_row() -> None:
    assert set(CONDITIONS) == set(When.__dataclass_fields__)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Kab. Garut", "kabupaten garut"),
        ("KABUPATEN GARUT", "kabupaten garut"),
        ("Kotamadya Bogor", "kota bogor"),
        ("Kota Administrasi Jakarta Selatan", "kota jakarta selatan"),
        ("Provinsi Jawa Tengah", "jawa tengah"),
        ("...", ""),
    ],
)
def test_regions_are_compared_by_what_they_are_called(written: str, name: str) -> None:
    assert region_name(written) == name


@pytest.mark.parametrize(
    ("name", "bare"), [("kabupaten garut", "garut"), ("kota bogor", "bogor"), ("garut", "garut"), ("", "")]
)
def test_a_region_without_its_type(name: str, bare: str) -> None:
    assert without_type(name) == bare
