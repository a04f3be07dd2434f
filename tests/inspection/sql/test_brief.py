import pytest

from apiward.inspection.sql.brief import MAX_LENGTH, short_hit


@pytest.mark.parametrize(
    "text",
    [
        "admin'--",
        "admin' -- -",
        "a')#",
        "a'/*",
        "'--",
        '"--',
        "a'; x --",
        "'='",
        "a' like 'b",
        "'-'",
        '"="',
        "a' || 'b",
        "x'+1+'",
        "x' or '1",
        "x' or 1",
        "sleep-first-steps'''",
        "it''''",
    ],
)
def test_shortest_ways_out(text: str) -> None:
    assert short_hit(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "o'brien",
        "5' - 6'",
        "rock 'n' roll",
        "'90s",
        "boys' #1",
        "kids' -- sizes",
        "'a' or 'b'",
        '"',
        "'",
        "it's",
        '12" - 14"',
        "'''bold'''",
        "James'",
        "'''",
        "write '''",
        "the dogs''",
    ],
)
def test_apostrophes_and_inches(text: str) -> None:
    assert short_hit(text) is None


def test_long_texts_have_a_shape() -> None:
    assert short_hit("a" * MAX_LENGTH + "'--") is None
