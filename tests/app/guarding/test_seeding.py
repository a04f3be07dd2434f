from pathlib import Path

from apiward.access.ownership.rights import Rights
from apiward.access.ownership.rules import ObjectMode, ObjectRule
from apiward.access.ownership.settings import ObjectsSettings
from apiward.app.guarding.building import kept_secret
from apiward.app.guarding.place import Place
from apiward.app.guarding.seeding import known_objects, names_of, seed_guard
from apiward.config.guarding import GuardConfig
from apiward.core.account import Account
from apiward.core.api import Operation
from apiward.core.objects import KnownObject
from apiward.scan.ownership.objects import OwnedObject
from apiward.stores.ownership.shared import SharedFacts
from tests.access.ownership.test_learned import Api

MAKER = Operation("POST", "/notes")
ANNA = Account("first", username="anna", facts={"id": 17, "email": "anna@shop.test", "active": True})
NOTE = OwnedObject("first", "note", "/notes", {"noteid": (5,)}, frozenset(), MAKER)


def test_what_accounts_have_made_is_known() -> None:
    found = OwnedObject("first", "note", "/notes", {"noteid": (6,)}, frozenset())
    account = OwnedObject("first", "user", "", {"userid": (17,)}, frozenset(), is_account=True)
    stranger = OwnedObject("other", "note", "/notes", {"noteid": (7,)}, frozenset(), MAKER)
    known = list(known_objects([NOTE, found, account, stranger], [ANNA]))
    assert known == [KnownObject("/notes", "5", ("anna", "17", "anna@shop.test"))]


def test_an_account_has_the_names_that_the_api_gives_it() -> None:
    assert names_of(ANNA) == ("anna", "17", "anna@shop.test")
    assert names_of(Account("nobody")) == ()


def test_a_guard_blocks_by_what_the_scan_knows(tmp_path: Path) -> None:
    place, config = (
        Place.of(tmp_path / "apiward.toml", GuardConfig()),
        GuardConfig(objects=ObjectsSettings(most_objects=1_000)),
    )
    nested = OwnedObject("first", "line", "/orders/{id}/lines", {"lineid": (1,)}, frozenset(), MAKER)
    assert seed_guard(place, config, [NOTE, nested], [ANNA], 1_800_000_000.0) == 1
    rule = ObjectRule(id="note", operations=("* /notes/{id}",), mode=ObjectMode.ENFORCE)
    facts = SharedFacts(place.data / "objects")
    api = Api(Rights(ObjectsSettings(rules=(rule,)), None, facts, kept_secret(place.data, "pepper")))
    api.owners[5] = "anna"
    assert api.read("anna", 5) is None
    assert api.read("ben", 5) is not None
    assert api.ask("ben", "DELETE", "/notes/5") is not None
    facts.close()
