import hashlib
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.guard.conducts.breached import Breached, load_breached


def listed(passwords: set[str], *, end: str = "\r\n", counts: bool = True, small: bool = False) -> bytes:
    """Return the file that holds these passwords."""
    digests = sorted(hashlib.sha1(word.encode(), usedforsecurity=False).hexdigest().upper() for word in passwords)
    rng = random.Random(7)
    lines = [f"{digest}:{rng.randrange(10 ** rng.randrange(1, 9))}" if counts else digest for digest in digests]
    text = end.join(lines) + end
    return (text.lower() if small else text).encode()


@given(st.sets(st.text(st.characters(codec="utf-8"), max_size=12), min_size=1, max_size=60), st.data())
def test_it_says_what_a_set_says(passwords: set[str], data: st.DataObject) -> None:
    end, counts, small = data.draw(st.tuples(st.sampled_from(["\n", "\r\n"]), st.booleans(), st.booleans()))
    breached = Breached(listed(passwords, end=end, counts=counts, small=small))
    asked = data.draw(st.text(st.characters(codec="utf-8"), max_size=12))
    assert all(password in breached for password in passwords)
    assert (asked in breached) is (asked in passwords)


@pytest.mark.parametrize("text", [b"hello\nworld\n", b"a" * 400, b"F" * 40 + b"\n" + b"0" * 40 + b"\n", b"\n", b"x:1"])
def test_a_file_of_another_kind_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError, match="SHA-1 hashes in order"):
        Breached(text)


def test_a_file_is_searched_where_it_lies(tmp_path: Path) -> None:
    path = tmp_path / "pwned.txt"
    path.write_bytes(listed({f"word {number}" for number in range(3_000)}))
    breached = load_breached(path)
    assert "word 2999" in breached
    assert "word 3000" not in breached


def test_a_file_that_is_not_there_or_empty_is_said(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"breached_file: none\.txt cannot be read: No such file"):
        load_breached(tmp_path / "none.txt")
    (tmp_path / "empty.txt").touch()
    with pytest.raises(ValueError, match="breached_file: it is empty"):
        load_breached(tmp_path / "empty.txt")


@given(st.binary(max_size=500), st.text(st.characters(codec="utf-8"), max_size=10))
def test_whatever_stands_in_it_the_search_ends(text: bytes, password: str) -> None:
    edge = b"0" * 40 + b"\n" + text + b"\n" + b"F" * 40 + b"\n"
    assert isinstance(password in Breached(edge), bool)
