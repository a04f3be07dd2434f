"""The names of what stands in the folder of an API: settings, rules and data. Light, for what has to start fast."""

from typing import Final

FILE_NAME: Final = "apiward.toml"
RULES_NAME: Final = "apiward.rules.toml"
DATA_NAME: Final = ".apiward"
