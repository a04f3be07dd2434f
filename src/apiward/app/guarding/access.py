"""May this caller do that at the guard, and why? Asked of the stage itself, without a request."""

import secrets
import time
from random import Random

from apiward.access.building import Surroundings, build_authenticator
from apiward.access.settings import AuthenticateSettings
from apiward.catalogue.rules import load_rules
from apiward.config.errors import AdvisedError, ConfigError
from apiward.config.guarding import GuardConfig
from apiward.core.api import Api
from apiward.core.decision import Mode
from apiward.core.principal import Principal
from apiward.guard.permission.explaining import Explanation
from apiward.guard.stage import Parts, StageName
from apiward.guard.stages.permit import Permit
from apiward.guard.wire.paths import PathRules
from apiward.guard.wire.unfit import UnfitError
from apiward.net.sender import HttpSender
from apiward.stores.blocks.memory import MemoryBlocks
from apiward.stores.counters.memory import MemoryCounters


def explain_access(config: GuardConfig, api: Api | None, who: Principal, method: str, path: str) -> Explanation:
    """Return whether `who` may call `method` on `path`, which stands as in a request. Raises AdvisedError."""
    try:
        permit = Permit(config.permit, _parts(api))
    except ValueError as error:
        raise ConfigError("The settings of the guard do not fit.", f"{error}.", "Put them right.") from error
    return permit.explain(who, method, _plain(config, path))


def permit_mode(config: GuardConfig, explained: Explanation, method: str, path: str) -> Mode:
    """Return what decisions about permission do there: an explanation tells what is decided, not what is done."""
    key = explained.operation or f"{method} {path}"
    modes = config.policy.modes_for(key, key.partition(" ")[2])
    return dict(zip(StageName, modes, strict=True))[StageName.PERMIT]


def _plain(config: GuardConfig, path: str) -> str:
    protocol = config.protocol
    rules = PathRules(protocol.longest_path, protocol.most_segments, protocol.path_parameters, protocol.encoded_slashes)
    try:
        return rules.read(path.encode())
    except UnfitError as error:
        why = f"{load_rules().rules[error.rule].owner} ({error.rule}: {error.saw})"
        raise AdvisedError(f"{path[:80]!a} is refused, whoever asks.", why, "Name another path.") from None


def _parts(api: Api | None) -> Parts:
    """Return what a stage is built with. Who calls is known here, so nothing of it is ever asked."""
    surroundings = Surroundings(time.time, HttpSender(clock=time.time), {}, _no_file, secrets.token_bytes(32))
    nobody = build_authenticator(AuthenticateSettings(), surroundings)
    return Parts(api, time.time, MemoryCounters(1), MemoryBlocks(), nobody, Random(0))  # noqa: S311 - draws nothing


def _no_file(name: str) -> bytes:
    raise FileNotFoundError(name)
