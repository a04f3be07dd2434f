import click
import pytest

from apiward.cli.choices import OneOf

FORMATS = OneOf(("text", "json", "sarif"))


@pytest.mark.parametrize(("typed", "meant"), [("jsn", "json"), ("JSON", "json"), ("srif", "sarif")])
def test_a_slip_is_told_with_what_was_meant(typed: str, meant: str) -> None:
    with pytest.raises(click.BadParameter) as told:
        FORMATS.convert(typed, None, None)
    assert told.value.message.endswith(f"'text', 'json', 'sarif'. Did you mean \"{meant}\"?")


def test_where_nothing_is_near_all_are_told() -> None:
    with pytest.raises(click.BadParameter) as told:
        FORMATS.convert("pdf", None, None)
    assert told.value.message.endswith("'text', 'json', 'sarif'.")


def test_what_is_right_is_taken() -> None:
    assert FORMATS.convert("json", None, None) == "json"
