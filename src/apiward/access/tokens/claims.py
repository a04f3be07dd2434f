"""What a token with a right signature says: whether it is meant for here, for this use, and for now (RFC 8725)."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from apiward.access.refusals import refused, shown
from apiward.core.decision import Decision
from apiward.core.jsonvalue import Json

DEFAULT_TYPES: Final = frozenset({"jwt", "at+jwt"})
_NO_ACCESS_KINDS: Final = frozenset({"id", "refresh", "offline", "logout", "reset", "verify"})
_KIND_CLAIMS: Final = ("typ", "token_use", "token_type", "type")
_ID_TOKEN_CLAIMS: Final = frozenset({"at_hash", "c_hash"})


@dataclass(frozen=True, slots=True)
class ClaimRules:
    """What the tokens of one issuer must say. `types` are in lower case; an empty `audience` asks for none."""

    issuer: str
    audience: frozenset[str] = frozenset()
    types: frozenset[str] = DEFAULT_TYPES
    has_stated_types: bool = False
    accepts_id_tokens: bool = False
    requires_end: bool = True
    skew_s: float = 30.0

    def refusal(self, kind: str | None, claims: Mapping[str, Json], now_s: float) -> Decision | None:
        """Return why the token is no good here and now, or None."""
        return (
            self._wrong_type(kind)
            or self._wrong_issuer(claims.get("iss"))
            or self._wrong_audience(claims.get("aud"))
            or self._wrong_use(claims)
            or self._wrong_time(claims, now_s)
        )

    def _wrong_type(self, kind: str | None) -> Decision | None:
        if kind is None:
            return refused("token-type", saw="typ is missing") if self.has_stated_types else None
        plain = kind.lower().removeprefix("application/")
        return None if plain in self.types else refused("token-type", saw=f"typ {shown(kind)}")

    def _wrong_issuer(self, issuer: Json) -> Decision | None:
        if issuer == self.issuer or (issuer is None and not self.issuer):
            return None
        if isinstance(issuer, str) and issuer.rstrip("/") == self.issuer.rstrip("/"):
            return refused("token-issuer", saw="iss differs by the slash at its end")
        return refused("token-issuer", saw=f"iss {shown(issuer)}")

    def _wrong_audience(self, audience: Json) -> Decision | None:
        if not self.audience:
            return None
        named = audience if isinstance(audience, list) else [audience]
        if any(isinstance(name, str) and name in self.audience for name in named):
            return None
        return refused("token-audience", saw=f"aud {shown(audience)}")

    def _wrong_use(self, claims: Mapping[str, Json]) -> Decision | None:
        for name in _KIND_CLAIMS:
            value = claims.get(name)
            if isinstance(value, str) and value.lower() in _NO_ACCESS_KINDS and not self._is_id(value):
                return refused("token-use", saw=f"{name} {shown(value)}")
        if not self.accepts_id_tokens and _ID_TOKEN_CLAIMS & claims.keys():
            return refused("token-use", saw="an ID token, made for an app")
        return None

    def _is_id(self, value: str) -> bool:
        return self.accepts_id_tokens and value.lower() == "id"

    def _wrong_time(self, claims: Mapping[str, Json], now_s: float) -> Decision | None:
        end, start, issued = claims.get("exp"), claims.get("nbf"), claims.get("iat")
        if end is None and self.requires_end:
            return refused("token-endless", saw="exp is missing")
        for name, value in (("exp", end), ("nbf", start), ("iat", issued)):
            if value is not None and not _is_time(value):
                return refused("token-time", saw=f"{name} is no number of seconds")
        if end is not None and seconds(end) <= now_s - self.skew_s:
            return refused("token-expired", saw=f"ended {_ago(now_s - seconds(end))}")
        if start is not None and seconds(start) > now_s + self.skew_s:
            return refused("token-early", saw="nbf lies ahead")
        if issued is not None and seconds(issued) > now_s + self.skew_s:
            return refused("token-early", saw="iat lies ahead")
        return None


def seconds(value: Json) -> float:
    """Return a time claim as seconds since the epoch; one beyond all bounds is cut to the far future or past."""
    if not _is_time(value):
        return 0.0
    return float(min(max(value, -(2**53)), 2**53)) if isinstance(value, int | float) else 0.0


def _is_time(value: Json) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return isinstance(value, int) or math.isfinite(value)


def _ago(past_s: float) -> str:
    return f"{past_s:.0f} s ago" if past_s < 7_200 else f"{min(past_s / 3_600, 99_999):.0f} h ago"
