"""RES02: a caller can ask for a list of any length (CWE-770, OWASP API4:2023).

Proves: a very large page size was taken: more entries came than the description allows, or far more than
without it, or the answer says that it took it. Cannot: judge a list that is shorter than a usual page.
"""

import re
from dataclasses import dataclass
from typing import Final

from apiward.core.api import Operation, Parameter, Place
from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import Json, NotJson, leaves, walk
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.calling.arguments import Slot
from apiward.scan.meaning import judging
from apiward.scan.scene import Scene
from apiward.spec.meaning import naming

CODE = "RES02"
HUGE: Final = 100_003
USUAL_PAGE: Final = 100
_NAMES: Final = re.compile(
    r"limit|perpage|pagesize|size|count|top|first|max|maxresults|maxitems|take|rows|pagelimit|itemsperpage|perpagecount"
    r"|resultsperpage|pagelength|length|num|numresults|nitems|results"
)


@dataclass(frozen=True, slots=True)
class _Pages:
    """The answers without a page size, to a page of one, and to a huge one, with their lengths."""

    usual: Exchange
    one: Exchange
    huge: Exchange

    @property
    def lengths(self) -> tuple[int, int, int]:
        return _length(self.usual), _length(self.one), _length(self.huge)


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation reads a list whose length the caller may choose."""
    return operation.method == "GET" and _size_parameter(operation) is not None


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Ask for the usual page, for one entry, and for very many."""
    say = Saying(CODE, operation.key)
    parameter = _size_parameter(operation)
    if parameter is None:
        return say.not_run("takes no page size")
    pages = await _pages(scene, operation, parameter)
    usual, one, huge = pages.lengths
    if not judging.is_accepted(pages.usual) or usual < 0:
        return say.not_run("the operation shows no list to us")
    if judging.is_refused(pages.huge):
        return say.holds("a very large page size is refused")
    if pages.huge.is_doubtful or huge < 0:
        return say.unsure("a very large page size got no clear answer")
    taken = _taken(parameter, pages)
    if taken:
        return say.broken(
            taken, pages.huge, pages.usual, more=(pages.one,), place=Slot("query", (parameter.name,)).label
        )
    if (one == 1 < usual == huge and huge >= USUAL_PAGE // 5) or huge == parameter.schema.maximum:
        return say.holds("a very large page size brings no more than a page")
    if huge > usual or one == usual or huge < USUAL_PAGE:
        return say.unsure(f"only {max(huge, 0)} entries there: too few to tell whether there is an upper limit")
    return say.holds("a very large page size brings no more than the usual page")


def _size_parameter(operation: Operation) -> Parameter | None:
    return next((p for p in operation.parameters_in(Place.QUERY) if _NAMES.fullmatch(naming.plain(p.name))), None)


async def _pages(scene: Scene, operation: Operation, parameter: Parameter) -> _Pages:
    base = scene.arguments(operation, scene.owner)
    slot = Slot("query", (parameter.name,))
    sent = (base, base.put(slot, 1), base.put(slot, HUGE))
    usual, one, huge = [await scene.call(operation, arguments, scene.owner) for arguments in sent]
    return _Pages(usual, one, huge)


def _taken(parameter: Parameter, pages: _Pages) -> str:
    """Return in words why the huge page size was taken, or an empty text."""
    usual, one, huge = pages.lengths
    most = parameter.schema.maximum
    if most is not None and usual <= most < huge:
        return f"asked for {HUGE} entries, it gave {huge}; the description allows {most:.0f}"
    if huge > max(usual, USUAL_PAGE) and 0 <= one < huge:
        return f"asked for {HUGE} entries, it gave {huge}; without a page size it gave {usual}"
    if 0 <= one < usual and _echoes(pages.huge, HUGE) and not _echoes(pages.usual, HUGE):
        return f'asked for {HUGE} entries, it answered with "{HUGE}" as its page size'
    return ""


def _echoes(exchange: Exchange, number: int) -> bool:
    """Whether a field named as a page size holds the number."""
    return any(
        value == number and pointer and _NAMES.fullmatch(naming.plain(str(pointer[-1])))
        for pointer, value in leaves(_body(exchange))
    )


def _length(exchange: Exchange) -> int:
    """Return the length of the longest list in the answer's upper part, or -1 where there is none."""
    lists = [node for pointer, node in walk(_body(exchange), depth=3) if isinstance(node, list)]
    return max((len(one) for one in lists), default=-1)


def _body(exchange: Exchange) -> Json:
    body = exchange.response.json() if exchange.response else None
    return None if isinstance(body, NotJson) else body


CHECK = Check(CODE, applies, run)
