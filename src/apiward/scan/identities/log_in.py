"""Logging in: what to fill into a log-in, and what a good answer to it gives."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from apiward.core.account import Credential
from apiward.core.api import Api, Operation, Place, SchemeKind
from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import NOT_JSON, Json
from apiward.scan.calling.arguments import BODY, Arguments, Slot
from apiward.scan.calling.caller import Caller
from apiward.scan.calling.values import ValueMaker
from apiward.scan.identities import credentials
from apiward.scan.identities.forgery_tokens import HEADERS, ForgeryToken, in_cookies
from apiward.scan.identities.personas import Persona
from apiward.scan.meaning import judging
from apiward.spec.meaning import accounts, factors, naming, spoken, tenants

_FIXED: Final[dict[str, Json]] = {"granttype": "password", "rememberme": False, "remember": False}


@dataclass(frozen=True, slots=True)
class LogInForm:
    """A log-in operation with the slots that take the name and the password."""

    operation: Operation
    template: Arguments
    name_slots: tuple[Slot, ...]
    password_slots: tuple[Slot, ...]

    @property
    def takes_email(self) -> bool:
        """Whether the name's slot asks for an e-mail address."""
        return any("mail" in naming.plain(slot.name) for slot in self.name_slots)

    def for_tenant(self, tenant: str) -> "LogInForm":
        """Return the log-in of people of a tenant, where it asks for the tenant as well."""
        filled = self.template
        for slot in slots_of(self.operation) if tenant else ():
            if tenants.is_tenant_name(slot.name):
                filled = filled.put(slot, tenant)
        return replace(self, template=filled)

    def with_code(self, code: str) -> "LogInForm":
        """Return the log-in with the code of a second factor, where it takes one beside the password."""
        filled = self.template
        for slot in self.code_slots if code else ():
            filled = filled.put(slot, code)
        return replace(self, template=filled)

    @property
    def code_slots(self) -> tuple[Slot, ...]:
        """The slots that take the code of a second factor."""
        return tuple(slot for slot in slots_of(self.operation) if factors.is_code_beside_password(slot.name))

    def fill(self, username: str, password: str) -> Arguments:
        """Return the arguments of a log-in with that name and password."""
        filled = self.template
        for slot in self.name_slots:
            filled = filled.put(slot, username)
        for slot in self.password_slots:
            filled = filled.put(slot, password)
        return filled


def slots_of(operation: Operation) -> list[Slot]:
    """Return every slot that the description of an operation names."""
    schema = operation.body_schema()
    slots = [Slot(BODY, pointer) for pointer, _ in (schema.fields() if schema else ()) if pointer]
    return [*slots, *(Slot(one.place.value, (one.name,)) for one in operation.parameters)]


def log_in_forms(api: Api, maker: ValueMaker) -> list[LogInForm]:
    """Return the log-ins that the description offers, the likeliest first."""
    token_paths = {scheme.token_url for scheme in api.schemes.values() if scheme.token_url}
    found = [form for op in api.operations if accounts.is_log_in(op) and (form := _form(op, maker))]
    return sorted(found, key=lambda form: _rank(form.operation, token_paths))


async def log_in(
    caller: Caller, form: LogInForm, username: str, password: str, token: ForgeryToken | None = None
) -> tuple[Exchange, list[str], list[tuple[str, str]]]:
    """Send one log-in. Return the exchange with the tokens and cookies that a good answer gives."""
    filled = form.fill(username, password)
    if token is not None and token.field_name and "form" in filled.media_type:
        filled = filled.put(Slot(BODY, (token.field_name,)), token.value)
    headers = token.headers() if token is not None else ()
    exchange = await caller.call(form.operation, filled, headers=headers)
    tokens, cookies = given_in(exchange)
    if cookies and token is not None:  # what the page has set stays, as in a browser
        cookies = list({**dict(token.cookies), **dict(cookies)}.items())
    return exchange, tokens, cookies


def given_in(exchange: Exchange) -> tuple[list[str], list[tuple[str, str]]]:
    """Return the tokens and cookies that the answer to a log-in gives; none where it lets nobody in."""
    if not judging.is_accepted(exchange) and not 300 <= exchange.status < 400:
        return [], []
    return credentials.tokens_in(exchange), credentials.cookies_in(exchange)


