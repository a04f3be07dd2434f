from dataclasses import replace

from apiward.core.observation import Observation

GOOD = Observation(1.0, "GET", "/a", "user:1", 200)


def test_only_what_the_api_took_and_nothing_doubted_is_good() -> None:
    assert GOOD.is_good
    assert replace(GOOD, status=204).is_good
    assert not replace(GOOD, status=302).is_good
    assert not replace(GOOD, status=404).is_good
    assert not replace(GOOD, is_doubted=True).is_good


def test_what_was_sent_does_not_stand_in_its_text() -> None:
    assert "secret" not in repr(replace(GOOD, query=(("q", "secret"),), body={"a": "secret"}, answer="secret"))
