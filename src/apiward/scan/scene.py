"""The scene of a scan: everything that a check may know and do."""

import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, zip_longest
from typing import TYPE_CHECKING, Final

from apiward.core.account import Credential
from apiward.core.api import Api, Operation
from apiward.core.exchange import Exchange, Headers, Request
from apiward.core.jsonvalue import NotJson
from apiward.core.ports import CallListener, Clock, TlsLooker
from apiward.scan.calling.arguments import Arguments
from apiward.scan.calling.caller import Caller
from apiward.scan.calling.values import ValueMaker
from apiward.scan.filling import Filler
from apiward.scan.identities.accounts import Accounts
from apiward.scan.identities.areas import Area
from apiward.scan.identities.probing import Probe
from apiward.scan.identities.sessions import Session
from apiward.scan.level import Level
from apiward.scan.limits import Limits
from apiward.scan.meaning import judging
from apiward.scan.ownership import objects
from apiward.scan.ownership.belongings import Belongings, Signposts
from apiward.scan.ownership.crowds import Crowds
from apiward.scan.ownership.knowledge import ANONYMOUS, Knowledge
from apiward.scan.ownership.objects import OwnedObject
from apiward.scan.ownership.private_texts import private_texts
from apiward.scan.ownership.records import Page
from apiward.scan.ownership.sightings import Sightings
from apiward.spec.meaning import accounts, dangers, naming, roles

if TYPE_CHECKING:
    from apiward.scan.proofs.survey import Survey

MAX_VIEWS: Final = 4
MAX_LISTS: Final = 3


