"""The same document in both formats."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from defusedxml import ElementTree
from hypothesis import given
from hypothesis import strategies as st

from gateway.georeport.formats import written
from gateway.georeport.services import load_services


def test_a_list_of_things_becomes_elements_of_their_name() -> None:
    rows = [{"code": 400, "description": "a < b & c"}, {"code": 404, "description": None}]
    text = written("errors", rows, "xml").decode()
    assert text == (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        "<errors><error><code>400</code><description>a &lt; b &amp; c</description></error>"
        "<error><code>404</code><description></description></error></errors>\n"
    )
    assert orjson.loads(written("errors", rows, "json")) == rows


def test_yes_and_no_are_spelled_as_the_specification_spells_them() -> None:
    assert b"<metadata>true</metadata>" in written("service", {"metadata": True}, "xml")


@given(text=st.text())
def test_any_text_makes_a_document_that_can_be_read(text: str) -> None:
    document = written("service_requests", [{"description": text}], "xml")
    read = ElementTree.fromstring(document).findtext("request/description")
    assert isinstance(read, str)


@pytest.mark.parametrize("code", ["1397", "0"])
def test_a_definition_names_each_question_and_its_choices(code: str) -> None:
    definition: dict[str, Any] = load_services()[code].defined()
    root = ElementTree.fromstring(written("service_definition", definition, "xml"))
    codes = [each.text for each in root.iterfind("attributes/attribute/code")]
    assert codes == [each["code"] for each in definition["attributes"]]
    assert len(list(root.iterfind("attributes/attribute/values/value/key"))) == 9
