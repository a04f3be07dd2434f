from apiward.core.decision import Decision, Edit


def test_a_rule_names_its_stage() -> None:
    assert Decision("flood.too-many").stage == "flood"


def test_what_an_edit_holds_is_not_shown() -> None:
    assert "secret" not in repr(Decision("shape.body", edit=Edit(body=b"secret", added=((b"a", b"secret"),))))
