import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.call import BodyKind, Call
from apiward.core.jsonvalue import Json
from apiward.guard.graphql.judging import GraphqlLimits, GraphqlRules, weight_of
from apiward.guard.graphql.reading import read
from apiward.spec.graphql.words import GraphqlError
from tests.guard.calls import call

RULES = GraphqlRules(GraphqlLimits(depth=5, cost=100, aliases=3, batch=2))


def posted(query: str, variables: Json = None) -> Call:
    return call("POST", "/graphql", json={"query": query, "variables": variables})


def rule_of(asked: Call) -> str:
    fault = RULES.fault(asked)
    return fault.rule if fault else "passes"


def judged(query: str, variables: Json = None) -> str:
    return rule_of(posted(query, variables))


@pytest.mark.parametrize(
    "query",
    [
        "{ me { name } }",
        "query Q($n: Int = 3, $f: F = {a: [1]}) @live { items(first: $n, where: {id: {_eq: 4}}) { id name } }",
        'mutation { add(note: "brace } and \\" quote", long: """block " } \\""" """) { id __typename } }',
        "query A { a } query B { b }",
        "fragment F on User { name ... on Admin @skip(if: true) { role } ... { id } } { me { ...F } }",
        "# a comment {{{\n{ a, b, c: d }",
        "subscription { added { id } }",
        "{ on { on: on } }",
    ],
)
def test_ordinary_queries_pass(query: str) -> None:
    assert judged(query) == "passes"


@pytest.mark.parametrize(
    ("query", "rule"),
    [
        ("{a{b{c{d{e{f}}}}}}", "graphql-depth"),
        ("{a{b{...F}}} fragment F on X {c{d{e{f}}}}", "graphql-depth"),
        ("{a{... on X{... on Y{b{c{d{e{f}}}}}}}}", "graphql-depth"),
        ("{items(first: 50){id name price}}", "graphql-cost"),
        ("{a(limit: 20){b(last: 20){c}}}", "graphql-cost"),
        ("{a(first: 11){...F}} fragment F on X {b(first: 11){id}}", "graphql-cost"),
        ("{a:x b:x c:x d:x}", "graphql-aliases"),
        ("{...F ...F} fragment F on X {a:x b:x}", "graphql-aliases"),
        ("{__schema{types{name}}}", "graphql-introspection"),
        ('{a:__type(name:"X"){name}}', "graphql-introspection"),
        ("{...F} fragment F on Q {__schema{types{name}}}", "graphql-introspection"),
        ("{...A} fragment A on X {...B} fragment B on X {...A}", "graphql-syntax"),
        ("{...A} fragment A on X {...A}", "graphql-syntax"),
        ("{...A}", "graphql-syntax"),
        ("{a", "graphql-syntax"),
        ("{a}}", "graphql-syntax"),
        ("{a(b: [1)}", "graphql-syntax"),
        ("type X { a: Int }", "graphql-syntax"),
        ("fragment F on X {a}", "graphql-syntax"),
        ("", "graphql-syntax"),
        ("{a ; b}", "graphql-syntax"),
        ("{" * 1000, "graphql-syntax"),
        ("{a" * 1000 + "}" * 1000, "graphql-syntax"),
        ("{a " * 20_001, "graphql-syntax"),
    ],
)
def test_queries_that_ask_for_too_much_are_refused(query: str, rule: str) -> None:
    assert judged(query) == rule


def test_sizes_in_variables_count() -> None:
    query = "query($n: Int){items(first: $n){id name}}"
    assert judged(query, {"n": 10}) == "passes"
    assert judged(query, {"n": 60}) == "graphql-cost"
    assert judged("query($n: Int = 60){items(first: $n){id name}}") == "graphql-cost"


def test_many_queries_in_one_request() -> None:
    two: Json = [{"query": "{a}"}, {"query": "{b}"}]
    assert rule_of(call("POST", "/graphql", json=two)) == "passes"
    three: Json = [{"query": "{a}"}, {"id": "kept"}, {"query": "{c}"}]
    assert rule_of(call("POST", "/graphql", json=three)) == "graphql-batch"
    renaming: Json = [{"query": "{a:x b:x}"}, {"query": "{a:x b:x}"}]
    assert rule_of(call("POST", "/graphql", json=renaming)) == "graphql-aliases"
    hidden: Json = [{"query": "{__schema{a}}"}, {"query": "{a{b{c{d{e{f}}}}}}"}]
    assert rule_of(call("POST", "/graphql", json=hidden)) == "graphql-depth"


def test_queries_are_found_wherever_a_request_may_hold_them() -> None:
    deep = "{a{b{c{d{e{f}}}}}}"
    assert rule_of(call("GET", f"/graphql?query={deep}&variables=x")) == "graphql-depth"
    assert rule_of(call("POST", "/graphql", body=deep.encode(), headers={"content-type": "application/graphql"})) == (
        "graphql-depth"
    )
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert rule_of(call("POST", "/graphql", body=f"query={deep}".encode(), headers=form)) == "graphql-depth"
    upload = call("POST", "/graphql", body=b"x", headers={"content-type": "multipart/form-data"})
    upload.body_kind, upload.form_pairs = BodyKind.MULTIPART, [("operations", f'{{"query": "{deep}"}}')]
    assert rule_of(upload) == "graphql-depth"
    assert rule_of(call("GET", "/graphql")) == "passes"


def test_fragments_that_double_at_each_step_cost_little_time() -> None:
    text = "{...F0}" + "".join(f" fragment F{n} on X {{...F{n + 1} ...F{n + 1}}}" for n in range(1000))
    begun_s = time.thread_time()
    assert judged(text + " fragment F1000 on X {a}") == "graphql-cost"
    assert time.thread_time() - begun_s < 1


def test_a_long_query_takes_time_in_proportion() -> None:
    begun_s = time.thread_time()
    assert judged('{a(x:"' + "\\\\" * 200_000 + '")}') == "passes"
    assert judged('{a(x:"""' + '""' * 200_000) == "graphql-syntax"
    assert judged("{a(" + "first:" * 15_000 + ")}") in ("passes", "graphql-syntax")
    assert time.thread_time() - begun_s < 1


def test_weights_are_those_of_the_dearest_operation() -> None:
    weight = weight_of(read("query A {a{b}} query B {c(first: 5){d e:f}}", {}))
    assert (weight.depth, weight.cost, weight.aliases) == (2, 11, 1)


@given(st.lists(st.sampled_from('{ } ( ) : ... a on fragment query $ @ 1 "x" [ ] = first !'.split()), max_size=40))
def test_any_tokens_are_read_or_refused(words: list[str]) -> None:
    judged(" ".join(words))


@given(st.text(), st.dictionaries(st.text(), st.integers() | st.text()))
def test_any_text_is_read_or_refused(text: str, variables: dict[str, int | str]) -> None:
    try:
        read(text, variables)
    except GraphqlError:
        return


@given(st.recursive(st.none() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.just("query"), inner)))
def test_any_json_is_judged_without_an_error(value: Json) -> None:
    RULES.fault(call("POST", "/graphql", json=value))
