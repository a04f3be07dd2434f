from collections.abc import Mapping
from dataclasses import dataclass, fields

from apiward.core.settings import HELP, LEAST, MOST, NoSettings, setting


@dataclass(frozen=True, slots=True)
class Settings:
    count: int = setting(3, "How many.", least=1, most=9)
    costs: Mapping[str, int] = setting({}, "Costs.")


def test_a_setting_has_a_default_a_line_of_help_and_bounds() -> None:
    assert Settings() == Settings(3, {})
    count, costs = fields(Settings)
    assert (count.metadata[HELP], count.metadata[LEAST], count.metadata[MOST]) == ("How many.", 1, 9)
    assert costs.metadata[LEAST] is None


def test_nothing_to_set_is_a_setting_too() -> None:
    assert NoSettings() == NoSettings()
