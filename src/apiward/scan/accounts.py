"""Accounts with no set-up: signs up, logs in, finds where the credential sits, and says what it could not get."""

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from apiward.core.account import Account, Credential, Origin, Standing
from apiward.core.api import Api, Operation
from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import Json, NotJson, leaves
from apiward.core.ports import Clock
from apiward.scan import credentials, naming, roles
from apiward.scan.arguments import Arguments, Slot
from apiward.scan.caller import Caller
from apiward.scan.limits import Limits
from apiward.scan.log_in import LogInForm, candidates, log_in, log_in_forms, offers_basic, usernames
from apiward.scan.personas import Persona, invent
from apiward.scan.probing import Probe, find_probes
from apiward.scan.sessions import Session
from apiward.scan.sign_up import sign_up, sign_up_operations
from apiward.scan.values import ValueMaker

NOTHING: Final[Mapping[Slot, Json]] = MappingProxyType({})


@dataclass(slots=True)
class Way:
    """The way of logging in that has worked: which form, and the credential's place with its prefix."""

    form: LogInForm | None
    sample: Credential
    uses_email: bool = False


class Accounts:
    """Obtains sessions for one API. Everything that fails is told to `limits`."""

    def __init__(
        self, caller: Caller, api: Api, *, rng: random.Random, clock: Clock, limits: Limits, may_write: bool
    ) -> None:
        self._caller = caller
        self._api = api
        self._rng = rng
        self._clock = clock
        self._limits = limits
        self._may_write = may_write
        self._way: Way | None = None
        self.sign_up_operation: Operation | None = None
        self.sign_up_sent: Arguments | None = None
        self.sign_up_answer: Exchange | None = None
        self.probes: list[Probe] = []
        self.log_in_forms = log_in_forms(api, self._maker(invent(rng)))
        self._count = 0

    @property
    def probe(self) -> Probe | None:
        """The best probe, or None where no operation shows who is logged in."""
        return self.probes[0] if self.probes else None

    @property
    def log_in_form(self) -> LogInForm | None:
        """The log-in that has worked, or the likeliest one."""
        if self._way is not None:
            return self._way.form
        return self.log_in_forms[0] if self.log_in_forms else None

    async def prepare(self) -> None:
        """Find the probes. Call it once, before anything else."""
        self.probes = await find_probes(self._caller, self._api, invent(self._rng), reads_only=not self._may_write)
        if not self.probes:
            self._limits.add("no-probe")

    async def given(self, account: Account) -> Session | None:
        """Return a session for an account that the user gave, or None where it cannot log in."""
        persona = replace(invent(self._rng), password=account.password)
        if account.username:
            key = "email" if "@" in account.username else "handle"
            persona = replace(persona, **{key: account.username})
        session = self._session(account, persona, account.credential)
        if account.credential is None and not await self._open(session, [account.username]):
            return None
        await self._learn_facts(session)
        return session

    async def new(self, *, extra: Mapping[Slot, Json] = NOTHING) -> Session | None:
        """Sign up a new normal account and log in with it; None where the API does not let strangers.

        `extra` is put into the body of the sign-up besides what it asks for.
        """
        operations = [self.sign_up_operation] if self.sign_up_operation else sign_up_operations(self._api)[:3]
        if not operations or not self._may_write:
            self._limits.add("no-sign-up")
            return None
        for operation in operations:
            session = await self._signed_up(operation, extra)
            if session is not None:
                return session
        return None

    async def _signed_up(self, operation: Operation, extra: Mapping[Slot, Json]) -> Session | None:
        persona = invent(self._rng)
        done = await sign_up(self._caller, operation, persona, self._maker(persona), extra)
        if done is None:
            self._limits.add("sign-up-failed", operation=operation.key)
            return None
        sent, answer = done
        self._count += 1
        account = Account(
            name=f"account {self._count}",
            username=persona.handle,
            password=persona.password,
            standing=Standing.NORMAL,
            origin=Origin.SIGNED_UP,
            facts=_facts(sent, answer),
        )
        session = self._session(account, persona, None)
        names = [name for form in self.log_in_forms[:1] for name in usernames(form, persona)] or [persona.handle]
        is_open = await self._open(session, names, answer)
        if is_open:
            self.sign_up_operation, self.sign_up_sent, self.sign_up_answer = operation, sent, answer
            await self._learn_facts(session)
        return session if is_open else None

    async def _open(self, session: Session, names: list[str], sign_up_answer: Exchange | None = None) -> bool:
        if self._way is not None and await session.renew(None):
            return True
        failed: Exchange | None = None
        for form in self.log_in_forms[:3]:
            for username in names:
                exchange, tokens, cookies = await log_in(self._caller, form, username, session.password)
                failed = exchange
                found = await self._accepted(candidates(self._api, exchange, tokens, cookies, self._clock()), session)
                if found is not None:
                    return self._use(session, Way(form, found), username)
        return await self._open_without_log_in(session, names, sign_up_answer, failed)

    async def _open_without_log_in(
        self, session: Session, names: list[str], sign_up_answer: Exchange | None, failed: Exchange | None
    ) -> bool:
        """Try Basic authentication, and a token that the sign-up itself gave."""
        ways: list[Credential] = []
        if offers_basic(self._api):
            ways += [credentials.basic_credential(name, session.password) for name in names]
        if sign_up_answer is not None:
            tokens, cookies = credentials.tokens_in(sign_up_answer), credentials.cookies_in(sign_up_answer)
            ways += candidates(self._api, sign_up_answer, tokens, cookies, self._clock())
        found = await self._accepted(ways, session)
        if found is not None:
            return self._use(session, Way(None, found), session.account.username)
        if failed is None:
            self._limits.add("no-log-in")
        else:
            self._limits.add("log-in-failed", operation=self.log_in_forms[0].operation.key, status=failed.status)
        return False

    async def _accepted(self, ways: Iterable[Credential], session: Session) -> Credential | None:
        """Return the first credential that a probe accepts; without a probe, the first one."""
        for credential in ways:
            if not self.probes:
                return credential
            for probe in self.probes[:3]:
                is_accepted, _ = await probe.ask(self._caller, credential)
                if is_accepted:
                    session.secrets.add(credential.value)
                    self.probes.sort(key=lambda one: one is not probe)
                    return credential
        return None

    def _use(self, session: Session, way: Way, username: str) -> bool:
        if self._way is None:
            self._way = way
        session.account = replace(session.account, username=username)
        session.credential = way.sample
        session.note(way.sample)
        return True

    async def _log_in_again(self, session: Session) -> Credential | None:
        """Log in the way that has worked before."""
        way = self._way
        if way is None:
            return None
        if way.form is None:
            return _basic_again(way.sample, session)
        names = [session.account.username, *usernames(way.form, session.persona)]
        for username in dict.fromkeys(filter(None, names)):
            exchange, tokens, cookies = await log_in(self._caller, way.form, username, session.password)
            for credential in candidates(self._api, exchange, tokens, cookies, self._clock()):
                if _is_same_place(credential, way.sample):
                    session.account = replace(session.account, username=username)
                    return credential
        return None

    def _session(self, account: Account, persona: Persona, credential: Credential | None) -> Session:
        return Session(account, persona, credential, log_in=self._log_in_again, clock=self._clock)

    async def _learn_facts(self, session: Session) -> None:
        """Keep what the probe says of the account, where it speaks of it."""
        if self.probe is None or session.credential is None:
            return
        _, exchange = await self.probe.ask(self._caller, session.credential)
        own = {session.account.username, session.persona.email, session.persona.handle} - {""}
        if any(name in exchange.text for name in own):
            facts = {**_scalars(exchange), **session.account.facts}
            session.account = replace(session.account, facts=facts)

    def _maker(self, persona: Persona) -> ValueMaker:
        known: Callable[[str], Json] = persona.value_for
        return ValueMaker(self._rng, known)


