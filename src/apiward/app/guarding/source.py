"""Where a running guard's engine comes from: settings, description and keys, all read again when they change."""

import asyncio
import contextlib
import os
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeAlias

from apiward.access.keys.ring import KeyRing
from apiward.access.revocations import RevocationList
from apiward.app.guarding.autopilot import OVERRULED, Autopilot, AutopilotKeeper, Situation
from apiward.app.guarding.blocks_in_use import BlockFollower
from apiward.app.guarding.building import Outside, build_access, build_engine, kept_secret, read_bytes
from apiward.app.guarding.description import Known, is_address, known_api
from apiward.app.guarding.keys import KeyKeeper
from apiward.app.guarding.kinds import BookKeeper
from apiward.app.guarding.learning import Learning
from apiward.app.guarding.log import log
from apiward.app.guarding.mentions import unknown_mentions
from apiward.app.guarding.rules_in_use import tell_end, tell_rules
from apiward.app.guarding.sinks import CountedSink, open_sink
from apiward.app.guarding.telling import settings_event
from apiward.catalogue.rules import load_rules
from apiward.config.errors import AdvisedError, ConfigError
from apiward.config.guarding import GuardConfig, parse_guard
from apiward.config.rules_file import RulesFile, load_rules_file, rules_digest, rules_path
from apiward.core.api import Api
from apiward.core.decision import Mode
from apiward.core.ports import Authenticator, Counters, Facts, Gate
from apiward.guard.engine import Engine
from apiward.guard.stages.quota import QuotaSettings
from apiward.net.sender import HttpSender
from apiward.stores.blocks.shared import SharedBlocks
from apiward.stores.counters.leased import LeasedCounters
from apiward.stores.counters.shared import SharedCounters
from apiward.stores.ownership.shared import SharedFacts
from apiward.stores.sessions.shared import SharedSessions

ASK_AGAIN_S: Final = 30.0
"""Seconds between the first two questions for a description that could not be had; then twice as many each time."""
MOST_ASK_AGAIN_S: Final = 900.0
ROWS_OF_OBJECT: Final = 4
"""Facts for each object that is to be remembered: whose it is, and who may reach it."""
GOOD: Final = "last-good.toml"
GOOD_DESCRIPTION: Final = "last-good-description"
MAX_SAID: Final = 20
_ACCESS: Final = ("authenticate", "issuers", "signers")
Describe: TypeAlias = Callable[[GuardConfig, Path], Awaitable[Known]]
"""Finds the description by the settings and the folder where relative names begin; raises AdvisedError."""


async def known_outside(config: GuardConfig, base: Path) -> Known:
    """Return the description of an API that is another process."""
    return await known_api(config.upstream, config.description, base)


