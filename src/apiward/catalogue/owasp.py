"""The two editions of the OWASP API Security Top 10, and how the later one grew from the earlier."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

OWASP_2019_TO_2023: Final[Mapping[str, str]] = MappingProxyType(
    {
        "API1:2019": "API1:2023",
        "API2:2019": "API2:2023",
        "API3:2019": "API3:2023",
        "API4:2019": "API4:2023",
        "API5:2019": "API5:2023",
        "API6:2019": "API3:2023",
        "API7:2019": "API8:2023",
        "API8:2019": "",  # injection has no entry of its own any more
        "API9:2019": "API9:2023",
        "API10:2019": "",  # logging was dropped
    }
)
"""What became of each entry of 2019; empty where it has no successor."""

OWASP_2023: Final = frozenset(f"API{number}:2023" for number in range(1, 11))
"""All entries of 2023; three of them have no forerunner."""
