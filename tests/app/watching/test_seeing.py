"""Owners' rules are watched beside our own detections, and what they remember outlives a restart."""

from pathlib import Path

import pytest

from apiward.app.watching.seeing import RULES, BothSeers, seers_of
from apiward.config.errors import AdvisedError
from apiward.config.watching import WatchConfig
from apiward.core.event import Event
from tests.watch.sigma.seen import PLAIN, START_S

RULE = """
title: Many things are missing
id: missing
logsource: {category: webserver}
detection: {sel: {sc-status: 404}, condition: sel}
---
title: Very many
id: many
level: high
correlation: {type: event_count, rules: [missing], group-by: [principal], timespan: 1m, condition: {gte: 3}}
"""


def _missing(number: int) -> Event:
    return PLAIN._replace(id=f"e{number}", status=404, at_s=START_S + number)


def _seers(tmp_path: Path, state: bytes = b"", rules: bytes = b"") -> BothSeers:
    (tmp_path / "my.yml").write_text(RULE)
    return seers_of(WatchConfig(rules=("*.yml",)), tmp_path, state, rules)


def test_both_see_each_event(tmp_path: Path) -> None:
    seers = _seers(tmp_path)
    found = [one for number in range(3) for one in seers.see(_missing(number))]
    assert [(one.rule, one.who) for one in found if one.rule.startswith("sigma.")] == [("sigma.many", "user:Anna")]
    assert all(one.rule != "sigma.missing" for one in seers.passed(START_S + 1e5))


def test_a_restart_forgets_nothing(tmp_path: Path) -> None:
    seers = _seers(tmp_path)
    for number in range(2):
        assert not [one for one in seers.see(_missing(number)) if one.rule.startswith("sigma.")]
    again = _seers(tmp_path, seers.state(), seers.part()[RULES])
    assert "sigma.many" in {one.rule for one in again.see(_missing(2))}


def test_without_rules_there_are_none_and_a_wrong_one_stops_the_start(tmp_path: Path) -> None:
    assert not seers_of(WatchConfig(), tmp_path).rules.book.rules
    (tmp_path / "my.yml").write_text("title: x\n")
    with pytest.raises(AdvisedError, match=r"my\.yml"):
        seers_of(WatchConfig(rules=("my.yml",)), tmp_path)
