"""Proofs out of the stored log are those of the whole tree in memory, however the log was batched."""

from __future__ import annotations

from random import Random

import pytest
from sqlalchemy import Connection, delete, update

from gateway.ledger.proofs import StoredTree
from gateway.ledger.tables import log_batches
from gateway.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    range_hash_of,
)
from schemas.errors import Tampered
from tests.integration.journal.databases import Database

LEAVES = [leaf_hash(number.to_bytes(2)) for number in range(75)]


def store(conn: Connection, sizes: list[int]) -> None:
    start = 0
    for size in sizes:
        before = Frontier().extended(LEAVES[:start])
        values = {"start": start, "size": size, "entries": b"\0" * 33 * size, "frontier": before.encoded()}
        conn.execute(log_batches.insert().values(values | {"leaves": b"".join(LEAVES[start : start + size])}))
        start += size


def batched(seed: int) -> list[int]:
    """Sizes of batches that make 75."""
    chance, sizes = Random(seed), []
    while sum(sizes) < 75:
        sizes.append(min(chance.randint(1, 12), 75 - sum(sizes)))
    return sizes


@pytest.mark.parametrize(
    "sizes", [[75], [1] * 75, [64, 11], batched(1), batched(2)], ids=["one", "singles", "two", "some", "others"]
)
def test_every_proof_is_the_one_of_the_tree_in_memory(empty: Database, sizes: list[int]) -> None:
    in_memory = range_hash_of(LEAVES)

    def compare(conn: Connection) -> None:
        store(conn, sizes)
        for size in (1, 2, 3, 31, 64, 65, 70, 75):
            tree = StoredTree(conn, size)
            assert tree.root() == in_memory(0, size)
            assert [tree.inclusion(at) for at in range(size)] == [
                inclusion_proof(at, size, in_memory) for at in range(size)
            ]
            assert [tree.consistency(old) for old in range(size + 1)] == [
                consistency_proof(old, size, in_memory) for old in range(size + 1)
            ]

    empty.run(compare)


def test_the_tree_without_leaves_has_the_empty_root(empty: Database) -> None:
    assert empty.run(lambda conn: StoredTree(conn, 0).root()) == EMPTY_ROOT


@pytest.mark.parametrize("damage", ["missing", "frontier", "leaves"])
def test_a_damaged_log_gives_no_proof(empty: Database, damage: str) -> None:
    def prove(conn: Connection) -> None:
        store(conn, [40, 35])
        second = log_batches.c.start == 40
        conn.execute(
            delete(log_batches).where(second)
            if damage == "missing"
            else update(log_batches).where(second).values({damage: b"\0" * 33})
        )
        StoredTree(conn, 75).inclusion(3)

    with pytest.raises(Tampered, match="run verify"):
        empty.run(prove)
