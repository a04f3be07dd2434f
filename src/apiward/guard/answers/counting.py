"""How many records an answer shows: who takes data away in bulk shows by it.

Counted are answers in JSON that were held whole, as the API gave them: what stages then leave out of them counts, too,
and an answer that streams past counts nothing. Rules in Sigma's form ask for the number.
"""

import re
from typing import Final

from apiward.core.jsonvalue import Json, NotJson

RECORDS: Final = "guard.records"
"""Where the number stands among the notes of a call."""
_DEPTH: Final = 2
_RECORDS: Final = re.compile(rb"\[\s*[\[{]")
"""Where a list of records begins: most answers have none, and need no walk."""


def shown_records(value: Json | NotJson, body: bytes) -> int:
    """Return the length of the list that an answer is, or of the longest one in its wrapping; 0 where it is none."""
    if isinstance(value, dict):
        return _longest(value, _DEPTH) if _RECORDS.search(body) else 0
    return len(value) if isinstance(value, list) else 0


def _longest(value: dict[str, Json], depth: int) -> int:
    most = 0
    for child in value.values():
        if child.__class__ is list:
            length = len(child)
            most = length if length > most and isinstance(child[0], dict | list) else most
        elif child.__class__ is dict and depth:
            below = _longest(child, depth - 1)
            most = max(below, most)
    return most
