"""shape: does the request have the shape that the description promises, and nothing more."""

from dataclasses import dataclass
from typing import Final

from apiward.core.api import Operation, Place, SchemeKind
from apiward.core.call import Call
from apiward.core.decision import Decision, Edit, Effect
from apiward.guard.allowing import Passes
from apiward.guard.graphql.judging import GraphqlLimits, GraphqlRules
from apiward.guard.selecting import Cover, cover_of, selectors
from apiward.guard.shapes.bodies import BodyCompiler, BodyRules, is_nothing
from apiward.guard.shapes.compiling import definitions_in
from apiward.guard.shapes.faults import Excuse, Fault
from apiward.guard.shapes.parameters import ParameterRules, parameter_rules
from apiward.guard.shapes.settings import Handling, Handlings, ShapeSettings
from apiward.guard.stage import Judgement, Parts, StageName

__all__ = ["Handling", "Shape", "ShapeSettings"]

_EFFECTS: Final = {Handling.REFUSE: Effect.DENY, Handling.NOTE: Effect.NOTE}


@dataclass(frozen=True, slots=True)
class _Plan:
    """What one operation takes. `is_open` lets undeclared parameters and bodies pass."""

    parameters: ParameterRules
    body: BodyRules | None
    is_open: bool


class Shape:
    """Holds requests against the description."""

    name: Final = StageName.SHAPE

    def __init__(self, settings: ShapeSettings, parts: Parts) -> None:
        self._unknown_query = _EFFECTS.get(Handling(settings.unknown_query))
        self._unexpected_body = _EFFECTS.get(Handling(settings.unexpected_body))
        self._graphql_paths = settings.graphql_paths
        self._graphql = GraphqlRules(
            GraphqlLimits(
                depth=settings.graphql_depth,
                cost=settings.graphql_cost,
                aliases=settings.graphql_aliases,
                batch=settings.graphql_batch,
            )
        )
        self._introspection = _EFFECTS.get(Handling(settings.graphql_introspection))
        self._settings = settings
        self._bodies = BodyCompiler()
        self._allowances = parts.allowances if parts.allowances.is_any else None
        self._open = selectors(settings.open_operations, "open_operations")
        schemes = parts.api.schemes.values() if parts.api else ()
        self._key_names = [
            one.field_name for one in schemes if one.kind is SchemeKind.API_KEY and one.place is Place.QUERY
        ]
        self._plans = {one.key: self._plan(one) for one in (parts.api.operations if parts.api else ())}

    def silent_phases(self, operation: Operation | None) -> frozenset[str]:
        """Miss no body where none is described, unless it is asked for where GraphQL is."""
        if operation is None or "{" in operation.path or operation.path.endswith(self._graphql_paths):
            return frozenset()
        return frozenset() if operation.bodies else frozenset({"without_body"})

    def wants_body(self, call: Call) -> bool:
        """Return whether the body makes a difference."""
        plan = self._plans.get(call.operation_key)
        if plan is not None and (plan.body.wants(call) if plan.body is not None else not plan.is_open):
            return True
        return call.path.endswith(self._graphql_paths)

    def on_head(self, call: Call) -> Judgement:
        """Judge the parameters."""
        plan = self._plans.get(call.operation_key)
        if plan is None:
            return None
        if self._allowances is None:
            return self._head_decision(call, plan, None)
        passes = self._allowances.passes(call)
        said = self._head_decision(call, plan, passes)
        return said if passes is None else passes.with_notes(said)

    def on_body(self, call: Call) -> Judgement:
        """Judge the body."""
        plan = self._plans.get(call.operation_key)
        if plan is not None and plan.body is None and not call.body and not call.path.endswith(self._graphql_paths):
            return None
        passes = self._allowances.passes(call) if self._allowances is not None else None
        said = self._body_decision(call, plan, passes) if plan is not None else None
        if said is not None and passes is not None and said.effect is Effect.DENY and passes.take(said):
            said = None
        if not call.path.endswith(self._graphql_paths) or (said is not None and said.effect is Effect.DENY):
            return said if passes is None else passes.with_notes(said)
        more = self._graphql_decision(call)
        if passes is not None and passes.notes:
            return (*passes.notes, *(one for one in (said, more) if one is not None))
        return (said, more) if said is not None and more is not None else said or more

    def _head_decision(self, call: Call, plan: _Plan, passes: Passes | None) -> Decision | None:
        fault = plan.parameters.fault(call, None if passes is None else _excuse(passes))
        if fault is not None:
            return _decision(fault)
        if not call.query_pairs or self._unknown_query is None or plan.is_open:
            return None
        if plan.parameters.query.are_known(call.query_pairs):
            return None
        for name in plan.parameters.query.unknown(call.query_pairs):
            said = Decision("shape.unknown-query", self._unknown_query, f"query {name}")
            if passes is None or said.effect is not Effect.DENY or not passes.take(said):
                return said
        return None

    def _body_decision(self, call: Call, plan: _Plan, passes: Passes | None) -> Decision | None:
        if plan.body is not None:
            found = plan.body.found(call, None if passes is None else _excuse(passes))
            return None if found is None else _decision(found)
        if call.body and not plan.is_open and self._unexpected_body is not None and not is_nothing(call.body):
            return Decision("shape.unexpected-body", self._unexpected_body, "body")
        return None

    def _graphql_decision(self, call: Call) -> Decision | None:
        fault = self._graphql.fault(call)
        if fault is None:
            return None
        if fault.rule == "graphql-introspection":
            if self._introspection is None:
                return None
            return Decision(f"shape.{fault.rule}", self._introspection, fault.place, fault.saw)
        return _decision(fault)

    def _plan(self, operation: Operation) -> _Plan:
        is_open = cover_of(self._open, operation) is Cover.ALWAYS
        undeclared = Handling.ALLOW if is_open else Handling(self._settings.undeclared)
        handlings = Handlings(undeclared, Handling(self._settings.read_only))
        definitions = definitions_in([one.schema for one in operation.parameters])
        key_names = [name for name in self._key_names if name]
        return _Plan(
            parameters=parameter_rules(operation, definitions, key_names),
            body=self._bodies.rules(operation.bodies, handlings),
            is_open=is_open,
        )


def _excuse(passes: Passes) -> Excuse:
    return lambda fault: passes.take(Decision(f"shape.{fault.rule}", Effect.DENY, fault.place, fault.saw))


def _decision(found: Fault | tuple[Fault, Edit]) -> Decision:
    if isinstance(found, Fault):
        effect = Effect.NOTE if found.rule == "unread" else Effect.DENY
        return Decision(f"shape.{found.rule}", effect, found.place, found.saw)
    fault, edit = found
    return Decision(f"shape.{fault.rule}", Effect.EDIT, fault.place, fault.saw, edit=edit)
