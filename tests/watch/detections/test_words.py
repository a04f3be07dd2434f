"""What owners read of each detection is true of the events that it was told for, and nothing in it stays open."""

from collections.abc import Sequence

from apiward.catalogue.detections import load_detections
from apiward.core.detection import Detection
from apiward.watch.detections.accounts.stuffing import Stuffing
from apiward.watch.detections.attacks.injection import Injection
from apiward.watch.detections.inventory.shadow_probing import ShadowProbing
from apiward.watch.detections.money.carding import Carding
from apiward.watch.detections.objects.foreign import Foreign
from tests.watch.seeing import event, log_in, read, told, unknown

_GUARD_SAW = "inspect.sql"


def said(found: Sequence[Detection]) -> list[str]:
    return [load_detections()[one.rule].told(dict(one.facts)) for one in found]


def test_addresses_are_not_called_accounts_where_accounts_are_not_known() -> None:
    crowd = [log_in(5.0 * number, client=f"203.0.113.{number}") for number in range(40)]
    (text,) = said(told(Stuffing, crowd))
    assert "40 log-ins failed" in text
    assert "from 40 different addresses" in text
    assert "Which accounts were tried is not known here" in text


def test_accounts_are_told_where_they_are_known() -> None:
    crowd = [log_in(30.0 * number, f"account {number}", client=f"203.0.113.{number}") for number in range(14)]
    assert said(told(Stuffing, crowd)) == ["14 log-ins to 14 different accounts failed within a quarter of an hour."]
    one = [log_in(20.0 * number, f"account {number}") for number in range(12)]
    assert said(told(Stuffing, one)) == [
        "12 log-ins to 12 different accounts failed within a quarter of an hour, from 1 address."
    ]


def test_one_address_of_a_log_is_one_address() -> None:
    (text,) = said(told(Stuffing, [log_in(10.0 * number) for number in range(25)]))
    assert "25 log-ins failed" in text
    assert "from 1 address." in text


def test_payments_of_many_are_not_those_of_one_caller() -> None:
    tries = [
        event(10.0 * number, "POST /api/payments", status=402, who=f"user:{number}", client=f"203.0.113.{number}")
        for number in range(30)
    ]
    (text,) = said(told(Carding, tries))
    assert "one caller" not in text
    assert "30 payments of 30 callers were declined" in text


def test_what_was_given_out_once_is_not_told_as_refused() -> None:
    given = read(0.0, 7, rules=("objects.foreign",))
    refused = [read(10.0 + number, number, rules=("objects.foreign",), status=404, refused=True) for number in range(4)]
    assert said(told(Foreign, refused)) == [
        "A caller asked for something that belongs to somebody else; it was refused."
    ]
    assert said(told(Foreign, [given, *refused])) == [
        "A caller asked for something that belongs to somebody else; it was given out."
    ]


def test_a_guard_is_not_named_where_none_need_be() -> None:
    tries = [event(float(number), rules=(_GUARD_SAW,), status=200 if number == 2 else 403) for number in range(6)]
    (text,) = said(told(Injection, tries))
    assert "guard" not in text
    assert "at least one was answered" in text
    assert text.startswith("6 requests of one caller")


def test_addresses_that_are_well_known_are_counted_once() -> None:
    (one,) = told(ShadowProbing, [unknown(0.0, "/.env"), unknown(1.0, "/wp-login.php"), unknown(2.0, "/actuator/env")])
    assert "at least 3 addresses" in said([one])[0]
    assert one.count == 3
