"""A store with incidents in the folder where a test runs."""

from pathlib import Path

from apiward.core.incident import Incident
from tests.app.incidents.made import NOW_S, seen, watched


def kept(*whos: str, folder: str = ".apiward") -> list[Incident]:
    """Keep one incident for each of `whos`."""
    Path(folder).mkdir(exist_ok=True)
    with watched(Path(folder)) as here:
        facts = (("accounts", "57"), ("failed", "900"), ("addresses", "1"))
        for number, who in enumerate(whos):
            here.take(seen(NOW_S + number, who=who, facts=facts, where="POST /login"))
        return list(here.incidents.known())
