"""permit: may this caller do this at all? Roles and scopes against operations, from a compiled table."""

from dataclasses import replace
from typing import Final

from apiward.core.api import Api, Operation, SchemeKind
from apiward.core.call import Call
from apiward.core.decision import Decision
from apiward.core.principal import Principal
from apiward.guard.permission.explaining import Explanation, explanation
from apiward.guard.permission.rules import PermitSettings
from apiward.guard.permission.table import Denial, Permissions, Why
from apiward.guard.preflights import is_preflight
from apiward.guard.routing import RouteTable
from apiward.guard.stage import Parts, StageName

__all__ = ["Permit", "PermitSettings"]

_RULES: Final = {
    Why.LOG_IN: "permit.log-in",
    Why.ROLE: "permit.role",
    Why.SCOPE: "permit.scope",
    Why.FORBIDDEN: "permit.forbidden",
    Why.PRIVATE: "permit.private",
}
MAX_SAW: Final = 200
_CHALLENGE: Final = b"www-authenticate"
_BEARER: Final = (_CHALLENGE, b"Bearer")
_BASIC: Final = (_CHALLENGE, b'Basic realm="api"')


class Permit:
    """Lets callers do what their roles and scopes allow."""

    name: Final = StageName.PERMIT

    def __init__(self, settings: PermitSettings, parts: Parts) -> None:
        api = parts.api
        self._permissions = Permissions(settings, api)
        self._api = api
        self._alike = _FoldedRoutes(api) if api else None
        self._hides = settings.hide
        self._basic = _basic_operations(api)
        plans = self._permissions.plans
        self._plans = {key: plan for key, plan in plans.items() if plan.is_fixed}
        self._for_all_known = frozenset(key for key, plan in plans.items() if plan.is_for_all_known)

    def on_head(self, call: Call) -> Decision | None:
        """Judge who calls what."""
        if call.operation_key in self._for_all_known and not call.principal.is_anonymous:
            return None
        plan = self._plans.get(call.operation_key)
        if plan is None:
            if is_preflight(call):
                return None
            key = call.operation_key or (self._alike.key(call.method, call.path) if self._alike else "")
            plan = self._permissions.plan(key, call.method, call.path)
        denial = plan.denial(call.principal)
        return None if denial is None else self._refusal(call, denial)

    def explain(self, principal: Principal, method: str, path: str) -> Explanation:
        """Return why `principal` may or may not call `method` on `path` (decoded, in normal form)."""
        key = RouteTable(self._api).match(method, path).operation_key if self._api else ""
        if not key and self._alike:
            key = self._alike.key(method, path)
        return explanation(self._permissions, principal, key, method, path)

    def _refusal(self, call: Call, denial: Denial) -> Decision | None:
        if is_preflight(call):
            return None
        more = (denial.rule.name,) if denial.rule else sorted(denial.scopes)
        saw = " ".join((denial.why, *more))[:MAX_SAW]
        if self._hides and denial.is_private:
            return Decision("permit.hidden", saw=saw)
        return Decision(_RULES[denial.why], saw=saw, headers=self._challenges(call, denial))

    def _challenges(self, call: Call, denial: Denial) -> tuple[tuple[bytes, bytes], ...]:
        if denial.why is Why.LOG_IN:
            return (_BASIC if call.operation_key in self._basic else _BEARER,)
        if denial.why is Why.SCOPE:
            scopes = " ".join(sorted(denial.scopes))
            return ((_CHALLENGE, f'Bearer error="insufficient_scope", scope="{_quotable(scopes)}"'.encode()),)
        return ()


class _FoldedRoutes:
    """Finds the operation that a request means to a server that is lax about capitals and a last slash.

    So where undescribed requests may pass, `/Orders/` is judged as `/orders` is.
    """

    def __init__(self, api: Api) -> None:
        self._keys: dict[str, str] = {}
        folded = tuple(self._fold(operation) for operation in api.operations)
        self._routes = RouteTable(replace(api, operations=folded))

    def key(self, method: str, path: str) -> str:
        """Return the key of the operation, or an empty text."""
        found = self._routes.match(method, _folded(path))
        return self._keys.get(found.operation_key, "")

    def _fold(self, operation: Operation) -> Operation:
        path = _folded(operation.base_path + operation.path)
        folded = replace(operation, base_path="", path=path)
        self._keys.setdefault(folded.key, operation.key)
        return folded


def _folded(path: str) -> str:
    return path.lower().rstrip("/") or "/"


def _basic_operations(api: Api | None) -> frozenset[str]:
    if api is None:
        return frozenset()
    basic = {name for name, scheme in api.schemes.items() if scheme.kind is SchemeKind.BASIC}
    return frozenset(one.key for one in api.operations if _asks_first_for(one, basic))


def _asks_first_for(operation: Operation, schemes: set[str]) -> bool:
    return bool(operation.security and operation.security[0] and operation.security[0][0] in schemes)


def _quotable(text: str) -> str:
    """Return `text` as it may stand in a quoted header value (RFC 6749, section 3.3 for scopes)."""
    return "".join(letter for letter in text if " " <= letter <= "~" and letter not in '"\\')
