"""Areas: the operations that one kind of credential opens, and the way of logging in to them.

A small business's API may have several: a client area with bearer tokens, a shop with its own
log-in. An account then holds one credential for each.
"""

import base64
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from apiward.core.account import Credential
from apiward.core.api import Api, Operation
from apiward.core.exchange import Exchange
from apiward.core.ports import Clock
from apiward.scan.calling.caller import Caller
from apiward.scan.identities import credentials
from apiward.scan.identities.code_step import Codes, Given, code_steps, with_code
from apiward.scan.identities.forgery_tokens import find_token, is_wanted
from apiward.scan.identities.log_in import LogInForm, candidates, log_in, offers_basic, usernames
from apiward.scan.identities.probing import Probe
from apiward.scan.identities.recognition import facts_at_log_in
from apiward.scan.identities.sessions import Session
from apiward.scan.meaning import judging
from apiward.spec.meaning import factors

MAX_FORMS: Final = 4
MAX_PROBES: Final = 3


@dataclass(slots=True)
class Way:
    """A way of logging in that has worked: which form (None: none is needed), and where the credential goes."""

    form: LogInForm | None
    sample: Credential


@dataclass(slots=True)
class Area:
    """The operations that share security schemes; `probes` tell whether a credential is accepted there."""

    schemes: frozenset[str]
    probes: list[Probe] = field(default_factory=list)
    way: Way | None = None


class Doorman:
    """Opens areas for accounts, the same way again once one has worked."""

    def __init__(self, caller: Caller, api: Api, forms: list[LogInForm], clock: Clock) -> None:
        self._caller = caller
        self._api = api
        self._forms = forms
        self._clock = clock
        self._wants_token: dict[str, bool] = {}
        self._steps = code_steps(api)
        self._codes = Codes()
        self.last_refusal: tuple[LogInForm, Exchange] | None = None
        self.was_asked_for_code = False
        """Whether the last log-in said that a code is wanted as well."""

    async def open(
        self, area: Area, session: Session, names: list[str], sign_up_answer: Exchange | None
    ) -> Credential | None:
        """Return a credential that the area accepts, or None where no way in was found."""
        if area.way is not None and area.way.form is not None:
            return await self.again(area, session)
        for form in self._forms[:MAX_FORMS]:
            for username in names or list(usernames(form, session.persona)):
                exchange, tokens, ways = await self._log_in(form, username, session)
                if not ways:
                    self.last_refusal = (form, exchange)
                    continue
                found = await self._accepted(area, ways, session)
                if found is not None:
                    _note_entry(session, username, exchange, tokens)
                    area.way = Way(form, found)
                    return found
        return await self._open_without_form(area, session, names, sign_up_answer)

    async def again(self, area: Area, session: Session) -> Credential | None:
        """Log in the way that has worked before."""
        way = area.way
        if way is None:
            return None
        if way.form is None:
            return _basic_again(way.sample, session)
        names = [session.account.username, *usernames(way.form, session.persona)]
        for username in dict.fromkeys(filter(None, names)):
            exchange, tokens, ways = await self._log_in(way.form, username, session)
            if not ways:
                self.last_refusal = (way.form, exchange)
            for credential in ways:
                if _is_same_place(credential, way.sample):
                    _note_entry(session, username, exchange, tokens)
                    return credential
        return None

    async def _log_in(
        self, form: LogInForm, username: str, session: Session
    ) -> tuple[Exchange, list[str], list[Credential]]:
        """Log in, with a token against forgery where the API turned out to want one; return what that gave."""
        key, token, password = form.operation.key, None, session.password
        code = self._codes.code_for(session.account.one_time_secret, self._clock())
        form = form.for_tenant(session.account.tenant).with_code(code)
        if self._wants_token.get(key):
            token = await find_token(self._caller, self._api, form.operation)
        exchange, tokens, cookies = await log_in(self._caller, form, username, password, token)
        if not tokens and not cookies and key not in self._wants_token and is_wanted(exchange):
            refused = exchange.status, exchange.text
            token = await find_token(self._caller, self._api, form.operation)
            if token is not None:
                exchange, tokens, cookies = await log_in(self._caller, form, username, password, token)
            # asked for once: where it made no difference, a refused log-in costs no more than before. A password that
            # is refused in other words has come further, so the next account needs the token as well
            self._wants_token[key] = bool(tokens or cookies) or (exchange.status, exchange.text) != refused
        ways = list(candidates(self._api, exchange, tokens, cookies, self._clock(), token))
        self.was_asked_for_code = factors.asks_for_code(exchange.text)
        if not code or form.code_slots:
            return exchange, tokens, ways
        given = Given(exchange, tokens, cookies, username)
        answer, more, held = await with_code(self._caller, self._api, self._steps, given, code)
        if not (more or held):
            return answer or exchange, tokens, ways
        further = candidates(self._api, answer or exchange, more, held, self._clock(), token)
        return answer or exchange, [*more, *tokens], [*further, *ways]

    async def _open_without_form(
        self, area: Area, session: Session, names: list[str], sign_up_answer: Exchange | None
    ) -> Credential | None:
        """Try Basic authentication, and a token that the sign-up itself gave."""
        ways: list[Credential] = []
        if offers_basic(self._api):
            own = names or [session.account.username, session.persona.email]
            ways += [credentials.basic_credential(name, session.password) for name in own]
        if sign_up_answer is not None:
            tokens, cookies = credentials.tokens_in(sign_up_answer), credentials.cookies_in(sign_up_answer)
            ways += candidates(self._api, sign_up_answer, tokens, cookies, self._clock())
        found = await self._accepted(area, ways, session)
        if found is not None:
            area.way = area.way or Way(None, found)
            session.account = replace(session.account, username=_name_in(found) or session.account.username)
        return found

    async def _accepted(self, area: Area, ways: Iterable[Credential], session: Session) -> Credential | None:
        """Return the first credential that a probe of the area accepts; without a probe, the first one."""
        for credential in ways:
            if not area.probes:
                return credential
            best = await self._best_probe(area, credential)
            if best is not None:
                session.note(credential)
                area.probes.remove(best)
                area.probes.insert(0, best)
                return credential
        return None

    async def _best_probe(self, area: Area, credential: Credential) -> Probe | None:
        """Return the probe that accepts a credential, best one that also answers with something good.

        One that only says "not found" or "not like that" to a good credential is a poor witness later. Where
        another one says "log in", "not like that" (a body was missing) is no acceptance at all: a gateway in
        front may look at the form of a request, and at any good token, before the API is asked.
        """
        accepting: Probe | None = None
        complaining: Probe | None = None
        is_refused = False
        for place, probe in enumerate(area.probes):
            if place >= MAX_PROBES and ((accepting or complaining) is None or place >= 2 * MAX_PROBES):
                break
            is_accepted, exchange = await probe.ask(self._caller, credential)
            if is_accepted and judging.is_accepted(exchange):
                return probe
            is_refused = is_refused or (is_accepted is False and exchange.status == 401)
            if is_accepted and exchange.status in judging.ABOUT_FORM:
                complaining = complaining or probe
            elif is_accepted:
                accepting = accepting or probe
        return accepting or (None if is_refused else complaining)


