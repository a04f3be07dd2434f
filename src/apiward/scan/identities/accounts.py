"""Accounts with no set-up: signs up, logs in, finds where the credential sits, and says what it could not get."""

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from apiward.core.account import Account, Credential, Means, NoCredentialError, Origin, Standing
from apiward.core.api import Api, Operation
from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import Json
from apiward.core.ports import Clock, CredentialSource
from apiward.scan.calling.arguments import Arguments, Slot
from apiward.scan.calling.caller import Caller
from apiward.scan.calling.values import ValueMaker
from apiward.scan.identities.areas import MAX_PROBES, Area, Doorman, areas_of, schemes_of
from apiward.scan.identities.log_in import LogInForm, asks_for_digest, is_given_elsewhere, log_in_forms
from apiward.scan.identities.personas import Persona, invent
from apiward.scan.identities.probing import Probe, find_probes
from apiward.scan.identities.recognition import IDS, facts_at_sign_up, facts_in_list, facts_in_view
from apiward.scan.identities.sessions import Session
from apiward.scan.identities.sign_up import password_in, sign_up, sign_up_operations
from apiward.scan.limits import Limits
from apiward.scan.meaning import judging
from apiward.scan.ownership.objects import is_about_caller
from apiward.spec.meaning import naming

NOTHING: Final[Mapping[Slot, Json]] = MappingProxyType({})


