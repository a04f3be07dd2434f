"""Rules are read whole or not at all; what cannot be used is told with its line and what to do."""

import base64
import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.event import Event
from apiward.core.finding import Severity
from apiward.watch.sigma.errors import SigmaError
from apiward.watch.sigma.fields import NOT_KEPT, OWN, USUAL, getter
from apiward.watch.sigma.model import Book, Kind
from apiward.watch.sigma.reading import MAX_RULES, read_rules
from tests.watch.sigma.seen import PLAIN, made_events

HEAD = "title: It\nlogsource: {category: webserver}\n"
ONE = f"{HEAD}name: one\ndetection:\n  sel: {{status: 401}}\n  condition: sel\n"


def _book(text: str) -> Book:
    return read_rules([("it.yml", text)])


def _fires(lines: str, event: Event = PLAIN) -> bool:
    (rule,) = _book(f"{HEAD}detection:\n  sel:\n    {lines}\n  condition: sel\n").rules
    return rule.test(event)


@pytest.mark.parametrize(
    ("fires", "silent"),
    [
        ("path: /ORDERS/7", "path: /orders"),
        ("path: /orders/*", "path: /orders/?*x"),
        (r"path: /orders/\*", r"path: /orders/7\*"),
        ("path|startswith: /ord", "path|startswith: rders"),
        ("path|endswith: /7", "path|endswith: /orders"),
        ("path|contains: ders", "path|contains: dres"),
        ("path|contains|all: [ord, '7']", "path|contains|all: [ord, '8']"),
        ("path|cased: /orders/7", "path|cased: /ORDERS/7"),
        ("path|re: ^/o[a-z]+", "path|re: ^/O"),
        ("path|re|i: ^/O", "path|re: ^$"),
        ("status: 200", "status: [401, 403]"),
        ("status: '200'", "status: 20"),
        ("status|gte: 200", "status|gt: 200"),
        ("status|lte: 200", "status|lt: 200.0"),
        ("c-ip|cidr: 192.0.2.0/24", "c-ip|cidr: 192.0.3.0/24"),
        ("principal: user:*", "principal: key:*"),
        ("agent: null", "principal: null"),
        ("agent: []", "principal: []"),
        ("agent|exists: false", "agent|exists: true"),
        ("time-taken: 20", "time-taken: 21"),
        ("operation|fieldref|startswith: cs-method", "path|fieldref: operation"),
        ("operation|fieldref|contains: cs-method", "operation|fieldref|endswith: cs-method"),
        ("status|windash: 200", "status: true"),
    ],
)
def test_a_line_fires_on_what_it_says_alone(fires: str, silent: str) -> None:
    if silent == r"path: /orders/\*":
        fires, silent = silent, fires
    if fires == r"path: /orders/\*":
        assert _fires(fires, PLAIN._replace(path="/orders/*"))
    else:
        assert _fires(fires)
    assert not _fires(silent)


def test_texts_may_be_encoded() -> None:
    shown = base64.b64encode(b"x;union select;").decode()
    event = PLAIN._replace(path=f"/q/{shown}")
    assert _fires("path|base64offset|contains: union select", event)
    assert not _fires("path|base64offset|contains: union all", event)
    assert _fires("path|base64|contains: x;union select;", event)
    wide = base64.b64encode("cmd".encode("utf-16-le")).decode()
    assert _fires("path|wide|base64: cmd", PLAIN._replace(path=wide))
    assert _fires("path|utf16be|base64: cmd", PLAIN._replace(path=base64.b64encode("cmd".encode("utf-16-be")).decode()))
    assert _fires("path|cased|contains: '/x'", PLAIN._replace(path="/a/x"))
    assert _fires("path|windash|contains: ' -y'", PLAIN._replace(path="/x /y"))


def test_addresses_of_the_new_kind_are_in_networks() -> None:
    event = PLAIN._replace(client="2001:db8:0:0::7")
    assert _fires("c-ip|cidr: 2001:db8::/32", event)
    assert not _fires("c-ip|cidr: 2001:db9::/32", event)
    assert not _fires("c-ip|cidr: 0.0.0.0/0", PLAIN._replace(client="unix:"))


@pytest.mark.parametrize(
    ("selection", "fires"),
    [
        ("[orders, nothing]", True), ("['sqlmap']", False), ("[{status: 200}, {status: 500}]", True),
        ("[{status: 500}, [user:anna]]", True), ("{'|all': [orders, user:anna]}", True),
        ("{'|all': [orders, user:ben]}", False), ("{'|re': 'user:A..a'}", True), ("orders", True), ("[200]", True),
    ],
)  # fmt: skip
def test_keywords_and_lists(selection: str, fires: bool) -> None:  # noqa: FBT001 - a case of the table
    (rule,) = _book(f"{HEAD}detection:\n  sel: {selection}\n  condition: sel\n").rules
    assert rule.test(PLAIN) == fires


