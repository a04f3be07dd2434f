"""What the exit code of a command says."""

from enum import IntEnum


class ExitCode(IntEnum):
    """The exit codes of every command."""

    HOLDS = 0
    BROKEN = 1
    USAGE = 2
    NOT_ENOUGH = 3
    BUG = 4
    INTERRUPTED = 130

    @property
    def meaning(self) -> str:
        """What the code says, in one sentence."""
        return _MEANINGS[self]


_MEANINGS = {
    ExitCode.HOLDS: "Everything that should be checked was checked, and it holds.",
    ExitCode.BROKEN: "Something is broken at or above --fail-on (high, unless you say otherwise).",
    ExitCode.USAGE: "The command or the settings were wrong. Nothing was checked.",
    ExitCode.NOT_ENOUGH: "Too little could be checked: not reachable, no log-in, no permission, or no clear answer.",
    ExitCode.BUG: "apiward itself failed. The path of a file with the details is printed.",
    ExitCode.INTERRUPTED: "You stopped it. What was found until then is reported.",
}
