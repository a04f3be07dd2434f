"""Where a running guard's engine comes from: settings, description and keys, all read again when they change."""

import asyncio
import contextlib
import time
from typing import Final

from apiward.access.keys.ring import KeyRing
from apiward.access.revocations import RevocationList
from apiward.app.guarding import last_good
from apiward.app.guarding.autopilot import OVERRULED, Autopilot, AutopilotKeeper, Situation
from apiward.app.guarding.blocks_in_use import BlockFollower
from apiward.app.guarding.building import Outside, build_access, build_engine, kept_secret
from apiward.app.guarding.described import keep_beside
from apiward.app.guarding.describing import Describe, DescriptionKeeper, known_outside
from apiward.app.guarding.description import Known
from apiward.app.guarding.keys import KeyKeeper
from apiward.app.guarding.kinds import BookKeeper
from apiward.app.guarding.learning import Learning
from apiward.app.guarding.log import log
from apiward.app.guarding.place import Overrides, Place
from apiward.app.guarding.rules_in_use import tell_end, tell_rules
from apiward.app.guarding.settings import SettingsReader
from apiward.app.guarding.sinks import CountedSink, open_sink
from apiward.app.guarding.telling import settings_event
from apiward.catalogue.rules import load_rules
from apiward.config.guarding import GuardConfig
from apiward.core.api import Api
from apiward.core.ports import Authenticator, Counters, Facts, Gate
from apiward.guard.engine import Engine
from apiward.net.sender import HttpSender
from apiward.stores.blocks.shared import SharedBlocks
from apiward.stores.counters.leased import LeasedCounters
from apiward.stores.counters.shared import SharedCounters
from apiward.stores.ownership.shared import SharedFacts
from apiward.stores.sessions.shared import SharedSessions

ROWS_OF_OBJECT: Final = 4
"""Facts for each object that is to be remembered: whose it is, and who may reach it."""
_ACCESS: Final = ("authenticate", "issuers", "signers")


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
        self._settings = SettingsReader(place, overrides, config or GuardConfig())
        self._description = DescriptionKeeper(place, describe)
        self._api: Api | None = None
        self._described: Api | None = None
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
        return self._description.known

    @property
    def config(self) -> GuardConfig:
        """The settings that the last gate was made with."""
        return self._settings.config

    async def start(self) -> Gate:
        """Open the stores, read everything, and return the first gate. Raises AdvisedError."""
        self._place.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._counters = LeasedCounters(SharedCounters(self._place.data / "counters"))
        self._blocks = SharedBlocks(self._place.data / "blocks")
        self._sessions = SharedSessions(self._place.data / "sessions", clock=time.time)
        self._settings.read(is_first=True)
        self._facts = SharedFacts(self._place.data / "objects", most=ROWS_OF_OBJECT * self.config.objects.most_objects)
        self._books = BookKeeper(self._place.data, kept_secret(self._place.data, "pepper"))
        self._books.read()
        self._sender = await self._open.enter_async_context(HttpSender(clock=time.time))
        await self._description.read(self.config, is_first=True)
        self._start_learning()
        names = [operation.key for operation in self.known.api.operations] if self.known.api else []
        self._sink = open_sink(self._place.data, self._place.base, self.config, names, load_rules().rules)
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
            lambda: (self.config.policy.all_modes, self._api),
            time.time,
            lambda: bool(self.config.origin.provider_file),
        )
        self._follower.follow()
        return gate

    def is_changed(self) -> bool:
        """Return whether a file has changed, or it is time to ask for the description again."""
        if self._settings.is_changed():
            return True
        if self._learning is not None and self._learning.is_due():
            return True
        return self._description.is_due(self.config, time.monotonic())

    async def renew(self) -> Gate | None:
        """Return a gate of what stands there now, or None where nothing is new; raises AdvisedError."""
        if not self._settings.is_changed():
            learning = self._learning
            if learning is not None and learning.is_due():
                is_new = await learning.look_again(self.known.api)
                return await asyncio.to_thread(self._build) if is_new and self.known.api is None else None
            self._description.wait_longer()
            await self._description.read(self.config)
            return await asyncio.to_thread(self._build) if self.known.api is not None else None
        self._settings.note()
        old = self.config
        self._settings.read(is_first=False)
        for name in ("listen", "workers", "tls", "data", "admin", "events", "record", "upstream", "upstreams"):
            if getattr(old, name) != getattr(self.config, name):
                log("This setting counts from the next start on.", level="warning", setting=f"guard.{name}")
        await self._description.read(self.config)
        return await asyncio.to_thread(self._build)

    def settled(self, gate: Gate) -> None:  # noqa: ARG002 - any gate that was built of them shows that they are good
        """Keep the settings as the last good ones, tell which rules are in use, and put that into the record."""
        self._settings.note()
        self._record_settings()
        tell_rules(self._place.data, self._settings.rules, self.config.mode)
        last_good.keep(self._place.data, last_good.SETTINGS, self._settings.text.encode())
        last_good.keep(self._place.data, last_good.DESCRIPTION, self._description.written)
        if self.known.api is not None and self.known.api is not self._described:
            self._described = self.known.api
            keep_beside(self._place.data, self.known.api)

    def _record_settings(self) -> None:
        if self._sink is None:
            return
        api = self.known.api
        known = f"{len(api.operations)} operations are described" if api else "nothing is described"
        stamps = self._settings.stamps()
        said = f"Settings are in use: mode {self.config.mode}, {known}."
        self._sink.tell(settings_event(self._settings.text, stamps, said, now_s=time.time()))

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
        wanted = tuple(getattr(self.config, name) for name in _ACCESS)
        authenticator = self._authenticator
        if authenticator is None or wanted != self._access_of:  # else it keeps the sessions that it has learned
            authenticator = build_access(self.config, outside)
        learned = self._learned_api()
        self._api = self.known.api if learned is None else learned
        engine = build_engine(self.config, self._api, outside, authenticator, is_learned=learned is not None)
        self._authenticator, self._access_of, self._engine = authenticator, wanted, engine
        _say_ended(self.config, time.time())
        return engine

    def _situation(self) -> Situation:
        """Return how this guard stands, for its autopilot."""
        engine = self._engine
        silence = engine.silent_stages if engine is not None else lambda _: frozenset()
        paused = OVERRULED if self._overrides.mode is not None else ""
        is_learned = self.known.api is None and self.config.learn.use != "enforce"
        return Situation(self.config, self._api, silence, paused, is_learned=is_learned)

    def _start_learning(self) -> None:
        if not self.config.learn.on:
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
        if self.known.api is not None or self._learning is None or self.config.learn.use == "no":
            return None
        api = self._learning.api
        if api is not None:
            log("What was learned of the API is in use.", operations=len(api.operations))
        return api


def _say_ended(config: GuardConfig, now_s: float) -> None:
    for one in config.allowed:
        if one.expires_s <= now_s:
            log("An exclusion has ended.", id=one.id, operation=one.operation, place=one.place, rule=one.rule)
