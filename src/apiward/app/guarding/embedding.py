"""`from apiward import Guard`: the guard inside a Python app, as ASGI middleware around it."""

import time
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from os import PathLike, fspath
from pathlib import Path
from typing import Any, Final, TypeAlias

from apiward.app.guarding.asking import described_app
from apiward.app.guarding.description import Known, is_address
from apiward.app.guarding.lifespans import live
from apiward.app.guarding.living import LiveGuard
from apiward.app.guarding.mounting import Mounting
from apiward.app.guarding.place import Overrides, Place
from apiward.app.guarding.source import ConfigSource
from apiward.config.errors import ConfigError
from apiward.config.guarding import GuardConfig, load_guard
from apiward.config.names import FILE_NAME
from apiward.config.typed import read_settings
from apiward.core.ports import Gate
from apiward.net.messages import App, Message, Receive, Send
from apiward.net.middleware import IDENTITY, Bounds, GuardMiddleware

Settings: TypeAlias = "str | PathLike[str] | Mapping[str, Any] | GuardConfig | None"
Description: TypeAlias = "str | PathLike[str] | Mapping[str, Any] | None"

_RAW: Final = "apiward.raw_path"
_KNOWN_EXTENSIONS: Final = frozenset({"tls", "websocket.http.response"})
"""Other extensions let an app answer past the guard (a file by its path, headers that come last)."""


class Guard:
    """An ASGI app: the guard around the ASGI app `app`.

    `config` is the path of an apiward.toml, the table [guard] as a mapping, or settings that were
    read; without one, ./apiward.toml is used where it is there. `description` is a file, an
    address, or an OpenAPI document; without one, the app itself is asked. `data` is the folder for
    events and counters (.apiward beside the settings file, else in the current folder).
    Raises ConfigError at once for settings that cannot be used.

    The app finds who calls as `scope["apiward.principal"]`. It is asked for uncompressed answers,
    which alone can be judged: compress outside the guard.
    """

    def __init__(
        self,
        app: Callable[..., Awaitable[Any]],
        config: Settings = None,
        *,
        description: Description = None,
        data: "str | PathLike[str] | None" = None,
    ) -> None:
        file, settings = _settings(config)
        overrides = Overrides(description=_named(description))
        settings = overrides.applied(settings)
        place = Place.of(file, settings)
        if data is not None:
            place = Place(place.file, place.base, Path(data).resolve())
        self._app = app
        self._document = description if isinstance(description, Mapping) else None
        self._left_out = ""
        self._bounds = Bounds(max_answer=settings.max_answer, body_timeout_s=settings.protocol.body_timeout_s)
        self._new_source = partial(ConfigSource, place, overrides, config=settings, describe=self._describe)
        self._source, self._live = self._fresh()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - all frameworks type these anew
        """Serve one ASGI scope."""
        kind = scope["type"]
        if kind in {"http", "websocket"}:
            await self._live(scope, receive, send)
        elif kind == "lifespan":
            try:
                await live(self._app, self._live, scope, receive, send)
            finally:  # tests start one app many times
                self._source, self._live = self._fresh()
        else:
            raise RuntimeError(f"The guard does not know what a scope of type {kind!r} is, and lets nothing pass.")

    async def renew(self) -> None:
        """Read settings and description again, as happens when a file changes. What cannot be used is said."""
        await self._live.renew()

    def _fresh(self) -> tuple[ConfigSource, LiveGuard]:
        source = self._new_source()
        return source, LiveGuard(self._onward, source, clock=time.time, bounds=self._bounds, wrap=self._wrap)

    async def _describe(self, config: GuardConfig, base: Path) -> Known:
        found = await described_app(self._app, config, self._document, base)
        if found.known.api is not None:
            self._left_out = found.left_out
        return found.known

    def _wrap(self, gate: Gate) -> App:
        api = self._source.known.api
        bases = frozenset(operation.base_path for operation in api.operations) if api else frozenset[str]()
        mounting = Mounting(bases, self._left_out)
        guarded = GuardMiddleware(self._onward, gate, clock=time.time, bounds=self._bounds)

        async def judged(scope: Message, receive: Receive, send: Send) -> None:
            await guarded(_judged(scope, mounting), receive, send)

        return judged

    async def _onward(self, scope: Message, receive: Receive, send: Send) -> None:
        """Let a request pass to the app, with its path as it came. The scope is one of our own: see `_onward` there."""
        if _RAW in scope:
            raw = scope.pop(_RAW)
            if raw is None:
                del scope["raw_path"]
            else:
                scope["raw_path"] = raw
        extensions = scope.get("extensions")
        if extensions:
            scope["extensions"] = {name: extensions[name] for name in extensions.keys() & _KNOWN_EXTENSIONS}
        if scope.pop(IDENTITY, False) and scope["type"] == "http":
            scope["headers"] = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
        await self._app(scope, receive, send)


def _judged(scope: Message, mounting: Mounting) -> Message:
    """Return the scope as the guard is to read it; the very same where the server tells all that is needed."""
    raw = scope.get("raw_path")
    target = mounting.target(scope)
    environ = scope.get("wsgi_environ")
    if target == raw and environ is None:
        return scope
    judged = {**scope, "raw_path": target, _RAW: raw}
    if environ is not None:
        _complete(judged, environ)
    return judged


def _complete(scope: Message, environ: Mapping[str, Any]) -> None:
    """Add what a2wsgi leaves out: the peer where no port is told; take off headers that no client has sent."""
    if scope.get("client") is None and environ.get("REMOTE_ADDR"):
        scope["client"] = (environ["REMOTE_ADDR"], 0)
    scope["headers"] = [
        (name, value) for name, value in scope["headers"] if value or name not in {b"content-type", b"content-length"}
    ]


def _settings(config: Settings) -> tuple[Path | None, GuardConfig]:
    if isinstance(config, GuardConfig):
        return None, config
    if isinstance(config, Mapping):
        return None, _from_table(config)
    if config is None and not Path(FILE_NAME).exists():
        return None, GuardConfig()
    file = Path(config if config is not None else FILE_NAME).resolve()
    return file, load_guard(file)


def _from_table(table: Mapping[str, Any]) -> GuardConfig:
    problems: list[str] = []
    config = read_settings(GuardConfig, {key: _listed(one) for key, one in table.items()}, "guard", problems)
    if problems:
        raise ConfigError(
            "The settings given to Guard cannot be used.", "\n".join(f"- {problem}" for problem in problems)
        )
    return config


def _listed(value: object) -> object:
    """Return the value as TOML would give it: people write tuples and paths in Python."""
    if isinstance(value, Mapping):
        return {str(key): _listed(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [_listed(one) for one in value]
    return fspath(value) if isinstance(value, PathLike) else value


def _named(description: Description) -> str:
    """Return the file or address as an override; a file's name begins where the program was started."""
    if description is None or isinstance(description, Mapping):
        return ""
    name = fspath(description)
    return name if is_address(name) else str(Path(name).resolve())
