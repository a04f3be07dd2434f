"""Our rules and pySigma's SQLite backend say the same of the same events: which rule, of which event or group.

Some things differ on purpose, and stand in no rule here. pySigma compares texts with `lt` by their letters, and folds
the case of ASCII letters alone; networks of IPv6 are patterns of text to it.
"""

import json
import random
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from typing import Any, Final

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from apiward.core.event import Event
from apiward.watch.sigma.fields import OWN, USUAL, getter, whole_text
from apiward.watch.sigma.reading import read_rules
from apiward.watch.sigma.rules import SigmaRules
from tests.watch.sigma.seen import AGENTS, CLIENTS, PATHS, PRINCIPALS, RULES, made_events

collection: Any = pytest.importorskip("sigma.collection", reason="pysigma is not installed: nothing to agree with")
backends: Any = pytest.importorskip(
    "sigma.backends.sqlite", reason="pysigma-backend-sqlite is not installed: nothing to agree with"
)

NAMES: Final = (*OWN, *USUAL)
NUMBERS: Final = frozenset(
    {"status", "sc-status", "elapsed_ms", "time-taken", "request_size", "cs-bytes", "answer_size", "sc-bytes", "asn"}
    | {"number", "records", "amount"}
)
MANY: Final = made_events(6_000, seed=5)

FIXED: Final = r"""
title: Log-ins that fail
name: failed
logsource: {category: webserver}
detection:
  log_in: {cs-uri-stem|startswith: /login, cs-method: post}
  bad: {sc-status: [401, 403]}
  condition: log_in and bad
---
title: Anything refused
name: refused
logsource: {product: apiward}
detection:
  by_guard: {outcome: refused}
  by_api: {status|gte: 400, status|lt: 500}
  condition: 1 of by_*
---
title: Goes well
name: well
logsource: {category: webserver}
detection:
  good: {sc-status|lt: 300}
  nobody: {principal: null}
  inner: {c-ip|cidr: [10.0.0.0/9, 192.0.2.64/26]}
  condition: good and not (nobody or inner)
"""
ALIASES: Final = "{it: {failed: c-ip, well: client}}"
CORRELATIONS: Final = (
    "{type: event_count, rules: [failed], group-by: [c-ip], timespan: 1h, condition: {gte: 6}}",
    "{type: event_count, rules: [failed, refused], group-by: [principal], timespan: 20s, condition: {gt: 8}}",
    "{type: event_count, rules: [failed], group-by: [c-ip, cs-method], timespan: 30m, condition: {eq: 3}}",
    "{type: event_count, rules: [failed], group-by: [account], timespan: 1m, condition: {lt: 2}}",
    "{type: event_count, rules: [refused], timespan: 10s, condition: {gte: 12}}",
    "{type: event_count, rules: [well], group-by: [asn], timespan: 1h, condition: {lte: 30}}",
    "{type: value_count, rules: [failed], group-by: [c-ip], timespan: 2h, condition: {field: account, gte: 5}}",
    "{type: value_count, rules: [refused], group-by: [principal], timespan: 1m, condition: {field: path, gt: 11}}",
    "{type: value_count, rules: [well], group-by: [agent], timespan: 10m, condition: {field: asn, eq: 8}}",
    "{type: temporal, rules: [failed, well], group-by: [account], timespan: 20s}",
    "{type: temporal, rules: [failed, refused, well], group-by: [c-ip, agent], timespan: 40s, condition: {gte: 2}}",
    "{type: temporal, rules: [failed, well], group-by: [asn], timespan: 30s, condition: failed and well}",
    "{type: temporal_ordered, rules: [failed, well], group-by: [account], timespan: 15s}",
    "{type: temporal_ordered, rules: [well, refused, failed], group-by: [agent, c-ip], timespan: 5m}",
    "{type: temporal_ordered, rules: [well, refused, failed], group-by: [path], timespan: 5s, condition: {gte: 2}}",
    "{type: event_count, rules: [failed, well], group-by: [it], timespan: 10m, condition: {gte: 40}, aliases: ALL}",
)


def _at(event: Event) -> str:
    return datetime.fromtimestamp(event.at_s, UTC).isoformat(timespec="milliseconds").removesuffix("+00:00")


