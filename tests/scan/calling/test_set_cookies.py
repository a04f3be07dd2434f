from apiward.core.exchange import Exchange, Failure, Request, Response
from apiward.scan.calling.set_cookies import set_cookies

REQUEST = Request("GET", "http://api.test/")


def test_every_cookie_that_can_be_read_is_given_with_its_attributes() -> None:
    lines = ("sid=abc; HttpOnly; SameSite=Lax", "no cookie", 'a{b="1"', "sid=def", "gone=; Max-Age=0")
    answer = Response(200, tuple(("Set-Cookie", line) for line in lines))
    found = [(name, one.value, one["samesite"]) for name, one in set_cookies(Exchange(REQUEST, answer))]
    assert found == [("sid", "abc", "Lax"), ("sid", "def", ""), ("gone", "", "")]


def test_without_an_answer_there_is_none() -> None:
    assert not list(set_cookies(Exchange(REQUEST, failure=Failure.TIMEOUT)))
