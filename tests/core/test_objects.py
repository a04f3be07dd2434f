from apiward.core.objects import ObjectMode, ObjectVerdict, Whose


def test_a_verdict_is_about_one_object_unless_it_counts() -> None:
    verdict = ObjectVerdict("note", Whose.FOREIGN, ObjectMode.SHADOW)
    assert verdict.count == 0
    assert [mode.value for mode in ObjectMode] == ["observe", "shadow", "enforce"]
