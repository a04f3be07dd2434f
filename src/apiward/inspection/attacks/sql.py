"""SQL injection: the value is read as SQL in every place where it could stand, and its shape is judged.

Proves that the text leaves a number or string and goes on as SQL; cannot see what the application does with it.
"""

import re
from typing import Final

from apiward.inspection.model import AttackClass, Detector, Sighting, View
from apiward.inspection.patterns import Gate
from apiward.inspection.sql.brief import cut_hit, short_hit
from apiward.inspection.sql.folding import folded
from apiward.inspection.sql.shapes import bare_hit, quoted_hit
from apiward.inspection.sql.signs import SQL_SIGNS
from apiward.inspection.sql.statements import COMMENTED, GATE, STATEMENTS
from apiward.inspection.sql.tokens import shape_of
from apiward.inspection.sql.words import SCHEMA

_COMMENT: Final = re.compile(r"/\*(?!!)[^*]*+(?>(?:\*(?!/)[^*]*+)*)\*/|[\s\x00\x0b\xa0]+|\+(?=[a-z(0-9])")


def _look(view: View) -> Sighting | None:
    low = view.low
    if not GATE.opens(low):
        return None
    seen = [_statement(low), bare_hit(folded(shape_of(low).kinds)), _named(low), cut_hit(low)]
    if "'" in low:
        seen.append(quoted_hit(folded(shape_of("'" + low).kinds), is_double=False))
        seen.append(short_hit(low))
    elif '"' in low:
        seen.append(short_hit(low))
    if "\\'" in low or '\\"' in low:
        bare = low.replace("\\'", "'").replace('\\"', "'")
        seen.append(quoted_hit(folded(shape_of("'" + bare).kinds), is_double=False))
    if '"' in low:
        seen.append(quoted_hit(folded(shape_of('"' + low).kinds), is_double=True))
    if "`" in low:
        seen.append(quoted_hit(folded(shape_of("'" + low.replace("`", "'")).kinds), is_double=True))
    return max((one for one in seen if one is not None), key=lambda one: one.score, default=None)


def _statement(low: str) -> Sighting | None:
    seen = COMMENTED.search(low) if "/*" in low else None
    return seen or STATEMENTS.search(_COMMENT.sub(" ", low))


def _named(low: str) -> Sighting | None:
    """Judge names of a database's own tables beside a word of a query."""
    if any(name in low for name in SCHEMA) and _QUERYING.opens(low):
        return Sighting("sql.schema", 0.75, "a query names the tables in which a database describes itself")
    return None


_QUERYING: Final = Gate(r"\b(?:select|union|from|join|exec|where|like)\b|\|\||\(")

DETECTOR: Final = Detector(AttackClass.SQL, SQL_SIGNS, _look)
