"""Masks what is kept as evidence: secrets and personal data become signs, the shape stays readable."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final, TypeVar
from urllib.parse import unquote_plus

from apiward.classify.fields import kinds_of_field, pair_name
from apiward.classify.fitting import fitted, roughly_cut
from apiward.classify.kinds import Kind
from apiward.classify.known import KnownSecrets
from apiward.classify.names import kinds_of_name, words_of
from apiward.classify.pairs import mask_authorization, mask_cookies, mask_logins, mask_pairs, mask_set_cookie
from apiward.classify.placeholders import is_message
from apiward.classify.signs import CUT, is_sign, masked, sign
from apiward.classify.terms import BENIGN_TAILS
from apiward.classify.values import MAX_TEXT, spans
from apiward.core.exchange import Exchange, Headers, Request, Response
from apiward.core.jsonvalue import Json, NotJson, parse_json

MAX_BODY: Final = 4_000
"""Bytes of a body that are kept."""
MAX_KEPT_TEXT: Final = 16_000
"""Characters of a text that are kept."""
MAX_URL: Final = 4_000
"""Characters of an address that are kept."""
MAX_HEADERS: Final = 100
MAX_HEADER: Final = 1_000
"""Characters of one header's value that are kept."""

_ROUNDS: Final = 6
_CUT_INPUT: Final = 16_000  # below values.MAX_TEXT, as masking short values makes a text longer
_KEPT_KINDS: Final = frozenset({Kind.IDENTIFIER, Kind.EMAIL})
_FORM: Final = "application/x-www-form-urlencoded"
_T = TypeVar("_T", str, bytes)


class Masker:
    """Masks texts and exchanges. `secrets` are the scan's own passwords, tokens and keys, raw.

    Every method is deterministic, never raises, and masking twice changes nothing. Known secrets are
    hidden in every form (see `known`); the rest is recognised by name and value, which is no proof
    that nothing is left: a password in the middle of a sentence looks like any other word.
    """

    __slots__ = ("_known",)

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._known = KnownSecrets(secrets)

    def mask_text(self, text: str) -> str:
        """Return `text`, cut at MAX_KEPT_TEXT characters, with everything private masked."""
        return _settled(lambda shown: _shortened(shown, MAX_KEPT_TEXT, self._text), text)

    def mask_exchange(self, exchange: Exchange) -> Exchange:
        """Return a copy of `exchange` that may be kept; times, statuses and header names are the same."""
        response = exchange.came or exchange.response
        return replace(
            exchange,
            came=None,
            request=self._request(exchange.request),
            response=self._response(response) if response else None,
            failure_detail=self.mask_text(exchange.failure_detail),
        )

    def mask_url(self, url: str) -> str:
        """Return `url` with log-in, path and query masked; scheme, host and field names stay."""
        return _settled(lambda shown: _shortened(shown, MAX_URL, self._url), url)

    def mask_body(self, body: bytes, *, media_type: str = "", is_cut: bool = False) -> bytes:
        """Return `body` masked, in UTF-8, at most MAX_BODY bytes; JSON stays JSON, other text says where it is cut."""
        return _settled(lambda shown: self._body(shown, media_type, is_cut=is_cut), body)

    def _request(self, request: Request) -> Request:
        media_type = (request.header("content-type") or "").partition(";")[0].strip().lower()
        return Request(
            method=self.mask_text(request.method),
            url=self.mask_url(request.url),
            headers=self._headers(request.headers),
            body=self.mask_body(request.body, media_type=media_type),
        )

    def _response(self, response: Response) -> Response:
        return Response(
            status=response.status,
            headers=self._headers(response.headers),
            body=self.mask_body(response.body, media_type=response.media_type, is_cut=response.is_cut),
            is_cut=response.is_cut or len(response.body) > MAX_BODY,
        )

    def _headers(self, headers: Headers) -> Headers:
        return tuple((self._known.hide(name), self._header(name, value)) for name, value in headers[:MAX_HEADERS])

    def _header(self, name: str, value: str) -> str:
        return _settled(lambda shown: _shortened(self._header_value(name.lower(), shown), MAX_HEADER, str), value)

    def _header_value(self, name: str, value: str) -> str:
        if name in {"authorization", "proxy-authorization"}:
            return mask_authorization(value, _hidden)
        if name == "cookie":
            return mask_cookies(value, _hidden)
        if name == "set-cookie":
            return self._known.hide(mask_set_cookie(value, _hidden))
        if _secret_kind(name) and value:
            return _hidden(value)
        return self._text(value)

    def _body(self, body: bytes, media_type: str, *, is_cut: bool) -> bytes:
        value = parse_json(body) if body else NotJson.NOT_JSON
        if isinstance(value, dict | list | str):
            return self._whole_json(value, len(body))
        mask = self._form if media_type == _FORM else self._text
        return _cut_bytes(body, is_cut=is_cut, mask=mask, hide_tail=self._known.hide_tail)

    def _whole_json(self, value: Json, size: int) -> bytes:
        shown = fitted(self._json("", roughly_cut(value, size)), MAX_BODY)
        text = shown.decode()
        hidden = self._known.hide(text)
        # A secret with quotes in it can span the marks of JSON itself: then only a text is kept.
        return shown if hidden == text else fitted(hidden, MAX_BODY)

    def _text(self, text: str) -> str:
        text = mask_logins(self._known.hide(text), _hidden)
        text = mask_pairs(text, self._named)
        return _without_spans(text)

    def _url(self, url: str) -> str:
        before, mark, query = self._known.hide(url).partition("?")
        query, hash_mark, fragment = query.partition("#")
        path = "/".join(self._text(part) for part in mask_logins(before, _hidden).split("/"))
        return path + mark + self._form(query) + hash_mark + self._form(fragment)

    def _form(self, text: str) -> str:
        return "&".join(self._form_field(part) for part in self._known.hide(text).split("&"))

    def _form_field(self, part: str) -> str:
        name, equals, value = part.partition("=")
        if not equals or not value or is_sign(value):
            return self._text(part)
        plain = unquote_plus(value)
        shown = self._named(unquote_plus(name), plain)
        shown = self._text(shown) if shown == plain else shown
        return self._text(name) + equals + (value if shown == plain else shown.replace("&", "%26").replace(" ", "+"))

    def _json(self, name: str, value: Json, *, is_inside_secret: bool = False) -> Json:
        if isinstance(value, dict):
            return self._object(value, is_inside_secret=is_inside_secret or bool(_secret_kind(name)))
        if isinstance(value, list):
            return [self._json(name, item, is_inside_secret=is_inside_secret) for item in value]
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            return self._leaf(name, value, is_inside_secret=is_inside_secret)
        text = str(value) if isinstance(value, float) or abs(value) < 10**40 else ""
        shown = self._leaf(name, text) if text else "…"
        return value if shown == text else shown

    def _object(self, value: dict[str, Json], *, is_inside_secret: bool) -> dict[str, Json]:
        shown: dict[str, Json] = {}
        paired = pair_name(value)
        for key, child in value.items():
            label = paired if paired and key in {"value", "Value"} else key
            kept = _without_spans(self._known.hide(key))
            while kept in shown:
                kept += "·"
            shown[kept] = self._json(label, child, is_inside_secret=is_inside_secret)
        return shown

    def _leaf(self, name: str, text: str, *, is_inside_secret: bool = False) -> str:
        if is_sign(text):
            return text
        if is_inside_secret and len(text) >= 8 and " " not in text and not _is_label(name):
            return sign(text)
        shown = self._named(name, text)
        return self._text(text) if shown == text else shown

    def _named(self, name: str, value: str) -> str:
        """Return the sign for `value` where the name says what it is, else the value itself."""
        if is_sign(value) or not value.strip():
            return value
        if _secret_kind(name):
            return self._known.hide(value) if is_message(value) else sign(value)
        promised = kinds_of_name(name)
        for kind in sorted(kinds_of_field(name, value) - _KEPT_KINDS):
            if kind in promised or kind in {Kind.HEALTH, Kind.IP_ADDRESS}:
                return masked(kind, value)
        return value