def _is_same_place(one: Credential, other: Credential) -> bool:
    return (one.place, one.name, one.prefix) == (other.place, other.name, other.prefix)


def _basic_again(sample: Credential, session: Session) -> Credential | None:
    if sample.prefix == "Basic ":
        return credentials.basic_credential(session.account.username, session.password)
    return None


def _facts(sent: Arguments, answer: Exchange) -> dict[str, Json]:
    known = _scalars(answer)
    if not isinstance(sent.body, NotJson):
        known.update({str(p[-1]): value for p, value in leaves(sent.body) if p and value not in ("", None)})
    return {key: value for key, value in known.items() if _tells_who(key)}


def _tells_who(name: str) -> bool:
    """Whether a field of that name may identify an account."""
    if roles.is_password_name(name) or credentials.is_token_name(name):
        return False
    marks = ("mail", "user", "login", "phone", "mobile", "handle", "name")
    return naming.is_id_name(name) or any(mark in naming.plain(name) for mark in marks)


def _scalars(exchange: Exchange) -> dict[str, Json]:
    body = exchange.response.json() if exchange.response else None
    if isinstance(body, NotJson):
        return {}
    found: dict[str, Json] = {}
    for pointer, value in leaves(body):
        is_scalar = isinstance(value, str | int) and not isinstance(value, bool) and value != ""
        if pointer and is_scalar and _tells_who(str(pointer[-1])):
            found.setdefault(str(pointer[-1]), value)
    return found