def areas_of(api: Api, probes: list[Probe]) -> list[Area]:
    """Return the areas of an API, the largest first; there is always at least one."""
    found: dict[frozenset[str], Area] = {}
    for probe in probes:
        schemes = schemes_of(probe.operation)
        found.setdefault(schemes, Area(schemes)).probes.append(probe)
    undeclared = found.pop(frozenset(), None) if len(found) > 1 else None
    areas = sorted(found.values(), key=lambda area: -sum(1 for _ in _operations_in(api, area)))
    if undeclared is not None:
        areas[0].probes += undeclared.probes
    return areas or [Area(frozenset())]


def schemes_of(operation: Operation) -> frozenset[str]:
    """Return the names of the security schemes that an operation mentions."""
    return frozenset(name for alternative in operation.security or () for name in alternative)


def _operations_in(api: Api, area: Area) -> Iterator[Operation]:
    return (op for op in api.operations if schemes_of(op) & area.schemes)


def _note_entry(session: Session, username: str, exchange: Exchange, tokens: list[str]) -> None:
    """Keep the name that has opened the account, and what the answer says of it."""
    session.account = replace(session.account, username=username)
    found = facts_at_log_in(exchange, tokens, session.own_names)
    session.account = replace(session.account, facts={**found, **session.account.facts})


def _is_same_place(one: Credential, other: Credential) -> bool:
    return (one.place, one.name, one.prefix) == (other.place, other.name, other.prefix)


def _name_in(credential: Credential) -> str:
    """Return the name that a Basic credential shows; empty for any other."""
    if credential.prefix != "Basic ":
        return ""
    return base64.b64decode(credential.value).decode().partition(":")[0]


def _basic_again(sample: Credential, session: Session) -> Credential | None:
    if sample.prefix == "Basic ":
        return credentials.basic_credential(session.account.username, session.password)
    return None
