import re

import pytest
from hypothesis import given

from apiward.core.decision import Effect
from apiward.core.event import Event
from apiward.watch.formats.cef import cef
from tests.watch.formats.made import EVENTS, PLAIN, ruling

KEY = re.compile(r"(?:^| )([A-Za-z0-9]+)=")


def parsed(line: str) -> tuple[list[str], dict[str, str]]:
    """Read a line as the format's description says: the head by pipes, the rest by keys."""
    parts = _hidden(line).split("|", maxsplit=7)
    head = [_shown(part).replace("\\|", "|").replace("\\\\", "\\") for part in parts[:7]]
    rest = _hidden_value(_shown(parts[7]))
    found = list(KEY.finditer(rest))
    values = {}
    for place, match in enumerate(found):
        end = found[place + 1].start() if place + 1 < len(found) else len(rest)
        values[match[1]] = _value(rest[match.end() : end])
    return head, values


def _hidden(line: str) -> str:
    return line.replace("\\\\", "\ue000").replace("\\|", "\ue001")


def _shown(text: str) -> str:
    return text.replace("\ue001", "\\|").replace("\ue000", "\\\\")


def _hidden_value(text: str) -> str:
    return text.replace("\\\\", "\ue000").replace("\\=", "\ue001").replace("\\n", "\ue002").replace("\\r", "\ue003")


def _value(text: str) -> str:
    for sign, real in (("\ue003", "\r"), ("\ue002", "\n"), ("\ue001", "="), ("\ue000", "\\")):
        text = text.replace(sign, real)
    return text


def test_a_request_is_one_line_with_head_and_fields() -> None:
    head, values = parsed(cef(PLAIN._replace(rulings=(ruling("permit.role"),), outcome="refused"), version="1|2"))
    assert head == ["CEF:0", "apiward", "guard", "1|2", "permit.role", "GET /orders/{id}", "5"]
    assert values["src"] == "192.0.2.1"
    assert values["suser"] == "user:42"
    assert (values["cn1Label"], values["cn1"]) == ("status", "200")
    assert (values["cs1"], values["request"], values["rt"]) == ("permit.role", "/orders/7", "1800000000000")


def test_marks_are_one_field() -> None:
    _, values = parsed(cef(PLAIN._replace(marks=(("session", "5f3a"), ("agent", "a=b"))), version="1"))
    assert (values["cs3Label"], values["cs3"]) == ("marks", "session:5f3a agent:a=b")


@given(EVENTS)
def test_nothing_in_an_event_can_add_a_line_or_a_field(event: Event) -> None:
    line = cef(event, version="1")
    assert line.splitlines() == [line]
    head, values = parsed(line)
    assert len(head) == 7
    assert set(values) <= set(parsed(cef(PLAIN, version="1"))[1]) | {
        "c6a2Label",
        "c6a2",
        "shost",
        "msg",
        "cs3Label",
        "cs3",
    }
    control = re.compile(r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")
    if event.said and "\ue000" <= max(event.said) <= "\ue003":
        return
    if event.said:
        assert values["msg"] == control.sub(" ", event.said)


@pytest.mark.parametrize(("client", "key"), [("192.0.2.1", "src"), ("2001:db8::1", "c6a2"), ("unix socket", "shost")])
def test_where_from_has_the_key_of_its_kind(client: str, key: str) -> None:
    assert parsed(cef(PLAIN._replace(client=client), version="1"))[1][key] == client


@pytest.mark.parametrize(
    ("event", "severity"),
    [
        (PLAIN, "1"),
        (PLAIN._replace(rulings=(ruling("permit.role", is_applied=False),)), "3"),
        (PLAIN._replace(rulings=(ruling("conduct.log-in", Effect.NOTE),)), "1"),
        (PLAIN._replace(outcome="refused"), "5"),
    ],
)
def test_severity(event: Event, severity: str) -> None:
    assert parsed(cef(event, version="1"))[0][6] == severity


def test_words_of_the_guard_are_the_name() -> None:
    head, values = parsed(cef(PLAIN._replace(kind="guard", said="a|b=c\\d\ne"), version="1"))
    assert head[4:6] == ["guard", "a|b=c\\d e"]
    assert values["msg"] == "a|b=c\\d\ne"
