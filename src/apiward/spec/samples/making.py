"""One request that was written down, as a sample: address, headers and body, without what is secret in them."""

import re
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from apiward.core.jsonvalue import NOT_JSON, Json, NotJson, parse_json
from apiward.spec.learning.texts import IDENTIFYING, is_value_like, look_of
from apiward.spec.meaning import naming
from apiward.spec.meaning.showing import shown_ways
from apiward.spec.origins import origin_of
from apiward.spec.samples.sample import Sample

MAX_BODY: Final = 1_000_000
MAX_PAIRS: Final = 400
FORM: Final = "application/x-www-form-urlencoded"
UNKNOWN: Final = "x"
"""Stands for a value of which nothing is known, not even that it is a number."""
_METHOD: Final = re.compile(r"[A-Za-z]{3,10}")

_WHOLE: Final = re.compile(r"\{\{([^{}]{1,100})\}\}|:([A-Za-z_][\w-]{0,60})|\{([^{}]{1,100})\}")
_NO_NAME: Final = re.compile(r"\W+")
_OPTIONAL: Final = frozenset({"x-requested-with", "x-csrf-token", "x-csrftoken", "x-xsrf-token"})

Pairs = Iterable[tuple[str, str]]


class NoRequestError(ValueError):
    """Something is no request that could be read; the message says why."""


def sample_of(
    method: str,
    url: str,
    headers: Pairs = (),
    *,
    body: str = "",
    body_type: str = "",
    form: Pairs = (),
    status: int = 0,
    answer: str = "",
    answer_type: str = "",
    shown: tuple[str, ...] = (),
    summary: str = "",
) -> Sample:
    """Return the sample. `{name}`, `{{name}}` and `:name` in the address stand for values. Raises NoRequestError."""
    if not _METHOD.fullmatch(method):
        raise NoRequestError("its method is none")
    origin, path, query = _split(url)
    told = [(name.lower().strip(), value) for name, value in headers][:MAX_PAIRS]
    kind = (body_type or next((value for name, value in told if name == "content-type"), "")).partition(";")[0]
    sent = _body(kind.strip().lower(), body, list(form)[:MAX_PAIRS])
    template, filled = template_of(path)
    answered = parse_json(answer) if 0 < len(answer) <= MAX_BODY else NOT_JSON
    return Sample(
        method.upper(),
        filled,
        template,
        query=tuple(pair for pair in query if not _is_credential(pair[0])),
        headers=tuple(name for name, _ in told if name.startswith("x-") and not _is_apart(name)),
        body_type=sent[0],
        body=sent[1],
        status=status if 100 <= status < 600 else 0,
        answer_type=answer_type.partition(";")[0].strip().lower() if not isinstance(answered, NotJson) else "",
        answer=answered,
        shown=tuple(dict.fromkeys([*shown, *_shown(told, query)])),
        is_refused=status == 401,
        summary=summary[:200],
        origin=origin,
    )


def template_of(path: str) -> tuple[str, str]:
    """Return the template of a written path, empty where nothing in it stands for a value, and the path filled in."""
    parts = path.split("/")
    told = [_WHOLE.fullmatch(part) for part in parts]
    if not any(told):
        return "", path
    template, filled = [], []
    for part, match in zip(parts, told, strict=True):
        if match is not None:
            name = _NO_NAME.sub("_", next(filter(None, match.groups()))).strip("_")
            template.append(f"{{{name}}}")
            filled.append(UNKNOWN)
        else:
            template.append("{}" if _is_value(part) else part)
            filled.append(part)
    return "/".join(template), "/".join(filled)


def _is_value(part: str) -> bool:
    return bool(part) and (look_of(part) in IDENTIFYING or is_value_like(part))


def _split(url: str) -> tuple[str, str, list[tuple[str, str]]]:
    text = url.strip()
    if not text or len(text) > 8_000 or any(ord(sign) < 33 for sign in text):
        raise NoRequestError("its address cannot be read")
    # what stands before the path may be a variable alone: `{{baseUrl}}/orders`
    text = re.sub(r"^\{\{[^{}]{1,100}\}\}", "", text)
    try:
        parts = urlsplit(text if "://" in text or text.startswith("/") else f"/{text}")
        _ = parts.port  # read so that one that is no number is told
    except ValueError:
        raise NoRequestError("its address cannot be read") from None
    if parts.scheme not in {"", "http", "https"}:
        raise NoRequestError("its address begins with neither http nor https")
    origin = "" if "{" in parts.netloc else origin_of(text)
    path = unquote(parts.path) or "/"
    return origin, path if path.startswith("/") else f"/{path}", parse_qsl(parts.query, keep_blank_values=True)


def _body(kind: str, text: str, form: list[tuple[str, str]]) -> tuple[str, Json | NotJson]:
    if form:
        named: dict[str, Json] = dict(form)
        return kind or FORM, named
    if not text or len(text) > MAX_BODY:
        return kind if text else "", NOT_JSON
    value = parse_json(text)
    if not isinstance(value, NotJson) and isinstance(value, dict | list):
        return kind if "json" in kind else "application/json", value
    if kind in {"", FORM} and re.match(r"[\w.\[\]%-]{1,100}=", text):
        pairs: dict[str, Json] = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_PAIRS))
        return FORM, pairs
    return kind or "text/plain", NOT_JSON


def _shown(headers: list[tuple[str, str]], query: Pairs) -> Iterator[str]:
    """Yield how the caller showed itself; never with what."""
    # in recordings, what was shown is often taken out
    authorization = next((value.strip() or "?" for name, value in headers if name == "authorization"), "")
    cookies = ";".join(value for name, value in headers if name == "cookie")
    others = [name for name, _ in headers if name != "authorization"]
    yield from shown_ways(authorization, others, cookies, (name for name, _ in query))
    yield from (f"query {name}" for name, _ in query if _is_key(name))


def _is_credential(name: str) -> bool:
    return naming.is_token_name(name) or _is_key(name)


def _is_key(name: str) -> bool:
    return naming.plain(name) == "key"


def _is_apart(name: str) -> bool:
    return name in _OPTIONAL or naming.is_token_name(name) or name.startswith(("x-forwarded", "x-amz", "x-datadog"))
