"""LAPOR!'s categories."""

from __future__ import annotations

import pytest

from gateway.categories import Categories, Category, load_categories


def test_every_known_id_lies_under_a_parent_of_the_tree() -> None:
    categories = load_categories()
    assert {category.parent for category in categories.by_id.values()} <= set(categories.parents)


def test_the_whole_list_is_there() -> None:
    categories = load_categories()
    assert (len(categories.by_id), len(categories.parents)) == (211, 38)
    assert categories.by_id[1397] == Category(1397, "Jalan Berlubang", "PEKERJAAN UMUM DAN PENATAAN RUANG")


def test_a_parent_is_found_however_it_is_written() -> None:
    found = load_categories().parent_named("  Ketenteraman ketertiban umum & dan pelindungan masyarakat")
    assert found == "KETENTERAMAN, KETERTIBAN UMUM, DAN PELINDUNGAN MASYARAKAT"


def test_what_is_no_parent_is_not_found() -> None:
    assert load_categories().parent_named("Jalan Berlubang") is None


def test_the_ids_under_a_parent_are_those_of_its_categories() -> None:
    assert load_categories().ids_under("PERHUBUNGAN") == {936, 938, 940}


@pytest.mark.parametrize(
    ("text", "expected"),
    [("887", 887), ("1", None), ("netralitas  asn", 887), ("Netralitas", None), ("", None)],
)
def test_a_category_is_named_by_its_number_or_its_name(text: str, expected: int | None) -> None:
    assert load_categories().id_of(text) == expected


def test_a_name_that_several_have_names_none() -> None:
    rows = {number: Category(number, "Lainnya", parent) for number, parent in ((1, "AIR"), (2, "JALAN"))}
    assert Categories(rows, {}).id_of("lainnya") is None
