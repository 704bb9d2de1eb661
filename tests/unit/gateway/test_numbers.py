"""The set of numbers is a set, whatever the numbers are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gateway.numbers import PAGE, PAGE_BITS, Numbers

numbers = st.integers(-(2**63), 2**63 - 1) | st.integers(-PAGE - 2, PAGE + 2)


@given(st.lists(numbers), numbers)
def test_it_holds_what_was_put_in_and_nothing_else(given_numbers: list[int], other: int) -> None:
    held, expected = Numbers(), set()
    for number in given_numbers:
        assert held.add(number) is (number not in expected)
        expected.add(number)
    assert len(held) == len(expected)
    assert all(number in held for number in expected)
    assert (other in held) is (other in expected)
    pages = {number >> PAGE_BITS for number in expected}
    assert {page: held.in_page(page) for page in pages} == {
        page: sum(number >> PAGE_BITS == page for number in expected) for page in pages
    }


def test_a_page_that_nothing_was_put_in_is_empty() -> None:
    assert Numbers().in_page(3) == 0
