"""Lists that are too long to show everything say nothing about what they leave out."""

import json

import pytest

from apiward.core.api import Operation
from apiward.core.exchange import Exchange, Request, Response
from apiward.scan.ownership.belongings import Belongings
from apiward.scan.ownership.crowds import Crowds
from apiward.scan.ownership.objects import OwnedObject
from apiward.scan.ownership.sightings import Sightings

LIST = Operation("GET", "/articles")
MAKER = Operation("POST", "/articles")
MINE = OwnedObject("ann", "article", "/articles", {"articleid": (7,)}, frozenset({"abcd12345"}), MAKER)


def _crowds(listed: object) -> Crowds:
    sightings, belongings = Sightings(), Belongings()
    belongings.append(MINE)
    body = json.dumps(listed).encode()
    sightings.keep(LIST.key, "ann", Exchange(Request("GET", "http://api.test/articles"), Response(200, (), body)))
    return Crowds((LIST, MAKER), belongings, sightings)


@pytest.mark.parametrize("listed", [[{"id": 1, "title": "other"}], {"articles": [{"title": "other"}], "total": 900}])
def test_a_list_with_others_things_alone_hides_ones_own(listed: object) -> None:
    assert _crowds(listed).hide(MINE)


@pytest.mark.parametrize("listed", [[], {"articles": []}, [{"id": 7, "title": "title abcd12345"}], {"status": "ok"}])
def test_an_empty_list_and_one_that_shows_it_hide_nothing(listed: object) -> None:
    assert not _crowds(listed).hide(MINE)


def test_without_a_list_nothing_is_hidden() -> None:
    assert not Crowds((MAKER,), Belongings(), Sightings()).hide(MINE)