@pytest.mark.parametrize(
    ("lines", "line", "said"),
    [
        ("cs-uri-query: x", 5, "keeps no query"),
        ("CommandLine: x", 5, "No event has a field 'CommandLine'"),
        ("Status: x", 5, "Did you mean status"),
        ("secret: x", 5, "lives in memory only"),
        ("path|contain: x", 5, "no modifier 'contain'"),
        ("path|contains|contains: x", 5, "stands twice"),
        ("path|re|contains: x", 5, "re does not go with contains"),
        ("path|i: x", 5, "belong to re"),
        ("path|expand: '%x%'", 5, "no lists"),
        ("timestamp|hour: 3", 5, "Times of day"),
        ("path|re: '(?=x)'", 5, "regular expression"),
        ("path|re: 7", 5, "must be a text"),
        ("path: ''", 5, "Write null instead"),
        ("path: {a: b}", 5, "flat list"),
        ("status|gt: '7'", 5, "takes a number"),
        ("c-ip|cidr: 192.0.2.7/24", 5, "is no network"),
        ("path|exists: 'yes'", 5, "true or false"),
        ("path|base64: 'a*'", 5, "cannot encode a wildcard"),
        ("path|wide: é", 5, "plain letters"),
        ("path|windash: -a -b -c -d", 5, "at most 3"),
        ("path|contains: null", 5, "takes a text"),
        ("path|fieldref: zzz", 5, "No event has a field 'zzz'"),
        ("path|contains: []", 5, "no value here"),
        ("'|cidr': 192.0.2.0/24", 5, "needs a field"),
        ("'': [null]", 5, "keyword must be"),
    ],
)
def test_a_line_that_cannot_be_used_is_told(lines: str, line: int, said: str) -> None:
    with pytest.raises(SigmaError, match=said.replace("(", r"\(")) as caught:
        _fires(lines)
    assert (caught.value.file, caught.value.line) == ("it.yml", line)
    assert caught.value.advice


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("just text", "no rule"),
        ("title: x\n", "no logsource"),
        ("title: x\nlogsource: {product: windows, category: process_creation}\n", "logs of windows process_creation"),
        ("title: x\nlogsource: {category: webserver}\n", "no detection"),
        (f"{HEAD}detection: {{a: {{status: 1}}}}\n", "no condition"),
        (f"{HEAD}detection: {{a: {{status: 1}}, condition: b}}\n", "no selection 'b'"),
        (f"{HEAD}detection: {{a: {{}}, condition: a}}\n", "empty"),
        (f"{HEAD}detection: {{a: [], condition: a}}\n", "empty"),
        (f"{HEAD}detection: {{a: [x], condition: a, timeframe: 5m}}\n", "correlation rule"),
        (f"{HEAD}level: awful\ndetection: {{a: [x], condition: a}}\n", "no level 'awful'"),
        ("logsource: {category: webserver}\ndetection: {a: [x], condition: a}\n", "no title"),
        ("action: global\n", "action is not supported"),
        (f"{ONE}---\n{ONE}", "another id"),
    ],
)
def test_a_rule_that_is_incomplete_or_for_others_is_told(text: str, said: str) -> None:
    with pytest.raises(SigmaError, match=said):
        _book(text)


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("{}", "no type"), ("[]", "must be a table"),
        ("{type: value_sum, rules: one}", "value_sum is not supported"),
        ("{type: event_count, timespan: 1m, condition: {gte: 1}}", "names no rules"),
        ("{type: event_count, rules: [two], timespan: 1m, condition: {gte: 1}}", "no rule 'two'"),
        ("{type: event_count, rules: [one, one], timespan: 1m, condition: {gte: 1}}", "stand twice"),
        ("{type: event_count, rules: one, timespan: 1x, condition: {gte: 1}}", "no timespan"),
        ("{type: event_count, rules: one, timespan: 2M, condition: {gte: 1}}", "at most 31 days"),
        ("{type: event_count, rules: one, timespan: 1m}", "no condition"),
        ("{type: event_count, rules: one, timespan: 1m, condition: {gte: 1, lt: 2, eq: 3}}", "one or two"),
        ("{type: event_count, rules: one, timespan: 1m, condition: {more: 1}}", "no comparison"),
        ("{type: event_count, rules: one, timespan: 1m, condition: {gte: 1000000}}", "up to 10,000"),
        ("{type: event_count, rules: one, timespan: 1m, condition: {gte: 1, field: path}}", "counts no field"),
        ("{type: value_count, rules: one, timespan: 1m, condition: {gte: 1}}", "the name of one field"),
        ("{type: value_count, rules: one, timespan: 1m, condition: {gte: 1, field: cs-cookie}}", "keeps no cookies"),
        ("{type: event_count, rules: one, group-by: [zzz], timespan: 1m, condition: {gte: 1}}", "field 'zzz'"),
        ("{type: event_count, rules: one, group-by: {a: b}, timespan: 1m, condition: {gte: 1}}", "list of texts"),
        ("{type: event_count, rules: one, aliases: [x], timespan: 1m, condition: {gte: 1}}", "table of tables"),
        ("{type: event_count, rules: one, aliases: {a: {b: c}}, timespan: 1m, condition: {gte: 1}}", "none of the"),
        ("{type: event_count, rules: one, generate: maybe, timespan: 1m, condition: {gte: 1}}", "true or false"),
        ("{type: event_count, rules: one, window: 1m}", "has no 'window'"),
        ("{type: temporal_ordered, rules: [one], timespan: 1m, condition: {lt: 1}}", "gt or gte alone"),
        ("{type: temporal_ordered, rules: [one], timespan: 1m, condition: {gte: 2}}", "cannot be told"),
        ("{type: temporal, rules: [one], timespan: 1m, condition: not one}", "known only afterwards"),
        ("{type: temporal, rules: [one], timespan: 1m, condition: one and}", "missing at the end"),
    ],
)  # fmt: skip
def test_a_correlation_that_cannot_be_used_is_told(part: str, said: str) -> None:
    with pytest.raises(SigmaError, match=said) as caught:
        _book(f"{ONE}---\ntitle: Many\ncorrelation: {part}\n")
    assert caught.value.line >= 7


