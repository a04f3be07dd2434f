"""What clients are told."""

import json

import pytest

from apiward.net.proxy import failures
from apiward.net.proxy.problems import KINDS, problem


def _errors() -> list[type[failures.UpstreamError]]:
    direct = failures.UpstreamError.__subclasses__()
    return [failures.UpstreamError, *direct, *failures.UnreachableError.__subclasses__()]


@pytest.mark.parametrize("error", _errors())
def test_every_failure_has_words(error: type[failures.UpstreamError]) -> None:
    assert error.kind in KINDS
    assert error.status in {502, 503, 504}


def test_a_problem_is_complete() -> None:
    fields, body = problem(503, "upstream-resting", "i1", retry_after_s=0.2)
    said = json.loads(body)
    assert said["type"] == "urn:apiward:proxy.upstream-resting"
    assert said["incident"] == "i1"
    assert said["status"] == 503
    assert dict(fields)[b"content-length"] == str(len(body)).encode()
    assert dict(fields)[b"retry-after"] == b"1"
    assert b"retry-after" not in dict(problem(502, "upstream-failed", "i")[0])
