from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.config.typed import read_settings, says, settings_of
from apiward.core.settings import setting


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, slots=True)
class Row:
    name: str = setting("", "Its name.")
    count: int = setting(1, "How many.", least=1)

    def __post_init__(self) -> None:
        if self.name == "bad":
            raise ValueError("name: must not be bad")


@dataclass(frozen=True, slots=True)
class Settings:
    window_s: float = setting(1.0, "Seconds.", least=0.5, most=10)
    count: int = setting(3, "How many.")
    is_on: bool = setting(default=True, help_text="Whether.")
    names: tuple[str, ...] = setting((), "Names.")
    colour: Colour = setting(Colour.RED, "Colour.")  # noqa: RUF009 - an enum member cannot change
    costs: Mapping[str, int] = setting({}, "Costs.")
    groups: Mapping[str, tuple[str, ...]] = setting({}, "Groups.")
    rows: tuple[Row, ...] = setting((), "Rows.")
    limit: int | None = setting(None, "A limit, or none.")
    api_key: str = setting("", "A key.")


def _read(table: dict[str, object]) -> tuple[Settings, list[str]]:
    problems: list[str] = []
    return read_settings(Settings, table, "guard.x", problems), problems


def test_every_kind_of_value_is_read() -> None:
    settings, problems = _read(
        {
            "window_s": 2,
            "count": 4,
            "is_on": False,
            "names": ["a", "b"],
            "colour": "blue",
            "costs": {"GET /a": 3},
            "groups": {"staff": ["a"]},
            "rows": [{"name": "x", "count": 2}],
            "limit": 7,
        }
    )
    assert problems == []
    assert settings == Settings(
        2.0,
        4,
        is_on=False,
        names=("a", "b"),
        colour=Colour.BLUE,
        costs={"GET /a": 3},
        groups={"staff": ("a",)},
        rows=(Row("x", 2),),
        limit=7,
    )


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({"widow_s": 1}, 'guard.x.widow_s: unknown key. Did you mean "window_s"?'),
        ({"window_s": "1"}, 'guard.x.window_s: must be a number, not "1".'),
        ({"window_s": True}, "guard.x.window_s: must be a number, not True."),
        ({"window_s": 0.1}, "guard.x.window_s: must be from 0.5 to 10, not 0.1."),
        ({"count": 1.5}, "guard.x.count: must be a whole number, not 1.5."),
        ({"is_on": "yes"}, 'guard.x.is_on: must be true or false, not "yes".'),
        ({"names": "a"}, 'guard.x.names: must be a list, each a text, not "a".'),
        ({"names": [1]}, "guard.x.names: must be a list, each a text, not a list."),
        ({"colour": "green"}, 'guard.x.colour: must be one of red, blue, not "green".'),
        ({"costs": {"GET /a": "x"}}, "guard.x.costs: must be a table in which each value is a whole number"),
        ({"costs": 3}, "guard.x.costs: must be a table, not 3."),
        ({"rows": {"name": "x"}}, "guard.x.rows: must be tables, each begun with [[guard.x.rows]], not a table."),
        ({"rows": [{"nam": "x"}]}, 'guard.x.rows[1].nam: unknown key. Did you mean "name"?'),
        ({"rows": [{"count": 0}]}, "guard.x.rows[1].count: must be at least 1, not 0."),
        ({"rows": [{"name": "bad"}]}, "guard.x.rows[1].name: must not be bad."),
        ({"api_key": 12345}, "guard.x.api_key: must be a text, not what stands there."),
    ],
)
def test_a_slip_is_told_with_its_place(table: dict[str, object], told: str) -> None:
    _, problems = _read(table)
    assert len(problems) == 1
    assert problems[0].startswith(told)


def test_all_slips_are_told_at_once() -> None:
    assert len(_read({"count": "x", "colour": 1, "nothing": 2})[1]) == 3


@given(st.dictionaries(st.sampled_from([*settings_of(Settings), "x"]), st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)))  # fmt: skip
def test_any_table_is_read_or_told(table: dict[str, object]) -> None:
    settings, problems = _read(table)
    assert problems or isinstance(settings, Settings)


def test_types_are_said_in_words() -> None:
    hints = {name: hint for name, (_, hint) in settings_of(Settings).items()}
    assert says(hints["limit"]) == "a whole number"
    assert says(hints["rows"]) == "tables"
    assert says(hints["groups"]) == "a table"
