"""What is looked at before a guard starts: every slip is said at once, while somebody is still looking on."""

import asyncio
from dataclasses import dataclass

from apiward.app.guarding.description import is_address, known_api
from apiward.app.guarding.judging import problems_of
from apiward.app.guarding.place import Place
from apiward.config.errors import AdvisedError, ConfigError
from apiward.config.guarding import GuardConfig
from apiward.core.api import Api


@dataclass(frozen=True, slots=True)
class Looked:
    """What stops the guard from starting, a sentence each; and the description, where it stands in a file."""

    problems: tuple[str, ...]
    api: Api | None


def look(config: GuardConfig, place: Place) -> Looked:
    """Look at settings and description as the guard will. Nothing is written, and no network is used."""
    api: Api | None = None
    problems = []
    if config.description and not is_address(config.description):
        try:
            api = asyncio.run(known_api("", config.description, place.base)).api
        except AdvisedError as error:
            problems.append(f"guard.description: {error}")
    return Looked((*problems, *problems_of(config, api, place)), api)


def check(config: GuardConfig, place: Place) -> None:
    """Raise ConfigError with all that stops the guard from starting."""
    problems = look(config, place).problems
    if problems:
        raise ConfigError(
            "The guard cannot start.",
            "\n".join(f"- {problem}" for problem in problems),
            "Put it right, then start again.",
        )
