"""Rules about one value of a request: its form, its length, its size. Learned from harmless values, never an attack."""

import re
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from apiward.app.patching.cases import Case, Made, Rule, Unheld, patch
from apiward.core.api import Operation
from apiward.core.exchange import Exchange, Request
from apiward.core.jsonvalue import Json, NotJson, at, parse_json, walk
from apiward.core.schema import Schema

EMAIL: Final = r"[\pL\pN._%+\-]{1,64}@[\pL\pN\-]+(\.[\pL\pN\-]+)+"
NUMBER: Final = r"-?[0-9]{1,18}"
UUID: Final = r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
PUBLIC_HOST: Final = r"([\pL\pN\-]{1,63}\.)+\pL{2,24}(:[0-9]{1,5})?"
PUBLIC_ADDRESS: Final = rf"https?://{PUBLIC_HOST}([/?#][^\s\\]*)?"
"""An address on the web by a name: neither a number, nor a name without a dot, nor anything before an @."""
OWN_ADDRESS: Final = r"/([^/\\\s][^\\\s]*)?"
"""An address on this website itself, which no browser takes for another's."""
AMOUNT: Final = r"0*[1-9][0-9]{0,8}(\.0+)?"
NAME: Final = r"[\pL\pN._~@:+ \-]{1,200}"
FILE: Final = r"[\pL\pN_~ \-]{1,100}(\.[\pL\pN_~ \-]{1,40})*"
FILE_IN_FOLDERS: Final = rf"{FILE}(/{FILE})*"
_INJECTION: Final = "INJ"
_PLAIN_CONTROLS: Final = ("INJ01", "RES02")
"""Checks whose control held a fitting value. Those of the others are as odd as their attacks."""
_LEADS_TO_FILES: Final = "INJ04"
_MAX_TEXT: Final = 1_000
_LEAST_PAGE: Final = 100
_MAX_ENUM: Final = 20
_PLACE_IN_LIST: Final = re.compile(r"\[\d+\]")
_WITHOUT_QUOTES: Final = re.compile(r"[\w.~@:+ -]{1,200}")


def value(case: Case) -> Made:
    """Hold one value to a form."""
    operation = case.operation
    place, _, name = case.finding.place.partition(" ")
    if operation is not None and case.finding.place == "body":
        return (_looked_for(operation),)  # the whole body is one value
    if place == "cookie":
        return Unheld("the guard has no rule for the form of a cookie")
    if operation is None or place not in ("path", "query", "body", "header") or not name:
        return Unheld("the finding does not tell which value it is about")
    if case.finding.check == "RES02":
        return _page(case, operation, name)
    if case.finding.check in ("SSR01", "CFG09"):
        form = OWN_ADDRESS if case.finding.check == "CFG09" else _leading_out(case)
        return (patch("parameter-pattern", operation.key, target=f"{place}.{name}", pattern=form),)
    if case.finding.check == "CFG11":
        return (_without_markup(operation, place, name),)
    if case.finding.check == "FLO03":
        target = f"{place}.{_PLACE_IN_LIST.sub('', name)}"
        return (patch("parameter-pattern", operation.key, target=target, pattern=AMOUNT),)
    rules = _formed(case, operation, place, name)
    if case.finding.check.startswith(_INJECTION):
        rules.append(_looked_for(operation))
    return tuple(rules)


def _without_markup(operation: Operation, place: str, name: str) -> Rule:
    form = rf"[^<>]{{0,{_MAX_TEXT}}}"
    return patch("parameter-pattern", operation.key, target=f"{place}.{name}", pattern=form)


def _leading_out(case: Case) -> str:
    """Return the form of what a server may be sent to: an address, or a host where only that was sent."""
    request = case.finding.evidence.attack.request
    parts = urlsplit(request.url)
    sent = " ".join(map(unquote, (*parts.path.split("/"), parts.query, request.body.decode("utf-8", "replace"))))
    call = next(iter(case.finding.evidence.more), None)
    host = re.escape(urlsplit(call.request.url).netloc) if call is not None else ""
    # in an address, a host stands behind a slash or a name with an @; in another spelling it does not stand at all
    return PUBLIC_HOST if host and re.search(rf"(?<![/@]){host}", sent) else PUBLIC_ADDRESS


