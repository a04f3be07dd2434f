"""Rules into the rules file, and out of it again where they do not hold."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from apiward.app.patching.cases import Rule
from apiward.config.rules_file import add_rules, named, remove_rules, replace_rules, restore_rules, rules_text

TABLES: Final = ("patch", "object")


def file_rules(base: Path, rules: Iterable[Rule]) -> None:
    """Write the rules. One that stands there already answers its new findings as well. Raises ConfigError."""
    known = standing_rules(base)
    for table in TABLES:
        fresh = [_with_before(rule, known) for rule in rules if rule.table == table]
        if fresh:
            remove_rules(base, table, named({rule.id for rule in fresh}))
            add_rules(base, table, [rule.values for rule in fresh])


def take_back(base: Path, before: bytes, rules: Iterable[Rule], held: frozenset[str]) -> tuple[Rule, ...]:
    """Take `rules` out as if they had never been there, and write what answers a finding of `held`; return those.

    `before` is the file as it was. What somebody else has written meanwhile (the autopilot, the page) stays.
    """
    tried = tuple(rules)
    kept = tuple(narrowed for rule in tried if (narrowed := _narrowed(rule, held)) is not None)
    ids = frozenset((rule.table, rule.id) for rule in tried)
    now = rules_text(base)
    if now != before and _without(now, ids) == _without(before, ids):
        restore_rules(base, before)  # to the byte, as nobody else has written
    elif now != before:
        _put_back(base, ids, rules_in(before))
    file_rules(base, kept)
    return kept


def standing_rules(base: Path) -> tuple[Rule, ...]:
    """Return the rules of the file, with the findings that each names."""
    return rules_in(rules_text(base))


def rules_in(text: bytes) -> tuple[Rule, ...]:
    """Return the rules of a file that says this; none where it is no TOML."""
    document = _parsed(text)
    found: list[Rule] = []
    for table in TABLES:
        listed = document.get(table, [])
        tables = listed if isinstance(listed, list) else []
        found += [Rule(table, one, findings_of(one)) for one in tables if isinstance(one, Mapping)]
    return tuple(found)


def findings_of(values: Mapping[str, object]) -> tuple[str, ...]:
    """Return the ids of the findings that a rule names."""
    return tuple(one.strip() for one in str(values.get("finding", "")).split(",") if one.strip())


def _put_back(base: Path, ids: frozenset[tuple[str, str]], before: Iterable[Rule]) -> None:
    for table in TABLES:
        names = frozenset(id_ for one, id_ in ids if one == table)
        old = [rule.values for rule in before if rule.table == table and rule.id in names]
        replace_rules(base, table, named(names), old)


def _without(text: bytes, ids: frozenset[tuple[str, str]]) -> Mapping[str, object]:
    """Return what a file says but for some rules."""
    document = dict(_parsed(text))
    for table in TABLES:
        listed = document.pop(table, [])
        tables = listed if isinstance(listed, list) else [listed]
        document[table] = [
            one for one in tables if not (isinstance(one, Mapping) and (table, str(one.get("id"))) in ids)
        ]
    return document


def _parsed(text: bytes) -> Mapping[str, object]:
    try:
        return tomllib.loads(text.decode("utf-8", "replace"))
    except ValueError:
        return {}


def _with_before(rule: Rule, known: Iterable[Rule]) -> Rule:
    before = next((one for one in known if (one.table, one.id) == (rule.table, rule.id)), None)
    if before is None:
        return rule
    findings = tuple(dict.fromkeys((*before.findings, *rule.findings)))
    return replace(rule, values={**rule.values, "finding": ", ".join(findings)}, findings=findings)


def _narrowed(rule: Rule, held: frozenset[str]) -> Rule | None:
    findings = tuple(one for one in rule.findings if one in held)
    if not findings:
        return None
    return replace(rule, values={**rule.values, "finding": ", ".join(findings)}, findings=findings)
