from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.merkle import EMPTY_ROOT, Tree, consistency_proof, is_continued, leaf_hash

LEAVES = [leaf_hash(str(number).encode()) for number in range(70)]


def naive(leaves: list[bytes]) -> bytes:
    """Return the root as section 2.1.1 of RFC 9162 defines it, by splitting from the top."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + naive(leaves[:split]) + naive(leaves[split:])).digest()


def naive_proof(old: int, leaves: list[bytes], *, is_whole: bool = True) -> list[bytes]:
    """Return PROOF(old, leaves) as section 2.1.4.1 of RFC 9162 defines it."""
    if old == len(leaves):
        return [] if is_whole else [naive(leaves)]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    if old <= split:
        return [*naive_proof(old, leaves[:split], is_whole=is_whole), naive(leaves[split:])]
    return [*naive_proof(old - split, leaves[split:], is_whole=False), naive(leaves[:split])]


def grown(leaves: list[bytes]) -> Tree:
    tree = Tree()
    for leaf in leaves:
        tree.append(leaf)
    return tree


def test_the_hashes_are_those_of_certificate_transparency() -> None:
    # The well-known values of RFC 6962's reference implementation, whose tree RFC 9162 keeps.
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    known = [b"", b"\x00", b"\x10", b"\x20\x21", b"\x30\x31", b"\x40\x41\x42\x43"]
    known += [b"\x50\x51\x52\x53\x54\x55\x56\x57", b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f"]
    root = grown([leaf_hash(entry) for entry in known]).root()
    assert root.hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


@pytest.mark.parametrize("size", range(70))
def test_the_root_is_the_one_of_the_definition(size: int) -> None:
    assert grown(LEAVES[:size]).root() == naive(LEAVES[:size])


@given(st.lists(st.binary(max_size=8), max_size=200))
def test_the_root_is_the_one_of_the_definition_for_any_entries(entries: list[bytes]) -> None:
    leaves = [leaf_hash(entry) for entry in entries]
    assert grown(leaves).root() == naive(leaves)


@given(st.integers(0, 69), st.integers(0, 69))
def test_a_tree_goes_on_from_its_size_and_hashes(first: int, more: int) -> None:
    before = grown(LEAVES[:first])
    tree = Tree(before.size, before.peaks)
    for leaf in LEAVES[first : first + more]:
        tree.append(leaf)
    assert tree.root() == grown(LEAVES[: first + more]).root()


@pytest.mark.parametrize(("size", "peaks"), [(-1, []), (1, []), (2, [b"x" * 32] * 2), (1, [b"short"])])
def test_hashes_that_do_not_belong_to_a_size_are_refused(size: int, peaks: list[bytes]) -> None:
    with pytest.raises(ValueError, match="does not have these"):
        Tree(size, peaks)


@given(st.integers(1, 70), st.integers(1, 70))
def test_every_older_tree_is_proved_and_the_proof_is_the_one_of_the_definition(old: int, new: int) -> None:
    old, new = min(old, new), max(old, new)
    proof = consistency_proof(LEAVES[:new], old)
    assert proof == naive_proof(old, LEAVES[:new])
    assert is_continued(old, naive(LEAVES[:old]), new, naive(LEAVES[:new]), proof)


@given(st.integers(2, 70), st.integers(1, 70), st.integers(0, 69), st.data())
def test_a_tree_with_another_past_is_not_proved(new: int, old: int, changed: int, data: st.DataObject) -> None:
    old, changed = min(old, new - 1), changed % min(old, new - 1)
    other = [*LEAVES[:changed], leaf_hash(b"another"), *LEAVES[changed + 1 : new]]
    proof = consistency_proof(other, old)
    assert not is_continued(old, naive(LEAVES[:old]), new, naive(other), proof)
    if proof:
        at = data.draw(st.integers(0, len(proof) - 1))
        broken = [*proof[:at], leaf_hash(b"x"), *proof[at + 1 :]]
        assert not is_continued(old, naive(other[:old]), new, naive(other), broken)
        assert not is_continued(old, naive(other[:old]), new, naive(other), proof[:-1])
    assert not is_continued(old, naive(other[:old]), new, naive(other), [*proof, LEAVES[0]])


@pytest.mark.parametrize("old", [-1, 0, 4])
def test_there_is_no_proof_from_a_tree_that_is_no_part(old: int) -> None:
    with pytest.raises(ValueError, match="no part"):
        consistency_proof(LEAVES[:3], old)
    assert not is_continued(old, EMPTY_ROOT, 3, naive(LEAVES[:3]), [])


def test_equal_sizes_have_equal_roots() -> None:
    root = naive(LEAVES[:3])
    assert is_continued(3, root, 3, root, [])
    assert not is_continued(3, root, 3, EMPTY_ROOT, [])
    assert not is_continued(3, root, 3, root, [root])
