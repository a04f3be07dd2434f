import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.guard.answers.origins import AllowList, is_own_site, is_trusting

LIST = AllowList.read(("https://shop.example", "https://*.pages.example:8443", "http://localhost:3000"))


def test_the_list_holds_what_is_on_it() -> None:
    assert LIST.holds(b"https://shop.example")
    assert LIST.holds(b"https://a.b.pages.example:8443")
    assert LIST.holds(b"http://localhost:3000")


@pytest.mark.parametrize(
    "origin",
    [
        b"https://shop.example.evil.test",
        b"https://evilshop.example",
        b"http://shop.example",
        b"https://pages.example:8443",
        b"https://x.pages.example",
        b"https://evil.test/.pages.example:8443",
        b"https://evil.test#.pages.example:8443",
        b"null",
        b"",
    ],
)
def test_the_list_holds_nothing_else(origin: bytes) -> None:
    assert not LIST.holds(origin)


@pytest.mark.parametrize("entry", ["*", "shop.example", "https://", "https://*", "https://a.example/path"])
def test_what_is_no_origin(entry: str) -> None:
    with pytest.raises(ValueError, match="allowed_origins"):
        AllowList.read((entry,))


def test_too_trusting() -> None:
    assert is_trusting(b"https://evil.test", b"true", b"https://evil.test")
    assert is_trusting(b"*", b"TRUE", b"")
    assert is_trusting(b"null", b"", b"")
    assert not is_trusting(b"*", b"", b"https://evil.test")
    assert not is_trusting(b"https://app.test", b"true", b"https://evil.test")


def test_own_sites() -> None:
    assert is_own_site(b"https://app.shop.example", b"api.shop.example", is_https=True)
    assert is_own_site(b"https://shop.co.uk", b"api.shop.co.uk", is_https=True)
    assert is_own_site(b"http://localhost:3000", b"localhost:8000", is_https=False)


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        (b"https://evil.co.uk", b"shop.co.uk"),
        (b"https://evil.herokuapp.com", b"shop.herokuapp.com"),
        (b"https://evilshop.example", b"shop.example"),
        (b"http://app.shop.example", b"api.shop.example"),
        (b"https://aw1localhost:8000", b"localhost:8000"),
        (b"https://10.0.0.2", b"10.0.0.1"),
        (b"null", b"shop.example"),
    ],
)
def test_foreign_sites(origin: bytes, host: bytes) -> None:
    assert not is_own_site(origin, host, is_https=True)


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_never_raises(origin: bytes, host: bytes) -> None:
    is_own_site(origin, host, is_https=True)
    LIST.holds(origin)
