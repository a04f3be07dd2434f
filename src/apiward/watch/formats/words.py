"""What the catalogue says of a finding or of a detection, as the formats take it."""

from typing import NamedTuple


class Words(NamedTuple):
    """A title, what it means, what to do, and what others call it (CWE and ATT&CK)."""

    title: str
    meaning: str = ""
    remedy: str = ""
    cwe: str = ""
    attack: tuple[str, ...] = ()
