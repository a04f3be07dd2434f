"""Asks for places that should not be open, and believes only what their content says.

A place counts where its content has the shape of its kind, and a made-up place beside it does not: servers that
answer everything with the same page, or with a page about the name, give nothing.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from apiward.core.exchange import Exchange, Request
from apiward.core.verdict import Confidence, Verdict
from apiward.scan.api import Saying
from apiward.scan.meaning import judging
from apiward.scan.proofs import neighbours
from apiward.scan.scene import Scene

MAX_BASES: Final = 2
MAX_READ: Final = 40_000
MAX_TOLD: Final = 5
_ACCEPT: Final = ("Accept", "text/html, */*;q=0.8")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of place: where it usually is, and whether an answer is one by its content alone.

    `most_bytes` asks for no more than the beginning, where a whole file may be large.
    """

    what: str
    paths: tuple[str, ...]
    is_it: Callable[[str], bool]
    most_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Open:
    """A place that is open: what it is, its path, what it showed, and what the made-up one beside it gave."""

    what: str
    path: str
    shown: Exchange
    control: Exchange


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found open, and whether any place was answered clearly."""

    found: tuple[Open, ...]
    was_clear: bool

    def none(self, say: Saying, saw: str) -> Verdict:
        """Say that nothing was found, if there was an answer at all."""
        return say.holds(saw) if self.was_clear else say.unsure("no clear answer to any of the names asked for")


def kind(what: str, paths: str, is_it: Callable[[str], bool], *, most_bytes: int = 0) -> Kind:
    """Return a kind whose paths are written in one text."""
    return Kind(what, tuple(paths.split()), is_it, most_bytes)


async def find_open(scene: Scene, kinds: Sequence[Kind]) -> Looked:
    """Return what is open, at most one place of each kind, asked without any log-in."""
    found: list[Open] = []
    was_clear = False
    for base in bases(scene):
        asked = [(one, path) for one in kinds for path in one.paths if _may_ask(scene, base, path)]
        shown = await asyncio.gather(*(get(scene, base + path, one.most_bytes) for one, path in asked))
        was_clear = was_clear or not all(exchange.is_doubtful for exchange in shown)
        for (one, path), exchange in zip(asked, shown, strict=True):
            if looks_like(one, exchange) and one.what not in {other.what for other in found}:
                control = await get(scene, base + sibling(path, scene), one.most_bytes)
                if not (control.is_doubtful or looks_like(one, control) or _is_about_its_name(exchange, control)):
                    found.append(Open(one.what, urlsplit(base).path + path, exchange, control))
    return Looked(tuple(found), was_clear)


def told(code: str, found: Sequence[Open], *, confidence: Confidence = Confidence.PROVED) -> Verdict:
    """Say that these places are open, all of them in one finding at the first."""
    first, *others = found
    saw = "; ".join(f"{one.path} is open to everybody: {one.what}" for one in found[:MAX_TOLD])
    more = tuple(one.shown for one in others)
    say = Saying(code, f"GET {first.path}")
    return say.broken(saw, first.shown, first.control, more=more, place=first.path, confidence=confidence)


def looks_like(one: Kind, exchange: Exchange) -> bool:
    """Whether a good answer has the content of that kind."""
    if exchange.response is None or exchange.status not in (200, 206):
        return False
    # Byte by byte, so that what is no text can be told as well.
    return one.is_it(exchange.response.body[:MAX_READ].decode("latin-1"))


def _is_about_its_name(shown: Exchange, control: Exchange) -> bool:
    """Whether both answers are the same page, which speaks of the address that was asked for."""
    return control.is_success and _without_name(shown) == _without_name(control)


def _without_name(exchange: Exchange) -> str:
    path = urlsplit(exchange.request.url).path
    names = {path, path.strip("/"), path.strip("/").rpartition("/")[2]} - {""}
    text = exchange.text[:MAX_READ].lower()
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name.lower(), "…")
    return judging.steady(text)


def bases(scene: Scene) -> list[str]:
    """Return where to look: at the root of the host, and where most of the API stands, if that is elsewhere."""
    parts = urlsplit(scene.caller.origin)
    counted = Counter(operation.base_path for operation in scene.operations)
    main = counted.most_common(1)[0][0] if counted else ""
    return list(dict.fromkeys((f"{parts.scheme}://{parts.netloc}", f"{scene.caller.origin}{main}")))[:MAX_BASES]


def sibling(path: str, scene: Scene) -> str:
    """Return a made-up path of the same form: the same folder, the same ending."""
    folder, _, name = path.rstrip("/").rpartition("/")
    made_up = "".join(scene.rng.choices("bcdfghjklmnp", k=9))
    ending = "" if name.startswith(".") else "".join(name.partition(".")[1:])
    dot = "." if name.startswith(".") else ""
    return f"{folder}/{dot}{made_up}{ending}{'/' if path.endswith('/') else ''}"


async def get(scene: Scene, url: str, most_bytes: int = 0) -> Exchange:
    """Ask for a place as a browser does that is not logged in."""
    part = (("Range", f"bytes=0-{most_bytes - 1}"),) if most_bytes else ()
    return await scene.send(Request("GET", url, (_ACCEPT, *part)))


def _may_ask(scene: Scene, base: str, path: str) -> bool:
    whole = urlsplit(base).path + path
    return neighbours.is_harmless(whole) and not neighbours.is_documented(whole.rstrip("/"), scene.api.operations)
