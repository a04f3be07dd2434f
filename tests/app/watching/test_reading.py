from collections.abc import Sequence

import pytest

from apiward.app.watching.reading import LogReading
from apiward.app.watching.sources.model import BEGINNING, Chunk, Position, position_of
from apiward.config.errors import AdvisedError
from apiward.watch.logs.making import Meaning
from apiward.watch.logs.model import Wishes
from apiward.watch.logs.registry import form_named

_LINE = '192.0.2.7 - - [30/Nov/2026:13:34:{:02} +0000] "GET /orders/{} HTTP/1.1" 200 5 "-" "curl/8.5.0"'
LINES = [_LINE.format(number, number) for number in range(6)]


class Lines:
    """A source of lines that are given, two at a time."""

    def __init__(self, lines: Sequence[str], ids: Sequence[str] = ()) -> None:
        self.name = "access.log"
        self.size = self.done_bytes = 0
        self.damage = ""
        self._lines = list(lines)
        self._ids = list(ids)
        self._at = 0

    def read(self) -> Chunk | None:
        some = self._lines[self._at : self._at + 2]
        if not some:
            return None
        at, self._at = self._at, self._at + len(some)
        return Chunk(some, "f", at, Position("h", line=at), Position("h", line=self._at), self._ids[at : self._at])

    @property
    def is_over(self) -> bool:
        return self._at >= len(self._lines)

    def close(self) -> None:
        self._lines = []


def meaning() -> Meaning:
    return Meaning("access.log", lambda text: str(len(text)), lambda peer, _: peer)


def reading(lines: Sequence[str], form: str = "", position: Position = BEGINNING, **more: object) -> LogReading:
    source = Lines(lines, **more)  # type: ignore[arg-type]  # ids alone
    return LogReading(source, form_named(form) if form else None, Wishes(), meaning(), position)


def test_lines_become_events_with_ids_that_stay() -> None:
    log = reading(LINES)
    assert log.fill()
    assert [one.id for one in log.events] == ["f0", "f1"]
    assert [one.operation for one in log.events] == ["GET /orders/{id}"] * 2
    assert log.form is not None
    assert (log.form.name, log.why) == ("combined", "2 of the first 2 lines are of this form")
    log.at = 2
    assert log.fill()
    assert [one.id for one in log.events] == ["f2", "f3"]
    assert not log.is_over


def test_where_it_goes_on_is_after_the_last_event_that_was_taken() -> None:
    log = reading(["nonsense", LINES[0], LINES[1]], "combined")
    log._check = lambda _: None  # type: ignore[method-assign, assignment]  # one bad line of two is no other form here
    log.fill()
    assert position_of(log.position).skip == 0
    log.at = 1
    assert position_of(log.position).line == 2
    log.fill()
    assert position_of(log.position) == Position("h", line=2, form="combined")


def test_a_chunk_is_read_little_by_little(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apiward.app.watching.reading.TOGETHER", 1)
    log, ids, places = reading(LINES, "combined"), list[str](), list[tuple[int, int]]()
    while log.fill():
        assert not log.is_over
        ids.append(log.events[0].id)
        log.at = 1
        place = position_of(log.position)
        places.append((place.line, place.skip))
    assert log.is_over
    assert ids == [f"f{number}" for number in range(len(LINES))]
    assert places == [
        (number // 2 * 2, number % 2) if number % 2 else (number, 0) for number in range(1, len(LINES) + 1)
    ]


def test_what_cannot_be_read_is_counted_and_the_first_of_it_told() -> None:
    log = reading([*LINES, *["<html>"] * 5])
    while log.fill():
        log.at = len(log.events)
    assert (log.lines, log.unread) == (11, 5)
    assert [(one.number, one.looks) for one in log.flaws] == [
        (7, "XML or a web page"), (8, "XML or a web page"), (9, "XML or a web page"),
    ]  # fmt: skip
    assert log.is_over


def test_another_form_than_was_named_is_said_with_the_line() -> None:
    with pytest.raises(AdvisedError) as raised:
        reading(LINES, "caddy").fill()
    assert raised.value.what == "access.log is not of the form Caddy."
    assert raised.value.why.startswith("Line 1: expected a JSON object, found '192.0.2.7 - - [30")
    assert raised.value.why.endswith('It looks like nginx or Apache, combined form (format = "combined").')


def test_a_form_that_nobody_knows_is_said() -> None:
    with pytest.raises(AdvisedError, match="No known form; line 1 looks like a text of its own form"):
        reading(["hello", "world"]).fill()


def test_a_field_that_the_form_has_not_is_said() -> None:
    log = LogReading(Lines(LINES), None, Wishes(principal="x_user"), meaning())
    with pytest.raises(AdvisedError, match='The form has no field "x_user"'):
        log.fill()


def test_the_form_and_the_heading_of_before_hold_after_a_start() -> None:
    heading = "#Fields: date time c-ip cs-method cs-uri-stem sc-status"
    log = reading(["2026-11-30 13:34:15 192.0.2.7 GET /a 200"], position=Position(heading=heading, form="w3c"))
    assert log.fill()
    assert log.events[0].path == "/a"
    assert position_of(log.position).heading == heading


def test_ids_of_the_source_win() -> None:
    log = reading(LINES[:2], ids=["a", "b"])
    log.fill()
    assert [one.id for one in log.events] == ["a", "b"]
    log.close()
    assert log.damage == ""
    assert log.done_bytes == 0
