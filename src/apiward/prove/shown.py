"""An exchange as text that a developer reads: start line, headers, body. Masked before it comes here."""

import json

from apiward.core.exchange import Exchange, Headers, Request, Response
from apiward.core.jsonvalue import NotJson, parse_json
from apiward.prove.neutral import neutral, one_line, shortened


def exchange_text(exchange: Exchange, *, body_chars: int) -> str:
    """Return request and answer, one after the other, with bodies of at most `body_chars` characters."""
    return f"{request_text(exchange.request, body_chars=body_chars)}\n\n{answer_text(exchange, body_chars=body_chars)}"


def request_text(request: Request, *, body_chars: int) -> str:
    """Return the request as harmless text."""
    return _message(f"{request.method} {request.url}", request.headers, _body(request.body, limit=body_chars))


def answer_text(exchange: Exchange, *, body_chars: int) -> str:
    """Return the answer as harmless text, or why there was none."""
    response = exchange.response
    if response is None:
        detail = f": {exchange.failure_detail}" if exchange.failure_detail else ""
        return one_line(f"no answer ({exchange.failure}){detail}")
    return _message(f"HTTP {response.status}", response.headers, _answer_body(response, body_chars))


def _message(start: str, headers: Headers, body: str) -> str:
    lines = [one_line(start), *(one_line(f"{name}: {value}") for name, value in headers)]
    return "\n".join([*lines, "", body] if body else lines)


def _answer_body(response: Response, limit: int) -> str:
    text = _body(response.body, limit=limit)
    return f"{text}\n… (the answer went on)" if response.is_cut else text


def _body(body: bytes, *, limit: int) -> str:
    text = body.decode("utf-8", "replace")
    return shortened(neutral(_readable(text, limit), keep="\n"), limit)


def _readable(text: str, limit: int) -> str:
    """JSON that fits when it is laid out over lines is; anything else stays as it is."""
    plain = text.replace("\r\n", "\n")
    value = parse_json(text) if len(text) <= limit else text
    if isinstance(value, NotJson) or not isinstance(value, dict | list):
        return plain
    try:
        lines = json.dumps(value, indent=2, ensure_ascii=False)
    except RecursionError:  # the writer needs more stack than the reader did
        return plain
    return lines if len(lines) <= limit else plain
