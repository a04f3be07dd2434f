"""Texts from outside, made fit for a page: private values masked, nothing hidden; and times as people write them."""

from functools import lru_cache
from typing import Final

from apiward.app.incidents.words import clock
from apiward.catalogue.incidents import load_incident_words
from apiward.classify.masking import Masker
from apiward.core.moments import utc
from apiward.prove.neutral import neutral, one_line, shortened

LONGEST: Final = 4_000
_MASKER: Final = Masker()


@lru_cache(maxsize=4_096)
def shown(text: str) -> str:
    """Return a text of one line with everything private masked."""
    return shortened(one_line(_MASKER.mask_text(text)), LONGEST)


def shown_block(text: str) -> str:
    """Return a text of several lines with everything private masked."""
    return neutral(_MASKER.mask_text(text), keep="\n")


def shown_who(key: str) -> str:
    """Return who a key ("user:anna@example.com") stands for, with what is private in a name masked."""
    return shown(load_incident_words().who(key)) if key else ""


def moment(at_s: float | None) -> str:
    """Return a time as people write it (UTC); empty where there is none."""
    return "" if at_s is None else clock(at_s)


def day(at_s: float | None) -> str:
    """Return a day as people write it (UTC); empty where there is none."""
    return "" if at_s is None else f"{utc(at_s):%Y-%m-%d}"
