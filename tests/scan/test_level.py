"""Levels and phases have an order."""

from apiward.scan.level import Level, Phase


def test_each_level_may_do_more_than_the_one_before() -> None:
    assert Level.READ < Level.WRITE < Level.FULL
    assert [level.word for level in Level] == ["read", "write", "full"]


def test_sessions_are_ended_after_everything_that_needs_them() -> None:
    assert Phase.READS < Phase.CHANGES < Phase.TIMING < Phase.SESSIONS < Phase.LAST
