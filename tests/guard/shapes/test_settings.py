import pytest

from apiward.guard.shapes.settings import Handling, Handlings, ShapeSettings


def test_what_drops() -> None:
    assert Handlings(Handling.DROP, Handling.REFUSE).drops
    assert Handlings(Handling.ALLOW, Handling.DROP).drops
    assert not Handlings(Handling.REFUSE, Handling.ALLOW).drops


def test_usual_settings_are_strict_about_bodies_and_lenient_about_queries() -> None:
    usual = ShapeSettings()
    assert (usual.undeclared, usual.read_only, usual.unexpected_body) == ("refuse", "drop", "refuse")
    assert usual.unknown_query == "note"


@pytest.mark.parametrize("name", ["undeclared", "read_only", "unknown_query", "unexpected_body"])
def test_unknown_words_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match=rf"^{name}: 'perhaps' is unknown; allowed are refuse, "):
        ShapeSettings(**{name: "perhaps"})  # type: ignore[arg-type]
