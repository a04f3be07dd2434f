"""Lists as CSV (RFC 4180) that a spreadsheet shows and never runs.

Spreadsheets take a cell for a formula by its first sign. What comes from outside could so read other cells, or send
them away: such a cell gets an apostrophe in front, which spreadsheets take as "this is text".
"""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

Value: TypeAlias = str | int | None
"""A cell; None is what is not known, and stays empty."""
MEDIA_TYPE: Final = "text/csv; charset=utf-8; header=present"
_MARK: Final = "\ufeff"
"""By it spreadsheets know that it is UTF-8, and show letters beyond ASCII as they are."""
_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def csv_text(head: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """Return a list with its head; lines end with CR LF."""
    made = io.StringIO()
    made.write(_MARK)
    writer = csv.writer(made, lineterminator="\r\n")
    writer.writerow(map(defused, head))
    writer.writerows([defused(cell) for cell in row] for row in rows)
    return made.getvalue().encode("utf-8", "replace")


def defused(cell: Value) -> Value:
    """Return a cell that is no formula. Our own numbers are none, whatever their sign."""
    if not isinstance(cell, str):
        return cell
    return f"'{cell}" if cell.lstrip(" \u00a0").startswith(_STARTS) or cell.startswith("\ufeff") else cell
