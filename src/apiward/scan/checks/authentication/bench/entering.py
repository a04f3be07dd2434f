"""Logging in and signing up by hand: single tries with chosen names and passwords."""

from apiward.core.account import Account, Credential, Origin
from apiward.core.exchange import Exchange
from apiward.scan import judging, roles
from apiward.scan.arguments import Arguments
from apiward.scan.log_in import LogInForm, candidates, log_in
from apiward.scan.personas import Persona
from apiward.scan.scene import Scene
from apiward.scan.sessions import Session


async def enter(
    scene: Scene, form: LogInForm, like: Session, username: str, password: str
) -> tuple[Credential | None, Exchange]:
    """Log in once. Return the credential, in the place where `like` has its own, or None where there is none."""
    exchange, tokens, cookies = await log_in(scene.caller, form, username, password)
    model = like.credential
    for found in candidates(scene.api, exchange, tokens, cookies, scene.clock()):
        if model is None or (found.place, found.name, found.prefix) == (model.place, model.name, model.prefix):
            like.note(found)
            return found, exchange
    return None, exchange


def username_like(session: Session, persona: Persona) -> str:
    """Return the name that `persona` would log in with, of the kind that `session` uses."""
    used = session.account.username
    if used == session.persona.phone:
        return persona.phone
    return persona.email if used == session.persona.email or "@" in used else persona.handle


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

    async def never(_: Session) -> Credential | None:
        return None

    session = Session(account, persona, credential, log_in=never, clock=scene.clock)
    scene.spares.append(session)
    return session


def is_wrong(exchange: Exchange) -> bool:
    """Whether the answer to a log-in says that name or password is wrong."""
    return judging.is_refused(exchange)


def identity_slots(arguments: Arguments, persona: Persona) -> list[str]:
    """Return the labels of the slots that name a person."""
    return [
        slot.label
        for slot, _ in arguments.slots()
        if persona.value_for(slot.name) is not None and not roles.is_password_name(slot.name)
    ]