def test_a_correlation_silences_its_rules_unless_it_generates() -> None:
    many = (
        "title: Many\ncorrelation: {type: event_count, rules: one, timespan: 1m, condition: {gte: 2}, generate: true}\n"
    )
    assert [head.title for head in _book(f"{ONE}---\n{many}").heads] == ["It", "Many"]
    book = _book(f"{ONE}---\n{many.replace(', generate: true', '')}")
    assert [head.title for head in book.heads] == ["Many"]
    assert book.correlations[0].kind is Kind.EVENT_COUNT
    assert book.correlations[0].need == 3


def test_a_temporal_rule_may_name_its_rules_in_the_condition_alone() -> None:
    two = ONE.replace("name: one", "name: two").replace("title: It", "title: Two")
    (one,) = _book(
        f"{ONE}---\n{two}---\ntitle: M\ncorrelation: {{type: temporal, timespan: 1m, condition: one or two}}\n"
    ).correlations
    assert one.sets == ((0,), (1,))


def test_what_a_rule_says_of_itself() -> None:
    (rule,) = _book(f"id: 7a\nlevel: critical\ndescription: Some\n  words\n{ONE}").rules
    assert (rule.head.code, rule.head.severity, rule.head.description) == ("sigma.7a", Severity.CRITICAL, "Some words")
    (other,) = _book(ONE.replace("name: one\n", "")).rules
    assert (other.head.id, other.head.severity) == ("it", Severity.MEDIUM)
    assert rule.head.digest != other.head.digest


def test_a_selection_that_nothing_asks_for_is_a_note() -> None:
    book = _book(f"{HEAD}detection: {{a: [x], b: [y], condition: [a, a]}}\n")
    assert book.notes == ("it.yml: the condition of 'It' does not use b.",)


def test_there_are_not_too_many() -> None:
    text = "---\n".join(ONE.replace("one", f"n{n}").replace("It", f"It {n}") for n in range(MAX_RULES + 1))
    with pytest.raises(SigmaError, match="more than"):
        _book(text)


def test_every_usual_name_is_one_of_ours() -> None:
    assert set(USUAL.values()) <= set(OWN)
    assert not set(NOT_KEPT) & (set(OWN) | set(USUAL))
    for event in [*made_events(50, 1), PLAIN, Event("", 0.0, "", "", "", 0, "", "", "")]:
        values = [getter(name) for name in OWN]
        assert all(isinstance(get(event), str | int | None) and get(event) != "" for get in values if get)


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text("ab|re", max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(VALUES)
def test_any_selection_is_read_or_refused(selection: object) -> None:
    import yaml  # noqa: PLC0415 - for this one test

    text = yaml.safe_dump(
        {"title": "x", "logsource": {"product": "nginx"}, "detection": {"a": selection, "condition": "a"}}
    )
    with contextlib.suppress(SigmaError):
        assert _book(text).rules[0].test(PLAIN) in {True, False}