def _table(events: Sequence[Event]) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.create_function(
        "regexp", 2, lambda pattern, text: text is not None and re.search(pattern, str(text)) is not None
    )
    columns = [f"`{name}` {'INTEGER' if name in NUMBERS else 'TEXT COLLATE NOCASE'}" for name in NAMES]
    connection.execute(f"CREATE TABLE logs (eid TEXT, timestamp TEXT, fulltext TEXT, {', '.join(columns)})")
    found = [getter(name) for name in NAMES]
    rows = [(event.id, _at(event), whole_text(event), *(get(event) for get in found if get)) for event in events]
    connection.executemany(f"INSERT INTO logs VALUES (?, ?, ?{', ?' * len(NAMES)})", rows)
    return connection


def _backend() -> Any:  # noqa: ANN401 - pySigma may be missing, and its types with it
    return backends.sqliteBackend(timestamp_field="timestamp", fulltext_field="fulltext")


def _theirs(connection: sqlite3.Connection, text: str) -> set[str]:
    queries = _backend().convert(collection.SigmaCollection.from_yaml(text))
    found: set[str] = set()
    for query in queries:
        found |= {row[0] for row in connection.execute(query.replace("SELECT *", "SELECT eid", 1))}
    return found


def _their_groups(connection: sqlite3.Connection, text: str) -> set[tuple[str, ...]]:
    queries = _backend().convert(collection.SigmaCollection.from_yaml(text))
    (query,) = (one for one in queries if "group_keys" in one)
    rows = connection.execute(f"SELECT group_keys FROM ({query})")
    return {tuple(str(value).lower() for value in json.loads(row[0]).values()) for row in rows}


def _ours(events: Sequence[Event], text: str) -> set[str]:
    (rule,) = read_rules([("rule.yml", text)]).rules
    return {event.id for event in events if rule.test(event)}


def _our_groups(events: Sequence[Event], text: str) -> set[tuple[str, ...]]:
    rules = SigmaRules(read_rules([("rule.yml", text)]))
    found = [one for event in events for one in rules.see(event)]
    found += rules.passed(events[-1].at_s + 1e9)
    return {tuple(value.lower() for _, value in one.facts[1:]) for one in found if one.rule == "sigma.many"}


def _with(correlation: str) -> str:
    return f"{FIXED}---\ntitle: Many\nname: many\nlevel: high\ncorrelation: {correlation.replace('ALL', ALIASES)}\n"


@pytest.fixture(scope="module")
def many() -> Iterator[sqlite3.Connection]:
    with closing(_table(MANY)) as connection:
        yield connection


@pytest.mark.parametrize("number", range(3))
def test_rules_about_single_events_agree(many: sqlite3.Connection, number: int) -> None:
    text = FIXED.split("---\n")[number]
    assert _ours(MANY, text) == _theirs(many, text) != set()


@pytest.mark.long
@pytest.mark.parametrize("correlation", CORRELATIONS)
def test_correlations_agree(many: sqlite3.Connection, correlation: str) -> None:
    assert _our_groups(MANY, _with(correlation)) == _their_groups(many, _with(correlation)) != set()


TEXTS: Final = {
    "path": PATHS,
    "cs-uri-stem": PATHS,
    "client": CLIENTS,
    "principal": PRINCIPALS,
    "agent": AGENTS,
    "refused_by": RULES,
    "method": ("GET", "post"),
    "account": tuple("abcdefgh"),
}
SIGNS: Final = "aoO/*?\\%_7'[].日-"
WORDS: Final = st.one_of(
    st.sampled_from([text for texts in TEXTS.values() for text in texts if text]),
    st.text(SIGNS, min_size=1, max_size=6),
    st.builds(
        lambda text, start, end: text[start:end] or "7", st.sampled_from(PATHS), st.integers(0, 3), st.integers(4, 9)
    ),
)
PLACING: Final = st.sampled_from(["", "|contains", "|startswith", "|endswith"])
HOW: Final = st.builds(
    lambda placing, coded, cased, every: f"{coded}{placing}{cased}{every}",
    PLACING,
    st.sampled_from(["", "", "", "|windash", "|wide|base64", "|base64", "|base64offset"]),
    st.sampled_from(["", "", "|cased"]),
    st.sampled_from(["", "", "|all"]),
)


@st.composite
def _text_lines(draw: st.DrawFn) -> tuple[str, object]:
    how = draw(HOW)
    name = draw(st.sampled_from(sorted(TEXTS)))
    words = WORDS.filter(lambda word: not re.search(r"[*?]", word)) if "base64" in how or "wide" in how else WORDS
    words = words.filter(str.isascii) if "wide" in how else words
    values = draw(st.lists(words, min_size=1, max_size=3))
    return name + how, values[0] if len(values) == 1 else values


