"""Literals without which a text is not read as a command at all."""

from string import ascii_lowercase
from typing import Final

from apiward.inspection.shell.commands import PROGRAMS

_SEPARATORS: Final = (";", "|", "&", "`", "\n", "$(", "<(", "{")
_OPENINGS: Final = (
    "  ", "\t", "+", "/", " /", ".", " .", "$", " $", "'", '"', "\\", "{", " {", "(", " (", "?", "*", "~", "\x00",
)  # fmt: skip
_MARKS: Final = (
    "${", "$@", "$*", *(f"${digit}" for digit in range(1, 10)), "/bin/", "bin/", "/etc/", "/???", "/dev/tcp", "() {",
    "(){", "\\", "cmd", "powershell", ".exe", "dir ", "ls -", "dir+", "ping ", "wget", "curl", "nslookup", "system32",
    "%comspec", "iex", "net\t", "mkfifo", "base64 -", "%0a",
)  # fmt: skip

SHELL_SIGNS: Final = (
    *(separator + blank + program for separator in _SEPARATORS for blank in ("", " ") for program in sorted(PROGRAMS)),
    *(separator + opening for separator in _SEPARATORS for opening in _OPENINGS),
    # A name cut by quotes: c'a't, w"h"o
    *(f"{one}{quote}{two}{quote}" for one in ascii_lowercase for quote in ("'", '"') for two in ascii_lowercase),
    *(f"{program}{end}" for program in ("id", "ls", "whoami", "dir", "pwd", "uname", "ps") for end in (";", "|", "&")),
    *_MARKS,
)
