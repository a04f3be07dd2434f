from apiward.core.api import Api, Body, Operation, Parameter, Place
from apiward.spec.joining import joined


def api(source: str, *operations: Operation) -> Api:
    return Api("T", "1", operations, source=source)


def test_all_operations_of_all_inputs_are_there_and_differences_are_told() -> None:
    first = api("a", Operation("GET", "/x/{id}", parameters=(Parameter("id", Place.PATH),)), Operation("GET", "/old"))
    query = Parameter("q", Place.QUERY)
    other = Operation("GET", "/x/{x_id}", parameters=(Parameter("x_id", Place.PATH), query), security=(("k",),))
    second = api("b", other, Operation("POST", "/new", bodies=(Body("application/json"),)))
    whole = joined(first, [second])
    assert [one.key for one in whole.api.operations] == ["GET /x/{id}", "GET /old", "POST /new"]
    assert [one.name for one in whole.api.operations[0].parameters] == ["id", "q"]
    assert whole.api.operations[0].is_secured
    assert whole.differences == (("b", ("POST /new",), ("GET /old",)),)


def test_the_earlier_input_has_the_word() -> None:
    mine = Operation("POST", "/x", bodies=(Body("application/json"),), security=())
    theirs = Operation("POST", "/x", bodies=(Body("text/plain"),), security=(("k",),))
    assert joined(api("a", mine), [api("b", theirs)]).api.operations == (mine,)
