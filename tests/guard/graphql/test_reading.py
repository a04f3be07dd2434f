import pytest

from apiward.guard.graphql.reading import MOST_NESTING, Spread, read
from apiward.spec.graphql.words import GraphqlError


def test_an_operation_is_measured_without_its_fragments() -> None:
    document = read("query Q { a { ...F b: c(first: 4) { d ... on X { e } } } } fragment F on A { f }", {})
    (operation,) = document.operations
    assert (operation.depth, operation.cost, operation.aliases) == (3, 10, 1)
    assert operation.spreads == [Spread("F", 2, 1)]
    assert document.fragments["F"].depth == 1


def test_sizes_come_from_arguments_variables_and_defaults() -> None:
    def cost(text: str, **variables: int) -> int:
        return read(text, variables).operations[0].cost

    assert cost("{a(first: 7){b}}") == 8
    assert cost("query($n: Int = 3){a(pageSize: $n){b}}") == 4
    assert cost("query($n: Int = 3){a(pageSize: $n){b}}", n=5) == 6
    assert cost("{a(first: $unknown){b}}") == 2
    assert cost("{a(first: -7){b}}") == 2
    assert cost('{a(where: {first: "x"}, first: 3){b}}') == 4
    assert cost("{a(first: 99999999999999999999999){b}}") == 2


@pytest.mark.parametrize("text", ["{a(b: 1", "{a(b: [1)}", "{a @}", "{... @}", "{... on}", "{a:}", "query )", "{1}"])
def test_what_does_not_end_well_is_refused(text: str) -> None:
    with pytest.raises(GraphqlError, match="no query"):
        read(text, {})


def test_nesting_has_an_end() -> None:
    for text in ("{a" * 300 + "}" * 300, "{a(b:" + "[" * 300 + "]" * 300 + ")}"):
        with pytest.raises(GraphqlError, match="nested too deeply"):
            read(text, {})
    deep = MOST_NESTING - 1
    assert read("{a" * deep + "}" * deep, {}).operations[0].depth == deep


def test_two_fragments_of_one_name_are_refused() -> None:
    with pytest.raises(GraphqlError, match="two fragments"):
        read("{a} fragment F on X {a} fragment F on X {b}", {})
