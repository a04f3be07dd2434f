"""YAML is read with its lines, within bounds, and never with surprises."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.watch.sigma.errors import SigmaError
from apiward.watch.sigma.tree import MAX_CHARS, Document, documents


def test_values_are_those_of_yaml_1_2() -> None:
    text = "a: yes\nb: 2026-01-01\nc: true\nd: 7\ne: 1.5\nf: ~\ng: '7'\nh: [1, {i: x}]\nj: 0o17\n"
    (document,) = documents(text)
    assert document.value == {
        "a": "yes", "b": "2026-01-01", "c": True, "d": 7, "e": 1.5, "f": None, "g": "7", "h": [1, {"i": "x"}],
        "j": "0o17",
    }  # fmt: skip


def test_every_part_knows_its_line() -> None:
    first, second = documents("a: 1\nb:\n  c:\n    - x\n    - d: y\n---\ne: 1\n", "rule.yml")
    assert [first.line(one) for one in (("a",), ("b", "c"), ("b", "c", 1, "d"), ("b", "zzz"))] == [1, 3, 5, 2]
    assert second.line(("e",)) == 7
    error = first.error(("b", "c", 0), "It is wrong.", "Mend it.")
    assert (error.file, error.line, str(error)) == ("rule.yml", 4, "rule.yml, line 4: It is wrong. Mend it.")


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a: &x 1\nb: *x\n", 1, "Anchors"),
        ("a: 1\na: 2\n", 2, "stands twice"),
        ("? [a]\n: 1\n", 1, "cannot be a name"),
        ("a: 1\n b: [\n", 2, "no YAML"),
        ("[" * 30 + "]" * 30, 1, "nested more than"),
        ("\n".join(f"- {n}" for n in range(20_001)), 20_000, "more than 20,000 values"),
        ("x" * (MAX_CHARS + 1), 0, "larger than"),
    ],
)
def test_what_is_too_much_or_unclear_is_refused_with_its_line(text: str, line: int, said: str) -> None:
    with pytest.raises(SigmaError, match=said) as caught:
        list(documents(text))
    assert caught.value.line == line


def test_a_tag_makes_no_object() -> None:
    (document,) = documents("a: !!python/object/apply:os.system ['true']\nb: !!int '7'\n")
    assert document.value == {"a": ["true"], "b": "7"}


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_any_text_gives_documents_or_an_error(text: str) -> None:
    with contextlib.suppress(SigmaError):
        assert all(isinstance(one, Document) for one in documents(text))