def _settled(mask: Callable[[_T], _T], given: _T) -> _T:
    """Apply `mask` until nothing changes, so that masking again changes nothing either."""
    for _ in range(_ROUNDS):
        shown = mask(given)
        if shown == given:
            return shown
        given = shown
    return given[:0]  # a text that never settles is not kept


def _shortened(text: str, limit: int, mask: Callable[[str], str]) -> str:
    shown = mask(text[:_CUT_INPUT].removesuffix(CUT))
    if len(text) <= min(limit, _CUT_INPUT) and len(shown) <= limit - len(CUT):
        return shown + CUT if text.endswith(CUT) else shown
    return shown[: limit - len(CUT)] + CUT


def _cut_bytes(body: bytes, *, is_cut: bool, mask: Callable[[str], str], hide_tail: Callable[[str], str]) -> bytes:
    if b"\0" in body[:_CUT_INPUT]:
        return b"[binary]"
    text = body[:_CUT_INPUT].decode("utf-8", "replace")
    is_cut = is_cut or text.endswith(CUT) or len(body) > _CUT_INPUT
    text = text.removesuffix(CUT)
    shown = mask(hide_tail(text) if is_cut else text).encode("utf-8", "replace")
    end = CUT.encode()
    if not is_cut and len(shown) <= MAX_BODY:
        return shown
    return shown[: MAX_BODY - len(end)].decode("utf-8", "ignore").encode() + end


def _without_spans(text: str) -> str:
    if len(text) > MAX_TEXT:
        text = text[: MAX_TEXT - len(CUT)] + CUT
    pieces: list[str] = []
    done = 0
    for span in spans(text):
        pieces += [text[done : span.start], masked(span.kind, text[span.start : span.end])]
        done = span.end
    return "".join([*pieces, text[done:]]) if pieces else text


def _hidden(text: str) -> str:
    return text if is_sign(text) else sign(text)


def _secret_kind(name: str) -> Kind | None:
    return next((kind for kind in sorted(kinds_of_name(name)) if kind.is_secret), None)


def _is_label(name: str) -> bool:
    words = words_of(name)
    return bool(words) and (words[-1] in BENIGN_TAILS or words[-1] in {"id", "created", "description"})
