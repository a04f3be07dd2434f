"""route: whether a request is described at all, whether its method is, and whether it is still served."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from typing import Final

from apiward.core.api import Operation
from apiward.core.call import Answer, Call
from apiward.core.decision import Decision, Edit, Effect
from apiward.core.settings import setting
from apiward.guard.preflights import is_preflight
from apiward.guard.routing import RouteTable
from apiward.guard.selecting import Cover, Selector, any_fits, cover_of, selectors
from apiward.guard.stage import Parts, StageName

_UNDESCRIBED: Final = ("refuse", "note")


@dataclass(frozen=True, slots=True)
class RetiredSettings:
    """Operations that are going out of use."""

    operations: tuple[str, ...] = setting((), "Which operations, as in '/v1/**' or 'GET /orders/*'.")
    deprecated: str = setting("", "The day from which callers are told to stop using them, as in '2026-05-01'.")
    retired: str = setting("", "The day (UTC) from which they are refused, as in '2027-01-01'.")
    link: str = setting("", "The address of a page that says what to use instead.")

    def __post_init__(self) -> None:
        if not self.operations:
            raise ValueError("operations: name at least one")
        selectors(self.operations, "operations")
        if not self.deprecated and not self.retired:
            raise ValueError("retired: give a day, here or in deprecated")
        if not self.link.isascii() or not self.link.isprintable() or set(self.link) & set('<> "'):
            raise ValueError("link: must be an address without spaces, brackets or quotes")
        for name in ("deprecated", "retired"):
            _day(getattr(self, name), name)


@dataclass(frozen=True, slots=True)
class RouteSettings:
    """What the description knows, and what of it is going out of use."""

    undescribed: str = setting("refuse", "What happens to paths that nothing describes: refuse or note.")
    methods: str = setting("refuse", "What happens to methods that a described path does not know: refuse or note.")
    open: tuple[str, ...] = setting((), "Undescribed paths that may pass, as in '/static/**'.")
    retired: tuple[RetiredSettings, ...] = setting((), "Operations that are going out of use, with their days.")

    def __post_init__(self) -> None:
        for name in ("undescribed", "methods"):
            if getattr(self, name) not in _UNDESCRIBED:
                raise ValueError(f"{name}: {getattr(self, name)!r} is unknown; allowed are {', '.join(_UNDESCRIBED)}")
        selectors(self.open, "open")


@dataclass(frozen=True, slots=True)
class Ending:
    """When operations end. Times in seconds since the epoch; headers as the answers carry them."""

    retired_s: float | None
    headers: tuple[tuple[bytes, bytes], ...]


class Route:
    """Refuses what is not described or no longer served, and announces what goes out of use."""

    name: Final = StageName.ROUTE

    def __init__(self, settings: RouteSettings, parts: Parts) -> None:
        api = parts.api
        self._routes = RouteTable(api) if api else None
        self._open = selectors(settings.open, "open")
        self._effect = Effect.DENY if settings.undescribed == "refuse" else Effect.NOTE
        self._method_effect = Effect.DENY if settings.methods == "refuse" else Effect.NOTE
        self._dated = tuple(_dated(one) for one in settings.retired)
        operations = api.operations if api else ()
        self._endings = {one.key: ending for one in operations if (ending := self._ending(one)) is not None}
        self._by_path = {one.key for one in operations if self._depends(one)}

    def silent_phases(self, operation: Operation | None) -> frozenset[str]:
        """Say nothing of what is described, and goes out of use nowhere."""
        if self._dated:
            return frozenset()
        is_usual = operation is not None and not operation.is_deprecated
        return frozenset({"on_head", "on_answer_head"} if is_usual else {"on_answer_head"})

    def on_head(self, call: Call) -> Decision | None:
        """Judge whether the request is described and still served."""
        if call.operation is None:
            return self._undescribed(call)
        ending = self._ending_of(call) if self._dated else None
        if ending is None:
            return Decision("route.deprecated", Effect.NOTE) if call.operation.is_deprecated else None
        if ending.retired_s is not None and call.started_s >= ending.retired_s:
            return Decision("route.retired", headers=ending.headers)
        return None

    def on_answer_head(self, call: Call, answer: Answer) -> Decision | None:
        """Tell callers that an operation goes out of use (RFC 9745, RFC 8594)."""
        if not self._dated:
            return None
        ending = self._ending_of(call)
        if ending is None:
            return None
        links = [value for name, value in answer.headers if name == b"link"]
        added = tuple(
            (name, b", ".join((*links, value)) if name == b"link" else value) for name, value in ending.headers
        )
        return Decision("route.deprecated", Effect.EDIT, edit=Edit(added=added))

    def _undescribed(self, call: Call) -> Decision | None:
        ending = self._asked(call) if self._dated else None
        if ending is not None and ending.retired_s is not None and call.started_s >= ending.retired_s:
            return Decision("route.retired", headers=ending.headers)
        if self._routes is None or any_fits(self._open, call.method, call.path):
            return None
        match = self._routes.match(call.method, call.path)
        if not match.allowed:
            saw = "only a last slash is different" if match.is_slash_apart else ""
            return Decision("route.undescribed", self._effect, saw=saw)
        if is_preflight(call):
            return None
        allow = ", ".join(match.allowed)
        return Decision("route.method", self._method_effect, saw=allow, headers=((b"allow", allow.encode()),))

    def _ending_of(self, call: Call) -> Ending | None:
        if call.operation_key in self._by_path or not call.operation_key:
            return self._asked(call)
        return self._endings.get(call.operation_key)

    def _ending(self, operation: Operation) -> Ending | None:
        for chosen, ending in self._dated:
            if cover_of(chosen, operation) is Cover.ALWAYS:
                return ending
        return None

    def _depends(self, operation: Operation) -> bool:
        return any(cover_of(chosen, operation) is Cover.SOMETIMES for chosen, _ in self._dated)

    def _asked(self, call: Call) -> Ending | None:
        for chosen, ending in self._dated:
            if any_fits(chosen, call.method, call.path):
                return ending
        return None


def _dated(settings: RetiredSettings) -> tuple[tuple[Selector, ...], Ending]:
    deprecated, retired = _day(settings.deprecated, "deprecated"), _day(settings.retired, "retired")
    headers: list[tuple[bytes, bytes]] = []
    if deprecated is not None:
        headers.append((b"deprecation", f"@{int(deprecated.timestamp())}".encode()))
    if retired is not None:
        headers.append((b"sunset", format_datetime(retired, usegmt=True).encode()))
    if settings.link:
        relation = "sunset" if retired else "deprecation"
        headers.append((b"link", f'<{settings.link}>; rel="{relation}"'.encode()))
    ending = Ending(retired.timestamp() if retired else None, tuple(headers))
    return selectors(settings.operations, "operations"), ending


def _day(text: str, name: str) -> datetime | None:
    """Return the first moment of a day (UTC). Raises ValueError with the name of the setting."""
    if not text:
        return None
    try:
        return datetime.combine(date.fromisoformat(text), time(), tzinfo=UTC)
    except ValueError:
        raise ValueError(f"{name}: {text!r} is no day; write it as '2027-01-01'") from None