class Accounts:
    """Obtains sessions for one API. Everything that fails is told to `limits`."""

    def __init__(
        self,
        caller: Caller,
        api: Api,
        *,
        rng: random.Random,
        clock: Clock,
        limits: Limits,
        may_write: bool,
        source: CredentialSource | None = None,
    ) -> None:
        self._source = source
        self._caller = caller
        self._api = api
        self._rng = rng
        self._clock = clock
        self._limits = limits
        self._may_write = may_write
        self.sign_up_operation: Operation | None = None
        self.sign_up_sent: Arguments | None = None
        self.sign_up_answer: Exchange | None = None
        self.areas: list[Area] = [Area(frozenset())]
        self.log_in_forms = log_in_forms(api, self._maker(invent(rng)))
        self._doorman = Doorman(caller, api, self.log_in_forms, clock)
        self._id_nouns: set[str] = set()
        self._count = 0

    @property
    def main(self) -> Area:
        """The area that was opened first, or the largest one."""
        return next((area for area in self.areas if area.way is not None), self.areas[0])

    @property
    def probe(self) -> Probe | None:
        """The best probe of the main area, or None where no operation shows who is logged in."""
        return next(iter(self.main.probes), None)

    @property
    def log_in_form(self) -> LogInForm | None:
        """The log-in that has worked, or the likeliest one."""
        if self.main.way is not None:
            return self.main.way.form
        return self.log_in_forms[0] if self.log_in_forms else None

    def area_of(self, operation: Operation) -> Area:
        """Return the area that an operation belongs to, by its security schemes."""
        schemes = schemes_of(operation)
        return next((area for area in self.areas if area.schemes & schemes), self.main)

    def area_named(self, schemes: frozenset[str]) -> Area:
        """Return the area of exactly these security schemes, or the main one."""
        return next((area for area in self.areas if area.schemes == schemes), self.main)

    async def prepare(self) -> None:
        """Find the probes and with them the areas. Call it once, before anything else."""
        probes = await find_probes(self._caller, self._api, invent(self._rng), reads_only=not self._may_write)
        self.areas = areas_of(self._api, probes)
        if not probes:
            self._limits.add("no-probe")

    async def given(self, account: Account) -> Session | None:
        """Return a session for an account that the user gave, or None where it cannot log in."""
        persona = replace(invent(self._rng), password=account.password)
        if account.username:
            key = "email" if "@" in account.username else "handle"
            persona = replace(persona, **{key: account.username})
        session = self._session(account, persona)
        if account.credential is not None or account.means is not None:
            credential = account.credential or await self._obtained(session)
            if credential is None or await self._is_refused(account, credential):
                return None
            session.take(self.main.schemes, credential)
        elif not await self._open(session, [account.username], None) and not await self._open_otherwise(session):
            return None
        await self._learn_facts(session)
        session.persona = _as_known(session)
        return session

    async def new(self, *, extra: Mapping[Slot, Json] = NOTHING) -> Session | None:
        """Sign up a new normal account and log in with it; None where the API does not let strangers.

        `extra` is put into the body of the sign-up besides what it asks for.
        """
        operations = [self.sign_up_operation] if self.sign_up_operation else sign_up_operations(self._api)[:3]
        if not operations:
            self._limits.add("no-sign-up")
        if not operations or not self._may_write:
            return None
        for operation in operations:
            session = await self._signed_up(operation, extra)
            if session is not None:
                return session
        return None

    async def _signed_up(self, operation: Operation, extra: Mapping[Slot, Json]) -> Session | None:
        persona = invent(self._rng)
        done = await sign_up(self._caller, operation, persona, self._maker(persona), extra)
        if not done.is_done:
            self._limits.add("sign-up-failed", operation=operation.key, status=done.answer.status)
            return None
        sent, answer = done.sent, done.answer
        self._count += 1
        account = Account(
            name=f"account {self._count}",
            username=persona.handle,
            password=password_in(sent) or persona.password,
            standing=Standing.NORMAL,
            origin=Origin.SIGNED_UP,
            facts=facts_at_sign_up(sent, answer),
        )
        session = self._session(account, persona)
        is_open = await self._open(session, [], answer)
        if is_open:
            self.sign_up_operation, self.sign_up_sent, self.sign_up_answer = operation, sent, answer
            await self._learn_facts(session)
        return session if is_open else None

    async def _open(self, session: Session, names: list[str], sign_up_answer: Exchange | None) -> bool:
        """Open every area that lets the account in. Return whether any did."""
        for area in sorted(self.areas, key=lambda one: one.way is None):
            credential = await self._doorman.open(area, session, names, sign_up_answer)
            if credential is not None:
                session.take(area.schemes, credential)
        if session.credential is None:
            self._note_refusal(session)
        return session.credential is not None

    async def _open_otherwise(self, session: Session) -> bool:
        """Try digest access where the API asks for it, and the token server that the description names."""
        ways = [Means(is_digest=True)] if self.main.probes and asks_for_digest(self.main.probes[0].refused) else []
        if is_given_elsewhere(self._api, self.log_in_forms) and not self._doorman.was_asked_for_code:
            ways.append(Means())
        for means in ways if session.password and self._source is not None else ():
            self._limits.drop("no-log-in")  # there is another way than an operation
            session.account = replace(session.account, means=means)
            credential = await self._obtained(session)
            if credential is not None and not await self._is_refused(session.account, credential):
                session.take(self.main.schemes, credential)
                return True
        session.account = replace(session.account, means=None)
        return False

    async def _is_refused(self, account: Account, credential: Credential) -> bool:
        """Whether every probe says that nobody has logged in, or gets no answer at all; and say so."""
        why = ""
        for probe in (probe for area in self.areas for probe in area.probes[:MAX_PROBES]):
            _, exchange = await probe.ask(self._caller, credential)
            if exchange.failure is None and not judging.is_logged_out(exchange):
                return False
            why = why or exchange.failure_detail or f"{probe.operation.key} answered with status {exchange.status}"
        if why:
            self._limits.add("given-refused", account=account.name, why=why)
        return bool(why)

    def _note_refusal(self, session: Session) -> None:
        refusal = self._doorman.last_refusal
        if self._doorman.was_asked_for_code:
            has_secret = bool(session.account.one_time_secret)
            self._limits.add("code-refused" if has_secret else "code-wanted", account=session.name)
        elif refusal is None:
            self._limits.add("no-log-in")
        else:
            form, exchange = refusal
            self._limits.add("log-in-failed", operation=form.operation.key, status=exchange.status)

    async def _log_in_again(self, session: Session, schemes: frozenset[str]) -> Credential | None:
        if session.account.means is not None:
            return await self._obtained(session)
        area = self.area_named(schemes)
        return await self._doorman.again(area, session)

    async def _obtained(self, session: Session) -> Credential | None:
        """Return a credential got by the means that the account names."""
        account = session.account
        means = account.means
        if means is None or self._source is None:
            return None
        session.secrets |= {means.client_secret, means.refresh_token} - {""}
        try:
            return await self._source.obtain(account)
        except NoCredentialError as error:
            self._limits.add("no-token", account=account.name, why=str(error))
            return None

    def _session(self, account: Account, persona: Persona) -> Session:
        return Session(account, persona, log_in=self._log_in_again, clock=self._clock)

    def know_as(self, noun: str, sessions: Iterable[Session]) -> None:
        """Keep that accounts are things of that noun, too: below `/customers/`, their `id` is a customer's."""
        self._id_nouns.add(noun)
        for session in sessions:
            self._name_ids(session)

    def recognise(self, operation: Operation, exchange: Exchange, sessions: Iterable[Session]) -> None:
        """Learn the accounts' identifiers from an answer that lists accounts, beside their own names."""
        for session in sessions:
            if _has_id(session):
                continue
            found = facts_in_list(exchange, naming.nouns(operation.path), session.own_names)
            if found:
                session.account = replace(session.account, facts={**found, **session.account.facts})

    def _name_ids(self, session: Session) -> None:
        own = session.account.facts.get("id")
        named = {f"{noun}_id": own for noun in self._id_nouns} if own is not None else {}
        session.account = replace(session.account, facts={**named, **session.account.facts})

    async def _learn_facts(self, session: Session) -> None:
        """Keep what the probe says of the account, where it speaks of it."""
        await self._ask_facts(session)
        self._name_ids(session)

    async def _ask_facts(self, session: Session) -> None:
        if self.probe is None or session.credential is None:
            return
        _, exchange = await self.probe.ask(self._caller, session.credential)
        own, nouns = session.own_names, naming.nouns(self.probe.operation.path)
        # Of an account that came as a mere credential no name is known: what is the caller's own is believed.
        is_own = not session.account.username and is_about_caller(self.probe.operation)
        found = facts_in_view(exchange, own, is_own=is_own) or facts_in_list(exchange, nouns, own)
        session.account = replace(session.account, facts={**found, **session.account.facts})

    def _maker(self, persona: Persona) -> ValueMaker:
        known: Callable[[str], Json] = persona.value_for
        return ValueMaker(self._rng, known)


def _as_known(session: Session) -> Persona:
    """Return the persona with the address and the number that the account has: so they are sent, and none invented."""
    persona, facts = session.persona, session.account.facts
    email = next((v for k, v in facts.items() if "@" in str(v) and persona.value_for(k) == persona.email), None)
    phone = next((v for k, v in facts.items() if persona.value_for(k) == persona.phone), None)
    return replace(persona, email=str(email or persona.email), phone=str(phone or persona.phone))


def _has_id(session: Session) -> bool:
    return any(naming.plain(key) in IDS for key in session.account.facts)
