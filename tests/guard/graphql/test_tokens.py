import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.guard.graphql.tokens import MOST_TOKENS, TEXT, tokens
from apiward.spec.graphql.words import GraphqlError


def test_words_signs_numbers_and_texts() -> None:
    found = tokens('query($n: Int! = -1.5e3) { a: b(x: "} \\" {", y: """ { " """, z: "") ...F @live } # } {')
    wanted = f"query ( $ n : Int ! = -1.5e3 ) {{ a : b ( x : {TEXT} y : {TEXT} z : {TEXT} ) ... F @ live }}"
    assert found == wanted.split()


@pytest.mark.parametrize("text", ["{ a ; }", '"open', '"""open', "a\x00b", "..", "{ ä }"])
def test_what_is_no_graphql_is_refused(text: str) -> None:
    with pytest.raises(GraphqlError, match="GraphQL does not know"):
        tokens(text)


def test_a_document_has_an_end() -> None:
    assert len(tokens("a " * MOST_TOKENS)) == MOST_TOKENS
    with pytest.raises(GraphqlError, match="too long"):
        tokens("a " * (MOST_TOKENS + 1))


@given(st.text(alphabet='{}()"\\ #\na1.', max_size=40))
def test_any_text_is_cut_or_refused(text: str) -> None:
    try:
        tokens(text)
    except GraphqlError:
        return