class Scene:
    """Knows the API, the accounts and their objects; calls operations as any of them."""

    def __init__(
        self,
        api: Api,
        caller: Caller,
        accounts: Accounts,
        *,
        operations: tuple[Operation, ...],
        level: Level,
        rng: random.Random,
        clock: Clock,
        limits: Limits,
        patience_s: float = 0.0,
        listener: CallListener | None = None,
        tls: TlsLooker | None = None,
    ) -> None:
        self.api = api
        self.operations = operations
        self.level = level
        self.caller = caller
        self.accounts = accounts
        self.rng = rng
        self.clock = clock
        self.limits = limits
        self.listener = listener
        self.tls = tls
        self._patience_s = patience_s
        self.staff_roles = roles.staff_roles(api)
        self._paths_tell = roles.paths_tell(api)
        self.users: list[Session] = []
        self.privileged: list[Session] = []
        self.knowledge = Knowledge()
        self.objects = Belongings()
        self.spares: list[Session] = []
        self.closed: set[Session] = set()
        self.raised: set[Session] = set()
        self.gone: set[OwnedObject] = set()
        self.records: dict[str, tuple[Page, ...]] = {}
        self.unseen: set[str] = set()
        self.reached: dict[str, set[str]] = {}
        self.unrestored: dict[str, tuple[str, ...]] = {}
        self.surveys: dict[str, Survey] = {}
        self._victim: tuple[OwnedObject, Session] | None = None
        self._filler = Filler(self.knowledge, self.objects, rng)
        self._sightings = Sightings()
        self._crowds = Crowds(operations, self.objects, self._sightings)
        self._signposts = Signposts(operations, self.is_for_staff)
        self._places = {op.key: place for place, op in enumerate(operations)}
        self._views: dict[OwnedObject, list[tuple[Operation, Arguments]]] = {}

    # Who ------------------------------------------------------------------------------------------

    @property
    def owner(self) -> Session | None:
        """The first normal account: the one whose objects are attacked."""
        return self.users[0] if self.users else None

    @property
    def peer(self) -> Session | None:
        """The second normal account, a stranger to the first."""
        return self.users[1] if len(self.users) > 1 else None

    @property
    def probe(self) -> Probe | None:
        """An operation that shows whether a credential is accepted."""
        return self.accounts.probe

    def probe_at(self, operation: Operation) -> Probe | None:
        """Return the probe of an area if `operation` is its best one; such an operation stands for its area."""
        for area in self.accounts.areas:
            if area.probes and area.probes[0].operation is operation:
                return area.probes[0]
        return None

    async def spare(self) -> Session | None:
        """Return a new throw-away account that a check may ruin, or None where none can be had."""
        session = await self.accounts.new()
        if session is not None:
            self.spares.append(session)
        return session

    async def victim(self) -> tuple[OwnedObject, Session] | None:
        """Return one throw-away account, the same at every call, with itself as an object."""
        if self._victim is None:
            session = await self.spare()
            if session is None:
                return None
            self._victim = (account_of(session), session)
        return self._victim

    def is_for_staff(self, operation: Operation) -> bool:
        """Whether the description keeps the operation for people with special rights."""
        return roles.is_for_staff(operation, self.staff_roles, by_path=self._paths_tell)

    def note_gone(self, target: OwnedObject) -> None:
        """Remember that an object is there no more; with an account, nobody can enter it."""
        self.gone.add(target)
        if target.is_account:
            self.closed |= {session for session in (*self.users, *self.spares) if session.name == target.owner}

    def spend_victim(self) -> None:
        """Let the next caller of `victim` have another account: this one has been changed."""
        self._victim = None

    # Calling --------------------------------------------------------------------------------------

    async def call(
        self,
        operation: Operation,
        arguments: Arguments,
        session: Session | None = None,
        *,
        credential: Credential | None = None,
        headers: Headers = (),
        timeout_s: float | None = None,
        backs_off: bool = True,
    ) -> Exchange:
        """Call as `session` (None: with just `credential`, or with nothing).

        A session's credential is renewed before it ends, and once more if the answer means "log in".
        """
        if session is None:
            exchange = await self.caller.call(
                operation, arguments, credential, headers=headers, timeout_s=timeout_s, backs_off=backs_off
            )
            return self._noted(operation, exchange, ANONYMOUS if credential is None else None)
        if not operation.is_safe and session.name in self.records and _is_of_account(operation, session):
            self.unseen.add(session.name)  # until its record is read again
        area = self.accounts.area_of(operation)
        shown = await session.current(area.schemes)
        exchange = await self.caller.call(
            operation, arguments, shown, headers=headers, timeout_s=timeout_s, backs_off=backs_off
        )
        if judging.is_logged_out(exchange) and await self._is_over(session, shown, area):
            renewed = session.credential_for(area.schemes)
            exchange = await self.caller.call(
                operation, arguments, renewed, headers=headers, timeout_s=timeout_s, backs_off=backs_off
            )
        return self._noted(operation, exchange, session.name)

    def _noted(self, operation: Operation, exchange: Exchange, who: str | None) -> Exchange:
        """Remember whom the operation gave a good answer (None: nobody in particular)."""
        if who is not None and exchange.is_success:
            self.reached.setdefault(operation.key, set()).add(who)
        return exchange

    async def wait_out(self, wait_s: float) -> None:
        """Wait that long if the user allows so much patience."""
        if wait_s <= self._patience_s:
            await self.caller.traffic.pause(max(wait_s, 0.0))

    async def send(self, request: Request, *, timeout_s: float | None = None, backs_off: bool = True) -> Exchange:
        """Send a request exactly as it is."""
        return await self.caller.send(request, timeout_s=timeout_s, backs_off=backs_off)

    async def _is_over(self, session: Session, shown: Credential | None, area: Area) -> bool:
        """Whether the session has really ended, and could be opened again (a plain "no" is no log-out)."""
        if session.credential_for(area.schemes) is not shown:
            return True
        # An area that the account never entered refuses it for ever, and tells nothing about log-outs.
        entered = area if session.has_entered(area.schemes) else self.accounts.area_named(session.main)
        if not entered.probes or shown is None:
            return False
        is_accepted, _ = await entered.probes[0].ask(self.caller, shown)
        if is_accepted is not False:
            return False
        is_renewed = await session.renew(shown, area.schemes)
        if not is_renewed and session in (*self.users, *self.privileged):
            self.limits.add("not-logged-in-any-more", account=session.name)
        return is_renewed

    # Arguments ------------------------------------------------------------------------------------

    def arguments(self, operation: Operation, session: Session | None, *, use_examples: bool = False) -> Arguments:
        """Return fitting arguments for that caller (see `Filler`)."""
        return self._filler.arguments(operation, session, use_examples=use_examples)

    def maker(
        self,
        operation: Operation,
        session: Session | None,
        *,
        use_examples: bool = False,
        is_about_others: bool = False,
    ) -> ValueMaker:
        """Return a maker of values for the operation's body (see `Filler`)."""
        return self._filler.maker(operation, session, use_examples=use_examples, is_about_others=is_about_others)

    # Looking around -------------------------------------------------------------------------------

    async def look_at(self, operation: Operation, session: Session | None) -> Exchange:
        """Return what the caller sees of a safe operation, asked at most once with its own arguments."""
        viewer = session.name if session else ANONYMOUS
        seen = self._sightings.get(operation.key, viewer)
        if seen is None:
            seen = await self.call(operation, self.arguments(operation, session), session)
            self.keep(operation, viewer, seen)
        return seen

    def keep(self, operation: Operation, viewer: str, exchange: Exchange) -> None:
        """Learn from an exchange and keep it, cut, as what that viewer sees."""
        self.knowledge.learn(operation, exchange, viewer)
        is_meant = not self.is_for_staff(operation) or viewer in {one.name for one in self.privileged}
        self._sightings.keep(operation.key, viewer, exchange, is_meant=is_meant)

    def seen(self, operation: Operation, session: Session | None) -> Exchange | None:
        """Return what the caller was seen to get, or None where it was not asked."""
        return self._sightings.get(operation.key, session.name if session else ANONYMOUS)

    def exchanges_seen(self) -> Iterator[tuple[str, str, Exchange]]:
        """Yield operation key, viewer's name ("" for anonymous) and exchange of everything looked at."""
        return iter(self._sightings)

    def is_shown_to(self, session: Session | None, mark: str) -> bool:
        """Whether a mark stood in any answer that the caller got with arguments of its own."""
        return self._sightings.is_shown(session.name if session else ANONYMOUS, mark)

    def private_marks(self, target: OwnedObject, stranger: Session | None) -> frozenset[str]:
        """Return the marks of an object that `stranger` was shown nowhere: those that must stay private.

        None are private where the list of such objects is too long to tell (see `is_hidden_in_a_crowd`).
        """
        if self.is_hidden_in_a_crowd(target):
            return frozenset()
        return frozenset(mark for mark in target.marks if not self.is_shown_to(stranger, mark))

    def private_texts(self, operation: Operation, exchange: Exchange, target: OwnedObject) -> frozenset[str]:
        """Return what an answer says of an account and no other account, and no stranger, was shown anywhere.

        So the account of a real person is told, in which no text of ours stands.
        """
        others = [*(user.name for user in self.users if user.name != target.owner), ANONYMOUS]
        found = private_texts(operation, exchange, target) if target.is_account else frozenset()
        return frozenset(text for text in found if not any(self._sightings.is_text_shown(o, text) for o in others))

    def is_hidden_in_a_crowd(self, target: OwnedObject) -> bool:
        """Whether not even its owner finds the object in the list of its kind, which has other entries."""
        return not target.is_account and self._crowds.hide(target)

    # Objects --------------------------------------------------------------------------------------

    def owned_by(self, session: Session) -> list[OwnedObject]:
        """Return the objects of an account, itself included, last made first."""
        return [target for target in reversed(self.objects) if target.owner == session.name]

    def reachable(self, operation: Operation, session: Session) -> list[OwnedObject]:
        """Return the objects of an account that the operation can point at, last made first."""
        near = self.objects.within_reach(session.name, operation)
        return [target for target in near if objects.pointings(operation, target)]

    def pointing_at(self, target: OwnedObject) -> list[Operation]:
        """Return the operations that can point at an object, in described order."""
        return [op for op in self._signposts.to(target) if objects.pointings(op, target)]

    def targets(self, operation: Operation, session: Session) -> list[tuple[OwnedObject, list[Arguments]]]:
        """Return the objects of `session` that the operation can point at, each with arguments that do so."""
        return [
            (target, [self.pointed(operation, session, way) for way in ways])
            for target in self.objects.within_reach(session.name, operation)
            if (ways := objects.pointings(operation, target))
        ]

    def alive(self, operation: Operation, session: Session, most: int) -> list[Arguments]:
        """Return arguments that point at objects of `session` which are still there, one each."""
        ways = (
            objects.pointings(operation, target)
            for target in self.objects.within_reach(session.name, operation)
            if target not in self.gone
        )
        return [self.pointed(operation, session, way[0]) for way in islice(filter(None, ways), most)]

    def pointed(self, operation: Operation, session: Session | None, way: objects.Pointing) -> Arguments:
        """Return arguments of the operation for `session` with the slots of `way` set."""
        arguments = self.arguments(operation, session)
        for slot, value in way.items():
            arguments = arguments.put(slot, value)
        return arguments

    async def create(self, operation: Operation, session: Session) -> OwnedObject | None:
        """Make an object as `session`; None where the API does not let it. It is added to `objects`."""
        for use_examples in (False, True):
            arguments = self.arguments(operation, session, use_examples=use_examples)
            exchange = await self.call(operation, arguments, session)
            if judging.is_accepted(exchange):
                self.knowledge.learn(operation, exchange, session.name)
                return await self.adopt(objects.made(operation, session.name, arguments, exchange), session)
            if exchange.is_doubtful or exchange.status not in (400, 409, 422, 200):
                return None
        return None

    async def adopt(self, target: OwnedObject, session: Session) -> OwnedObject:
        """Add an object that was made outside `create`; return it with every name by which it is known."""
        whole = await self._completed(target, session)
        self.objects.append(whole)
        return whole

    async def _completed(self, target: OwnedObject, session: Session) -> OwnedObject:
        """Return the object with the names that a list of its collection shows beside its marks."""
        if f"{target.noun}id" in target.names or not target.marks:
            return target
        for operation in self._signposts.lists_of(target)[:MAX_LISTS]:
            arguments = self.arguments(operation, session)
            for parent in objects.pointings(operation, target)[:1]:
                arguments = self.pointed(operation, session, parent)
            exchange = await self.call(operation, arguments, session)
            body = exchange.response.json() if exchange.response and exchange.is_success else None
            if body is not None and not isinstance(body, NotJson):
                found = objects.names_beside(body, target.marks, target.noun)
                if found:
                    return replace(target, names=objects.merged(target.names, found))
        return target

    async def views(self, target: OwnedObject, session: Session) -> list[tuple[Operation, Arguments]]:
        """Return the reading operations that show `target` to its owner: where a change would be seen."""
        known = self._views.get(target)
        if known is not None:
            return known
        found: list[tuple[Operation, Arguments]] = []
        for operation, arguments in self._possible_views(target, session):
            exchange = await self.call(operation, arguments, session)
            if objects.shows(target, exchange) and (target.marks or _speaks_of(operation, target)):
                found.append((operation, arguments))
            if len(found) >= MAX_VIEWS:
                break
        self._views[target] = found
        return found

    def views_found(self, target: OwnedObject) -> list[tuple[Operation, Arguments]]:
        """Return the views of an object as far as somebody has looked for them; nothing is sent."""
        return self._views.get(target, [])

    def _possible_views(self, target: OwnedObject, session: Session) -> list[tuple[Operation, Arguments]]:
        """Return operations that may show `target`: those that can point at it, and those that showed its like."""
        pointing = [
            (operation, self.pointed(operation, session, way))
            for operation in self._signposts.to(target)
            if operation.method == "GET" and not dangers.danger(operation)
            for way in objects.pointings(operation, target)[:2]
        ]
        showing = [(op, self.arguments(op, session)) for op in self._operations_showing(target)]
        mixed = [pair for both in zip_longest(pointing, showing) for pair in both if pair is not None]
        return mixed[: 3 * MAX_VIEWS]

    def _operations_showing(self, target: OwnedObject) -> list[Operation]:
        """Return the operations without identifiers that showed users their objects of this kind, shortest first."""
        lengths: dict[str, int] = {}
        for user in self.users:
            lengths |= self._sightings.showing(user.name, self.objects.kin(user.name, target))
        places = {key: self._places[key] for key in lengths if key in self._places}
        found = [self.operations[place] for place in sorted(places.values())]
        return sorted((op for op in found if "{" not in op.path), key=lambda op: lengths[op.key])

    async def look(self, target: OwnedObject, session: Session) -> list[Exchange]:
        """Return what the owner's views of an object show now."""
        return [await self.call(op, arguments, session) for op, arguments in await self.views(target, session)]


def account_of(session: Session) -> OwnedObject:
    """Return an account as an object that belongs to itself."""
    facts = dict(session.account.facts)
    log_in_name = session.account.username or session.persona.handle
    named = next((facts[key] for key in ("username", "userName", "user_name", "login", "handle") if key in facts), "")
    facts["username"] = named or log_in_name  # people may log in by an address and be known by another name
    facts.setdefault("email", session.persona.email)
    marks = objects.marks_in(f"{session.persona.email} {log_in_name} {named}")
    return objects.account_object(session.name, facts, marks)


def _is_of_account(operation: Operation, session: Session) -> bool:
    """Whether the operation may change the record of whoever calls."""
    if accounts.is_account_operation(operation):  # log-ins, and passwords, which have a care of their own
        return False
    return objects.is_about_caller(operation) or bool(objects.pointings(operation, account_of(session)))


def _speaks_of(operation: Operation, target: OwnedObject) -> bool:
    """Whether an operation is about the target's kind of thing: an identifier alone may be another kind's."""
    return naming.nouns(operation.path)[-1:] == (target.noun,)
