"""An engine, built of settings and a description; every slip stops it here, before the first request."""

import contextlib
import os
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random, SystemRandom
from typing import Final

from apiward.access.building import Surroundings, build_authenticator
from apiward.access.errors import AccessError
from apiward.access.keys.ring import KeyRing
from apiward.access.ownership.book import Book
from apiward.access.ownership.rights import Rights
from apiward.access.revocations import RevocationList, Revocations
from apiward.access.settings import AuthenticateSettings
from apiward.catalogue.rules import load_rules
from apiward.config.errors import ConfigError
from apiward.config.guarding import GuardConfig
from apiward.core.api import Api, Operation
from apiward.core.ports import (
    Authenticator,
    Blocks,
    Clock,
    Counters,
    DescriptionLearner,
    EventSink,
    Facts,
    KeptSessions,
    Sender,
)
from apiward.core.settings import NoSettings
from apiward.guard.allowing import Allowances
from apiward.guard.engine import Engine, EngineSettings
from apiward.guard.hearing import Timer
from apiward.guard.marking import Marking
from apiward.guard.origins.locating import Locating, load_locating
from apiward.guard.policy import Policy
from apiward.guard.registry import build_stages
from apiward.guard.routing import RouteTable
from apiward.guard.settling import Pause
from apiward.guard.stage import Parts, StageName
from apiward.guard.stages.minimise import Undeclared
from apiward.stores.ownership.memory import MemoryFacts

MAX_FILE_BYTES: Final = 4_194_304


@dataclass(frozen=True, slots=True)
class Outside:
    """What an engine is given of the outside world. `base` is where relative file names begin."""

    sender: Sender
    sink: EventSink
    counters: Counters
    blocks: Blocks
    wait: Pause
    base: Path
    pepper: bytes
    ring: KeyRing = field(default_factory=KeyRing)
    revocations: Revocations = field(default_factory=RevocationList)
    sessions: KeptSessions | None = None
    facts: Facts = field(default_factory=MemoryFacts)
    book: Book | None = None
    clock: Clock = time.time
    timer: Timer = time.perf_counter
    cpu_timer: Timer = time.thread_time
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    learner: DescriptionLearner | None = None


def build_engine(
    config: GuardConfig, api: Api | None, outside: Outside, authenticator: Authenticator, *, is_learned: bool = False
) -> Engine:
    """Return the engine that judges as `config` says; raises ConfigError. `is_learned`: nobody gave the description."""
    policy = config.policy
    if is_learned and api is not None:
        config, policy = as_learned(config, policy, api)
    rng = Random(SystemRandom().getrandbits(128))  # noqa: S311 - names events and spreads times; secrets come from elsewhere
    settings = {name: settings_of(config, name, outside.base) for name in StageName}
    allowances = Allowances(config.allowed, outside.clock)
    try:
        rights = Rights(config.objects, api, outside.facts, outside.pepper, book=outside.book)
        parts = Parts(
            api,
            outside.clock,
            outside.counters,
            outside.blocks,
            authenticator,
            rng,
            rights=rights,
            allowances=allowances,
            learner=outside.learner,
            locating=locating_of(config, outside.base),
            is_learned=is_learned,
        )
        stages = build_stages(settings, parts)
    except ValueError as error:
        raise ConfigError(
            "The settings of the guard do not fit.", f"{error}.", "Put them right, then start again."
        ) from error
    return Engine(
        stages,
        policy=policy,
        rules=load_rules().rules,
        routes=RouteTable(api) if api is not None else None,
        sink=outside.sink,
        clock=outside.clock,
        timer=outside.timer,
        cpu_timer=outside.cpu_timer,
        wait=outside.wait,
        rng=rng,
        settings=EngineSettings(config.max_body, config.budget_ms / 1000),
        allowances=allowances,
        marks=Marking(outside.pepper, secrets.token_bytes(32), parts.locating).marks,
    )


def locating_of(config: GuardConfig, base: Path) -> Locating | None:
    """Return what says where addresses are; raises ValueError."""
    files = (config.origin.provider_file, config.origin.country_file)
    return load_locating(*(str(base / file) if file else "" for file in files))


def as_learned(config: GuardConfig, policy: Policy, api: Api) -> tuple[GuardConfig, Policy]:
    """Return settings and modes for a description that was learned.

    What it does not know passes, as it knows only what was used so far. It enforces where the settings say so.
    """
    if config.learn.use == "enforce":
        return config, policy
    route = replace(config.route, undescribed="note", methods="note")
    undeclared = config.minimise.undeclared
    minimise = replace(config.minimise, undeclared=Undeclared.NOTE if undeclared is Undeclared.DROP else undeclared)
    is_open = tuple(one.key for one in api.operations if not _is_closed(one))
    shape = replace(config.shape, open_operations=(*config.shape.open_operations, *is_open))
    policy = replace(policy, learned=frozenset(one.key for one in api.operations))
    return replace(config, route=route, minimise=minimise, shape=shape), policy


def _is_closed(operation: Operation) -> bool:
    """Whether it is known that requests hold nothing else."""
    return bool(operation.bodies) and all(not body.schema.is_open for body in operation.bodies)


def build_access(config: GuardConfig, outside: Outside) -> Authenticator:
    """Return what tells who calls; raises ConfigError."""
    surroundings = Surroundings(
        clock=outside.clock,
        sender=outside.sender,
        environment=outside.environment,
        read_file=lambda name: read_bytes(outside.base / name),
        pepper=outside.pepper,
        ring=outside.ring,
        revocations=outside.revocations,
        sessions=outside.sessions,
    )
    try:
        return build_authenticator(_authenticate(config), surroundings, issuers=config.issuers, signers=config.signers)
    except AccessError as error:
        raise ConfigError(
            f"guard.{error.key} cannot be used.", str(error), "Put it right, then start again."
        ) from error


def _authenticate(config: GuardConfig) -> AuthenticateSettings:
    """Return the settings; certificates that the guard asks for count where no others are named."""
    settings = config.authenticate
    if settings.certificate_ca_file or settings.certificate_fingerprints or settings.certificate_header:
        return settings
    return replace(settings, certificate_ca_file=config.tls.client_ca_file)


def read_bytes(path: Path) -> bytes:
    """Return a file of a few megabytes at most; raises OSError."""
    with path.open("rb") as file:
        text = file.read(MAX_FILE_BYTES + 1)
    if len(text) > MAX_FILE_BYTES:
        raise OSError(f"{path} is larger than {MAX_FILE_BYTES} bytes")
    return text


def kept_secret(folder: Path, name: str) -> bytes:
    """Return 32 random bytes that stay the same in `folder`: for all workers, and over restarts."""
    path = folder / name
    if not path.exists():
        fresh = folder / f".{name}.{secrets.token_hex(8)}"
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(32))
        with contextlib.suppress(FileExistsError):  # another worker was first: its secret holds, and is whole
            path.hardlink_to(fresh)
        fresh.unlink()
    return path.read_bytes()


def settings_of(config: GuardConfig, name: StageName, base: Path) -> object:
    """Return the settings of a stage, with the names of files made whole."""
    if name is StageName.AUTHENTICATE:
        return NoSettings()
    if name is StageName.CONDUCT and config.conduct.breached_file:
        return replace(config.conduct, breached_file=str(base / config.conduct.breached_file))
    settings: object = getattr(config, name.value)
    return settings
