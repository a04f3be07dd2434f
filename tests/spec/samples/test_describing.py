from apiward.core.api import Api, SchemeKind
from apiward.spec.learning.learner import Learner
from apiward.spec.samples.describing import described
from apiward.spec.samples.sample import Sample
from tests.spec.learning.seeing import classify, digest


def api_of(*samples: Sample) -> Api:
    return described(samples, Learner(digest, classify), title="T", source="s", dialect="d")


def test_what_strangers_are_refused_asks_for_a_log_in() -> None:
    shown = Sample("GET", "/open", status=200, is_anonymous=True)
    recorded = Sample("GET", "/recorded", status=200)
    api = api_of(Sample("GET", "/me", is_refused=True), shown, Sample("POST", "/x"), recorded)
    by_key = {one.key: one for one in api.operations}
    assert by_key["GET /me"].is_secured
    assert by_key["GET /open"].security == ()
    assert by_key["POST /x"].security is by_key["GET /recorded"].security is None
    assert by_key["POST /x"].answers == ()
    assert [scheme.kind for scheme in api.schemes.values()] == [SchemeKind.BEARER]


def test_names_of_values_are_kept() -> None:
    api = api_of(Sample("GET", "/books/dune/pages/3", "/books/{title}/pages/{number}"), Sample("GET", "/books"))
    assert [one.key for one in api.operations] == ["GET /books", "GET /books/{title}/pages/{number}"]
    assert [parameter.name for parameter in api.operations[1].parameters] == ["title", "number"]


def test_methods_that_describe_nothing_are_left_out() -> None:
    assert api_of(Sample("OPTIONS", "/x"), Sample("HEAD", "/x"), Sample("g e t", "/x")).operations == ()
