"""Reads correlation rules: how often, how many different, which together, in which order."""

import hashlib
import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from apiward.core.jsonvalue import Json
from apiward.watch.sigma.conditions import ConditionProblem, Grammar
from apiward.watch.sigma.fields import NOT_KEPT, Getter, getter
from apiward.watch.sigma.model import OPERATORS, Bound, Correlation, Head, Kind, Member, Rule
from apiward.watch.sigma.tree import Document

MAX_MEMBERS: Final = 20
MAX_NUMBER: Final = 10_000
"""The highest number that a condition may name: so many events of a group are remembered."""
MAX_SETS: Final = 256
MAX_SPAN_S: Final = 31 * 86_400
_KEYS: Final = ("type", "rules", "group-by", "timespan", "condition", "aliases", "generate")
_SPAN: Final = re.compile(r"([0-9]{1,9})([smhdwMy])")
_SECONDS: Final = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800, "M": 2_629_746, "y": 31_556_952}
_OPERATORS: Final = f"There are {', '.join(OPERATORS)}."
_OTHER_KINDS: Final = ("value_sum", "value_avg", "value_percentile", "value_median")

_Sets: TypeAlias = frozenset[frozenset[int]]


def correlation(document: Document, head: Head, known: Mapping[str, Rule]) -> tuple[Correlation, bool]:
    """Return a correlation, and whether its rules tell by themselves as well. Raises SigmaError."""
    table = document.value.get("correlation") if isinstance(document.value, dict) else None
    if not isinstance(table, dict):
        raise _error(document, "", "The correlation must be a table.", f"It has {', '.join(_KEYS)}.")
    for key in table:
        if key not in _KEYS:
            raise _error(document, key, f"A correlation has no {key[:40]!r}.", f"It has {', '.join(_KEYS)}.")
    kind = _kind(document, table.get("type"))
    condition = table.get("condition")
    names = _names(document, table.get("rules"), kind, condition)
    rules = [_referenced(document, name, known) for name in names]
    group_names = _texts(document, "group-by", table.get("group-by"))
    counted = _counted(document, kind, condition)
    aliases = _aliases(document, table.get("aliases"), names, rules)
    members = tuple(
        Member(
            rule,
            tuple(_field(document, "group-by", aliases.get(one, {}).get(name, one)) for one in group_names),
            _field(document, "condition", aliases.get(counted, {}).get(name, counted)) if counted else None,
        )
        for name, rule in zip(names, rules, strict=True)
    )
    bounds, sets = _condition(document, kind, condition, names)
    said = "".join([head.digest, *(rule.head.digest for rule in rules)])
    head = replace(head, digest=hashlib.sha256(said.encode()).hexdigest()[:16])
    made = Correlation(head, kind, members, group_names, _span(document, table.get("timespan")), bounds, sets)
    return made, _generates(document, table.get("generate"))


def _kind(document: Document, value: Json) -> Kind:
    if isinstance(value, str) and value in frozenset(Kind):
        return Kind(value)
    if value in _OTHER_KINDS:
        raise _error(document, "type", f"{value} is not supported: sums of fields are not kept.", "Use value_count.")
    raise _error(document, "type", f"There is no type {str(value)[:40]!r}.", f"There are {', '.join(Kind)}.")


def _names(document: Document, value: Json, kind: Kind, condition: Json) -> tuple[str, ...]:
    if value is None and isinstance(condition, str) and kind in {Kind.TEMPORAL, Kind.TEMPORAL_ORDERED}:
        words = re.findall(r"[A-Za-z0-9_-]+", condition)
        value = [*dict.fromkeys(word for word in words if word not in {"and", "or", "not"})]
    names = _texts(document, "rules", value)
    if not names:
        raise _error(document, "rules", "The correlation names no rules.", "Write their ids or names, as a list.")
    if len(names) > MAX_MEMBERS or len(set(names)) < len(names):
        raise _error(document, "rules", f"Rules stand twice, or are more than {MAX_MEMBERS}.", "Name each rule once.")
    return names


def _referenced(document: Document, name: str, known: Mapping[str, Rule]) -> Rule:
    if name not in known:
        advice = "It must be the id or name of a rule about single events in these files."
        raise _error(document, "rules", f"There is no rule {name[:60]!r}.", advice)
    return known[name]


def _counted(document: Document, kind: Kind, condition: Json) -> str:
    field = condition.get("field") if isinstance(condition, dict) else None
    if kind is Kind.VALUE_COUNT:
        if not isinstance(field, str):
            raise _error(document, "condition", "value_count needs the name of one field.", "Write field: c-ip")
        return field
    if field is not None:
        raise _error(document, "condition", f"{kind} counts no field.", "Use value_count, or leave field out.")
    return ""


def _aliases(document: Document, value: Json, names: Sequence[str], rules: Sequence[Rule]) -> dict[str, dict[str, str]]:
    if value is None:
        return {}
    if not isinstance(value, dict) or not all(isinstance(inner, dict) for inner in value.values()):
        raise _error(document, "aliases", "aliases must be a table of tables.", "Write rule: field below each alias.")
    told = {key: name for name, rule in zip(names, rules, strict=True) for key in (name, rule.head.id, rule.head.name)}
    found: dict[str, dict[str, str]] = {}
    for alias, inner in value.items():
        for rule, field in inner.items() if isinstance(inner, dict) else ():
            if rule not in told:
                raise _error(
                    document, "aliases", f"{rule[:60]!r} is none of the rules.", f"Those are {', '.join(names)}."
                )
            found.setdefault(alias, {})[told[rule]] = str(field)
    return found


