"""Merkle proofs out of the stored log, at the cost of a few batches however long the log is.

Each batch keeps the full subtrees before it. So the hash of any range of leaves comes from the batch in which the range
ends: from its own leaves, and for what lies before it from those subtrees.
"""

from __future__ import annotations

from functools import lru_cache

from sqlalchemy import Connection

from gateway.ledger.log_reading import batch_holding, unpacked
from gateway.logbook import Batch
from gateway.merkle import Frontier, consistency_proof, inclusion_proof, node_hash
from schemas.errors import Tampered

_BATCHES_KEPT = 8
_HASHES_KEPT = 65_536


class StoredTree:
    """The tree of the log's first `size` leaves. Raises Tampered where the log is damaged."""

    def __init__(self, conn: Connection, size: int) -> None:
        self._conn = conn
        self._size = size
        self._batches: list[tuple[Batch, tuple[bytes, ...]]] = []
        self._hash = lru_cache(maxsize=_HASHES_KEPT)(self._range_hash)

    def root(self) -> bytes:
        """The root of the tree."""
        return self._hash(0, self._size) if self._size else Frontier().root()

    def inclusion(self, position: int) -> list[bytes]:
        """The proof that a leaf is in the tree."""
        return inclusion_proof(position, self._size, self._hash)

    def consistency(self, old_size: int) -> list[bytes]:
        """The proof that the tree grew out of the one of `old_size` leaves."""
        return consistency_proof(old_size, self._size, self._hash)

    def _range_hash(self, start: int, end: int) -> bytes:
        batch, leaves = self._batch(end - 1)
        if end - start == 1:
            return leaves[start - batch.start]
        if start >= batch.start:
            middle = start + (1 << (end - start - 1).bit_length() - 1)
            return node_hash(self._hash(start, middle), self._hash(middle, end))
        try:
            return batch.tree_before().since(start).extended(leaves[: end - batch.start]).root()
        except ValueError as error:
            raise Tampered(
                f"the batch at position {batch.start} of the log is damaged ({error}); run verify"
            ) from error

    def _batch(self, position: int) -> tuple[Batch, tuple[bytes, ...]]:
        for held in self._batches:
            if held[0].start <= position < held[0].start + held[0].size:
                return held
        batch = batch_holding(self._conn, position)
        leaves = tuple(leaf for _, leaf in unpacked(batch))
        self._batches = [(batch, leaves), *self._batches[: _BATCHES_KEPT - 1]]
        return batch, leaves
