"""The table [business]: where the business is, and what data it holds."""

from pathlib import Path

import pytest

from apiward.config.business import BusinessConfig, load_business, parse_business
from apiward.config.errors import ConfigError

GOOD = """[business]
name = "Shop"
countries = ["DE"]
customers_in = ["DE", "US-CA"]
data = ["personal"]
roles = ["none"]
"""


def test_it_is_read() -> None:
    config, problems = parse_business(GOOD)
    assert problems == ()
    assert config == BusinessConfig("Shop", "", ("DE",), ("DE", "US-CA"), ("personal",), ("none",))
    assert parse_business("") == (BusinessConfig(), ())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("= x", "no TOML"),
        ("a=" + "[" * 5_000, "."),
        ("business = 1", "must be a table"),
        ('[business]\ncountries = ["Germany"]', "is no country"),
        ('[business]\ncustomers_in = ["de"]', "customers_in"),
        ('[business]\ndata = ["secrets"]', "is none of"),
        ('[business]\nroles = ["none", "health"]', "is none of"),
        ('[business]\nnmae = "x"', 'Did you mean "name"?'),
    ],
)
def test_a_slip_is_told(text: str, said: str) -> None:
    config, problems = parse_business(text)
    assert config == BusinessConfig()
    assert said in problems[0]


def test_a_file_is_told_as_well(tmp_path: Path) -> None:
    path = tmp_path / "apiward.toml"
    with pytest.raises(ConfigError, match="cannot be read"):
        load_business(path)
    path.write_text(GOOD)
    assert load_business(path).name == "Shop"
    path.write_text("business = 1")
    with pytest.raises(ConfigError, match="cannot be used"):
        load_business(path)
