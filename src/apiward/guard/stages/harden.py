"""Adds what protects a browser: protective headers, safe cookies, and a list of websites that may read answers."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from apiward.core.api import Operation
from apiward.core.call import Answer, Call
from apiward.core.decision import Decision, Edit, Effect
from apiward.core.settings import setting
from apiward.guard.answers.cookies import CookieRules, hardened, told_apart
from apiward.guard.answers.origins import AllowList, is_own_site, is_trusting
from apiward.guard.preflights import is_preflight
from apiward.guard.stage import Parts, StageName

_NOSNIFF: Final = (b"x-content-type-options", b"nosniff")
_NO_STORE: Final = (b"cache-control", b"no-store")
_CORS: Final = frozenset(
    {b"access-control-allow-origin", b"access-control-allow-credentials", b"access-control-allow-methods"}
    | {b"access-control-allow-headers", b"access-control-expose-headers", b"access-control-max-age"}
    | {b"access-control-allow-private-network"}
)
_TELLING: Final = _CORS | {
    b"x-content-type-options",
    b"content-security-policy",
    b"cache-control",
    b"set-cookie",
    b"vary",
}
"""Headers of which the value counts, and not only whether they are there."""
_KEPT_BACK: Final = (b"no-store", b"private", b"no-cache")
MAX_KEPT: Final = 4_000
_Added = tuple[tuple[bytes, bytes], ...]


class Frame(StrEnum):
    """Who may show answers inside a frame."""

    DENY = "deny"
    SAME_ORIGIN = "same-origin"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class HardenSettings:
    """Headers, cookies and the websites that may read answers."""

    hsts_s: int = setting(31_536_000, "Seconds for which browsers use https only; 0 sends nothing.", least=0)
    hsts_subdomains: bool = setting(default=False, help_text="Whether that holds for all hosts below this one as well.")
    frame: Frame = setting(Frame.DENY, "Who may show answers in a frame.")  # noqa: RUF009 - a field, as all settings are
    referrer: str = setting("no-referrer", "The Referrer-Policy; empty sends none.")
    permissions: str = setting(
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "The Permissions-Policy of pages; empty for none.",
    )
    no_store: bool = setting(default=True, help_text="Keep private answers out of every cache.")
    cookies: bool = setting(default=True, help_text="Add Secure, HttpOnly and SameSite to cookies that lack them.")
    same_site: str = setting("Lax", "The SameSite of cookies that name none: Lax, Strict, or empty for none.")
    host_cookies: tuple[str, ...] = setting(
        (), "Names of cookies that browsers keep for this host alone: they see them with `__Host-` before the name."
    )
    allowed_origins: tuple[str, ...] = setting(
        (), "Websites that may read answers, such as https://shop.example or https://*.shop.example."
    )
    allowed_methods: tuple[str, ...] = setting(
        ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"), "Methods that these websites may use."
    )
    allowed_headers: tuple[str, ...] = setting(
        ("authorization", "content-type"), "Request headers that these websites may send."
    )
    exposed_headers: tuple[str, ...] = setting((), "Answer headers that these websites may read.")
    allow_credentials: bool = setting(default=False, help_text="Whether these websites may send cookies and log-ins.")
    max_age_s: int = setting(600, "Seconds for which a browser remembers the permission.", least=0, most=86_400)

    def __post_init__(self) -> None:
        """Check what is no plain number."""
        if self.same_site not in ("Lax", "Strict", ""):
            raise ValueError(f"same_site: {self.same_site!r} is none of Lax, Strict or empty")
        if any(name.startswith("__") or set(name) & set("=;, \t") or not name for name in self.host_cookies):
            raise ValueError("host_cookies: name cookies as your API does, without __Host-")
        AllowList.read(self.allowed_origins)


class Harden:
    """Looks at the head of each answer once, and answers preflight requests where a list is set."""

    name: Final = StageName.HARDEN

    def __init__(self, settings: HardenSettings, parts: Parts) -> None:
        self._settings = settings
        names = settings.host_cookies if settings.cookies else ()
        self._host_cookies = frozenset(name.encode() for name in names)
        self._cookies = CookieRules(settings.same_site, self._host_cookies)
        self._allowed = AllowList.read(settings.allowed_origins) if settings.allowed_origins else None
        self._secured = frozenset(op.key for op in parts.api.operations if op.is_secured) if parts.api else frozenset()
        self._plain: dict[tuple[bool, ...], Edit | None] = {}
        self._listed_known: dict[tuple[tuple[bool, ...], bytes, bytes], Decision | Edit | None] = {}
        self._frame = _frame_headers(settings.frame)
        self._hsts = _hsts(settings)
        self._granted = _granted(settings)
        self._preflight = _preflight(settings)

    def silent_phases(self, operation: Operation | None) -> frozenset[str]:
        """Say nothing of requests where no cookie has another name here, and no website is asked about."""
        is_preflight_known = self._allowed is not None and (operation is None or operation.method == "OPTIONS")
        return frozenset() if self._host_cookies or is_preflight_known else frozenset({"on_head"})

    def on_head(self, call: Call) -> Decision | Edit | None:
        """Answer a browser that asks for leave, where a list of websites is set; give cookies the API's own names."""
        if self._host_cookies and b"cookie" in call.header and call.scheme == "https":
            # HTTP/2 may bring them in several headers (RFC 9113, section 8.2.3).
            shown = b"; ".join(value for name, value in call.headers if name == b"cookie")
            cookies = told_apart(shown, self._host_cookies)
            if cookies is not None:
                return Edit(added=((b"cookie", cookies),)) if cookies else Edit(removed=frozenset({b"cookie"}))
        if self._allowed is None or call.method != "OPTIONS" or not is_preflight(call):
            return None
        origin = call.header[b"origin"]
        added: _Added = ((b"vary", b"Origin"), (b"content-length", b"0"))
        if self._allowed.holds(origin):
            added = ((b"access-control-allow-origin", origin), *self._granted, *self._preflight, *added)
        return Decision("harden.preflight", Effect.EDIT, place="header origin", edit=Edit(status=204, added=added))

    def on_answer_head(self, call: Call, answer: Answer) -> Decision | Edit | None:
        """Add what is missing. One look for all but cookies and foreign websites."""
        present = dict(answer.headers)
        is_private = (
            self._settings.no_store
            and (not call.principal.is_anonymous or b"set-cookie" in present)
            and self._may_be_kept(call, present)
        )
        key = (
            call.scheme == "https",
            is_private,
            present.get(b"x-content-type-options") == b"nosniff",
            b"x-frame-options" in present or b"frame-ancestors" in present.get(b"content-security-policy", b""),
            b"content-security-policy" in present,
            b"referrer-policy" in present,
            b"strict-transport-security" in present,
            b"permissions-policy" in present or b"html" not in answer.media_type,
        )
        plain = self._plain[key] if key in self._plain else self._made(key)
        origin = call.header.get(b"origin", b"")
        if b"set-cookie" in present:
            return self._with(call, answer, present, plain)
        if self._allowed is None:
            return plain if not origin else self._with(call, answer, present, plain)
        if origin:
            return self._with(call, answer, present, plain)
        return self._without_origin(call, answer, present, plain, key)

    def repeats_head(self, answer: Answer) -> bool:
        """Return whether it only counts which headers are there, and not what they say."""
        return _TELLING.isdisjoint(answer.names)

    def _without_origin(
        self, call: Call, answer: Answer, present: dict[bytes, bytes], plain: Edit | None, key: tuple[bool, ...]
    ) -> Decision | Edit | None:
        """Return what is done where no website asks: the same for all answers that have the same headers."""
        kept_as = (key, present.get(b"vary", b""), b"".join(sorted(_CORS & present.keys())))
        if kept_as not in self._listed_known:
            if len(self._listed_known) >= MAX_KEPT:
                self._listed_known.clear()
            self._listed_known[kept_as] = self._with(call, answer, present, plain)
        return self._listed_known[kept_as]

    def _may_be_kept(self, call: Call, present: dict[bytes, bytes]) -> bool:
        """Whether a cache might keep a private answer as things stand."""
        said = present.get(b"cache-control", b"").lower()
        if not said:
            return True
        if any(word in said for word in _KEPT_BACK):
            return False
        return b"set-cookie" in present or call.operation_key in self._secured

    def _made(self, key: tuple[bool, ...]) -> Edit | None:
        is_https, is_private, sniff, frame, policy, referrer, hsts, permissions = key
        added: list[tuple[bytes, bytes]] = []
        if not sniff:
            added.append(_NOSNIFF)
        if not frame:
            # A policy of the API's own stays as it is: browsers read X-Frame-Options beside it.
            added += [pair for pair in self._frame if not (policy and pair[0] == b"content-security-policy")]
        if not referrer and self._settings.referrer:
            added.append((b"referrer-policy", self._settings.referrer.encode()))
        if not permissions and self._settings.permissions:
            added.append((b"permissions-policy", self._settings.permissions.encode()))
        if is_private:
            added.append(_NO_STORE)
        if is_https and not hsts and self._hsts:
            added.append((b"strict-transport-security", self._hsts))
        made = self._plain[key] = Edit(added=tuple(added)) if added else None
        return made

    def _with(
        self, call: Call, answer: Answer, present: dict[bytes, bytes], plain: Edit | None
    ) -> Decision | Edit | None:
        """Return `plain` together with what is done to cookies and to the permissions of websites."""
        rule = ""
        added: list[tuple[bytes, bytes]] = list(plain.added) if plain else []
        removed: frozenset[bytes] = frozenset()
        if self._settings.cookies and b"set-cookie" in present:
            cookies = [value for name, value in answer.headers if name == b"set-cookie"]
            safe = [hardened(value, self._cookies, is_https=call.scheme == "https") for value in cookies]
            if safe != cookies:
                rule = "harden.cookie"
                added += [(b"set-cookie", value) for value in safe]
        if self._allowed is not None:
            removed, more = self._listed(call, present, self._allowed)
            added += more
        elif self._is_open(call, present):
            rule, removed = "harden.origin", _CORS
        removed &= present.keys()
        if not added and not removed:
            return None
        edit = Edit(added=tuple(added), removed=removed)
        return _decision(rule, edit) if rule else edit

    def _listed(
        self, call: Call, present: dict[bytes, bytes], allowed: AllowList
    ) -> tuple[frozenset[bytes], list[tuple[bytes, bytes]]]:
        origin = call.header.get(b"origin", b"")
        vary = present.get(b"vary", b"")
        more = (
            [] if b"origin" in vary.lower() or vary == b"*" else [(b"vary", vary + b", Origin" if vary else b"Origin")]
        )
        if origin and allowed.holds(origin):
            more += [(b"access-control-allow-origin", origin), *self._granted]
        return _CORS, more

    @staticmethod
    def _is_open(call: Call, present: dict[bytes, bytes]) -> bool:
        """Whether the API trusts a website that it has no reason to trust."""
        said = present.get(b"access-control-allow-origin")
        if said is None:
            return False
        origin = call.header.get(b"origin", b"")
        is_own = is_own_site(origin, call.host, is_https=call.scheme == "https")
        return is_trusting(said, present.get(b"access-control-allow-credentials", b""), origin) and not is_own


