"""A store with incidents in the folder where a test runs."""

import time
from pathlib import Path

from apiward.core.incident import Incident
from tests.app.incidents.made import seen, watched


def kept(*whos: str, folder: str = ".apiward") -> list[Incident]:
    """Keep one incident for each of `whos`."""
    Path(folder).mkdir(exist_ok=True)
    with watched(Path(folder)) as here:
        facts = (("accounts", "57"), ("failed", "900"), ("addresses", "1"))
        for number, who in enumerate(whos):
            at_s = time.time() + number
            here.take(seen(at_s, who=who, first_s=at_s, facts=facts, where="POST /login"), now_s=at_s)
        return list(here.incidents.known())
