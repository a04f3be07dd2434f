"""Findings as a scan has kept them, read back from its JSON report (`apiward.scan/1`)."""

from collections.abc import Mapping
from typing import Final

from apiward.catalogue.forms import SEVERITIES
from apiward.core.exchange import Exchange, Failure, Headers, Request, Response
from apiward.core.finding import Finding
from apiward.core.jsonvalue import Json
from apiward.core.verdict import Confidence, Evidence

_NO_ANSWER: Final = Failure.UNREACHABLE


class UnreadableFindingError(ValueError):
    """A kept finding that this version cannot read."""


def read_finding(found: Mapping[str, Json]) -> Finding:
    """Return a finding as it was; raises UnreadableFindingError."""
    try:
        evidence = _table(found["evidence"])
        more = evidence["more"]
        control = evidence["control"]
        return Finding(
            check=str(found["check"]),
            operation=str(found["operation"]),
            place=str(found["place"]),
            severity=SEVERITIES[str(found["severity"])],
            confidence=Confidence(str(found["confidence"])),
            saw=str(found["saw"]),
            evidence=Evidence(
                _exchange(_table(evidence["attack"])),
                _exchange(_table(control)) if control is not None else None,
                tuple(_exchange(_table(one)) for one in more) if isinstance(more, list) else (),
            ),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise UnreadableFindingError(str(error)) from error


def _table(value: Json) -> Mapping[str, Json]:
    if not isinstance(value, dict):
        raise TypeError("must be an object")
    return value


def _exchange(found: Mapping[str, Json]) -> Exchange:
    asked, answered = _table(found["request"]), found["response"]
    request = Request(str(asked["method"]), str(asked["url"]), _headers(asked["headers"]), str(asked["body"]).encode())
    if answered is None:
        failure = found["failure"]
        return Exchange(request, failure=Failure(str(failure)) if failure else _NO_ANSWER)
    told = _table(answered)
    status = told["status"]
    if not isinstance(status, int):
        raise TypeError("a status must be a number")
    body = str(told["body"]).encode()
    return Exchange(request, Response(status, _headers(told["headers"]), body, told["body_is_cut"] is True))


def _headers(found: Json) -> Headers:
    pairs = found if isinstance(found, list) else []
    return tuple((str(pair[0]), str(pair[1])) for pair in pairs if isinstance(pair, list) and len(pair) == 2)
