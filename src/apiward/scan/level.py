"""How far a scan may go, and in which order checks run."""

from enum import IntEnum


class Level(IntEnum):
    """What a scan may do: read; create and change what it owns; delete that, and send heavy requests."""

    READ = 0
    WRITE = 1
    FULL = 2

    @property
    def word(self) -> str:
        """The level as people write it."""
        return self.name.lower()


class Phase(IntEnum):
    """When a check runs. Within READS many run at a time; in the later phases one after another."""

    READS = 0
    CHANGES = 1
    TIMING = 2
    SESSIONS = 3
    LAST = 4
