"""Names that lead out of a folder to a file which every system has, and what such a file looks like (CWE-22)."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from apiward.core.exchange import Exchange
from apiward.scan.proofs.survey import word

_STEPS: Final = 10
_PASSWD: Final = re.compile(r"root:[^:\s]{0,100}:0:0:[^:\n]{0,100}:[^:\n]{0,100}:")
_IN_BASE64: Final = ("cm9vdDp4OjA6MD", "cm9vdDoqOjA6MD")
"""How a file of accounts begins in base64, with its password elsewhere."""
_WIN_INI: Final = re.compile(r"\[(fonts|extensions|mci extensions)\]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Way:
    """One way out of a folder. `form` holds `{file}`; `is_windows` says which system it is for."""

    label: str
    form: str
    is_windows: bool = False

    def to_known(self) -> str:
        """Return the name of a file that every such system has."""
        return self._to("windows\\win.ini" if self.is_windows else "etc/passwd")

    def to_nothing(self, rng: random.Random) -> str:
        """Return the name of a file that nobody has."""
        return self._to(f"windows\\{word(rng)}" if self.is_windows else f"etc/{word(rng)}")

    def shows_known(self, exchange: Exchange) -> bool:
        """Whether an answer holds what stands in the known file."""
        return is_ini(exchange.text) if self.is_windows else is_passwd(exchange.text)

    def _to(self, file: str) -> str:
        if "%2f" in self.form:
            file = file.replace("/", "%2f")
        return self.form.replace("{file}", file)


FIRST: Final = Way("steps up", "../" * _STEPS + "{file}")


def ways(value: str) -> Iterator[Way]:
    """Yield the ways to try where a name of a file belongs; `value` is a fitting one."""
    yield FIRST
    yield Way("from the root", "/{file}")
    yield Way("steps of which a filter leaves steps", "....//" * _STEPS + "{file}")
    yield Way("steps written in code", "..%2f" * _STEPS + "{file}")
    yield Way("steps and dots written in code", "%2e%2e%2f" * _STEPS + "{file}")
    yield Way("an address of a file", "file:///{file}")
    if value:
        yield Way("steps behind a fitting name", f"{value}/" + "../" * _STEPS + "{file}")
    if "." in value:
        yield Way("an end that is cut off", "../" * _STEPS + "{file}\x00." + value.rpartition(".")[2])
    yield Way("steps of Windows", "..\\" * _STEPS + "{file}", is_windows=True)
    yield Way("a drive of Windows", "C:\\{file}", is_windows=True)


def is_passwd(text: str) -> bool:
    """Whether a text holds the accounts of a Unix system."""
    return bool(_PASSWD.search(text)) or any(sign in text for sign in _IN_BASE64)


def is_ini(text: str) -> bool:
    """Whether a text holds the old settings file of a Windows system."""
    return len(set(map(str.lower, _WIN_INI.findall(text)))) >= 2
