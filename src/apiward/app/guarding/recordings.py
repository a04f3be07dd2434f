"""Learning from what was recorded: a HAR file, JSON lines, or an access log."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Final

from apiward.app.guarding.access_logs import read_access_log
from apiward.app.guarding.cases import Case, Expected, WrittenAnswer, read_cases, read_text
from apiward.app.guarding.har import read_har
from apiward.app.guarding.judging import learn_from
from apiward.app.guarding.place import Place
from apiward.app.learners import new_learner
from apiward.config.guarding import GuardConfig
from apiward.core.api import Api
from apiward.spec.learning.learner import Learner

_TAKEN: Final = WrittenAnswer(200, [], b"")


def read_recording(path: Path) -> tuple[Case, ...]:
    """Return the requests in a file, whichever of the forms it has. Raises AdvisedError."""
    start = read_text(path).lstrip()[:4096]
    if not start.startswith("{"):
        return read_access_log(path)
    if _is_har(start):
        return read_har(path)
    # nobody wrote down what was answered: what is not named an attack counts as taken
    return tuple(case if case.expected is Expected.BLOCK else replace(case, answer=_TAKEN) for case in read_cases(path))


def learned_from(path: Path, config: GuardConfig, place: Place, given: Api | None, key: bytes) -> Learner:
    """Return what can be learned from a recording. Raises AdvisedError."""
    learner = new_learner(key)
    asyncio.run(learn_from(config, place, given, read_recording(path), learner))
    return learner


def _is_har(start: str) -> bool:
    return '"log"' in start.partition("\n")[0] or start[1:].lstrip().startswith('"log"')