def _decision(rule: str, edit: Edit) -> Decision:
    names = sorted(
        {name.decode("latin-1") for name, _ in edit.added} | {name.decode("latin-1") for name in edit.removed}
    )
    return Decision(rule, Effect.EDIT, place="answer headers", saw=", ".join(names)[:300], edit=edit)


def _frame_headers(frame: Frame) -> _Added:
    if frame is Frame.KEEP:
        return ()
    who = (b"'none'", b"DENY") if frame is Frame.DENY else (b"'self'", b"SAMEORIGIN")
    return ((b"content-security-policy", b"frame-ancestors " + who[0]), (b"x-frame-options", who[1]))


def _hsts(settings: HardenSettings) -> bytes:
    if not settings.hsts_s:
        return b""
    return f"max-age={settings.hsts_s}{'; includeSubDomains' if settings.hsts_subdomains else ''}".encode()


def _granted(settings: HardenSettings) -> _Added:
    found = [(b"access-control-allow-credentials", b"true")] if settings.allow_credentials else []
    if settings.exposed_headers:
        found.append((b"access-control-expose-headers", ", ".join(settings.exposed_headers).encode()))
    return tuple(found)


def _preflight(settings: HardenSettings) -> _Added:
    return (
        (b"access-control-allow-methods", ", ".join(settings.allowed_methods).encode()),
        (b"access-control-allow-headers", ", ".join(settings.allowed_headers).encode()),
        (b"access-control-max-age", str(settings.max_age_s).encode()),
    )