def _looked_for(operation: Operation) -> Rule:
    return patch("stages-on", operation.key, stages=("shape", "inspect"))


def _formed(case: Case, operation: Operation, place: str, name: str) -> list[Rule]:
    schema = _schema(operation, place, name) or Schema()
    target = f"{place}.{name}"
    if case.finding.check == _LEADS_TO_FILES:
        return [patch("parameter-pattern", operation.key, target=target, pattern=_file_form(schema))]
    form = _form(schema, place, name, harmless(case, operation, place, name))
    if form:
        return [patch("parameter-pattern", operation.key, target=target, pattern=form)]
    longest = min(schema.max_length or _MAX_TEXT, _MAX_TEXT)
    return [patch("parameter-pattern", operation.key, target=target, pattern=f"(?s).{{0,{longest}}}")]


def _page(case: Case, operation: Operation, name: str) -> Made:
    schema = _schema(operation, "query", name) or Schema()
    control = case.finding.evidence.control
    usual = _longest_list(control) if control else 0
    most = schema.maximum or float(max(_LEAST_PAGE, usual))
    return (patch("parameter-max", operation.key, target=f"query.{name}", most=most),)


def _form(schema: Schema, place: str, name: str, seen: list[str]) -> str:
    """Return the pattern that the description or the harmless values ask for; none for free text."""
    if schema.enum and len(schema.enum) <= _MAX_ENUM:
        return "|".join(re.escape(str(one)) for one in schema.enum)
    if "integer" in schema.types or (seen and all(re.fullmatch(NUMBER, one) for one in seen)):
        return NUMBER
    if schema.format == "uuid" or (seen and all(re.fullmatch(UUID, one) for one in seen)):
        return UUID
    if schema.format == "email" or "mail" in name.lower().rpartition(".")[2]:
        return EMAIL
    if place == "path" and all(_WITHOUT_QUOTES.fullmatch(one) for one in seen):
        return NAME
    return ""


def _file_form(schema: Schema) -> str:
    """Return the form of names of files, with folders before them where the description gives such examples."""
    if schema.enum and len(schema.enum) <= _MAX_ENUM:
        return "|".join(re.escape(str(one)) for one in schema.enum)
    return FILE_IN_FOLDERS if any("/" in str(one) for one in schema.examples) else FILE


def harmless(case: Case, operation: Operation, place: str, name: str) -> list[str]:
    """Return the values that the rightful requests of the finding had there, and those that the description gives."""
    evidence = case.finding.evidence
    schema = _schema(operation, place, name) or Schema()
    found = [str(one) for one in schema.examples if isinstance(one, str | int)]
    if case.finding.check in _PLAIN_CONTROLS and evidence.control is not None:
        found += _sent(evidence.control.request, operation, place, name)
    return [one for one in found if "…" not in one][:_MAX_ENUM]


def _sent(request: Request, operation: Operation, place: str, name: str) -> list[str]:
    """Return the values that a request carried at a place."""
    parts = urlsplit(request.url)
    if place == "query":
        return [text for key, text in parse_qsl(parts.query) if key == name]
    if place == "path":
        form = re.escape(operation.path).replace(re.escape("{" + name + "}"), "(?P<wanted>[^/]+)")
        form = re.sub(r"\\\{[^{}]*\\\}", "[^/]+", form)
        match = re.search(f"{form}$", parts.path)
        return [unquote(match["wanted"])] if match else []
    body = _json(request)
    node = at(body, tuple(name.split("."))) if not isinstance(body, NotJson) else NotJson.NOT_JSON
    return [] if isinstance(node, NotJson | dict | list) else [str(node)]


def _schema(operation: Operation, place: str, name: str) -> Schema | None:
    if place != "body":
        return next((one.schema for one in operation.parameters if one.name == name and one.place == place), None)
    schema = operation.body_schema()
    for step in name.split("."):
        schema = schema.properties.get(step) if schema is not None else None
    return schema


def _json(request: Request) -> Json | NotJson:

    return parse_json(request.body)


def _longest_list(exchange: Exchange) -> int:
    body = exchange.response.json() if exchange.response else NotJson.NOT_JSON
    if isinstance(body, NotJson):
        return 0
    return max((len(node) for _, node in walk(body, depth=3) if isinstance(node, list)), default=0)
