"""Templates: the shape that a destination wants, filled with what it may have, checked before anything is sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.outbound.fields import FIELDS, Subject
from adapters.outbound.payload import Payload, read_payload, shape_of
from adapters.outbound.template import Reader, fill
from schemas.errors import Misconfigured
from tests.fakes.cases import a_case, a_location, a_report, a_reporter, a_withdrawal, an_addition

KNOWN = Subject(a_case(reporter=a_reporter()), "KEM-1", {"attachments": [{"name": "a.jpg"}], "messages": []})
BARE = Subject(
    a_case(report=a_report(agency=None, location=None, category_id=None, incident_date=None, attachments=()))
)
TABLES = {"kelas": {"pengaduan_tidak_berkadar_pengawasan": 2, "true": "ya"}}


def filled(skeleton: Any, subject: Subject = KNOWN, missing: Any = "null") -> Any:
    reader = Reader(TABLES, "WIB", missing)
    node = reader.read(skeleton, ())
    assert reader.problems == []
    return fill(node, subject)


def problems(skeleton: Any, *, identity: bool = True) -> list[tuple[Any, str]]:
    reader = Reader(TABLES, "WIB", "null", identity=identity)
    reader.read(skeleton, ())
    return reader.problems


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{tracking_code}", "3PKR-RFPG-C6E6"),
        ("Kode {tracking_code}: {report.title}", "Kode 3PKR-RFPG-C6E6: Jembatan gantung rusak di Sukamaju"),
        ("{report.title|truncate:8|upper}", "JEMBATA…"),
        ("{report.category_id|default:0}", 119),
        ("{report.title|truncate:255}", "Jembatan gantung rusak di Sukamaju"),
        ("{report.location.regency|lower}", "kabupaten garut"),
        ("{report.category_id}", 119),
        ("{report.category_id|text}", "119"),
        ("no. {report.category_id}", "no. 119"),
        ("{report.is_secret}", False),
        ("{report.is_secret} saja", "false saja"),
        ("{report.location.latitude}", -7.3216),
        ("{report.classification|map:kelas}", 2),
        ("{report.is_secret|map:kelas|default:tidak}", "tidak"),
        ("{report.incident_date}", "2026-02-09"),
        ("{report.incident_date|date:%d-%m-%Y}", "09-02-2026"),
        ("{accepted_at}", "2026-03-02T01:15:30Z"),
        ("{accepted_at|date:%d/%m/%y %H:%M:%S %z}", "02/03/26 08:15:30 +0700"),
        ("{report.attachments}", [{"name": "a.jpg"}]),
        ("{parameters.institution}", "4"),
        ("{reporter.name}", "Wulandari Kusumaningtyas"),
        ("{prior_reference}", "KEM-1"),
        ("{type}", "case.created"),
        ("{{{tracking_code}}}", "{3PKR-RFPG-C6E6}"),
        ("{{}}", "{}"),
        ("tanpa apa-apa", "tanpa apa-apa"),
        ("", ""),
        (7, 7),
        (None, None),
        (["{tracking_code}", 1, {"a": True}], ["3PKR-RFPG-C6E6", 1, {"a": True}]),
    ],
)
def test_a_placeholder_stands_for(written: Any, expected: Any) -> None:
    assert filled({"x": written})["x"] == expected


@pytest.mark.parametrize(
    ("written", "missing", "expected"),
    [
        ("{report.agency}", "null", {"x": None}),
        ("{report.agency}", "omit", {}),
        ("{report.agency|omit}", "null", {}),
        ("{report.agency|null}", "omit", {"x": None}),
        ("{report.agency|default:-}", "omit", {"x": "-"}),
        ("{report.agency|upper|default:tidak ada}", "null", {"x": "tidak ada"}),
        ("{report.agency|default:tidak ada|upper}", "null", {"x": "TIDAK ADA"}),
        ("{report.incident_date|date:%Y|default:?}", "null", {"x": "?"}),
        ("{report.location.latitude},{report.location.longitude}", "omit", {"x": ","}),
        ("{report.location.latitude|omit},{report.location.longitude|omit}", "null", {}),
        ("di {report.agency|null}", "omit", {"x": None}),
        ("{parameters.unknown}", "omit", {}),
        (["{report.agency}", 1], "omit", {"x": [1]}),
    ],
)
def test_what_is_missing_is_told_as_the_template_says(written: Any, missing: str, expected: Any) -> None:
    assert filled({"x": written}, BARE, missing) == expected


def test_an_anonymous_reporter_is_missing_even_if_the_case_holds_one() -> None:
    anonymous = a_case(reporter=a_reporter(), report=a_report(is_anonymous=True))
    names = [name for name in FIELDS if name.startswith("reporter.")]
    assert filled({name: f"{{{name}}}" for name in names}, Subject(anonymous)) == dict.fromkeys(names)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("{report.titel}", "did you mean `report.title`?"),
        ("{xyz}", "no field is called `xyz`; write one of: accepted_at, "),
        ("{reporter}", "no field is called `reporter`"),
        ("{report.title.__class__}", "no field is called"),
        ("{parameters.}", "no field is called"),
        ("{}", "no field is called ``"),
        ("{tracking_code|shout}", "`shout` is no filter; write one of: date, default"),
        ("{tracking_code|truncate}", "`truncate` needs an argument: truncate:255"),
        ("{tracking_code|truncate:0}", "needs a number of characters"),
        ("{tracking_code|map:x}", "no table is called `x`"),
        ("{tracking_code|date:%d}", "`date` is for dates and times"),
        ("{accepted_at|date:%B}", "`%B` may differ from machine to machine"),
        ("{accepted_at|date:%-d}", "`%-` may differ"),
        ("{accepted_at|date:%}", "`%` may differ"),
        ("{report.tags|upper}", "`upper` cannot be applied to a list"),
        ("tag {report.tags}", "a list must stand alone"),
        ("{tracking_code", "`{` stands alone; write `{{` for a brace"),
        ("a } b", "`}` stands alone; write `}}` for a brace"),
        (date(2026, 1, 2), 'is read as a date; put it in quotes: "2026-01-02"'),
        ({"tracking_code": None}, 'put it in quotes: "{tracking_code}"'),
    ],
)
def test_a_mistake_is_told_with_its_place_and_what_to_write(written: Any, told: str) -> None:
    ((place, text),) = problems({"a": [{"b": written}]})
    assert (place, told in text) == (("a", 0, "b"), True), text


def test_a_destination_that_is_not_entitled_cannot_name_the_reporter() -> None:
    skeleton = {"judul": "{report.title}", "pelapor": {"hp": "Telp. {reporter.phone|default:-}"}}
    ((place, text),) = problems(skeleton, identity=False)
    assert place == ("pelapor", "hp")
    assert "write `identity: true`" in text


def test_every_field_can_be_filled_in_every_case() -> None:
    whole = {name: f"{{{name}}}" for name in FIELDS}
    for case in (a_case(), a_case(reporter=a_reporter()), an_addition(), a_withdrawal(), a_case(messages=())):
        assert orjson.dumps(filled(whole, Subject(case)))


@given(st.text(max_size=40), st.sampled_from(["{report.title}", "{report.title|truncate:5}", "x {report.title} y"]))
def test_what_a_citizen_writes_is_never_read_as_a_template(title: str, written: str) -> None:
    hostile = a_case(report=a_report(title="{reporter.name}" + title))
    told = filled({"x": written}, Subject(replace(hostile, reporter=a_reporter())))["x"]
    assert "Wulandari" not in told


# -------------------------------------------------------------------------------------------------------------- payload


def payload(**changes: Any) -> Payload:
    return Payload.model_validate({"report": {"kode": "{tracking_code}"}} | changes)


def test_the_same_case_gives_the_same_bytes_in_the_order_of_the_skeleton() -> None:
    shape = shape_of(payload(report={"z": "{tracking_code}", "a": "{report.title}"}), "x")
    assert (
        shape.body(KNOWN) == shape.body(KNOWN) == (b'{"z":"3PKR-RFPG-C6E6","a":"Jembatan gantung rusak di Sukamaju"}')
    )


def test_a_form_has_a_field_for_each_value_of_a_list_and_an_empty_one_for_null() -> None:
    report = {"a": ["1", "{report.title|truncate:3}"], "b": "{report.agency}", "c": True, "d": "{report.attachments}"}
    shape = shape_of(payload(type="form", report=report), "x")
    subject = replace(BARE, lists={"attachments": [{"name": "a b.jpg"}]})
    assert shape.body(subject) == b"a=1&a=Je%E2%80%A6&b=&c=true&d=%7B%22name%22%3A%22a+b.jpg%22%7D"
    assert shape.content_type == "application/x-www-form-urlencoded"


def test_a_kind_of_handoff_without_a_skeleton_is_not_taken() -> None:
    shape = shape_of(payload(addition={"isi": "{message.text}"}), "x")
    assert [shape.takes(case.kind) for case in (a_case(), an_addition(), a_withdrawal())] == [True, True, False]


@pytest.mark.parametrize(
    ("changes", "place", "told"),
    [
        ({"report": []}, ("report",), "must be a mapping"),
        ({"report": {}}, ("report",), "must be a mapping"),
        ({"withdrawal": "x"}, ("withdrawal",), "must be a mapping"),
        ({"type": "form", "report": {"a": {"b": 1}}}, ("report", "a"), "a form is flat"),
        ({"type": "form", "addition": {"a": [[1]]}}, ("addition", "a"), "a form is flat"),
    ],
)
def test_a_body_that_cannot_be_written_is_told(changes: dict[str, Any], place: tuple[str, ...], told: str) -> None:
    _, ((where, text),) = read_payload(payload(**changes), identity=True)
    assert (where, told in text) == (place, True)


def test_a_broken_template_is_told_even_without_a_configuration_file() -> None:
    with pytest.raises(Misconfigured) as raised:
        shape_of(payload(report={"a": "{b}"}), "kemenkes")
    assert raised.value.problems[0].startswith("destinations.kemenkes.options.payload.report.a: {b}: no field")


def test_a_location_of_names_only_has_no_coordinates() -> None:
    known = Subject(a_case(report=a_report(location=a_location(latitude=None, longitude=None))))
    assert filled({"lat": "{report.location.latitude}"}, known, "omit") == {}
