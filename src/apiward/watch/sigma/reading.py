"""Reads rules from the text of files: all of them, or the error that says which one is no good and why."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from apiward.core.finding import Severity
from apiward.core.jsonvalue import Json
from apiward.watch.sigma.conditions import ConditionProblem, Grammar
from apiward.watch.sigma.correlating import correlation
from apiward.watch.sigma.errors import SigmaError
from apiward.watch.sigma.model import Book, Correlation, Head, Rule
from apiward.watch.sigma.selections import every, selection, some
from apiward.watch.sigma.tree import Document, documents
from apiward.watch.sigma.values import Predicate

MAX_RULES: Final = 500
LEVELS: Final[Mapping[str, Severity]] = {
    "informational": Severity.NOTE,
    "low": Severity.LOW,
    "medium": Severity.MEDIUM,
    "high": Severity.HIGH,
    "critical": Severity.CRITICAL,
}
CATEGORIES: Final = frozenset({"webserver", "proxy", "api", "application"})
PRODUCTS: Final = frozenset({"apiward", "nginx", "apache", "caddy", "traefik", "haproxy", "iis"})
_NOT_AN_ID: Final = re.compile(r"[^a-z0-9]+")
_MAX_TITLE: Final = 120


def read_rules(texts: Iterable[tuple[str, str]]) -> Book:
    """Return the rules of several files, given as names and texts. Raises SigmaError at the first that is no good."""
    found = [one for file, text in texts for one in documents(text, file) if one.value is not None]
    if len(found) > MAX_RULES:
        raise SigmaError(f"There are more than {MAX_RULES} rules.", "Leave out what you need not see.")
    notes: list[str] = []
    rules = [_rule(one, notes) for one in found if not _is_correlation(one)]
    known = _by_reference([(rule.head, rule) for rule in rules])
    read = [correlation(one, _head(one), known) for one in found if _is_correlation(one)]
    _check_unique([*(rule.head for rule in rules), *(one.head for one, _ in read)])
    silent = _asked_for(read)
    shown = tuple(replace(rule, is_shown=rule.head.id not in silent) for rule in rules)
    return Book(shown, tuple(one for one, _ in read), tuple(notes))


def _asked_for(read: list[tuple[Correlation, bool]]) -> set[str]:
    """Return the rules that say nothing by themselves: only a correlation wants them (`generate` is off)."""
    told = {member.rule.head.id for one, generates in read if generates for member in one.members}
    return {member.rule.head.id for one, _ in read for member in one.members} - told


def _is_correlation(document: Document) -> bool:
    if not isinstance(document.value, dict):
        raise document.error((), "This is no rule.", "A rule is a table with title, logsource and detection.")
    for key in ("action", "filter"):
        if key in document.value:
            raise document.error((key,), f"{key} is not supported.", "Write it into each rule.")
    return "correlation" in document.value


def _rule(document: Document, notes: list[str]) -> Rule:
    table = document.value
    assert isinstance(table, dict)  # noqa: S101 - `_is_correlation` has seen to it
    _check_source(document, table.get("logsource"))
    detection = table.get("detection")
    if not isinstance(detection, dict):
        raise document.error(("detection",), "There is no detection.", "Write selections and a condition below it.")
    if "timeframe" in detection:
        advice = "Write a correlation rule with timespan."
        raise document.error(("detection", "timeframe"), "timeframe is not supported.", advice)
    head = _head(document)
    selections = {
        name: selection(document, ("detection", name), value)
        for name, value in detection.items()
        if name != "condition"
    }
    test, unused = _condition(document, detection.get("condition"), selections)
    notes.extend(f"{head.file}: the condition of {head.title!r} does not use {name}." for name in unused)
    return Rule(head, test)


def _condition(document: Document, value: Json, selections: Mapping[str, Predicate]) -> tuple[Predicate, list[str]]:
    conditions = value if isinstance(value, list) else [value]
    if not conditions or not all(isinstance(one, str) and one.strip() for one in conditions):
        raise document.error(("detection",), "There is no condition.", "Write condition: selection")
    grammar = Grammar(selections, every=every, some=some, negated=_negated)
    try:
        tests = [grammar.read(str(one)) for one in conditions]
    except ConditionProblem as problem:
        what = f"The condition cannot be used. {problem.what}"
        raise document.error(("detection", "condition"), what, problem.advice) from None
    return some(tests), [name for name in selections if name not in grammar.used]


def _negated(test: Predicate) -> Predicate:
    return lambda event: not test(event)


def _head(document: Document) -> Head:
    table = document.value if isinstance(document.value, dict) else {}
    title = table.get("title")
    if not isinstance(title, str) or not title.strip():
        raise document.error((), "The rule has no title.", "Write title: and what it finds.")
    level = table.get("level", "medium")
    if not isinstance(level, str) or level not in LEVELS:
        raise document.error(("level",), f"There is no level {str(level)[:40]!r}.", f"There are {', '.join(LEVELS)}.")
    id_, name = table.get("id"), table.get("name")
    slug = _NOT_AN_ID.sub("-", title.lower()).strip("-")
    own = next((str(one) for one in (id_, name) if isinstance(one, str | int) and str(one).strip()), slug)
    described = table.get("description")
    return Head(
        id=own[:_MAX_TITLE],
        title=" ".join(title.split())[:_MAX_TITLE],
        severity=LEVELS[level],
        name=str(name) if isinstance(name, str) else "",
        description=" ".join(described.split()) if isinstance(described, str) else "",
        file=document.file,
        line=document.line(()),
        digest=hashlib.sha256(json.dumps(table, sort_keys=True).encode()).hexdigest()[:16],
    )


def _check_source(document: Document, source: Json) -> None:
    if not isinstance(source, dict):
        raise document.error((), "There is no logsource.", "Write logsource: with category: webserver below it.")
    category, product = source.get("category"), source.get("product")
    if (
        (category is None or category in CATEGORIES)
        and (product is None or product in PRODUCTS)
        and (category or product)
    ):
        return
    named = " ".join(str(one)[:40] for one in (product, category) if one) or "another place"
    advice = "Rules for category webserver, proxy or api can be used here."
    raise document.error(("logsource",), f"This rule is for logs of {named}.", advice)


def _by_reference(rules: list[tuple[Head, Rule]]) -> dict[str, Rule]:
    known: dict[str, Rule] = {}
    for head, rule in rules:
        known.update({key: rule for key in (head.id, head.name) if key})
    return known


def _check_unique(heads: list[Head]) -> None:
    seen: dict[str, Head] = {}
    for head in heads:
        for key in {head.id, head.name} - {""}:
            if key in seen:
                first = seen[key]
                what = f"{key!r} is also the id or name of the rule in {first.file or 'line'} line {first.line}."
                raise SigmaError(what, "Give one of them another id.", file=head.file, line=head.line)
            seen[key] = head
