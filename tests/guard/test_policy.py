import pytest

from apiward.core.decision import Mode
from apiward.guard.policy import STANCES, ModeException, ModeRule, Policy
from apiward.guard.stage import StageName, Stance

ORDER = tuple(StageName)


def _mode(policy: Policy, stage: StageName, key: str) -> Mode:
    return policy.modes_for(key, key.partition(" ")[2])[ORDER.index(stage)]


def test_a_stage_may_differ_from_the_whole() -> None:
    policy = Policy(Mode.ENFORCE, {StageName.INSPECT: Mode.WATCH})
    assert _mode(policy, StageName.INSPECT, "GET /a") is Mode.WATCH
    assert _mode(policy, StageName.SHAPE, "GET /a") is Mode.ENFORCE


@pytest.mark.parametrize(
    ("exception", "key", "is_covered"),
    [
        (ModeException(operation="POST /notes", mode="off"), "POST /notes", True),
        (ModeException(operation="POST /notes", mode="off"), "GET /notes", False),
        (ModeException(operation="* /notes/*", mode="off"), "PUT /notes/{id}", True),
        (ModeException(operation="* /notes/*", mode="off"), "PUT /notes/{id}/tags", False),
        (ModeException(path="/public/**", mode="off"), "GET /public/a/b", True),
        (ModeException(path="/public/**", mode="off"), "GET /public", True),
        (ModeException(path="/public/**", mode="off"), "GET /publicity", False),
        (ModeException(path="/a.b", mode="off"), "GET /axb", False),
    ],
)
def test_an_exception_covers_what_it_names(exception: ModeException, key: str, *, is_covered: bool) -> None:
    policy = Policy(Mode.ENFORCE, exceptions=(exception,))
    assert (_mode(policy, StageName.SHAPE, key) is Mode.OFF) is is_covered


def test_the_last_exception_wins_stage_by_stage() -> None:
    policy = Policy(
        exceptions=(
            ModeException(path="/a/**", mode="watch"),
            ModeException(operation="GET /a/b", modes={"inspect": "off"}),
        )
    )
    assert _mode(policy, StageName.INSPECT, "GET /a/b") is Mode.OFF
    assert _mode(policy, StageName.SHAPE, "GET /a/b") is Mode.WATCH


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"mode": "off"}, "operation"),
        ({"path": "/a", "operation": "GET /a", "mode": "off"}, "operation"),
        ({"path": "/a"}, "mode"),
        ({"path": "/a", "mode": "of"}, '"of" is no mode'),
        ({"path": "/a", "modes": {"inspects": "off"}}, '"inspects" is no stage'),
    ],
)
def test_an_exception_that_says_too_little_is_told(fields: dict[str, object], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        ModeException(**fields)  # type: ignore[arg-type]


def test_what_protects_data_stays_shut_when_it_fails() -> None:
    assert Policy().stance(StageName.PERMIT) is Stance.CLOSED
    assert Policy().stance(StageName.QUOTA) is Stance.OPEN
    assert Policy(stances={StageName.QUOTA: Stance.CLOSED}).stance(StageName.QUOTA) is Stance.CLOSED
    assert set(STANCES) == set(StageName)


def test_a_rule_of_one_mode_is_an_exception_with_a_time() -> None:
    rule = ModeRule("GET /a/{id}", "shape", "enforce", "autopilot", "2026-11-30T10:00:00Z", "all is well")
    assert rule.since_s == 1796032800.0
    policy = Policy(Mode.WATCH, exceptions=(rule.exception,))
    assert _mode(policy, StageName.SHAPE, "GET /a/{id}") is Mode.ENFORCE
    assert _mode(policy, StageName.INSPECT, "GET /a/{id}") is Mode.WATCH
    assert _mode(policy, StageName.SHAPE, "GET /b") is Mode.WATCH


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"operation": "a"}, "operation"),
        ({"stage": "shap"}, "no stage"),
        ({"mode": "on"}, "no mode"),
        ({"since": "soon"}, "no date"),
    ],
)
def test_what_is_wrong_with_such_a_rule_is_told(change: dict[str, str], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        ModeRule(**{"operation": "GET /a", "stage": "shape", "mode": "enforce", **change})
