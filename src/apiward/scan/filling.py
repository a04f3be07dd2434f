"""Fitting arguments for a caller: what was seen and made first, then what the schema allows."""

import random
from dataclasses import replace

from apiward.core.api import Operation, Parameter, Place
from apiward.core.jsonvalue import Json
from apiward.scan.calling.arguments import Arguments, Slot
from apiward.scan.calling.values import ValueMaker, fits, unlike
from apiward.scan.identities.sessions import Session
from apiward.scan.ownership import objects
from apiward.scan.ownership.belongings import Belongings
from apiward.scan.ownership.knowledge import ANONYMOUS, Knowledge
from apiward.spec.meaning import naming, tenants


class Filler:
    """Fills the slots of operations from what the scan knows and owns."""

    def __init__(self, knowledge: Knowledge, belongings: Belongings, rng: random.Random) -> None:
        self._knowledge = knowledge
        self._belongings = belongings
        self._rng = rng

    def arguments(self, operation: Operation, session: Session | None, *, use_examples: bool = False) -> Arguments:
        """Return fitting arguments for that caller: what was seen and made first, then what the schema allows."""
        arguments = Arguments()
        for parameter in operation.parameters:
            if _is_wanted(parameter):
                value = self._parameter(operation, parameter, session)
                arguments = arguments.put(Slot(parameter.place.value, (parameter.name,)), value)
        body = operation.preferred_body()
        if body is None or operation.is_safe:
            return arguments
        maker = self.maker(operation, session, use_examples=use_examples)
        filled = maker.body(body.schema, skip=maker.is_better_left_out)
        return replace(arguments, body=filled, media_type=body.media_type)

    def maker(
        self,
        operation: Operation,
        session: Session | None,
        *,
        use_examples: bool = False,
        is_about_others: bool = False,
    ) -> ValueMaker:
        """Return a maker of values for the operation's body: identifiers that the caller knows, else fresh ones.

        With `is_about_others` the caller's own e-mail address and telephone number are not used.
        """
        noun = (naming.nouns(operation.path) or ("",))[-1]

        def known(name: str) -> Json:
            if naming.is_id_name(name) and naming.plain(name) != "id":
                found = self._known(session, naming.id_names(name, noun))
                return found[0] if found else None
            if naming.is_privileged_name(name):
                seen = self._knowledge.values(session.name if session else ANONYMOUS, (naming.plain(name),))
                return seen[0] if seen else None
            if session and naming.plain(name) in ("username", "login", "handle") and not is_about_others:
                return session.account.username or session.persona.handle
            if session and session.persona.value_for(name) == session.persona.password:
                return session.password
            is_contact = any(word in naming.plain(name) for word in ("email", "phone", "mobile"))
            return session.persona.value_for(name) if session and is_contact and not is_about_others else None

        return ValueMaker(self._rng, known, use_examples=use_examples, varies=is_about_others)

    def _parameter(self, operation: Operation, parameter: Parameter, session: Session | None) -> Json:
        noun = naming.noun_before(operation.path, parameter.name)
        names = naming.id_names(parameter.name, noun)
        is_target = objects.is_acted_on(operation, parameter)
        own = self._belongings.latest(session.name, names, is_to_change=True) if session else ()
        for value in own if is_target else self._known(session, names):
            if value is not None and fits(value, parameter.schema):
                return value
        tenant = session.account.tenant if session and tenants.is_tenant_name(parameter.name) else ""
        if tenant and fits(tenant, parameter.schema):
            return tenant
        personal = session.persona.value_for(parameter.name) if session else None
        if personal is not None and parameter.place is Place.PATH and fits(personal, parameter.schema):
            return personal
        maker = ValueMaker(self._rng, lambda _: None, use_examples=True)
        value = maker.value(parameter.name, parameter.schema)
        return unlike(value, self._rng) if is_target and not parameter.schema.enum else value

    def _known(self, session: Session | None, names: tuple[str, ...]) -> list[Json]:
        if session is not None:
            found = list(self._belongings.latest(session.name, names)) or self._knowledge.values(session.name, names)
            if found:
                return found
        return self._knowledge.values(ANONYMOUS, names)


def _is_wanted(parameter: Parameter) -> bool:
    if parameter.place is Place.HEADER and parameter.name.lower() in ("authorization", "accept", "content-type"):
        return False
    return parameter.is_required or parameter.place is Place.PATH
