"""A credential goes to its place in a request."""

from apiward.core.account import Credential
from apiward.core.api import Place
from apiward.core.exchange import Request
from apiward.scan.calling.showing import with_credential

REQUEST = Request("GET", "http://api.test/a")
BEARER = Credential(Place.HEADER, "Authorization", "new", "Bearer ")


def test_a_header_replaces_what_stands_there_whatever_its_case() -> None:
    request = Request("GET", "http://api.test/a", (("authorization", "old"), ("Accept", "*/*")))
    sent = with_credential(request, BEARER)
    assert sent.headers == (("Accept", "*/*"), ("Authorization", "Bearer new"))


def test_a_key_goes_into_the_query_once_and_encoded() -> None:
    key = Credential(Place.QUERY, "api_key", "a+b/c=&d")
    assert with_credential(REQUEST, key).url == "http://api.test/a?api_key=a%2Bb%2Fc%3D%26d"
    before = Request("GET", "http://api.test/a?x=1&api_key=text&api_key2=k")
    assert with_credential(before, key).url == "http://api.test/a?x=1&api_key2=k&api_key=a%2Bb%2Fc%3D%26d"


def test_a_cookie_stands_beside_others() -> None:
    cookie = Credential(Place.COOKIE, "sid", "s1")
    assert with_credential(REQUEST, cookie).header("cookie") == "sid=s1"
    with_other = Request("GET", "http://api.test/a", (("Cookie", "theme=dark"),))
    assert with_credential(with_other, cookie).header("cookie") == "theme=dark; sid=s1"


def test_nothing_is_shown_where_there_is_no_credential() -> None:
    assert with_credential(REQUEST, None) is REQUEST
