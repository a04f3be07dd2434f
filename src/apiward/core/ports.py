"""What the engines ask of the outside world; adapters in `net` and `stores` answer."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import NamedTuple, Protocol, TypeAlias

from apiward.core.account import Account, Credential
from apiward.core.api import Operation
from apiward.core.call import Answer, Call
from apiward.core.decision import Decision
from apiward.core.detection import Detection
from apiward.core.event import Event
from apiward.core.exchange import Exchange, Request, Response
from apiward.core.incident import Incident, IncidentState
from apiward.core.jsonvalue import Json, NotJson
from apiward.core.objects import ObjectVerdict
from apiward.core.observation import Observation
from apiward.core.principal import Principal
from apiward.core.tls import TlsFacts
from apiward.core.watching import ChangedIncidents, KeptEvidence, Resumption, StoredEvents, WatchStep

Clock: TypeAlias = Callable[[], float]
"""Seconds since the epoch, as a float."""


class Sender(Protocol):
    """Sends one request and says what came back. Never raises for what a server or network does."""

    async def send(self, request: Request, *, timeout_s: float | None = None) -> Exchange:
        """Send `request`, follow no redirect, keep no cookie, and return the exchange."""
        ...


class CredentialSource(Protocol):
    """Gets credentials for accounts that say by which means, again each time it is asked."""

    async def obtain(self, account: Account) -> Credential:
        """Return a credential that is good now. Raises NoCredentialError."""
        ...


class CallListener(Protocol):
    """A place of our own where calls arrive that a target makes because of what we sent it."""

    @property
    def origin(self) -> str:
        """Scheme, host and port by which the target reaches it, without a slash at the end."""
        ...

    @property
    def is_inside(self) -> bool:
        """Whether it stands at an address that no service should call because a stranger says so."""
        ...

    def expect(self, token: str, answer: Response | None = None) -> str:
        """Wait for a call that carries `token`, and return the text that answers it: it stands in no address.

        Where an `answer` is given, that answers the call instead.
        """
        ...

    def heard(self, token: str) -> Exchange | None:
        """Return the first call that came with `token`, with our answer to it; None where none has come yet."""
        ...


class TlsLooker(Protocol):
    """Looks at how a server agrees on secure connections, and sends nothing over them."""

    async def look(self, host: str, port: int) -> TlsFacts | None:
        """Return what could be agreed; None where no secure connection could be agreed at all."""
        ...


class Authenticator(Protocol):
    """Says who a call is from. Usually at once; awaited only where another service must be asked."""

    def authenticate(self, call: Call) -> "Principal | Decision | Awaitable[Principal | Decision]":
        """Return who calls (ANONYMOUS where nothing is shown), or why what is shown is no good."""
        ...

    @property
    def reads_bodies(self) -> bool:
        """Whether `check_body` ever has anything to say."""
        ...

    def may_learn(self, call: Call, answer: Answer) -> bool:
        """Return whether `learn` may find something in an answer whose body it is not shown. Cheap."""
        ...

    def wants_body(self, call: Call) -> bool:
        """Return whether `check_body` must see the body of this call."""
        ...

    def check_body(self, call: Call) -> Decision | None:
        """Hold the body against what was signed; also for calls without one."""
        ...

    def wants_answer(self, call: Call) -> bool:
        """Return whether `learn` must see the body of the answer."""
        ...

    def learn(self, call: Call, answer: Answer) -> None:
        """Look at an answer that has been read: a log-in gives a session or a token to remember."""
        ...

    def end_others(self, call: Call) -> None:
        """Forget all sessions of the account that calls, but the one that the call shows."""
        ...


class Count(NamedTuple):
    """What a counter says: whether one more fits, how much is left, and when it is whole again (seconds from now)."""

    is_within: bool
    remaining: int
    reset_s: float


class Counters(Protocol):
    """Sliding-window counters, shared by all workers of one guard."""

    def hit(self, key: str, *, limit: int, window_s: int, now_s: float, cost: int = 1) -> Count:
        """Count `cost` against `key` where it fits, and say how things stand. What does not fit is not counted."""
        ...

    def peek(self, key: str, *, limit: int, window_s: int, now_s: float) -> Count:
        """Say how things stand without counting."""
        ...


class Blocks(Protocol):
    """Addresses, principals and operations that watch or the owner has shut out for a time."""

    def reason(self, key: str, now_s: float) -> str:
        """Return why `key` ("address:192.0.2.1", "user:42", "operation:GET /a") is shut out now, or an empty text."""
        ...

    def block(self, key: str, *, reason: str, until_s: float) -> None:
        """Shut out `key` until then."""
        ...

    @property
    def lengths(self) -> Sequence[int]:
        """The prefix lengths of networks that are shut out ("network:203.0.113.0/24"): below 32 of IPv4, else of IPv6.

        It is as new as the last `reason` was.
        """
        ...

    @property
    def has_tenants(self) -> bool:
        """Whether any tenant ("tenant:acme") is shut out; as new as the last `reason` was."""
        ...


class StepUp(Protocol):
    """Asks callers for a second factor before they go on. The access portal answers; without it nobody is asked."""

    def require(self, key: str, *, reason: str, until_s: float) -> bool:
        """Ask the user `key` ("user:42") for a second factor until then; return whether that holds now."""
        ...

    def release(self, key: str) -> bool:
        """Ask no more; return whether that holds now."""
        ...


class KeptSession(NamedTuple):
    """A session that the API gave out: known by a keyed hash, with the account and what its token says of it.

    An `until_s` of 0 says that it has ended; an empty `account` that `digest` is the name of a cookie for sessions.
    """

    digest: bytes
    account: str
    claims: Mapping[str, str]
    until_s: float


class KeptSessions(Protocol):
    """The sessions that all workers of one guard know, also after it was started anew."""

    def news(self) -> Sequence[KeptSession]:
        """Return what was kept since the last time this was asked. Where nothing was, it costs nearly nothing."""
        ...

    def keep(self, session: KeptSession) -> None:
        """Keep a session, or that it has ended, for all workers."""
        ...


class Facts(Protocol):
    """Remembers one whole number for each key, both of 64 bits and never 0; shared by all workers of one guard.

    It holds as many as it has room for: what was not renewed for longest goes first. The lowest 16 bits of a number
    are the day on which it was written.
    """

    def get(self, key: int) -> int:
        """Return what is remembered of `key`, 0 where there is nothing."""
        ...

    def put(self, key: int, value: int) -> None:
        """Remember `value` in the place of what was there; 0 forgets."""
        ...

    def merge(self, key: int, bits: int, day: int) -> int:
        """Add `bits` to what is remembered of `key`, as one step, and return what was there before."""
        ...


class ObjectRights(Protocol):
    """Says whose the objects are that a request reaches for, and learns it from what the API shows to whom."""

    def is_silent(self, operation: Operation | None) -> bool:
        """Return whether requests of an operation never reach for an object, and their answers show none."""
        ...

    def judge_head(self, call: Call) -> ObjectVerdict | None:
        """Judge the ids in path, query and headers; None where there is nothing to say."""
        ...

    def wants_body(self, call: Call) -> bool:
        """Return whether ids stand in the body."""
        ...

    def judge_body(self, call: Call) -> ObjectVerdict | None:
        """Judge the ids in the body."""
        ...

    def wants_answer(self, call: Call, answer: Answer) -> bool:
        """Return whether the body of the answer tells whose an object is, or shows new ones."""
        ...

    def judge_answer(self, call: Call, answer: Answer, value: Json | NotJson) -> ObjectVerdict | None:
        """Judge what is about to be shown, before it leaves."""
        ...

    def judge_status(self, call: Call, status: int) -> ObjectVerdict | None:
        """Say what was held until the API answered well, whatever it answers with."""
        ...

    def learn(self, call: Call, status: int) -> None:
        """Learn from a request that has ended; `status` is what the caller got."""
        ...


class EventSink(Protocol):
    """Takes events without ever making a request wait."""

    def offer(self, event: Event) -> None:
        """Queue the event. What cannot be kept is counted and said, never lost in silence."""
        ...


class WatchRecord(Protocol):
    """Keeps what watch saw: detections, incidents, evidence. Raises OSError where it cannot be written or read now."""

    def commit(self, step: WatchStep) -> None:
        """Keep all of a step, or nothing of it. The same step again changes nothing.

        Several programs may change one incident. Its timeline is that of all of them; numbers and severity only rise;
        its state is that of whoever noted the newest moment that changed it (contained, undone, closed, reopened).
        """
        ...

    def resume(self) -> Resumption:
        """Return where to go on."""
        ...

    def events_after(self, seq: int, *, limit: int = 4_000) -> StoredEvents:
        """Return the next events that the guard stored after number `seq`; those read from logs are left out."""
        ...

    def events_of(self, ids: Sequence[str]) -> Sequence[Event]:
        """Return the events of these ids that are still kept."""
        ...

    def incident(self, id_: str) -> Incident | None:
        """Return one incident, with all of its timeline."""
        ...

    def incidents(self, states: Collection[IncidentState] = (), *, limit: int = 100) -> Sequence[Incident]:
        """Return incidents in these states (in all of them, if none is named), the newest first."""
        ...

    def incidents_after(self, number: int, *, limit: int = 1_000) -> ChangedIncidents:
        """Return the incidents that changed after `number`; 0 begins with all."""
        ...

    def detections(self, incident: str, *, limit: int = 1_000) -> Sequence[Detection]:
        """Return the detections of an incident, the oldest first."""
        ...

    def keep_evidence(self, evidence: Sequence[KeptEvidence]) -> None:
        """Keep records; one whose id is there already is left as it is."""
        ...

    def evidence(self, subject: str) -> Sequence[KeptEvidence]:
        """Return the records of a subject, the oldest first; where there are too many, the newest of them."""
        ...


class DescriptionLearner(Protocol):
    """Learns what the API looks like from what goes well."""

    def wants(self, call: Call) -> bool:
        """Return whether something may be learned from a call. Cheap, and the same for one call however often asked."""
        ...

    def learn(self, seen: Observation) -> None:
        """Take in one exchange."""
        ...


class CheckpointPlace(Protocol):
    """Keeps signed checkpoints of the audit record where who changes the record cannot change them as well."""

    name: str
    """What people call the place."""

    def put(self, note: str) -> None:
        """Keep a signed checkpoint for good; raises OSError where it cannot be kept now."""
        ...


class StreamEditor(Protocol):
    """Edits an answer that is too long to be held: each call returns what may leave now."""

    def feed(self, chunk: bytes) -> bytes:
        """Take the next piece."""
        ...

    def end(self) -> bytes:
        """Return what is left at the end."""
        ...

    def said(self) -> tuple[Decision, ...]:
        """Return, after the end, what was taken away: it is done already, so there is nothing to carry out."""
        ...


class Gate(Protocol):
    """The guard, as an adapter that speaks HTTP sees it. The phases are called in this order, once each."""

    max_body: int
    """How many bytes of a request body are read before it is judged; more is refused, or streams past."""

    async def judge_head(self, call: Call, *, may_end: bool = False) -> Decision | None:
        """Judge a request before its body is read; the decision that refuses it, or None.

        With `may_end`, one that tells of no body is judged to its end; then `call.is_judged` says so, and
        `judge_body` is not called.
        """
        ...

    def wants_body(self, call: Call) -> bool:
        """Return whether the body must be read and judged before the request goes on."""
        ...

    def judge_size(self, call: Call) -> Decision | None:
        """Judge a body longer than `max_body`; the decision that refuses it, or None: then it is judged in part."""
        ...

    async def judge_body(self, call: Call) -> Decision | None:
        """Judge a request with its body; edits are made in `call`."""
        ...

    async def judge_more(self, call: Call, piece: bytes, *, is_last: bool) -> Decision | None:
        """Judge the next piece of a body that streams by, before it goes on; for each piece after `judge_body`."""
        ...

    def wants_answer(self, call: Call, answer: Answer) -> bool:
        """Return whether the answer's body must be read before it goes to the client."""
        ...

    async def judge_answer(self, call: Call, answer: Answer) -> Decision | None:
        """Judge an answer (its body too where it was wanted); edits are made in `answer`."""
        ...

    def stream_editor(self, call: Call, answer: Answer) -> StreamEditor | None:
        """Return what edits an answer that was wanted but is too long to be held, or None where it may go as it is."""
        ...

    def refusal(self, call: Call, decision: Decision) -> Answer:
        """Return what the caller is told (RFC 9457)."""
        ...

    def finish(self, call: Call, *, status: int, outcome: str, answer_size: int) -> None:
        """Say how it ended; makes the event."""
        ...
