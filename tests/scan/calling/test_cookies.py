from apiward.core.exchange import Exchange, Failure, Request, Response
from apiward.scan.calling.cookies import morsels_in

ASKED = Request("GET", "http://api.test/")


def test_each_cookie_with_what_is_said_of_it() -> None:
    headers = (
        ("Set-Cookie", "sid=a1; Path=/; SameSite=Lax"),
        ("set-cookie", "sid,theme@=is no cookie"),
        ("Set-Cookie", "theme=dark; HttpOnly"),
    )
    found = [
        (name, morsel.value, morsel["samesite"]) for name, morsel in morsels_in(Exchange(ASKED, Response(200, headers)))
    ]
    assert found == [("sid", "a1", "Lax"), ("theme", "dark", "")]


def test_no_answer_sets_none() -> None:
    assert not list(morsels_in(Exchange(ASKED, failure=Failure.TIMEOUT)))
