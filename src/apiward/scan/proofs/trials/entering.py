"""Logging in and signing up by hand: single tries with chosen names and passwords."""

from apiward.core.account import Account, Credential, Origin
from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.scan.calling.arguments import Arguments
from apiward.scan.identities.areas import Area
from apiward.scan.identities.log_in import LogInForm, candidates, given_in, log_in, usernames
from apiward.scan.identities.personas import Persona
from apiward.scan.identities.sessions import Session
from apiward.scan.meaning import judging
from apiward.scan.scene import Scene
from apiward.spec.meaning import naming


def form_at(scene: Scene, operation: Operation) -> LogInForm | None:
    """Return the log-in that `operation` is, if the scan has logged in with it."""
    for area in scene.accounts.areas:
        form = area.way.form if area.way else None
        if form is not None and form.operation == operation:
            return form
    return None


def areas_behind(scene: Scene, form: LogInForm | None) -> list[Area]:
    """Return the areas that a log-in opens."""
    return [area for area in scene.accounts.areas if form is not None and area.way and area.way.form == form]


async def existing(scene: Scene) -> tuple[Session | None, bool]:
    """Return an account that exists and is not ruined by a few wrong log-ins, and whether it is a throw-away one."""
    twin = await scene.victim()
    return (twin[1], True) if twin is not None else (scene.owner, False)


async def enter(
    scene: Scene, form: LogInForm, session: Session, username: str, password: str
) -> tuple[Credential | None, Exchange]:
    """Log in once. Return the credential, in the place where such a log-in gave it before, or None."""
    exchange, _, _ = await log_in(scene.caller, form, username, password)
    return credential_in(scene, form, session, exchange), exchange


def credential_in(scene: Scene, form: LogInForm, session: Session, exchange: Exchange) -> Credential | None:
    """Return the credential that an answer gives in the place where the log-in gave it, or None."""
    models = [area.way.sample for area in areas_behind(scene, form) if area.way]
    for found in candidates(scene.api, exchange, *given_in(exchange), scene.clock()):
        if not models or (found.place, found.name, found.prefix) == (models[0].place, models[0].name, models[0].prefix):
            session.note(found)
            return found
    return None


async def enter_by_any_name(scene: Scene, form: LogInForm, session: Session) -> tuple[str, Credential | None, Exchange]:
    """Log in with the right password. Return the name that worked, the credential (None: none did), the exchange."""
    names = dict.fromkeys(filter(None, (session.account.username, *usernames(form, session.persona))))
    credential, exchange = None, None
    for name in names or {"": None}:
        credential, exchange = await enter(scene, form, session, name, session.password)
        if credential is not None:
            return name, credential, exchange
    assert exchange is not None  # noqa: S101  # there is at least one name
    return "", None, exchange


def username_like(used: str, session: Session, persona: Persona) -> str:
    """Return the name that `persona` would log in with, of the kind that `session` has `used`."""
    if used == session.persona.phone:
        return persona.phone
    return persona.email if used == session.persona.email or "@" in used else persona.handle


async def refusal_of(
    scene: Scene, form: LogInForm, session: Session, username: str, password: str | None = None
) -> Exchange | None:
    """Return how the log-in refuses a wrong password (this one, or one that nobody has); None where not clearly."""
    opened, exchange = await enter(scene, form, session, username, password or wrong_password(scene))
    return exchange if opened is None and judging.is_refused(exchange) else None


def wrong_password(scene: Scene) -> str:
    """Return a password that nobody has."""
    return f"Wr0ng!{scene.rng.randrange(10**9):09d}"


def for_persona(sent: Arguments, persona: Persona) -> Arguments:
    """Return the arguments of a sign-up that worked, filled for another person."""
    for slot, value in list(sent.slots()):
        own = persona.value_for(slot.name)
        if own is None or not isinstance(value, str | int):
            continue
        has_code = own == persona.phone and isinstance(value, str) and value.startswith("+")
        sent = sent.put(slot, f"+1{own}" if has_code else own)
    return sent


async def sign_up_as(scene: Scene, persona: Persona, *, backs_off: bool = True) -> Exchange | None:
    """Send the sign-up that has worked before, filled for `persona`; None where none has worked."""
    operation, sent = scene.accounts.sign_up_operation, scene.accounts.sign_up_sent
    if operation is None or sent is None:
        return None
    return await scene.call(operation, for_persona(sent, persona), backs_off=backs_off)


def adopt(scene: Scene, persona: Persona, username: str, credential: Credential | None) -> Session:
    """Keep an account that a check has signed up among the spares, so that the scan tells that it is left behind."""
    name = f"spare account {len(scene.spares) + 1}"
    account = Account(name, username, persona.password, origin=Origin.SIGNED_UP, credential=credential)

    async def never(_: Session, _area: frozenset[str]) -> Credential | None:
        return None

    session = Session(account, persona, log_in=never, clock=scene.clock)
    if credential is not None:
        session.take(scene.accounts.main.schemes, credential)
    scene.spares.append(session)
    return session


def naming_account(base: Arguments, persona: Persona, session: Session | None) -> Arguments | None:
    """Return the arguments with the names of a person, who may have that account; None where they name nobody."""
    is_named = False
    for slot, _ in list(base.slots()):
        own = persona.value_for(slot.name)
        if own is None and slot.name.lower() in ("identifier", "account", "identity", "id"):
            own = persona.email
        if own == persona.handle and session is not None:
            own = session.account.username or own
        if own is not None:
            base, is_named = base.put(slot, own), True
    return base if is_named else None


def identity_slots(arguments: Arguments, persona: Persona) -> list[str]:
    """Return the labels of the slots that name a person."""
    return [
        slot.label
        for slot, _ in arguments.slots()
        if persona.value_for(slot.name) is not None and not naming.is_password_name(slot.name)
    ]
