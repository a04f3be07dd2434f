from hypothesis import given
from hypothesis import strategies as st

from apiward.guard.answers.cookies import CookieRules, hardened, is_session_name

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
