"""Looks through the findings of a scan for what joins them: story by story, each link once."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Final

from apiward.catalogue.entries import Story
from apiward.core.finding import finding_id
from apiward.core.link import Link
from apiward.core.verdict import Verdict
from apiward.scan.calling.traffic import TargetLostError
from apiward.scan.linking.giving import is_proved
from apiward.scan.linking.role import gives_role_at, role_opens
from apiward.scan.linking.seeing import cookie_in_reach, identifier_seen, name_seen, same_log_in
from apiward.scan.linking.trying import Step, forged_opens, key_signs, password_opens
from apiward.scan.scene import Scene

See = Callable[[Scene, Verdict, Verdict], str | None]
Try = Callable[[Scene, Verdict], Awaitable[Step | None]]

SEEN: Final[Mapping[str, See]] = {
    "name": name_seen,
    "identifier": identifier_seen,
    "log-in": same_log_in,
    "cookie": cookie_in_reach,
}
TRIED: Final[Mapping[str, Try]] = {
    "password": password_opens,
    "token-key": key_signs,
    "forged-name": forged_opens,
    "role": role_opens,
}
MAX_SHOWN: Final = 4
"""Links of one story that are shown with requests of their own; more would tell the same again."""
MAX_LINKS: Final = 200


async def find_links(
    scene: Scene, verdicts: Sequence[Verdict], stories: Iterable[Story], *, uses_roles: bool
) -> tuple[Link, ...]:
    """Return what joins the proved findings, by the rules in `stories`; roles are used only where that is allowed."""
    proved = sorted({_id(one): one for one in verdicts if is_proved(one)}.values(), key=_order)
    links: list[Link] = []
    for story in stories:
        if story.meets == "role" and not uses_roles:
            _tell_unused(scene, story, proved)
            continue
        links += _seen(scene, story, proved) if story.then else await _tried(scene, story, proved)
    return tuple(links[:MAX_LINKS])


def _tell_unused(scene: Scene, story: Story, proved: Sequence[Verdict]) -> None:
    """Say that a role could be had, and that nobody has said that it may be used."""
    could = [one for one in proved if one.check in story.first and gives_role_at(one)]
    if could:
        scene.limits.add("role-not-used", operation=could[0].operation)


def _seen(scene: Scene, story: Story, proved: Sequence[Verdict]) -> list[Link]:
    see = SEEN[story.meets]
    pairs = [
        (first, then)
        for then in proved
        if then.check in story.then
        for first in proved
        if first.check in story.first and first is not then
    ]
    told = [(first, then, see(scene, first, then)) for first, then in pairs]
    return [Link(story.id, _id(first), _id(then), then.operation, saw) for first, then, saw in told if saw]


async def _tried(scene: Scene, story: Story, proved: Sequence[Verdict]) -> list[Link]:
    links: list[Link] = []
    for first in (one for one in proved if one.check in story.first):
        if len(links) == MAX_SHOWN:
            break
        step = await _step(scene, story, first)
        if step is not None:
            links.append(Link(story.id, _id(first), "", step.operation, step.saw, step.evidence))
    return links


async def _step(scene: Scene, story: Story, first: Verdict) -> Step | None:
    try:
        return await TRIED[story.meets](scene, first)
    except TargetLostError:
        raise
    except Exception:  # noqa: BLE001  # a bug here must not lose the findings; a story less is no wrong one
        return None


def _id(verdict: Verdict) -> str:
    return finding_id(verdict.check, verdict.operation, verdict.place)


def _order(verdict: Verdict) -> tuple[str, str, str]:
    return verdict.check, verdict.operation, verdict.place
