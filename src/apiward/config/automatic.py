"""The table [watch.automatic] of apiward.toml: what apiward may do by itself, so that an attack ends at night, too."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from apiward.catalogue.playbooks import load_playbooks
from apiward.config.errors import nearest
from apiward.config.notifying import WORDS
from apiward.core.finding import Severity
from apiward.core.settings import setting


@dataclass(frozen=True, slots=True)
class AutomaticConfig:
    """`[watch.automatic]`: steps of playbooks that are done at once. Nothing is, unless it is named here."""

    consent: tuple[str, ...] = setting(
        (), "What apiward may do by itself, as PLAYBOOK:ACTION, such as stuffing:block-address. See apiward playbook."
    )
    minutes: int = setting(60, "Minutes after which who was held off is let in again by itself.", least=1, most=1_440)
    most: int = setting(5, "So many callers at once; nobody more is held off by itself.", least=1, most=100)
    others: int = setting(
        0, "So many others who fared well from the same address may be hit with it; with more, none is.", least=0
    )
    since: str = setting("medium", f"From which severity on: {', '.join(WORDS)}.")

    def __post_init__(self) -> None:
        if self.since not in WORDS:
            raise ValueError(f"since: must be one of {', '.join(WORDS)}")
        for name in self.consent:
            if name not in allowed_consents():
                near = nearest(name, allowed_consents())
                raise ValueError(f"consent: {name[:60]!r} is no step that apiward can do by itself. {near}".rstrip())

    @property
    def least(self) -> Severity:
        """The severity from which on something is done."""
        return WORDS[self.since]


@cache
def allowed_consents() -> tuple[str, ...]:
    """Return all that may be named in `consent`."""
    return tuple(_named())


def _named() -> Iterator[str]:
    for book in load_playbooks().values():
        yield from (f"{book.name}:{step.action}" for step in book.steps if step.action)
