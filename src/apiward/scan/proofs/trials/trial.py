"""A token on trial: what the probe says to a good one, to none, to garbage, and to those that we wrote."""

from dataclasses import dataclass, replace

from apiward.core.account import Credential
from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.scan.calling import values
from apiward.scan.identities.areas import Area
from apiward.scan.identities.probing import Probe
from apiward.scan.identities.sessions import Session
from apiward.scan.meaning import judging
from apiward.scan.proofs.trials.tokens import Jwt, exchanged, jwt_in, with_broken_signature
from apiward.scan.scene import Scene


@dataclass(frozen=True, slots=True)
class Trial:
    """A credential that works, and the answers that tell acceptance from refusal.

    `garbage` is what a made-up credential got, or nobody where that made the server fail; `names`
    are the account's own names that stand in the good answer.
    """

    scene: Scene
    session: Session
    probe: Probe
    credential: Credential
    good: Exchange
    garbage: Exchange
    names: frozenset[str]

    async def accepts(self, credential: Credential | None) -> tuple[bool | None, Exchange]:
        """Return whether the probe answers as it answers the good credential (None: doubtful)."""
        is_accepted, exchange = await self.probe.ask(self.scene.caller, credential)
        if is_accepted is None:
            return None, exchange
        return is_accepted and self._is_as_good(exchange), exchange

    async def accepts_twice(self, credential: Credential) -> tuple[bool | None, Exchange]:
        """Return whether the credential is accepted, asked again where it seems so."""
        is_accepted, exchange = await self.accepts(credential)
        if is_accepted:
            self.session.note(credential)
            is_accepted, _ = await self.accepts(credential)
        return is_accepted, exchange

    def _is_as_good(self, exchange: Exchange) -> bool:
        is_alike = judging.is_accepted(exchange) and judging.is_alike(exchange, self.good)
        return is_alike and all(name in exchange.text for name in self.names)


@dataclass(frozen=True, slots=True)
class JwtTrial:
    """A trial of a JWT: also what a broken signature gets."""

    trial: Trial
    token: Jwt
    is_broken_accepted: bool | None
    broken: Exchange

    def forged(self, text: str) -> Credential:
        """Return the session's credential with another token in it."""
        return exchanged(self.trial.credential, self.token.text, text)

    async def accepts_twice(self, text: str) -> tuple[bool | None, Exchange]:
        """Return whether a forged token is accepted, asked again where it seems so."""
        return await self.trial.accepts_twice(self.forged(text))


async def open_trial(
    scene: Scene, session: Session | None, area: Area, credential: Credential | None = None
) -> Trial | str:
    """Return a trial of the session's credential for an area (or another of its own), or in words why there is none."""
    probe = next(iter(area.probes), None)
    if session is None or probe is None:
        return "needs an account and an operation that tells whether it is logged in"
    shown = credential or await session.current(area.schemes)
    if shown is None:
        return "the account has no credential that is sent along"
    is_accepted, good = await probe.ask(scene.caller, shown)
    if not is_accepted and credential is None and await session.renew(shown, area.schemes):
        shown = session.credential_for(area.schemes) or shown
        is_accepted, good = await probe.ask(scene.caller, shown)
    if not is_accepted or not judging.is_accepted(good):
        return "the account's own credential got no good answer"
    own = {session.account.username, session.persona.email, session.persona.handle} - {""}
    names = frozenset(name for name in own if name in good.text)
    garbled = replace(shown, value=str(values.unlike(shown.value, scene.rng)))
    trial = Trial(scene, session, probe, shown, good, good, names)
    is_nobody, nobody = await trial.accepts(None)
    is_garbage, garbage = await trial.accepts(garbled)
    if is_nobody is not False:
        return "the operation answers without a log-in as well, or gives no clear answer"
    if is_garbage or (is_garbage is None and garbage.status < 500):
        return "a made-up credential is accepted as well, or gets no clear answer"
    return replace(trial, garbage=nobody if is_garbage is None else garbage)


async def open_jwt_trial(scene: Scene, session: Session | None, operation: Operation) -> JwtTrial | str:
    """Return a trial of the session's JWT at the probe `operation`, or in words why there is none."""
    area = scene.accounts.area_of(operation)
    if session is None or jwt_in(session.credential_for(area.schemes)) is None:
        return "the log-in gives no JWT"
    trial = await open_trial(scene, session, area)
    if isinstance(trial, str):
        return trial
    token = jwt_in(trial.credential)
    if token is None:
        return "the log-in gives no JWT"
    broken = exchanged(trial.credential, token.text, with_broken_signature(token))
    is_accepted, exchange = await trial.accepts(broken)
    return JwtTrial(trial, token, is_accepted, trial.garbage if is_accepted is None else exchange)