def _field(document: Document, part: str, name: str) -> Getter:
    found = getter(name)
    if found is None:
        why = NOT_KEPT.get(name.lower(), "")
        raise _error(document, part, f"No event has a field {name[:60]!r}. {why}".strip(), "See: apiward rules fields")
    return found


def _condition(
    document: Document, kind: Kind, value: Json, names: Sequence[str]
) -> tuple[tuple[Bound, ...], tuple[tuple[int, ...], ...]]:
    is_temporal = kind in {Kind.TEMPORAL, Kind.TEMPORAL_ORDERED}
    if isinstance(value, str) and is_temporal:
        return (), _sets(document, value, names)
    if value is None and is_temporal:
        value = {"gte": len(names)}
    if not isinstance(value, dict):
        raise _error(document, "condition", "The correlation has no condition.", "Write gte: and a number below it.")
    bounds = tuple(_bound(document, key, number) for key, number in value.items() if key != "field")
    if not 1 <= len(bounds) <= 2:
        raise _error(
            document, "condition", "A condition has one or two comparisons.", f"There are {', '.join(OPERATORS)}."
        )
    if kind is not Kind.TEMPORAL_ORDERED:
        return bounds, ()
    return (), _ordered(document, bounds, len(names))


def _bound(document: Document, key: str, number: Json) -> Bound:
    if key not in OPERATORS:
        raise _error(
            document, "condition", f"There is no comparison {key[:40]!r}.", f"There are {', '.join(OPERATORS)}."
        )
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number <= MAX_NUMBER:
        raise _error(
            document, "condition", f"{key} takes a whole number up to {MAX_NUMBER:,}.", "Write it without quotes."
        )
    return Bound(key, number)


def _ordered(document: Document, bounds: tuple[Bound, ...], members: int) -> tuple[tuple[int, ...], ...]:
    """Return the chains that a number asks for: two of three rules in their order, say."""
    if len(bounds) != 1 or bounds[0].operator not in {"gt", "gte"}:
        raise _error(
            document, "condition", "temporal_ordered takes gt or gte alone.", "Leave the condition out for all."
        )
    least = bounds[0].number + (bounds[0].operator == "gt")
    chains = [one for size in range(max(least, 1), members + 1) for one in itertools.combinations(range(members), size)]
    shortest = [one for one in chains if len(one) == max(least, 1)]
    if not shortest or len(shortest) > MAX_SETS:
        raise _error(document, "condition", "So many rules in order cannot be told.", "Name fewer rules.")
    return tuple(shortest)


def _sets(document: Document, text: str, names: Sequence[str]) -> tuple[tuple[int, ...], ...]:
    grammar: Grammar[_Sets] = Grammar(
        {name: frozenset({frozenset({index})}) for index, name in enumerate(names)},
        every=_product,
        some=lambda nodes: frozenset(itertools.chain.from_iterable(nodes)),
        negated=_no_negation,
    )
    try:
        found = grammar.read(text)
    except ConditionProblem as problem:
        what = f"The condition cannot be used. {problem.what}"
        raise _error(document, "condition", what, problem.advice) from None
    unused = [name for name in names if name not in grammar.used]
    if unused:
        raise _error(document, "condition", f"The condition does not use {unused[0]}.", "Take it out of the rules.")
    return tuple(sorted(tuple(sorted(one)) for one in found))


def _product(nodes: list[_Sets]) -> _Sets:
    made: _Sets = frozenset({frozenset()})
    for node in nodes:
        made = frozenset(left | right for left in made for right in node)
        if len(made) > MAX_SETS:
            raise ConditionProblem("It has too many ways to hold.", "Write two rules.")
    return made


def _no_negation(_: _Sets) -> _Sets:
    raise ConditionProblem("not is not supported here: what does not come is known only afterwards.", "Leave it out.")


def _span(document: Document, value: Json) -> int:
    match = _SPAN.fullmatch(value) if isinstance(value, str) else None
    seconds = int(match[1]) * _SECONDS[match[2]] if match else 0
    if not 0 < seconds <= MAX_SPAN_S:
        raise _error(
            document, "timespan", f"{str(value)[:40]!r} is no timespan of at most 31 days.", "Write 30s, 5m, 1h or 1d."
        )
    return seconds * 1000


def _generates(document: Document, value: Json) -> bool:
    if value is not None and not isinstance(value, bool):
        raise _error(document, "generate", "generate must be true or false.", "Write it without quotes.")
    return bool(value)


def _texts(document: Document, key: str, value: Json) -> tuple[str, ...]:
    if value is None:
        return ()
    many = value if isinstance(value, list) else [value]
    if not all(isinstance(one, str | int) and not isinstance(one, bool) for one in many):
        raise _error(document, key, f"{key} must be a text or a list of texts.", "Write one name a line.")
    return tuple(map(str, many))


def _error(document: Document, key: str, what: str, advice: str) -> Exception:
    return document.error(("correlation", key) if key else ("correlation",), what, advice)
