"""What `apiward up` does: settles the settings, starts the parts, serves the page, and ends all of it together."""

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from apiward.app.guarding.place import Place
from apiward.app.guarding.telling import who
from apiward.app.page.links import links_of, note_address
from apiward.app.page.listening import PagePlace, page_place
from apiward.app.page.source import PageSource, opened_source
from apiward.app.people.parts import people_of
from apiward.app.reporting.digest import Sent
from apiward.app.reporting.weekly import send_if_due
from apiward.catalogue.page import load_page_words
from apiward.cli.addresses import address_of
from apiward.cli.api_nearby import api_nearby
from apiward.cli.first_questions import first_settings
from apiward.cli.guarding import behind, settings
from apiward.cli.parts_running import Part, run_parts
from apiward.cli.speaking import say, write_out
from apiward.cli.state import state_of
from apiward.config.errors import AdvisedError
from apiward.config.guarding import GuardConfig
from apiward.config.names import FILE_NAME
from apiward.config.page import PageConfig, load_page
from apiward.core.decision import Mode
from apiward.guard.origins.addresses import read_address
from apiward.web.application import OwnersPage
from apiward.web.serving import serve_page

COUNT_S: Final = 5.0
WEEK_LOOK_S: Final = 3_600.0
"""So often is looked whether the week is to be told; so long is waited where no channel took it."""
_COUNT_ON_S: Final = 0.01
_GUARD: Final = "guard"


@dataclass(frozen=True, slots=True)
class _Start:
    """What is started."""

    place: Place
    guard: GuardConfig
    page: PagePlace
    parts: tuple[Part, ...]


def start_up(given: Mapping[str, object]) -> int:
    """Run until somebody ends it. Raises AdvisedError before anything is started."""
    page = _page_of(given)  # before anything is asked
    file, config = _settled(given)
    place = Place.of(file, config)
    if given.get("data"):
        place = replace(place, data=Path(str(given["data"])))
    with opened_source(place, config, state_of(os.environ), by=who()) as source:
        parts = () if given.get("page_only") else tuple(_parts(given, place, config, source))
        return asyncio.run(_run(_Start(place, config, page, parts), source))


def _settled(given: Mapping[str, object]) -> tuple[Path | None, GuardConfig]:
    """Return the settings file and what it says; where there is none, ask and write it."""
    url = address_of(str(given["url"])) if given.get("url") else ""
    is_asked = sys.stdin.isatty() and not given.get("yes")
    path = _settings_path(given)
    if not path.exists() and not given.get("page_only") and (url or is_asked):
        first_settings(path, url, is_asked=is_asked, found=api_nearby() if is_asked and not url else "")
    file, config = settings(given if path.exists() or given.get("config") else {})
    return file, (replace(config, upstream=url) if url else config)


def _parts(given: Mapping[str, object], place: Place, config: GuardConfig, source: PageSource) -> Iterator[Part]:
    """Yield what runs beside the page: the guard where an API is named, watch, and a first look at the API."""
    command = [sys.executable, "-m", "apiward"]
    named = ["--config", str(place.file.absolute())] if place.file is not None else []
    data = ["--data", str(place.data.absolute())] if given.get("data") else []
    url = [config.upstream] if given.get("url") else []
    if behind(config):
        yield Part(_GUARD, (*command, "guard", *url, *named, *data), place.base)
    yield Part("watch", (*command, "watch", "--quiet", *named, *data), place.base)
    if config.upstream and _is_near(config.upstream) and not given.get("no_scan") and _is_new(source):
        look = ("scan", config.upstream, "--level", "read", "--quiet", "--format", "json", "--output", os.devnull)
        yield Part("scan", (*command, *look, *named, "--store", str(place.data.absolute())), place.base, is_once=True)