@dataclass(frozen=True, slots=True)
class Overrides:
    """What the command line says; it wins over the file."""

    upstream: str = ""
    listen: str = ""
    description: str = ""
    mode: Mode | None = None
    workers: int | None = None
    data: str = ""
    is_rehearsal: bool = False
    """Whether a scan is to judge this guard: it sends far more than one caller may."""

    def applied(self, config: GuardConfig) -> GuardConfig:
        """Return the settings that hold."""
        said = {
            "upstream": self.upstream,
            "listen": self.listen,
            "description": self.description,
            "mode": self.mode,
            "workers": self.workers,
            "data": self.data,
            "quota": QuotaSettings(per_minute=0, concurrency=0, tell=config.quota.tell) if self.is_rehearsal else None,
        }
        return replace(config, **{name: value for name, value in said.items() if value})  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a guard lives: its settings file, where relative names begin, and its folder for data."""

    file: Path | None
    base: Path
    data: Path

    @classmethod
    def of(cls, file: Path | None, config: GuardConfig) -> "Place":
        """Return the place of a guard with these settings."""
        base = file.resolve().parent if file is not None else Path.cwd()
        return cls(file, base, base / (config.data or ".apiward"))


class ConfigSource:
    """Implements `app.guarding.living.Source` for one worker process or one app."""

    def __init__(
        self,
        place: Place,
        overrides: Overrides,
        *,
        config: GuardConfig | None = None,
        describe: Describe = known_outside,
    ) -> None:
        self._place = place
        self._overrides = overrides
        self._find = describe
        self._config = self._given = config or GuardConfig()
        self._text = ""
        self._written = b""
        self._rules = ""
        self._known = Known(None)
        self._api: Api | None = None
        self._asked_s = 0.0
        self._ask_again_s = ASK_AGAIN_S
        self._seen: dict[Path, float] = {}
        self._ring = KeyRing()
        self._keeper = KeyKeeper(place.data, self._ring)
        self._autopilot: AutopilotKeeper | None = None
        self._engine: Engine | None = None
        self._revocations = RevocationList()
        self._authenticator: Authenticator | None = None
        self._access_of: tuple[object, ...] = ()
        self._open = contextlib.AsyncExitStack()
        self._sender: HttpSender | None = None
        self._sink: CountedSink | None = None
        self._counters: Counters | None = None
        self._blocks: SharedBlocks | None = None
        self._follower: BlockFollower | None = None
        self._sessions: SharedSessions | None = None
        self._facts: Facts | None = None
        self._learning: Learning | None = None
        self._books: BookKeeper | None = None

    @property
    def known(self) -> Known:
        """The description that the last gate was made with."""
        return self._known

    @property
    def config(self) -> GuardConfig:
        """The settings that the last gate was made with."""
        return self._config

    async def start(self) -> Gate:
        """Open the stores, read everything, and return the first gate. Raises AdvisedError."""
        self._place.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._counters = LeasedCounters(SharedCounters(self._place.data / "counters"))
        self._blocks = SharedBlocks(self._place.data / "blocks")
        self._sessions = SharedSessions(self._place.data / "sessions", clock=time.time)
        self._read_settings(is_first=True)
        self._facts = SharedFacts(self._place.data / "objects", most=ROWS_OF_OBJECT * self._config.objects.most_objects)
        self._books = BookKeeper(self._place.data, kept_secret(self._place.data, "pepper"))
        self._books.read()
        self._sender = await self._open.enter_async_context(HttpSender(clock=time.time))
        await self._describe(is_first=True)
        self._start_learning()
        names = [operation.key for operation in self._known.api.operations] if self._known.api else []
        self._sink = open_sink(self._place.data, self._place.base, self._config, names, load_rules().rules)
        self._sink.start()
        gate = self._build()
        self._keeper.follow()
        autopilot = Autopilot(self._place.base, self._place.data, self._sink, time.time)
        self._autopilot = AutopilotKeeper(autopilot, self._place.data, self._situation)
        self._autopilot.follow()
        if self._learning is not None:
            self._learning.follow()
        self._books.follow()
        self._follower = BlockFollower(
            self._place.data,
            self._blocks,
            self._revocations,
            lambda: (self._config.policy.all_modes, self._api),
            time.time,
        )
        self._follower.follow()
        return gate

    def is_changed(self) -> bool:
        """Return whether a file has changed, or it is time to ask for the description again."""
        if any(_stamp(file) != stamp for file, stamp in self._seen.items()):
            return True
        if self._learning is not None and self._learning.is_due():
            return True
        is_wanting = self._known.api is None and (self._config.upstream or self._config.description)
        return bool(is_wanting) and time.monotonic() - self._asked_s > self._ask_again_s

    async def renew(self) -> Gate | None:
        """Return a gate of what stands there now, or None where nothing is new; raises AdvisedError."""
        if not any(_stamp(file) != stamp for file, stamp in self._seen.items()):
            learning = self._learning
            if learning is not None and learning.is_due():
                is_new = await learning.look_again(self._known.api)
                return await asyncio.to_thread(self._build) if is_new and self._known.api is None else None
            self._ask_again_s = min(2 * self._ask_again_s, MOST_ASK_AGAIN_S)
            await self._describe()
            return await asyncio.to_thread(self._build) if self._known.api is not None else None
        self._note_stamps()
        old = self._config
        self._read_settings(is_first=False)
        for name in ("listen", "workers", "tls", "data", "admin", "events", "record", "upstream", "upstreams"):
            if getattr(old, name) != getattr(self._config, name):
                log("This setting counts from the next start on.", level="warning", setting=f"guard.{name}")
        await self._describe()
        return await asyncio.to_thread(self._build)

    def settled(self, gate: Gate) -> None:  # noqa: ARG002 - any gate that was built of them shows that they are good
        """Keep the settings as the last good ones, tell which rules are in use, and put that into the record."""
        self._note_stamps()
        self._record_settings()
        tell_rules(self._place.data, self._rules)
        if self._text:
            self._keep(GOOD, self._text.encode())
        if self._written:
            self._keep(GOOD_DESCRIPTION, self._written)

    def _record_settings(self) -> None:
        if self._sink is None:
            return
        api = self._known.api
        known = f"{len(api.operations)} operations are described" if api else "nothing is described"
        stamps = sorted((str(file), stamp) for file, stamp in self._seen.items())
        said = f"Settings are in use: mode {self._config.mode}, {known}."
        self._sink.tell(settings_event(self._text, stamps, said, now_s=time.time()))

    async def stop(self) -> None:
        """Write what waits, close what is open."""
        tell_end(self._place.data)
        await self._keeper.stop()
        if self._autopilot is not None:
            await self._autopilot.stop()
        if self._learning is not None:
            await self._learning.stop()
        if self._books is not None:
            await self._books.stop()
        if self._follower is not None:
            await self._follower.stop()
        if self._sink is not None:
            await asyncio.to_thread(self._sink.close)
        await self._open.aclose()

    def _keep(self, name: str, text: bytes) -> None:
        fresh = self._place.data / f".{name}.{os.getpid()}"
        fresh.write_bytes(text)
        fresh.replace(self._place.data / name)

    def _build(self) -> Gate:
        if self._sink is None or self._sender is None or self._counters is None:
            raise RuntimeError("start comes first")
        if self._blocks is None or self._facts is None:
            raise RuntimeError("start comes first")
        outside = Outside(
            sender=self._sender,
            sink=self._sink,
            counters=self._counters,
            blocks=self._blocks,
            wait=asyncio.sleep,
            base=self._place.base,
            pepper=kept_secret(self._place.data, "pepper"),
            ring=self._ring,
            revocations=self._revocations,
            sessions=self._sessions,
            facts=self._facts,
            learner=self._learning.learner if self._learning is not None else None,
            book=self._books.book if self._books is not None else None,
        )
        self._keeper.read()
        wanted = tuple(getattr(self._config, name) for name in _ACCESS)
        authenticator = self._authenticator
        if authenticator is None or wanted != self._access_of:  # else it keeps the sessions that it has learned
            authenticator = build_access(self._config, outside)
        learned = self._learned_api()
        self._api = self._known.api if learned is None else learned
        engine = build_engine(self._config, self._api, outside, authenticator, is_learned=learned is not None)
        self._authenticator, self._access_of, self._engine = authenticator, wanted, engine
        _say_ended(self._config, time.time())
        return engine

    def _situation(self) -> Situation:
        """Return how this guard stands, for its autopilot."""
        engine = self._engine
        silence = engine.silent_stages if engine is not None else lambda _: frozenset()
        return Situation(self._config, self._api, silence, OVERRULED if self._overrides.mode is not None else "")

    def _start_learning(self) -> None:
        if not self._config.learn.on:
            return
        learning = Learning(self._place.data, kept_secret(self._place.data, "pepper"))
        try:
            learning.start()
        except OSError as error:
            log("Nothing is learned: the folder cannot be used.", level="warning", why=str(error))
            return
        self._learning = learning

    def _learned_api(self) -> Api | None:
        """Return what was learned, where nobody gave a description and the settings want it."""
        if self._known.api is not None or self._learning is None or self._config.learn.use == "no":
            return None
        api = self._learning.api
        if api is not None:
            log("What was learned of the API is in use.", operations=len(api.operations))
        return api

    async def _describe(self, *, is_first: bool = False) -> None:
        try:
            known = await self._find(self._config, self._place.base)
            self._written = await asyncio.to_thread(_written, self._config, self._place.base)
        except AdvisedError as error:
            # One that runs keeps what it has; a worker that begins takes what was good when another one began.
            if not is_first or not (self._place.data / GOOD_DESCRIPTION).exists():
                raise
            log("The description cannot be used. The last good one holds.", level="error", why=str(error))
            good = replace(self._config, description=GOOD_DESCRIPTION)
            known = await self._find(good, self._place.data)
        self._asked_s = time.monotonic()
        if known.api is None and self._known.api is not None:
            log("The description could not be read again. The last one stays.", level="warning", why=known.why)
            return
        self._known = known
        _say_description(known.api, known.why)
        for mention in unknown_mentions(self._config, known.api)[:MAX_SAID]:
            log("A setting holds for nothing.", level="warning", why=mention)

    def _read_settings(self, *, is_first: bool) -> None:
        self._rules = rules_digest(self._place.base)  # before the file is read: what changes between is seen again
        rules = load_rules_file(self._place.base)
        if self._place.file is None:
            self._config = self._with_rules(rules, self._given)
            return
        try:
            text, config = _settings(self._place.file)
        except ConfigError as error:
            good = self._place.data / GOOD
            if not is_first or not good.exists():
                raise
            log("The settings cannot be used. The last good ones hold.", level="error", why=str(error))
            text, config = _settings(good)
        self._text, self._config = text, self._with_rules(rules, config)

    def _with_rules(self, rules: RulesFile, config: GuardConfig) -> GuardConfig:
        """Return the settings that hold. Where the command line names a mode, none that was switched counts."""
        held = rules.applied(self._overrides.applied(config), time.time())
        return replace(held, switched=()) if self._overrides.mode is not None else held

    def _note_stamps(self) -> None:
        files = [self._place.file, rules_path(self._place.base)]
        if self._config.description and not is_address(self._config.description):
            files.append(self._place.base / self._config.description)
        for issuer in self._config.issuers:
            files += [self._place.base / name for name in (issuer.jwks_file, issuer.pem_file) if name]
        self._seen = {file: _stamp(file) for file in files if file is not None}


def _settings(path: Path) -> tuple[str, GuardConfig]:
    try:
        text = read_bytes(path).decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read.", str(error)) from error
    config, problems = parse_guard(text)
    if problems:
        raise ConfigError(f"{path} cannot be used.", "\n".join(f"- {problem}" for problem in problems))
    return text, config


def _written(config: GuardConfig, base: Path) -> bytes:
    """Return the description as it stands in its file, nothing where it is in none."""
    if not config.description or is_address(config.description):
        return b""
    try:
        return (base / config.description).read_bytes()
    except OSError:
        return b""


def _stamp(path: Path) -> float:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0.0


def _say_ended(config: GuardConfig, now_s: float) -> None:
    for one in config.allowed:
        if one.expires_s <= now_s:
            log("An exclusion has ended.", id=one.id, operation=one.operation, place=one.place, rule=one.rule)


def _say_description(api: Api | None, why: str) -> None:
    if api is None:
        log("There is no description. Only what needs none is judged.", level="warning", why=why)
        return
    log("The description is in use.", operations=len(api.operations), source=api.source, title=api.title)
    for problem in api.problems[:MAX_SAID]:
        log("A part of the description could not be read.", level="warning", place=problem.pointer, why=problem.message)


__all__ = ["AdvisedError", "ConfigSource", "Overrides", "Place"]
