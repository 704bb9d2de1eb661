"""The tree is the one of RFC 6962: its published answers, and the properties of its proofs."""

from __future__ import annotations

from functools import cache
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    decode_frontier,
    inclusion_proof,
    leaf_hash,
    node_hash,
    range_hash_of,
    split_hashes,
    verify_consistency,
    verify_inclusion,
)

LARGEST = 70

# The vectors of certificate-transparency (merkle_tree_test.cc), which every implementation of RFC 6962 quotes.
CT_INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
CT_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
CT_INCLUSION = [
    (1, 1, []),
    (
        1,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (3, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (
        2,
        5,
        [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]
CT_CONSISTENCY = [
    (1, 1, []),
    (
        1,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (
        2,
        5,
        [
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]
CT_LEAVES = [leaf_hash(bytes.fromhex(data)) for data in CT_INPUTS]
LEAVES = [leaf_hash(number.to_bytes(2)) for number in range(LARGEST)]

sizes = st.integers(1, LARGEST)


@cache
def of_range(start: int, end: int) -> bytes:
    """The definition of the tree hash, word for word (RFC 9162 section 2.1.1)."""
    count = end - start
    if count == 0:
        return sha256(b"").digest()
    if count == 1:
        return LEAVES[start]
    split = max(1 << power for power in range(8) if 1 << power < count)
    return node_hash(of_range(start, start + split), of_range(start + split, end))


def flipped(value: bytes, bit: int) -> bytes:
    bit %= len(value) * 8
    return value[: bit // 8] + bytes([value[bit // 8] ^ (1 << bit % 8)]) + value[bit // 8 + 1 :]


def spoiled(proof: list[bytes], bit: int) -> list[bytes]:
    """The proof with one of its bits changed."""
    at, bit = bit // 256 % len(proof), bit % 256
    return [*proof[:at], flipped(proof[at], bit), *proof[at + 1 :]]


# -------------------------------------------------------------------------------------------------------- known answers


@pytest.mark.parametrize("size", range(9))
def test_the_published_roots_come_out(size: int) -> None:
    assert Frontier().extended(CT_LEAVES[:size]).root().hex() == CT_ROOTS[size]


@pytest.mark.parametrize(("number", "size", "path"), CT_INCLUSION)
def test_the_published_inclusion_proofs_come_out_and_verify(number: int, size: int, path: list[str]) -> None:
    proof = inclusion_proof(number - 1, size, range_hash_of(CT_LEAVES))
    assert [node.hex() for node in proof] == path
    assert verify_inclusion(CT_LEAVES[number - 1], number - 1, size, proof, bytes.fromhex(CT_ROOTS[size]))


@pytest.mark.parametrize(("old", "new", "path"), CT_CONSISTENCY)
def test_the_published_consistency_proofs_come_out_and_verify(old: int, new: int, path: list[str]) -> None:
    proof = consistency_proof(old, new, range_hash_of(CT_LEAVES))
    assert [node.hex() for node in proof] == path
    assert verify_consistency(old, bytes.fromhex(CT_ROOTS[old]), new, bytes.fromhex(CT_ROOTS[new]), proof)


def test_leaves_and_nodes_cannot_be_taken_for_each_other() -> None:
    assert leaf_hash(b"L123456").hex() == "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"
    assert node_hash(b"N123", b"N456").hex() == "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb"


# --------------------------------------------------------------------------------------------------------- the frontier


@pytest.mark.parametrize("size", range(LARGEST + 1))
def test_growing_gives_the_root_of_the_definition(size: int) -> None:
    assert Frontier().extended(LEAVES[:size]).root() == of_range(0, size)


@given(sizes, sizes)
def test_growing_in_two_pieces_is_growing_in_one(one: int, other: int) -> None:
    first, last = sorted((one, other))
    begun = Frontier().extended(LEAVES[:first])
    again = decode_frontier(first, begun.encoded())
    assert again.extended(LEAVES[first:last]) == Frontier().extended(LEAVES[:last])


@pytest.mark.parametrize("size", [0, 1, 2, 7, 8, 37, 64, 70])
def test_the_part_of_a_tree_from_a_full_subtree_on_is_a_tree_of_its_own(size: int) -> None:
    whole, start = Frontier().extended(LEAVES[:size]), 0
    for power in reversed(range(7)):
        assert whole.since(start).root() == of_range(start, size)
        start += size & (1 << power)
    assert whole.since(size) == Frontier()


def test_a_part_that_begins_within_a_full_subtree_is_refused() -> None:
    with pytest.raises(ValueError, match="no full subtree of 8 leaves begins at 4"):
        Frontier().extended(LEAVES[:8]).since(4)


@pytest.mark.parametrize(("size", "nodes"), [(1, ()), (3, (EMPTY_ROOT,)), (-1, (EMPTY_ROOT,)), (1, (b"short",))])
def test_a_frontier_has_one_node_for_each_bit_of_its_size(size: int, nodes: tuple[bytes, ...]) -> None:
    with pytest.raises(ValueError, match=r"leaves cannot have|a node has 32 bytes"):
        Frontier(size, nodes)


def test_hashes_in_one_piece_must_be_whole() -> None:
    assert split_hashes(LEAVES[0] + LEAVES[1]) == (LEAVES[0], LEAVES[1])
    with pytest.raises(ValueError, match="no whole number of hashes"):
        split_hashes(LEAVES[0] + b"\0")


# ------------------------------------------------------------------------------------------------------------ inclusion


@pytest.mark.parametrize("size", range(1, LARGEST + 1))
def test_every_leaf_of_every_tree_can_be_proved(size: int) -> None:
    root = of_range(0, size)
    proofs = [inclusion_proof(index, size, of_range) for index in range(size)]
    assert all(verify_inclusion(LEAVES[index], index, size, proof, root) for index, proof in enumerate(proofs))


@given(sizes, st.data())
def test_any_changed_bit_breaks_an_inclusion_proof(size: int, data: st.DataObject) -> None:
    index, bit = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, 1 << 20))
    proof, root, leaf = inclusion_proof(index, size, of_range), of_range(0, size), LEAVES[index]
    assert not verify_inclusion(flipped(leaf, bit), index, size, proof, root)
    assert not verify_inclusion(leaf, index, size, proof, flipped(root, bit))
    assert not verify_inclusion(leaf, index ^ (1 << bit % 7), size, proof, root)
    if proof:
        assert not verify_inclusion(leaf, index, size, spoiled(proof, bit), root)
        assert not verify_inclusion(leaf, index, size, proof[:-1], root)
        assert not verify_inclusion(leaf, index, size, proof[1:], root)
    assert not verify_inclusion(leaf, index, size, [*proof, leaf], root)


@pytest.mark.parametrize(("index", "size"), [(-1, 1), (1, 1), (0, 0), (5, 3)])
def test_a_leaf_outside_the_tree_has_no_proof(index: int, size: int) -> None:
    assert not verify_inclusion(LEAVES[0], index, size, [], LEAVES[0])
    with pytest.raises(ValueError, match="has no leaf"):
        inclusion_proof(index, size, of_range)


# ---------------------------------------------------------------------------------------------------------- consistency


@pytest.mark.parametrize("new", range(1, LARGEST + 1))
def test_every_tree_is_proved_to_have_grown_out_of_every_smaller_one(new: int) -> None:
    root = of_range(0, new)
    proofs = [consistency_proof(old, new, of_range) for old in range(new + 1)]
    assert all(verify_consistency(old, of_range(0, old), new, root, proof) for old, proof in enumerate(proofs))


@given(sizes, sizes, st.integers(0, 1 << 20))
def test_any_changed_bit_breaks_a_consistency_proof(one: int, other: int, bit: int) -> None:
    old, new = sorted((one, other))
    proof, before, after = consistency_proof(old, new, of_range), of_range(0, old), of_range(0, new)
    assert not verify_consistency(old, flipped(before, bit), new, after, proof)
    assert not verify_consistency(old, before, new, flipped(after, bit), proof)
    if proof:
        assert not verify_consistency(old, before, new, after, spoiled(proof, bit))
        assert not verify_consistency(old, before, new, after, proof[:-1])
    assert not verify_consistency(old, before, new, after, [*proof, before])


@given(st.integers(2, LARGEST), st.data())
def test_a_tree_in_which_an_old_leaf_was_changed_has_no_proof(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, new - 1))
    at = data.draw(st.integers(0, old - 1))
    forged = [*LEAVES[:at], leaf_hash(b"lain"), *LEAVES[at + 1 : new]]
    proof = consistency_proof(old, new, range_hash_of(forged))
    assert not verify_consistency(old, of_range(0, old), new, Frontier().extended(forged).root(), proof)


def test_a_tree_grows_out_of_the_empty_one_without_proof() -> None:
    assert verify_consistency(0, EMPTY_ROOT, 3, of_range(0, 3), [])
    assert not verify_consistency(0, LEAVES[0], 3, of_range(0, 3), [])
    assert not verify_consistency(0, EMPTY_ROOT, 3, of_range(0, 3), [LEAVES[0]])


@pytest.mark.parametrize(("old", "new"), [(3, 2), (-1, 2)])
def test_a_tree_never_grows_smaller(old: int, new: int) -> None:
    assert not verify_consistency(old, LEAVES[0], new, LEAVES[0], [])
    with pytest.raises(ValueError, match="did not grow out of"):
        consistency_proof(old, new, of_range)


def test_a_missing_proof_is_no_proof() -> None:
    assert not verify_consistency(3, of_range(0, 3), 5, of_range(0, 5), [])