async def _run(start: _Start, source: PageSource) -> int:
    said = load_page_words().said
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in _ends():
        loop.add_signal_handler(number, stop.set)
    people = people_of(source)
    app = OwnersPage(source, start.page, people).application()

    def ready() -> None:
        note_address(start.place.data, start.page.address, start.page.public)
        if start.parts:
            say(_of_the_guard(start))
        ticket = links_of(start.place.data, time.time).make()
        write_out(said("first.page", link=f"{start.page.address}/open/{ticket}") + "\n")
        say(said("first.page-once"))
        if start.page.is_open:
            say(said("first.page-others", address=start.page.public))
            if not people.people.count():
                say(said("first.page-nobody"))
        say(said("first.end"))

    beside = [asyncio.create_task(one) for one in (_count_on(source), _tell_weeks(source))]
    running = asyncio.create_task(run_parts(start.parts, stop))
    try:
        await serve_page(app, start.page, ready=ready, stop=stop)
    except OSError as error:
        raise AdvisedError("The page could not be served.", f"{error}.", "Name another place with --page.") from error
    finally:
        stop.set()
        for one in beside:
            one.cancel()
        await asyncio.to_thread(source.workshop.close)
        code = await running
        with contextlib.suppress(OSError):
            note_address(start.place.data, "")
    say(said("first.ended"))
    return code


def _page_of(given: Mapping[str, object]) -> PagePlace:
    """Return where the page listens: as the option says, or the settings, or at the usual place."""
    path = _settings_path(given)
    config = load_page(path) if path.exists() else PageConfig()
    return page_place(str(given.get("page") or config.listen), config, path.resolve().parent)


def _settings_path(given: Mapping[str, object]) -> Path:
    return Path(str(given["config"])) if given.get("config") else Path(FILE_NAME)


def _ends() -> tuple[signal.Signals, ...]:
    """Return the signals that end all. Closing the terminal does, too, unless it was said to be ignored (nohup)."""
    is_ignored = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    return (signal.SIGINT, signal.SIGTERM, *(() if is_ignored else (signal.SIGHUP,)))


def _of_the_guard(start: _Start) -> str:
    """Return what is said of the guard: where it listens, or that none runs."""
    said = load_page_words().said
    if all(part.name != _GUARD for part in start.parts):
        return said("first.no-guard")
    word = "first.guard" if start.guard.mode is not Mode.ENFORCE else "first.guard-refuses"
    return said(word, listen=start.guard.listen, upstream=behind(start.guard))


async def _count_on(source: PageSource) -> None:
    """Count what is stored beside the pages, so that none has to wait for it."""
    while True:
        is_whole = True
        with contextlib.suppress(OSError):
            is_whole = await asyncio.to_thread(source.tally.look, source.clock()) is not None
        await asyncio.sleep(COUNT_S if is_whole else _COUNT_ON_S)


async def _tell_weeks(source: PageSource, tell: Callable[[str], None] = say) -> None:
    """Send the week on the owner's channels once a week."""
    while True:
        try:
            sent = await asyncio.to_thread(_week_sent, source)
            refused = sent.refused if sent is not None else {}
        except (AdvisedError, OSError) as error:
            refused = {"": str(error)}
        for name, why in refused.items():
            tell(load_page_words().said("first.week-failed", name=name or "-", why=why))
        await asyncio.sleep(WEEK_LOOK_S)


def _week_sent(source: PageSource) -> Sent | None:
    return send_if_due(source.store(), source.place, source.settings().notify, source.clock())


def _is_near(url: str) -> bool:
    """Return whether an API is on this computer: another one is only looked at where somebody asks for it."""
    host = urlsplit(url).hostname or ""
    address = read_address(host)
    return host == "localhost" or (address is not None and address.unit in {"127.0.0.1", "::1"})


def _is_new(source: PageSource) -> bool:
    """Return whether no scan is kept here yet."""
    try:
        return not source.gathered().scans
    except (AdvisedError, OSError):
        return False  # the page says what is wrong
