import pytest

from apiward.spec.meaning.showing import shown_ways


@pytest.mark.parametrize(
    ("authorization", "headers", "cookies", "query", "ways"),
    [
        ("Bearer eyJ", [], "", [], ["bearer"]),
        ("BASIC eyJ", [], "", [], ["basic"]),
        ("Token eyJ", [], "", [], ["header authorization"]),
        ("", ["x-api-key", "accept", "x-csrf-token"], "", [], ["header x-api-key"]),
        ("", [], "theme=dark; PHPSESSID=1;sid=2; csrftoken=3", [], ["cookie PHPSESSID", "cookie sid"]),
        ("", [], "", ["page", "access_token", "page_token"], ["query access_token"]),
        ("", [], "", [], []),
    ],
)
def test_ways_are_told_by_name(
    authorization: str, headers: list[str], cookies: str, query: list[str], ways: list[str]
) -> None:
    assert list(shown_ways(authorization, headers, cookies, query)) == ways


def test_long_names_are_cut() -> None:
    told = list(shown_ways("", [], f"sess{'x' * 99}=1", [f"token-{'x' * 99}"]))
    assert [len(one.partition(" ")[2]) for one in told] == [60, 60]
