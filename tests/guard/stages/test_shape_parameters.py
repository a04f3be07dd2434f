import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.decision import Decision, Effect
from tests.guard.calls import call
from tests.guard.stages.orders_api import HEADERS, SEARCH, SIGN_UP, one, stage, told


def search(query: str, headers: dict[str, str] | None = None, shop: str = "7", **settings: object) -> Decision | None:
    target = f"/shops/{shop}/orders?{query}"
    asked = call("GET", target, headers=headers or HEADERS, operation=SEARCH, path_arguments=(shop,))
    return one(stage(**settings).on_head(asked))


@pytest.mark.parametrize(
    "query",
    [
        "page=1",
        "page=%2B1&q=it%27s&open=True&state=paid",
        "page=1&ids=1&ids=2&ids=3",
        "page=1&ids[]=1&ids[]=2",
        "page=1&codes=1,2,3&pipes=1%7C2",
        "page=1&filter[a]=x&filter[b]=y",
        "page=1&open=&state=",
        "page=1&size=all&price=-.5e1",
        "page=1&size=7&price=9",
        "page=1&api_key=abc",
    ],
)
def test_described_parameters_pass(query: str) -> None:
    assert search(query) is None


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("", "query page"),
        ("page=0", "query page"),
        ("page=", "query page"),
        ("page=1e3", "query page"),
        ("page=1;drop", "query page"),
        ("page=1&page=2", "query page"),
        ("page=1&q=a&q=b", "query q"),
        ("page=1&size=some", "query size"),
        ("page=1&price=10", "query price"),
        ("page=1&price=nan", "query price"),
        ("page=1&open=maybe", "query open"),
        ("page=1&state=old", "query state"),
        ("page=1&ids=1&ids=x", "query ids"),
        ("page=1&ids[]=x", "query ids"),
        ("page=1&codes=1,2,3,4", "query codes"),
        ("page=1&codes=1,x", "query codes"),
        ("page=1&pipes=1%7Cx", "query pipes"),
    ],
)
def test_parameters_of_another_kind_are_refused(query: str, place: str) -> None:
    assert told(search(query)) == f"shape.query: {place}"


def test_other_places_of_parameters() -> None:
    assert told(search("page=1", shop="seven")) == "shape.path: path shop"
    assert told(search("page=1", {"x-shop": "seven"})) == "shape.header: header x-shop"
    assert told(search("page=1", {"x-other": "7"})) == "shape.header: header x-shop"
    assert told(search("page=1", {**HEADERS, "cookie": "a=b; lang=<b>"})) == "shape.cookie: cookie lang"
    assert search("page=1", {**HEADERS, "cookie": 'a=b; lang="de"'}) is None


def test_parameters_that_nothing_describes_are_noted_or_refused() -> None:
    noted = search("page=1&utm_source=x")
    assert noted is not None
    assert (noted.rule, noted.effect, noted.place) == ("shape.unknown-query", Effect.NOTE, "query utm_source")
    refused = search("page=1&debug[]=1&q=x", unknown_query="refuse")
    assert refused is not None
    assert (refused.effect, refused.place) == (Effect.DENY, "query ?")
    assert search("page=1&utm_source=x", unknown_query="allow") is None
    assert search("page=1&filter[x]=1", unknown_query="refuse") is None
    assert search("page=1&utm_source=x", open_operations=("GET /shops/**",)) is None


STAGE = stage()


@given(st.lists(st.tuples(st.text(), st.text())), st.binary(), st.text())
def test_any_parameters_are_judged_without_an_error(pairs: list[tuple[str, str]], raw: bytes, shop: str) -> None:
    asked = call("GET", "/", operation=SEARCH, path_arguments=(shop,))
    asked.query_pairs = [*pairs, ("page", "1"), *[(name, text) for text, name in zip(*_names(pairs), strict=True)]]
    asked.header = {b"cookie": raw, b"x-shop": raw, b"content-type": raw}
    asked.body, asked.form_pairs = b"x", pairs
    STAGE.on_head(asked)
    asked.operation_key = SIGN_UP.key
    STAGE.on_body(asked)


def _names(pairs: list[tuple[str, str]]) -> tuple[list[str], list[str]]:
    names = ["q", "ids", "codes", "pipes", "filter[a]", "state", "open"]
    texts = [text for _, text in pairs][: len(names)]
    return texts, names[: len(texts)]
