"""The Merkle tree of RFC 6962 (section 2.1) and RFC 9162 (section 2.1): hashes, growth, proofs and their verification.

Proofs are built from any source that gives the hash of a range of leaves, so a tree of millions need not be in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()

RangeHash = Callable[[int, int], bytes]
"""Gives the hash of the subtree over the leaves `start` (included) to `end` (not included)."""


def leaf_hash(record: bytes) -> bytes:
    """The leaf of a record."""
    return sha256(b"\x00" + record).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The node over two subtrees."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """A tree reduced to what growing it needs: the roots of its full subtrees, largest first.

    There is one node for each bit that is set in `size`. Raises ValueError when the nodes do not fit the size.
    """

    size: int = 0
    nodes: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.nodes) != self.size.bit_count():
            raise ValueError(f"a tree of {self.size} leaves cannot have {len(self.nodes)} full subtrees")
        if any(len(node) != HASH_BYTES for node in self.nodes):
            raise ValueError(f"a node has {HASH_BYTES} bytes")

    def extended(self, leaves: Iterable[bytes]) -> Frontier:
        """The frontier after these leaf hashes were appended."""
        nodes, size = list(self.nodes), self.size
        for leaf in leaves:
            node, height = leaf, size
            while height & 1:
                node = node_hash(nodes.pop(), node)
                height >>= 1
            nodes.append(node)
            size += 1
        return Frontier(size, tuple(nodes))

    def since(self, start: int) -> Frontier:
        """The tree of the leaves from `start` on, for a `start` at which one of the full subtrees begins."""
        offset = 0
        for index in range(len(self.nodes) + 1):
            if offset == start:
                return Frontier(self.size - start, self.nodes[index:])
            offset += _largest_power_up_to(self.size - offset) if offset < self.size else 0
        raise ValueError(f"no full subtree of {self.size} leaves begins at {start}")

    def root(self) -> bytes:
        """The root of the whole tree."""
        if not self.nodes:
            return EMPTY_ROOT
        root = self.nodes[-1]
        for node in reversed(self.nodes[:-1]):
            root = node_hash(node, root)
        return root

    def encoded(self) -> bytes:
        """The nodes in one piece."""
        return b"".join(self.nodes)


def decode_frontier(size: int, encoded: bytes) -> Frontier:
    """The frontier of a tree of `size` leaves from its nodes in one piece. Raises ValueError when they do not fit."""
    return Frontier(size, split_hashes(encoded))


def split_hashes(encoded: bytes) -> tuple[bytes, ...]:
    """Hashes that were written one after the other. Raises ValueError for a broken piece."""
    if len(encoded) % HASH_BYTES:
        raise ValueError(f"{len(encoded)} bytes are no whole number of hashes")
    return tuple(encoded[at : at + HASH_BYTES] for at in range(0, len(encoded), HASH_BYTES))


def range_hash_of(leaves: Sequence[bytes]) -> RangeHash:
    """A source of range hashes over leaf hashes in memory."""
    return lambda start, end: Frontier().extended(leaves[start:end]).root()


def inclusion_proof(index: int, size: int, range_hash: RangeHash) -> list[bytes]:
    """The path from leaf `index` to the root of the tree of `size` leaves (RFC 9162 section 2.1.3.1)."""
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    path = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _largest_power_below(end - start)
        if index < middle:
            path.append(range_hash(middle, end))
            end = middle
        else:
            path.append(range_hash(start, middle))
            start = middle
    return path[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof leads from the leaf at `index` to the root of `size` leaves (RFC 9162 section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    position, last, node = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            node = node_hash(sibling, node)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            node = node_hash(node, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and node == root


def consistency_proof(old_size: int, new_size: int, range_hash: RangeHash) -> list[bytes]:
    """The proof that the tree of `new_size` grew out of the tree of `old_size` (RFC 9162 section 2.1.4.1)."""
    if not 0 <= old_size <= new_size:
        raise ValueError(f"a tree of {new_size} leaves did not grow out of one of {old_size}")
    if old_size in (0, new_size):
        return []
    path = []
    start, end, whole = 0, new_size, True
    while old_size != end:
        middle = start + _largest_power_below(end - start)
        if old_size <= middle:
            path.append(range_hash(middle, end))
            end = middle
        else:
            path.append(range_hash(start, middle))
            start, whole = middle, False
    if not whole:
        path.append(range_hash(start, end))
    return path[::-1]


def verify_consistency(old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that nothing of the old tree was changed in the new (RFC 9162 section 2.1.4.2)."""
    if not 0 <= old_size <= new_size:
        return False
    if old_size == new_size:
        return not proof and old_root == new_root
    if old_size == 0:
        return not proof and old_root == EMPTY_ROOT
    path = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    return bool(path) and _leads_to_both(path, old_size, old_root, new_size, new_root)


def _leads_to_both(path: list[bytes], old_size: int, old_root: bytes, new_size: int, new_root: bytes) -> bool:
    position, last = old_size - 1, new_size - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and old == old_root and new == new_root


def _largest_power_below(count: int) -> int:
    """The largest power of two smaller than `count` (2 or more)."""
    return 1 << (count - 1).bit_length() - 1


def _largest_power_up_to(count: int) -> int:
    """The largest power of two not larger than `count` (1 or more)."""
    return 1 << count.bit_length() - 1
