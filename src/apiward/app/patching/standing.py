"""Rules as they stand: what each holds, whether it has ended, and whether it was ever needed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from apiward.app.patching.cases import Rule
from apiward.app.patching.filing import standing_rules
from apiward.config.guarding import GuardConfig
from apiward.stores.events.database import open_database, sqlite_url
from apiward.stores.events.reading import EventReader

_PATCH: Final = re.compile(r"patch (\S+?)(?::.*)?")
_UNCOUNTED: Final = frozenset({"stages-on", "ends-sessions"})
"""Kinds of patches that leave the refusing to others, so that no event names them."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One rule of the file. `used` is how often it spoke; None where that cannot be told."""

    rule: Rule
    has_ended: bool
    used: int | None

    @property
    def was_never_needed(self) -> bool:
        """Whether it has held for a while and nobody ran into it."""
        return self.used == 0


def standing(base: Path, config: GuardConfig, data: Path, now_s: float) -> tuple[Standing, ...]:
    """Return the rules of the file with what the events of the guard tell of them."""
    used = _used(config, data)
    return tuple(Standing(rule, has_ended(rule, now_s), _count(rule, used)) for rule in standing_rules(base))


def _count(rule: Rule, used: Mapping[str, int] | None) -> int | None:
    if used is None or rule.values.get("kind") in _UNCOUNTED:
        return None
    return used.get(f"{rule.table} {rule.id}", 0)


def _used(config: GuardConfig, data: Path) -> Mapping[str, int] | None:
    """Return how often each rule spoke, None where no event is kept yet or they cannot be read."""
    path = data / "events.sqlite"
    if not config.events.database and not path.exists():
        return None
    engine = open_database(config.events.database or sqlite_url(path))
    counts: dict[str, int] = {}
    try:
        said = EventReader(engine).sayings(("patches.", "objects."))
    except SQLAlchemyError:
        return None
    finally:
        engine.dispose()
    for (rule, saw), number in said.items():
        name = _named(rule, saw)
        counts[name] = counts.get(name, 0) + number
    return counts


def _named(rule: str, saw: str) -> str:
    if rule.startswith("objects."):
        return f"object {saw.partition(':')[0]}"
    found = _PATCH.fullmatch(saw)
    return f"patch {found[1] if found else saw}"


def has_ended(rule: Rule, now_s: float) -> bool:
    """Return whether the day on which a rule ends is over."""
    try:
        end = datetime.fromisoformat(str(rule.values.get("expires", "")))
    except ValueError:
        return False
    return now_s >= (end if end.tzinfo else end.replace(tzinfo=UTC)).timestamp()
