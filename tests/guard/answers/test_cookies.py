import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.guard.answers.cookies import CookieRules, hardened, is_session_name, told_apart

RULES = CookieRules()


def test_what_is_missing_is_added() -> None:
    assert hardened(b"sid=1; Path=/", RULES, is_https=True) == b"sid=1; Path=/; Secure; HttpOnly; SameSite=Lax"
    assert hardened(b"sid=1", RULES, is_https=False) == b"sid=1; HttpOnly; SameSite=Lax"


def test_what_is_there_stays() -> None:
    line = b"sid=1; secure; httponly; samesite=None"
    assert hardened(line, RULES, is_https=True) is line


def test_cookies_that_pages_read_stay_readable() -> None:
    assert b"HttpOnly" not in hardened(b"XSRF-TOKEN=1", RULES, is_https=True)
    assert b"HttpOnly" not in hardened(b"theme=dark", RULES, is_https=True)
    assert b"SameSite" not in hardened(b"theme=dark", CookieRules(""), is_https=True)


def test_names_of_sessions() -> None:
    assert all(map(is_session_name, ("sid", "connect.sid", "PHPSESSID", "__Host-session", "access_token", "ASPSESSID")))
    assert not any(map(is_session_name, ("theme", "csrftoken", "cart", "lang")))


@given(st.binary(max_size=200), st.booleans())
def test_never_raises_and_twice_is_once(line: bytes, is_https: bool) -> None:  # noqa: FBT001 - made by hypothesis
    once = hardened(line, RULES, is_https=is_https)
    assert hardened(once, RULES, is_https=is_https) == once


HOST_RULES = CookieRules(host=frozenset({b"sid"}))


def test_a_cookie_that_can_be_kept_for_the_host_is() -> None:
    assert hardened(b"sid=1; Path=/", HOST_RULES, is_https=True).startswith(b"__Host-sid=1; Path=/; Secure")


@pytest.mark.parametrize(
    "line", [b"sid=1", b"sid=1; Path=/shop", b"sid=1; Path=/; Domain=a.example", b"other=1; Path=/"]
)
def test_one_that_cannot_keeps_its_name(line: bytes) -> None:
    assert not hardened(line, HOST_RULES, is_https=True).startswith(b"__Host-")
    assert not hardened(b"sid=1; Path=/", HOST_RULES, is_https=False).startswith(b"__Host-")


@pytest.mark.parametrize(
    ("shown", "told"),
    [
        (b"__Host-sid=1; theme=dark", b"sid=1; theme=dark"),
        (b"sid=evil; __Host-sid=1", b"sid=1"),
        (b"sid=evil", b""),
        (b"theme=dark; __Host-other=2", None),
        (b"__Host-sid", b"sid"),
        (b"sid =evil", b""),
    ],
)
def test_the_api_gets_its_own_names(shown: bytes, told: bytes | None) -> None:
    assert told_apart(shown, frozenset({b"sid"})) == told


@given(st.binary(max_size=200))
def test_only_what_was_kept_for_the_host_is_believed(shown: bytes) -> None:
    told = told_apart(b"sid=evil;" + shown.replace(b"__Host-", b""), frozenset({b"sid"}))
    assert told is not None
    assert not any(part.partition(b"=")[0].strip() == b"sid" for part in told.split(b";"))
