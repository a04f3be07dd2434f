"""The demo business behind the guard, in this process: the settings that an owner writes, with a given clock."""

import json
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from starlette.applications import Starlette

from apiward.app.guarding.building import Outside, build_access, build_engine
from apiward.config.guarding import load_guard
from apiward.core.decision import Effect
from apiward.core.event import Event
from apiward.core.exchange import Exchange, Request
from apiward.demo.description import document
from apiward.net.messages import App
from apiward.net.middleware import Bounds, GuardMiddleware
from apiward.spec.reading import read_description
from apiward.stores.blocks.memory import MemoryBlocks
from apiward.stores.counters.memory import MemoryCounters

SETTINGS: Final = Path(__file__).with_name("demo.toml")
API: Final = read_description(json.dumps(document()).encode(), source="http://demo.test/openapi.json")


@dataclass
class Heard:
    """Keeps the events of one guard."""

    events: list[Event] = field(default_factory=list)

    def offer(self, event: Event) -> None:
        """Keep it."""
        self.events.append(event)

    def rules(self, operation: str = "") -> set[str]:
        """Return the rules that refused or changed something, everywhere or at one operation."""
        said = (one.decision for event in self.events if operation in ("", event.operation) for one in event.rulings)
        return {decision.rule for decision in said if decision.effect is not Effect.NOTE}


class Nobody:
    """There is no other service to ask."""

    async def send(self, request: Request, *, timeout_s: float | None = None) -> Exchange:
        raise AssertionError(f"nobody should be asked: {request.url}")


def guard(
    app: Starlette,
    folder: Path,
    *,
    clock: Callable[[], float],
    wait: Callable[[float], Coroutine[Any, Any, None]],
    heard: Heard | None = None,
    more: str = "",
) -> tuple[App, Heard]:
    """Return the demo business `app` behind the guard, and what the guard tells of it; raises ConfigError.

    `more` is written below its settings.
    """
    (folder / SETTINGS.name).write_text(SETTINGS.read_text() + more)
    app.state.desk.keys.write(folder)
    config, heard = load_guard(folder / SETTINGS.name), heard or Heard()
    outside = Outside(
        sender=Nobody(),
        sink=heard,
        counters=MemoryCounters(),
        blocks=MemoryBlocks(),
        wait=wait,
        base=folder,
        pepper=b"p" * 32,
        clock=clock,
    )
    engine = build_engine(config, API, outside, build_access(config, outside))
    return GuardMiddleware(app, engine, clock=clock, bounds=Bounds(max_answer=config.max_answer)), heard


def behind_guard(app: Starlette, folder: Path, clock: Callable[[], float]) -> App:
    """Put the guard before the demo; nobody is made to wait."""
    return guard(app, folder, clock=clock, wait=at_once)[0]


async def at_once(wait_s: float) -> None:
    """Wait for nothing: the clock of these tests stands still."""
