"""The rows of tables of settings, as the dataclasses that read them tell: what a key takes, its default, its help."""
# ruff: noqa: INP001 - a part of a script beside the pages that it writes

import json
import re
from collections.abc import Iterator
from dataclasses import MISSING, Field, is_dataclass
from typing import Any, get_args

from apiward.config.typed import says, settings_of
from apiward.core.settings import HELP, LEAST, MOST


def tables_of(kind: type, name: str, *, is_many: bool) -> Iterator[tuple[str, type]]:
    """Yield the heads of a table and of all tables in it, with the dataclass that reads each."""
    yield (f"[[{name}]]" if is_many else f"[{name}]"), kind
    for key, (_, hint) in settings_of(kind).items():
        inner = _inner(hint)
        if inner is not None:
            yield from tables_of(inner, f"{name}.{key}", is_many=inner is not hint)


def _inner(hint: Any) -> type | None:  # noqa: ANN401 - a type hint has no class of its own
    """Return the dataclass of a table, or of each of several tables."""
    kind = next(iter(get_args(hint)), hint)
    return kind if isinstance(kind, type) and is_dataclass(kind) else None


def settings_rows(kind: type, name: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield key, form, default and help of each setting of a table; a table within it is a link."""
    for key, (field, hint) in settings_of(kind).items():
        inner = _inner(hint)
        if inner is None:
            yield f"`{key}`", _demand(field, hint), _toml(_standard(field)), str(field.metadata[HELP])
            continue
        head = f"[[{name}.{key}]]" if inner is not hint else f"[{name}.{key}]"
        anchor = re.sub(r"[^\w-]", "", head.lower())
        told = str(field.metadata.get(HELP) or (inner.__doc__ or "").partition(": ")[2] or inner.__doc__)
        kind_of = "tables" if inner is not hint else "a table"
        yield f"`{key}`", f"[{kind_of}](#{anchor})", "", told[0].upper() + told[1:].partition("\n")[0]


def _demand(field: Field[Any], hint: Any) -> str:  # noqa: ANN401 - the same
    least, most = field.metadata[LEAST], field.metadata[MOST]
    if least is None and most is None:
        return says(hint)
    if most is None:
        return f"{says(hint)}, at least {least}"
    return f"{says(hint)}, at most {most}" if least is None else f"{says(hint)} from {least} to {most}"


def _standard(field: Field[Any]) -> object:
    return field.default_factory() if field.default_factory is not MISSING else field.default


def _toml(value: object) -> str:
    """Return a default as it is written in TOML; nothing for what is empty."""
    if value in ("", (), {}):
        return ""
    return f"`{json.dumps(list(value) if isinstance(value, tuple) else value)}`"
