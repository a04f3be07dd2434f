"""Lists as people read them: in columns, each as wide as its widest cell."""

from collections.abc import Iterable, Iterator
from typing import Final

from apiward.prove.neutral import one_line, shortened

LONGEST: Final = 80


def in_columns(names: tuple[str, ...], rows: Iterable[tuple[str, ...]], *, longest: int = LONGEST) -> Iterator[str]:
    """Yield a line with the names of the columns, then one for each row. Cells are made harmless, long ones cut."""
    shown = [names, *(tuple(shortened(one_line(cell), longest) for cell in row) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*shown, strict=True)]
    for row in shown:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
