from dataclasses import replace

import pytest

from apiward.app.incidents.words import (
    FAILS,
    digest_of,
    next_step,
    notice_of,
    shown_lines,
    title_of,
    touched_of,
    until_of,
)
from apiward.core.finding import Severity
from apiward.core.incident import Incident, IncidentState
from apiward.core.notice import NoticeKind
from tests.app.incidents.made import NOW_S

ONE = Incident("4f2a", "accounts.stuffing", "user:7", Severity.HIGH, NOW_S, NOW_S, 57)


def test_each_rule_has_a_title() -> None:
    assert title_of("accounts.stuffing") == "Many log-ins with wrong passwords"
    assert title_of("own.night-shift") == "Night shift"
    assert title_of("plain") == "Plain"
    assert title_of(FAILS) == "A way to tell you does not work"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, "Hold it off now"),
        ({"state": IncidentState.REOPENED}, "It is there again"),
        ({"state": IncidentState.CONTAINED}, "It is held off until later"),
        ({"state": IncidentState.CLOSED}, "There is nothing to do"),
        ({"who": "everybody:"}, "Many callers do this together"),
        ({"is_drill": True}, "This is an exercise"),
        ({"rule": FAILS, "who": "channel:mail"}, "apiward notify test mail"),
        ({"rule": FAILS, "who": "channel:mail", "state": IncidentState.CLOSED}, "There is nothing to do"),
    ],
)
def test_there_is_one_thing_to_do(change: dict[str, object], words: str) -> None:
    assert words in next_step(replace(ONE, **change))  # type: ignore[arg-type]


def test_an_incident_of_an_own_rule_is_shown_without_words_of_ours() -> None:
    own = list(shown_lines(replace(ONE, rule="own.night-shift")))
    ours = list(shown_lines(ONE))
    assert not any(line.startswith(("Then:", "What we saw:")) for line in own)
    assert "Step by step: apiward playbook show stuffing" in ours
    assert until_of(ONE) == "later"
    assert touched_of(ONE) == ""


def test_a_quiet_day_has_a_summary_too() -> None:
    notice = digest_of([], NOW_S, "digest.1", NOW_S, "")
    assert (notice.kind, notice.severity, notice.lines) == (NoticeKind.DIGEST, Severity.NOTE, ("Nothing is open.",))


def test_no_message_holds_what_steers_its_reader() -> None:
    hostile = "eve\x1b[31m\r\nBcc: all@example.com\u202e"
    one = replace(ONE, rule="own.rule", who=f"user:{hostile}", facts=(("title", hostile),))
    notice = notice_of(one, NoticeKind.FIRST, channel="mail", number=0, now_s=NOW_S, link="")
    assert all(text.isprintable() for text in (notice.title, *notice.lines))
    (line,) = digest_of([one], NOW_S, "digest.1", NOW_S, "").lines
    assert line.isprintable()


def test_silence_is_no_crowd_and_has_no_requests() -> None:
    silent = replace(ONE, rule="service.silence", who="everybody:", count=3)
    assert next_step(silent) == ("Nobody is to be held off for this. See what to look at: apiward playbook show outage")
    assert any(line.startswith("Who: no single caller. ") and "0 requests" in line for line in shown_lines(silent))
    (line,) = digest_of([silent], NOW_S, "digest.1", NOW_S, "").lines
    assert "(no single caller, 0 requests, " in line
    assert "many callers together" in digest_of([replace(ONE, who="everybody:")], NOW_S, "d", NOW_S, "").lines[0]
