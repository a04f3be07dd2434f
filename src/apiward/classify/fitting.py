"""Makes a JSON value small enough to keep, so that it stays JSON and says what was left out."""

import json
import math
from typing import Final

from apiward.classify.signs import CUT, DEEPER, MORE, is_sign
from apiward.core.jsonvalue import Json

# Items of a list or members of an object, characters of a string, levels: from roomy to tight.
_STEPS: Final = ((100, 4000, 16), (40, 800, 12), (20, 300, 8), (10, 160, 6), (6, 80, 5), (3, 40, 4), (2, 20, 3))
_ROOMY: Final = (400, 4000, 24)
_LARGE: Final = 64_000


def roughly_cut(value: Json, size: int) -> Json:
    """Return `value`, read from `size` bytes, without what could never be kept: masking has less to do."""
    return _cut(value, *(_STEPS[1] if size > _LARGE else _ROOMY))


def fitted(value: Json, limit: int) -> bytes:
    """Return `value` as JSON of at most `limit` bytes (100 or more), cutting no more than needed."""
    text = _dumped(value)
    for step in _STEPS:
        if len(text) <= limit:
            return text
        text = _dumped(_cut(value, *step))
    return text if len(text) <= limit else _dumped(CUT.strip())


def _dumped(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")


def _cut(value: Json, items: int, chars: int, levels: int) -> Json:
    if isinstance(value, str):
        return value if len(value) <= chars or is_sign(value) else value[: chars - len(CUT)] + CUT
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)  # Python reads 1e999 as infinite and would write what is no JSON
    if isinstance(value, dict | list) and value and levels <= 0:
        return DEEPER
    if isinstance(value, list):
        return _cut_list(value, items, chars, levels)
    return _cut_object(value, items, chars, levels) if isinstance(value, dict) else value


def _cut_list(value: list[Json], items: int, chars: int, levels: int) -> list[Json]:
    kept = [_cut(item, items, chars, levels - 1) for item in value[:items]]
    return [*kept, f"{MORE}{len(value) - items}"] if len(value) > items else kept


def _cut_object(value: dict[str, Json], items: int, chars: int, levels: int) -> dict[str, Json]:
    kept: dict[str, Json] = {}
    for key in list(value)[:items]:
        short = key if len(key) <= 100 else key[:80] + CUT
        kept[short] = _cut(value[key], items, chars, levels - 1)
    if len(value) > items:
        kept[DEEPER] = f"{MORE}{len(value) - items}"
    return kept
