import random

import pytest

from apiward.core.api import Api, Operation
from apiward.guard.permission.cedar import cedar_policies
from apiward.guard.permission.rules import PermitSettings, RuleSettings
from apiward.guard.permission.table import Permissions
from tests.guard.permission.random_rules import differences


@pytest.mark.long
def test_the_table_says_what_cedar_says() -> None:
    # benchmarks/permit_cedar.py judges 100,000 requests
    allowed = 0
    for seed in range(80):
        passed, different = differences(random.Random(seed), 200)
        assert different == []
        allowed += passed
    assert 4_000 < allowed < 12_000


def test_policies_are_text_that_people_can_read() -> None:
    api = Api("shop", "1", (Operation("GET", "/a"), Operation("GET", "/b")))
    rule = RuleSettings(name="staff only", operations=("/a",), roles=("staff",), unless_roles=("guest",))
    text = cedar_policies(Permissions(PermitSettings(rules=(rule,)), api))
    assert (
        text
        == """\
@id("staff only")
permit (principal, action == Action::"call", resource)
when { ([Operation::"GET /a"].contains(resource)) && (principal in Role::"staff") && \
["device", "key", "token", "user"].contains(principal.kind) }
unless { principal in Role::"guest" };

@id("default open")
permit (principal, action == Action::"call", resource)
when { [Operation::"GET /b"].contains(resource) };
"""
    )