def usernames(form: LogInForm, persona: Persona) -> tuple[str, ...]:
    """Return the names to try for a persona, the likeliest first."""
    if form.takes_email:
        return (persona.email,)
    if any({"phone", "mobile"} & set(naming.words(slot.name)) for slot in form.name_slots):
        return (persona.phone,)
    return (persona.handle, persona.email)


def candidates(
    api: Api,
    exchange: Exchange,
    tokens: list[str],
    cookies: list[tuple[str, str]],
    now_s: float,
    token: ForgeryToken | None = None,
) -> Iterator[Credential]:
    """Yield the credentials that the answer may have given, each in the places where it may belong."""
    for text in tokens[:3]:
        yield from credentials.placements(api, text, credentials.expiry_of(text, exchange, now_s))
    cookie = credentials.cookie_credential(cookies)
    if cookie is not None:
        shown = next(in_cookies(tuple(cookies)), token.value if token is not None else "")
        yield replace(cookie, also=tuple((name, shown) for name in HEADERS)) if shown else cookie


def offers_basic(api: Api) -> bool:
    """Whether the description declares HTTP Basic authentication."""
    return any(scheme.kind is SchemeKind.BASIC for scheme in api.schemes.values())


def asks_for_digest(refusal: Exchange) -> bool:
    """Whether an answer asks for HTTP digest access (RFC 7616)."""
    told = refusal.response.headers if refusal.response is not None else ()
    return any(name.lower() == "www-authenticate" and "digest " in value.lower() for name, value in told)


def is_given_elsewhere(api: Api, forms: list[LogInForm]) -> bool:
    """Whether the description names a token server that takes a name and a password, and that is none of `forms`."""
    paths = tuple(form.operation.path for form in forms)
    named = [one.token_url for one in api.schemes.values() if one.token_url and "password" in one.flows]
    is_provider = any(one.openid_url for one in api.schemes.values())
    return is_provider or any(not url.split("?")[0].endswith(paths) for url in named)


def _form(operation: Operation, maker: ValueMaker) -> LogInForm | None:
    body = operation.preferred_body()
    arguments = Arguments()
    if body is not None:
        filled = maker.body(body.schema, only_required=False, skip=_is_extra)
        arguments = Arguments(body=_with_fixed(filled), media_type=body.media_type)
    for parameter in operation.parameters_in(Place.QUERY):
        if not _is_extra(parameter.name) or parameter.is_required:
            arguments = arguments.put(Slot("query", (parameter.name,)), maker.value(parameter.name, parameter.schema))
    slots = [slot for slot, _ in arguments.slots()]
    passwords = tuple(slot for slot in slots if naming.is_password_name(slot.name))
    names = tuple(slot for slot in slots if slot not in passwords and _is_user_name(slot.name))
    if not passwords or not names or (arguments.body is NOT_JSON and not arguments.query):
        return None
    return LogInForm(operation, arguments, names[:1] if _is_either(names) else names, passwords)


def _is_either(names: tuple[Slot, ...]) -> bool:
    """Whether the slots ask for different kinds of name, of which one is enough to start with."""
    return len({"mail" in naming.plain(slot.name) for slot in names}) > 1 and all(s.place == BODY for s in names)


def _is_user_name(name: str) -> bool:
    flat = naming.plain(name)
    if flat in ("granttype", "clientid", "clientsecret", "scope"):
        return False
    return (naming.is_account_name(name) or "name" in flat) and not tenants.is_tenant_name(name)


def _is_extra(name: str) -> bool:
    flat = naming.plain(name)
    return not (_is_user_name(name) or naming.is_password_name(name) or flat in _FIXED) or flat in (
        "clientsecret",
        "clientid",
    )


def _with_fixed(body: Json) -> Json:
    if not isinstance(body, dict):
        return body
    return {key: _FIXED.get(naming.plain(key), value) for key, value in body.items()}


def _rank(operation: Operation, token_paths: set[str]) -> tuple[bool, int, int]:
    name = spoken.spoken_name(operation)
    score = 0
    if any(path.split("?")[0].rstrip("/").endswith(operation.path.rstrip("/")) for path in token_paths):
        score -= 4
    score -= 3 * any(word in name for word in ("login", "log-in", "signin", "sign-in"))
    score += 3 * any(
        word in name for word in ("otp", "mfa", "2fa", "social", "google", "sso", "admin", "phone", "unlock")
    )
    score += 2 * (operation.method != "POST") + operation.is_deprecated
    return not operation.has_address, score, len(operation.path)
