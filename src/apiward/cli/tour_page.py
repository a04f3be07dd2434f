"""The end of the tour: guard, watch and the owner's page run before the demo, and things happen for them to show."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import tomlkit

from apiward.app.guarding.place import Place
from apiward.app.page.links import links_of, page_address
from apiward.app.recording.findings import note_scan
from apiward.app.scanning import http_sender
from apiward.catalogue.page import load_page_words
from apiward.cli.demo_process import end_process
from apiward.cli.parts_running import END_S
from apiward.cli.running import run_stoppable
from apiward.cli.state import Context, State
from apiward.config.errors import AdvisedError
from apiward.config.guarding import load_guard
from apiward.config.names import FILE_NAME
from apiward.core.jsonvalue import parse_json
from apiward.demo.day import Errand, normal_day, strangers_day
from apiward.demo.server import free_port, is_taken
from apiward.prove.formats import json as json_format
from apiward.prove.model import ReportModel
from apiward.prove.neutral import one_line

START_S: Final = 60.0
DRILL_S: Final = 120.0
STATE: Final = "apiward"
"""The name of the state folder below XDG_STATE_HOME: here, the folder of the tour."""
_STEP_S: Final = 0.05


@dataclass(frozen=True, slots=True)
class DemoPage:
    """Guard, watch and page, running: where the guard listens, and where settings and data are."""

    guard: str
    place: Place

    def link(self) -> str:
        """Return a link into the page that works once. Raises OSError."""
        return f"{page_address(self.place.data)}/open/{links_of(self.place.data, time.time).make()}"


@contextlib.contextmanager
def running_page(model: ReportModel, context: Context, folder: Path) -> Iterator[DemoPage]:
    """Run `apiward up` in the folder of the tour, with its findings and rules, while the block lasts.

    Raises AdvisedError where it does not start.
    """
    listen = f"127.0.0.1:{free_port()}"
    file = folder / FILE_NAME
    file.write_text(_settings(context, listen), "utf-8")
    config = load_guard(file)
    place = Place.of(file, config)
    State(folder / STATE).keep(model.report.target, context, json_format.document(model), is_whole=True)
    note_scan(place, config, model.report, store=str(place.data))
    command = _command("up", "--yes", "--no-scan", "--page", f"127.0.0.1:{free_port()}")
    with (
        (folder / "words").open("w+", encoding="utf-8") as words,
        subprocess.Popen(  # noqa: S603 - our own program, arguments without a shell
            command, stdout=words, stderr=words, cwd=folder, env=_env(folder), start_new_session=True
        ) as process,
    ):
        try:
            _await_all(process, listen, place, folder / "words")
            yield DemoPage(f"http://{listen}", place)
        finally:
            end_process(process, END_S)


def played(page: DemoPage) -> str:
    """Have a normal day, a stranger's tries and a drill, and return what to tell of it."""
    said = load_page_words().said
    errands, tries = _spent(page.guard, normal_day), _spent(page.guard, strangers_day)
    refused = [one for one in tries if not one.went_well]
    lines = [_day_told(errands), said("tour.stranger", calls=len(tries), refused=len(refused))]
    lines += [_line("tour.let-in", one) for one in tries if one.went_well]
    lines.append(_drilled(page.place))
    return "\n".join(lines) + "\n"


def _spent(url: str, day: Callable[..., Awaitable[list[Errand]]]) -> list[Errand]:
    """Return what each call of a day gave, through the guard at `url`."""

    async def work(_: object) -> list[Errand]:
        async with http_sender() as sender:
            return await day(url, sender.send)

    return run_stoppable(work)


def _day_told(errands: list[Errand]) -> str:
    """Return how a normal day went, with each call that was refused."""
    refused = [one for one in errands if not one.went_well]
    told = load_page_words().said("tour.day", calls=len(errands), refused=len(refused))
    return "\n".join([told, *(_line("tour.refused", one) for one in refused)])


def _line(word: str, one: Errand) -> str:
    return load_page_words().said(word, what=one_line(one.what), status=one.exchange.status)


def _drilled(place: Place) -> str:
    """Play an exercise and return how it went."""
    done = subprocess.run(  # noqa: S603 - our own program, arguments without a shell
        _command("drill", "--no-tell", "--json"),
        capture_output=True,
        text=True,
        cwd=place.base,
        env=_env(place.base),
        timeout=DRILL_S,
        check=False,
    )
    said, found = load_page_words().said, parse_json(done.stdout)
    match found:
        case {"incident": str(incident), "noticed_after": int(after), "contained_s": float(held_s)} if incident:
            return said("tour.drill", after=after, seconds=f"{held_s:.1f}")
        case {"incident": str(incident), "noticed_after": int(after)} if incident:
            return said("tour.drill-open", after=after)
    lines = done.stderr.strip().splitlines()
    return said("tour.drill-none", why=one_line(lines[-1]) if lines else "")


def _settings(context: Context, listen: str) -> str:
    guard = {"upstream": context.url, "listen": listen, "description": context.spec}
    return tomlkit.dumps({"guard": guard, "scan": {"url": context.url}})


def _command(*words: str) -> list[str]:
    return [sys.executable, "-m", "apiward", *words]


def _env(folder: Path) -> dict[str, str]:
    return {**os.environ, "XDG_STATE_HOME": str(folder.absolute())}


def _await_all(process: "subprocess.Popen[bytes]", listen: str, place: Place, words: Path) -> None:
    """Return when page and guard take connections; a request would show on the page as one of a stranger."""
    end_s = time.monotonic() + START_S
    while process.poll() is None and time.monotonic() < end_s:
        if page_address(place.data) and is_taken(int(listen.rpartition(":")[2])):
            return
        time.sleep(_STEP_S)
    told = words.read_text("utf-8", "replace").strip().splitlines()
    raise AdvisedError("The page of the demo did not start.", one_line(told[-1]) if told else "", "See: apiward up")
