"""One operation speaks for each endpoint, and answers are read as they came."""

import json

from apiward.core.exchange import Exchange, Request, Response
from apiward.scan.proofs.graphql_asking import data_in, endpoint
from tests.spec.graphql.test_describing import named


def _answered(body: object, status: int = 200) -> Exchange:
    return Exchange(Request("POST", "http://api.test/graphql"), Response(status, (), json.dumps(body).encode()))


def test_the_endpoint_of_an_operation_is_one_of_its_own() -> None:
    assert endpoint(named("me")).key == "POST /graphql"


def test_only_a_good_answer_holds_data() -> None:
    assert data_in(_answered({"data": {"a": 1}})) == {"a": 1}
    assert data_in(_answered({"data": None, "errors": []})) == {}
    assert data_in(_answered([{"data": {}}])) == {}
    assert data_in(_answered({"data": {"a": 1}}, 500)) == {}
