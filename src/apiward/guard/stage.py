"""What a stage is: it judges a call in up to four phases, and says nothing where all is well."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Protocol, TypeAlias

from apiward.core.api import Api
from apiward.core.decision import Decision, Edit
from apiward.core.ports import Authenticator, Blocks, Clock, Counters, DescriptionLearner, ObjectRights
from apiward.guard.allowing import NO_ALLOWANCES, Allowances
from apiward.guard.origins.locating import Locating

Judgement: TypeAlias = Decision | tuple[Decision, ...] | Edit | Awaitable[Decision | None] | None
"""An edit alone is routine, such as a header that nearly every answer gets: it is made, and no event tells of it."""
"""None lets pass. A tuple is for several edits or notes; at most its last one may deny."""


class StageName(StrEnum):
    """The stages in the order in which they judge."""

    PROTOCOL = "protocol"
    ORIGIN = "origin"
    FLOOD = "flood"
    AUTHENTICATE = "authenticate"
    QUOTA = "quota"
    ROUTE = "route"
    PERMIT = "permit"
    SHAPE = "shape"
    INSPECT = "inspect"
    CONDUCT = "conduct"
    OBJECTS = "objects"
    PATCHES = "patches"
    LEARN = "learn"
    MINIMISE = "minimise"
    CONCEAL = "conceal"
    HARDEN = "harden"


class Stance(StrEnum):
    """What happens to a request when a stage cannot do its work: it goes on, or it is refused."""

    OPEN = "open"
    CLOSED = "closed"


class Stage(Protocol):
    """One stage. A stage leaves out the phases in which it has nothing to say (see `guard.phases`).

    on_head(call) -> Judgement             before the body is read
    on_body(call) -> Judgement             when the body is there, or where there is none
    on_more(call) -> Judgement             for each later piece of a body that streams by; `call.piece` is that piece
    on_answer_head(call, answer) -> Judgement   status and headers of the answer; its body is not read yet
    repeats_head(answer) -> bool           whether on_answer_head says the same of each answer with this status, type
                                           and names of headers, for one operation, scheme and kind of caller (known
                                           or not), where no Origin is sent
    on_answer_body(call, answer) -> Judgement   only for answers whose body was read
    stream_editor(call, answer) -> StreamEditor | None   for answers that were wanted but are too long to be held
    silent_phases(operation) -> frozenset[str]   phases in which it never has a say about requests of an operation;
                                           among them "without_body": on_body where there is no body
    on_end(call, status) -> None           after the answer has gone: counting down, learning
    wants_body(call) -> bool               whether on_body needs the body of this call
    wants_answer(call, answer) -> bool     whether on_answer_body needs the body of this answer
    """

    @property
    def name(self) -> StageName:
        """Which stage it is."""
        ...


@dataclass(frozen=True, slots=True)
class Parts:
    """What a stage may need from outside, given when it is built. Nothing in here changes with a request."""

    api: Api | None
    clock: Clock
    counters: Counters
    blocks: Blocks
    authenticator: Authenticator
    rng: Random
    rights: ObjectRights | None = None
    allowances: Allowances = NO_ALLOWANCES
    learner: DescriptionLearner | None = None
    locating: Locating | None = None
    """Says where addresses are, if the owner has a file that tells it."""
    is_learned: bool = False
    """Whether the description was learned from traffic, and not given."""


Factory: TypeAlias = Callable[..., Stage]
"""Takes (settings, parts); the type of the first depends on the stage."""