LINES: Final = st.one_of(
    _text_lines(),
    st.tuples(
        st.sampled_from(["status", "sc-status", "asn", "answer_size", "time-taken"]),
        st.one_of(st.sampled_from([200, 404, 64505, 1500]), st.lists(st.integers(0, 70000), min_size=2, max_size=3)),
    ),
    st.tuples(
        st.sampled_from(["status|gt", "sc-status|lte", "asn|gte", "sc-bytes|lt", "elapsed_ms|gte"]),
        st.one_of(st.integers(0, 70_000), st.floats(0, 600, width=16)),
    ),
    st.tuples(st.sampled_from(["principal", "client", "agent", "asn", "operation"]), st.none()),
    st.tuples(st.sampled_from(["principal|exists", "agent|exists", "asn|exists"]), st.booleans()),
    st.tuples(st.just("c-ip|cidr"), st.sampled_from(["10.0.0.0/8", "192.0.2.0/26", "0.0.0.0/0", "198.51.100.3/32"])),
    st.tuples(
        st.sampled_from(["path|re", "path|re|i", "agent|re", "principal|re|i"]),
        st.sampled_from(["^/o", "[a-z]+", "7$", "(or|x)d", "^user:.*n", r"\\s", r"\d{1,2}", "."]),
    ),
    st.tuples(
        st.sampled_from(["cs-method|fieldref", "path|fieldref|startswith"]), st.sampled_from(["method", "agent"])
    ),
    st.tuples(st.sampled_from(["status", "asn"]), st.booleans()),
)
SELECTIONS: Final = st.one_of(
    st.lists(LINES, min_size=1, max_size=3).map(dict),
    st.lists(st.lists(LINES, min_size=1, max_size=2).map(dict), min_size=1, max_size=3),
    st.lists(st.one_of(WORDS, st.integers(0, 500)), min_size=1, max_size=3),
)
LEAVES: Final = st.sampled_from(["sel_a", "sel_b", "other", "1 of sel_*", "all of sel_*", "1 of them", "all of them"])
CONDITIONS: Final = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        inner.map(lambda one: f"not {one}" if " " not in one else f"not ({one})"),
        st.lists(inner, min_size=2, max_size=3).map(" and ".join),
        st.lists(inner, min_size=2, max_size=3).map(lambda many: f"({' or '.join(many)})"),
    ),
    max_leaves=5,
)


@pytest.mark.long
@given(st.tuples(SELECTIONS, SELECTIONS, SELECTIONS), CONDITIONS)
@settings(deadline=None)
def test_any_rule_agrees(parts: tuple[object, object, object], condition: str) -> None:
    detection = {**dict(zip(("sel_a", "sel_b", "other"), parts, strict=True)), "condition": condition}
    text = yaml.safe_dump({"title": "Any", "logsource": {"category": "webserver"}, "detection": detection})
    events = MANY[:1_500]
    with closing(_table(events)) as connection:
        assert _ours(events, text) == _theirs(connection, text), text


@pytest.mark.long
@given(st.integers(0, 10**6), st.sampled_from([True, False]))
@settings(deadline=None)
def test_any_correlation_agrees(seed: int, is_tied: bool) -> None:  # noqa: FBT001 - hypothesis gives it
    rng = random.Random(seed)
    kind = rng.choice(["event_count", "event_count", "value_count", "temporal", "temporal_ordered"])
    rules = rng.sample(["failed", "refused", "well"], rng.randint(1 if "count" in kind else 2, 3))
    condition: dict[str, object] = {rng.choice(["gt", "gte", "lt", "lte", "eq"]): rng.randint(0, 6)}
    if kind == "value_count":
        condition["field"] = rng.choice(["path", "account", "c-ip", "asn"])
    if kind == "temporal_ordered":
        condition = {"gte": rng.randint(2, len(rules))}
    correlation = {
        "type": kind,
        "rules": rules,
        "group-by": rng.sample(["c-ip", "principal", "account", "asn", "method"], rng.randint(0, 2)),
        "timespan": rng.choice(["1s", "2s", "7s", "1m"]),
        "condition": condition,
    }
    text = _with(json.dumps(correlation))
    events = made_events(120, seed, pace_s=rng.choice([0.2, 1, 5]), is_tied=is_tied)
    with closing(_table(events)) as connection:
        assert _our_groups(events, text) == _their_groups(connection, text), text
