"""The hash tree of a record that only grows (RFC 9162, section 2.1): one short hash stands for all entries."""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Final

HASH_BYTES: Final = 32
EMPTY_ROOT: Final = sha256(b"").digest()
_LEAF: Final = b"\x00"
_NODE: Final = b"\x01"


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of one entry. Its first byte keeps an entry from passing for a node."""
    return sha256(_LEAF + entry).digest()


class Tree:
    """Grows by one leaf at a time. It holds the hashes of its whole subtrees only, the largest first."""

    __slots__ = ("peaks", "size")

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        """Go on where a tree of `size` leaves with these `peaks` was; raises ValueError where they do not belong."""
        self.size = size
        self.peaks = list(peaks)
        if size < 0 or size.bit_count() != len(self.peaks) or any(len(peak) != HASH_BYTES for peak in self.peaks):
            raise ValueError(f"a tree of {size} leaves does not have these {len(self.peaks)} hashes")

    def append(self, leaf: bytes) -> None:
        """Add the hash of one entry."""
        size, peaks = self.size, self.peaks
        self.size = size + 1
        while size & 1:
            leaf = sha256(_NODE + peaks.pop() + leaf).digest()
            size >>= 1
        peaks.append(leaf)

    def root(self) -> bytes:
        """Return the hash that stands for all leaves."""
        if not self.peaks:
            return EMPTY_ROOT
        root = self.peaks[-1]
        for peak in self.peaks[-2::-1]:
            root = _node(peak, root)
        return root


def consistency_proof(leaves: Sequence[bytes], old: int) -> list[bytes]:
    """Return what shows that the tree of all `leaves` goes on from that of the first `old` (section 2.1.4.1)."""
    if not 0 < old <= len(leaves):
        raise ValueError(f"{old} of {len(leaves)} leaves is no part of a tree")
    proof: list[bytes] = []
    start, end, is_whole = 0, len(leaves), True
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            proof.append(_root_of(leaves[middle:end]))
            end = middle
        else:
            proof.append(_root_of(leaves[start:middle]))
            start, is_whole = middle, False
    return [*([] if is_whole else [_root_of(leaves[start:end])]), *reversed(proof)]


def is_continued(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Return whether `proof` shows that the tree of `new` leaves goes on from the one of `old` (section 2.1.4.2)."""
    if old == new:
        return not proof and old_root == new_root
    if not 0 < old < new:
        return False
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not path:
        return False
    left, last = old - 1, new - 1
    while left & 1:
        left, last = left >> 1, last >> 1
    first = second = path[0]
    for part in path[1:]:
        if last == 0:
            return False
        if left & 1 or left == last:
            first, second = _node(part, first), _node(part, second)
            while left and not left & 1:
                left, last = left >> 1, last >> 1
        else:
            second = _node(second, part)
        left, last = left >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(_NODE + left + right).digest()


def _root_of(leaves: Sequence[bytes]) -> bytes:
    tree = Tree()
    for leaf in leaves:
        tree.append(leaf)
    return tree.root()


def _split(number: int) -> int:
    """Return the largest power of two below `number`."""
    return 1 << (number - 1).bit_length() - 1
