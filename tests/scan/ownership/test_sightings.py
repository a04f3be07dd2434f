"""What everybody was shown, and where an object was seen."""

import json

from apiward.core.exchange import Exchange, Request, Response
from apiward.core.jsonvalue import Json
from apiward.scan.ownership.objects import OwnedObject
from apiward.scan.ownership.sightings import Sightings

MARK = "abcd12345"


def _answer(body: Json, status: int = 200) -> Exchange:
    return Exchange(Request("GET", "http://api.test/orders"), Response(status, (), json.dumps(body).encode()))


def _order(*, mark: str = "", number: int = 7) -> OwnedObject:
    marks = frozenset({mark} if mark else ())
    return OwnedObject("ann", "order", "/orders", {"orderid": (number,)}, marks)


def test_an_object_is_found_by_its_mark() -> None:
    sightings = Sightings()
    sightings.keep("GET /orders", "ann", _answer([{"title": f"title {MARK}"}]))
    sightings.keep("GET /items", "ann", _answer([{"title": "title efgh12345"}]))
    assert list(sightings.showing("ann", [_order(mark=MARK)])) == ["GET /orders"]
    assert sightings.showing("bob", [_order(mark=MARK)]) == {}
    assert sightings.is_shown("ann", MARK)
    assert not sightings.is_shown("bob", MARK)


def test_what_was_not_meant_for_the_viewer_makes_nothing_public() -> None:
    sightings = Sightings()
    sightings.keep("GET /admin/orders", "bob", _answer({"orders": [{"note": MARK}]}), is_meant=False)
    assert not sightings.is_shown("bob", MARK)
    assert sightings.get("GET /admin/orders", "bob") is not None
    sightings.keep("GET /orders", "bob", _answer({"orders": [{"note": MARK}]}))
    assert sightings.is_shown("bob", MARK)


def test_an_object_without_marks_is_found_by_its_identifier() -> None:
    sightings = Sightings()
    sightings.keep("GET /orders", "ann", _answer([{"id": 7}]))
    sightings.keep("GET /sums", "ann", _answer([{"total": 7}]))
    assert list(sightings.showing("ann", [_order()])) == ["GET /orders"]
    assert sightings.showing("ann", [_order(number=8)]) == {}


def test_an_answer_that_was_replaced_or_refused_shows_nothing() -> None:
    sightings = Sightings()
    sightings.keep("GET /orders", "ann", _answer([{"id": 7}]))
    sightings.keep("GET /orders", "ann", _answer([]))
    sightings.keep("GET /more", "ann", _answer([{"id": 7}], status=403))
    assert sightings.showing("ann", [_order()]) == {}


def test_the_length_of_what_was_shown_is_told() -> None:
    sightings, shown = Sightings(), _answer([{"id": 7}])
    sightings.keep("GET /orders", "ann", shown)
    assert sightings.showing("ann", [_order(), _order()]) == {"GET /orders": len(shown.text)}
    assert sightings.get("GET /orders", "ann") == shown
    assert sightings.get("GET /orders", "") is None
    assert list(sightings) == [("GET /orders", "ann", shown)]
