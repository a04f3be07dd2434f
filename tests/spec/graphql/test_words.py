"""The words of a schema, and what is none."""

import pytest

from apiward.spec.graphql.words import GraphqlError, Word, words_of


def test_words_of_every_kind() -> None:
    found = words_of('type A # comment }\n"""block "x" \\"""."""\n "text \\" }" [Int!]! = -1.5e3, $a ...')
    assert [word.text for word in found if word.kind in ("block", "text")] == ['block "x" """.', 'text \\" }']
    assert [word for word in found if word.kind == "number"] == [Word("number", "-1.5e3")]
    assert [word.text for word in found if word.kind == "mark"] == ["[", "!", "]", "!", "=", "$", "..."]
    assert [word.text for word in found if word.kind == "name"] == ["type", "A", "Int", "a"]


def test_a_strange_character_is_told_with_its_line() -> None:
    with pytest.raises(GraphqlError, match="line 2"):
        words_of("type A\n%")
