import pytest

from apiward.core.exchange import Response
from apiward.spec.discovery.telling import allowed, beside, is_there, look


def shown(status: int, body: str = "", kind: str = "application/json", location: str = "") -> Response:
    headers = (("Content-Type", kind), *((("Location", location),) if location else ()))
    return Response(status, headers, body.encode())


NOTHING = shown(404, '{"detail":"Not Found"}')


@pytest.mark.parametrize(
    ("response", "control", "is_one"),
    [
        (shown(200, "[]"), NOTHING, True),
        (shown(401, "{}"), NOTHING, True),
        (shown(405, "{}"), NOTHING, True),
        (shown(422, "{}"), NOTHING, True),
        (shown(404, '{"status":"fail","message":"No such user"}'), NOTHING, True),
        (NOTHING, NOTHING, False),
        (shown(404, '{"detail":"There is no /x here"}'), NOTHING, False),
        (shown(410, "{}"), NOTHING, False),
        # a gate before everything says the same of all
        (shown(401, "{}"), shown(401, "{}"), False),
        # one page for every address
        (shown(200, "<p>Shop</p>", "text/html"), shown(200, "<p>Shop</p>", "text/html"), False),
        (shown(200, '{"a":1}'), shown(200, "<p>Shop</p>", "text/html"), True),
        (shown(200, '{"error":"x"}'), shown(200, '{"error":"y"}'), False),
        (shown(302, location="/login"), shown(302, location="/login"), False),
        (shown(302, location="/login"), NOTHING, True),
        (shown(302, location="/here"), shown(302, location="/login"), True),
        # nothing that says nothing
        (shown(503), NOTHING, False),
        (shown(429), NOTHING, False),
    ],
)
def test_a_path_is_there_where_its_answer_differs_from_that_to_a_made_up_one(
    response: Response, control: Response, *, is_one: bool
) -> None:
    assert is_there(look(response, "/x"), look(control, "/nothing")) is is_one


def test_methods_are_read_from_allow() -> None:
    assert allowed(Response(405, (("Allow", "get, POST,BREW"), ("allow", "HEAD")))) == {"GET", "POST", "HEAD"}
    assert allowed(Response(200)) == frozenset()


def test_the_control_stands_beside_a_name_and_below_a_value() -> None:
    assert beside("/a/b") == "/a/nothing-is-here-8f3k"
    assert beside("/a/7", is_value=True).count("nothing") == 2
