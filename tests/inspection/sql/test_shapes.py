import pytest

from apiward.inspection.sql.folding import folded
from apiward.inspection.sql.shapes import bare_hit, quoted_hit
from apiward.inspection.sql.tokens import shape_of


def bare(text: str) -> str | None:
    seen = bare_hit(folded(shape_of(text).kinds))
    return seen.rule if seen is not None else None


def quoted(text: str, mark: str = "'") -> str | None:
    seen = quoted_hit(folded(shape_of(mark + text).kinds), is_double=mark == '"')
    return seen.rule if seen is not None and seen.score > 0 else None


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("1 or 1=1", "sql.condition"),
        ("1 and (select 1)=1", "sql.call"),
        ("1 || lpad(a,7,1)", "sql.known-call"),
        ("1 union select 2,3", "sql.union"),
        ("1 where 1=1", "sql.clause"),
        ("1 order by 5", "sql.ordering"),
        ("1 or a is null", "sql.filter"),
        ("(select a from b)", "sql.subquery"),
        ("select a, b from c", "sql.query"),
        ("select a from b limit 1", "sql.query-limited"),
        ("sleep(5)", "sql.action"),
        ("(1=1) --", "sql.cut"),
    ],
)
def test_in_the_open(text: str, rule: str) -> None:
    assert bare(text) == rule


@pytest.mark.parametrize(
    "text",
    [
        "1 or 2",
        "10 or less",
        "7 and a half",
        "a = b",
        "select one from the list",
        "union of two",
        "color = red and size = 4",
        "x like y",
        "count (of monte cristo)",
        "order by phone",
        "union select committee",
    ],
)
def test_sentences_in_the_open(text: str) -> None:
    assert bare(text) is None


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("x' or 1=1 --", "sql.quoted.condition"),
        ("x' or a=1 or '", "sql.quoted.filter"),
        ("x'||(select 1)||'", "sql.quoted.call"),
        ("x' or true --", "sql.quoted.cut"),
        ("x' union select 1 --", "sql.quoted.union"),
        ("x'; select 1 --", "sql.quoted.statement"),
        ("x' order by 1 --", "sql.quoted.clause"),
        ("x' / a != '1", "sql.quoted.expression"),
    ],
)
def test_after_a_quote(text: str, rule: str) -> None:
    assert quoted(text) == rule
    assert quoted(text.replace("'", '"'), '"') == rule


@pytest.mark.parametrize(
    "text",
    ["o'brien", "rock 'n' roll", "boys' and girls' shoes", "4' x 5'", "'80s and '90s", "it's; that's", "6' 2", "a' b"],
)
def test_apostrophes(text: str) -> None:
    assert quoted(text) is None
    assert quoted(text.replace("'", '"'), '"') is None
