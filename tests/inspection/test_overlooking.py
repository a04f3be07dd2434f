from apiward.inspection.api import inspect_text
from apiward.inspection.model import NO_CLASSES, AttackClass, Classes, Hit
from apiward.inspection.overlooking import beyond

SQL, SCRIPT = "x' OR 1=1 --", "<script>alert(1)</script>"


def _look(text: str, overlooked: set[AttackClass]) -> Hit | None:
    return beyond("here", lambda _, hit: hit.attack in overlooked, lambda passed: inspect_text(text, passed=passed))


def test_a_class_is_passed_over_and_the_others_are_not() -> None:
    assert _look(SQL, {AttackClass.SQL}) is None
    for overlooked, left in ((AttackClass.SQL, AttackClass.MARKUP), (AttackClass.MARKUP, AttackClass.SQL)):
        found = _look(f"{SQL} {SCRIPT}", {overlooked})
        assert found is not None
        assert found.attack is left
    assert _look(f"{SQL} {SCRIPT}", {AttackClass.SQL, AttackClass.MARKUP}) is None


def test_nothing_is_passed_over_where_nobody_asks() -> None:
    found = beyond("here", None, lambda passed: inspect_text(SQL, passed=passed))
    assert found is not None
    assert found.attack is AttackClass.SQL


def test_it_ends_where_a_look_cannot_pass_a_class_over() -> None:
    asked: list[Classes] = []

    def stubborn(passed: Classes) -> Hit:
        asked.append(passed)
        return Hit(AttackClass.SQL, "sql.x", 1.0, (), "why")

    assert beyond("here", lambda *_: True, stubborn) == stubborn(NO_CLASSES)
    assert len(asked) == 3
