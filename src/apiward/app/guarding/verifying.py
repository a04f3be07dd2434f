"""`apiward guard --verify`: the guard answers another proxy's question, and passes nothing on itself."""

import time
from dataclasses import dataclass, fields, replace
from functools import partial

from apiward.app.guarding.lifespans import alone
from apiward.app.guarding.living import LiveGuard
from apiward.app.guarding.log import log
from apiward.app.guarding.place import Overrides, Place
from apiward.app.guarding.proxying import prepare, serve_app
from apiward.app.guarding.source import ConfigSource
from apiward.config.errors import ConfigError
from apiward.config.guarding import GuardConfig
from apiward.core.ports import Gate
from apiward.net.messages import App
from apiward.net.middleware import Bounds
from apiward.net.verifying import LOOPBACK, PATH, VerifyApp, VerifySettings


@dataclass(frozen=True, slots=True)
class VerifyOverrides(Overrides):
    """What the command line says, and what goes with being asked: who asks is a trusted proxy, loopback by default."""

    def applied(self, config: GuardConfig) -> GuardConfig:
        """Return the settings that hold."""
        config = Overrides.applied(self, config)
        if config.origin.trusted_proxies:
            return config
        return replace(config, origin=replace(config.origin, trusted_proxies=LOOPBACK))


def run_verify(place: Place, config: GuardConfig, overrides: Overrides) -> None:
    """Serve until SIGTERM or SIGINT. Raises ConfigError before it begins."""
    wider = VerifyOverrides(**{field.name: getattr(overrides, field.name) for field in fields(overrides)})
    config = wider.applied(config)
    _settings(config)
    prepare(place, config)
    log("The guard answers another proxy's questions.", listen=config.listen, path=PATH, mode=config.mode)
    log("Bodies and answers never come here: what is in them is not judged.", level="warning")
    serve_app(partial(verify_application, place, wider, config), place, config)
    log("The guard has ended.")


def verify_application(place: Place, overrides: Overrides, config: GuardConfig) -> App:
    """Return the app of one worker process."""
    source = ConfigSource(place, overrides, config=config)

    def wrap(gate: Gate) -> App:
        return VerifyApp(gate, _settings(source.config), clock=time.time)

    return LiveGuard(alone, source, clock=time.time, bounds=Bounds(), wrap=wrap)


def _settings(config: GuardConfig) -> VerifySettings:
    try:
        return VerifySettings(config.origin.trusted_proxies, trusts_sockets=config.origin.trust_local_sockets)
    except ValueError as error:
        raise ConfigError("guard.origin.trusted_proxies cannot be used.", f"{error}.", "Write 10.0.0.0/8.") from None
