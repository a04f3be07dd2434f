"""What is tried to make an account, and when it is given up. The ways that work end to end: test_accounts.py."""

import asyncio
import json
import random

import pytest

from apiward.core.api import Api
from apiward.scan.calling.arguments import BODY, Slot
from apiward.scan.calling.caller import Caller
from apiward.scan.calling.traffic import Budget, Traffic
from apiward.scan.calling.values import ValueMaker
from apiward.scan.identities.personas import invent
from apiward.scan.identities.sign_up import SignUp, password_in, sign_up, sign_up_operations
from tests.scan.operations import op
from tests.scan.senders import FakeSender, Waits, answer

ANN = invent(random.Random(1))
FIELDS = "username email password role is_admin"


def _sign_up(sender: FakeSender, fields: str = FIELDS, extra: dict[Slot, str] | None = None) -> SignUp:
    caller = Caller("http://api.test", Traffic(sender, Budget(), clock=lambda: 0.0, wait=Waits()))
    maker = ValueMaker(random.Random(1), ANN.value_for)
    return asyncio.run(sign_up(caller, op("POST /register", body=fields), ANN, maker, extra or {}))


def test_a_first_attempt_that_works_is_the_last() -> None:
    sender = FakeSender([answer(201)])
    done = _sign_up(sender)
    assert done.is_done
    assert len(sender.sent) == 1
    sent = json.loads(sender.sent[0].body)
    assert (sent["username"], sent["email"], sent["password"]) == (ANN.handle, ANN.email, ANN.password)
    assert password_in(done.sent) == ANN.password


def test_extra_properties_are_sent_along_at_every_attempt() -> None:
    sender = FakeSender([answer(400), answer(201)])
    assert _sign_up(sender, extra={Slot(BODY, ("admin",)): "yes"}).is_done
    assert [json.loads(request.body)["admin"] for request in sender.sent] == ["yes", "yes"]


def test_what_is_not_liked_is_tried_otherwise_but_not_for_ever() -> None:
    sender = FakeSender([answer(422, b'{"detail": "no"}')])
    done = _sign_up(sender)
    assert not done.is_done
    assert done.answer.status == 422
    assert 3 <= len(sender.sent) <= 9


def test_the_last_attempt_has_a_plainer_password_and_it_is_remembered() -> None:
    sender = FakeSender([*[answer(400)] * 20])
    done = _sign_up(sender)
    assert password_in(done.sent).isalnum()
    assert password_in(done.sent) != ANN.password


@pytest.mark.parametrize("status", [401, 403, 404, 405])
def test_a_clear_no_ends_it_at_once(status: int) -> None:
    sender = FakeSender([answer(status)])
    assert not _sign_up(sender).is_done
    assert len(sender.sent) == 1


def test_the_plainest_sign_up_comes_first() -> None:
    lines = ["POST /admin/register", "POST /vendors/register", "POST /users", "POST /register"]
    api = Api("t", "1", tuple(op(line, body="email password") for line in lines))
    assert sign_up_operations(api)[0].path == "/register"
    assert sign_up_operations(api)[-1].path in ("/admin/register", "/vendors/register")
