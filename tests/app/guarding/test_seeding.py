from pathlib import Path

from apiward.access.ownership.rights import Rights
from apiward.access.ownership.rules import ObjectMode, ObjectRule
from apiward.access.ownership.settings import ObjectsSettings
from apiward.app.guarding.building import kept_secret
from apiward.app.guarding.place import Place
from apiward.app.guarding.seeding import hand_over, has_run, seed_guard
from apiward.config.guarding import GuardConfig
from apiward.core.objects import KnownObject
from apiward.stores.ownership.shared import SharedFacts
from tests.access.ownership.test_learned import Api

NOTE = KnownObject("/notes", "5", ("anna", "17", "anna@shop.test"))
CONFIG = GuardConfig(objects=ObjectsSettings(most_objects=1_000))
RULE = ObjectRule(id="note", operations=("* /notes/{id}",), mode=ObjectMode.ENFORCE)
NOW_S = 1_800_000_000.0


def _place(tmp_path: Path) -> Place:
    return Place.of(tmp_path / "apiward.toml", CONFIG)


def _api(facts: SharedFacts, place: Place) -> Api:
    return Api(Rights(ObjectsSettings(rules=(RULE,)), None, facts, kept_secret(place.data, "pepper")))


def test_a_guard_blocks_by_what_the_scan_knows(tmp_path: Path) -> None:
    place = _place(tmp_path)
    assert not has_run(place)
    assert seed_guard(place, CONFIG, [NOTE], NOW_S) == 1
    assert has_run(place)
    facts = SharedFacts(place.data / "objects")
    api = _api(facts, place)
    api.owners[5] = "anna"
    assert api.read("anna", 5) is None
    assert api.read("ben", 5) is not None
    assert api.ask("ben", "DELETE", "/notes/5") is not None
    facts.close()


def test_an_id_below_another_object_needs_that_ones_id_too(tmp_path: Path) -> None:
    place = _place(tmp_path)
    lines = [KnownObject("/notes/{}/lines", "1", ("anna",)), KnownObject("/notes/{}/lines", "5/2", ("anna",))]
    nameless = KnownObject("/notes", "6", ("",))
    assert seed_guard(place, CONFIG, [*lines, nameless], NOW_S) == 1
    facts = SharedFacts(place.data / "objects")
    rule = ObjectRule(id="line", operations=("* /notes/{id}/lines/{line}",), mode=ObjectMode.ENFORCE)
    api = Api(Rights(ObjectsSettings(rules=(rule,)), None, facts, kept_secret(place.data, "pepper")))
    assert api.ask("ben", "GET", "/notes/5/lines/2") is not None
    assert api.ask("ben", "GET", "/notes/6/lines/1") is None
    assert api.ask("anna", "GET", "/notes/5/lines/2") is None
    facts.close()


def test_each_scan_is_handed_over_once(tmp_path: Path) -> None:
    place = _place(tmp_path)
    assert hand_over(place, CONFIG, {}, NOW_S) == 0
    assert not has_run(place), "where there is nothing to tell, nothing is made"
    assert hand_over(place, CONFIG, {100.0: [NOTE]}, NOW_S) == 1
    assert hand_over(place, CONFIG, {100.0: [NOTE]}, NOW_S) == 0
    later = KnownObject("/notes", "8", ("ben",))
    assert hand_over(place, CONFIG, {100.0: [NOTE], 200.0: [later]}, NOW_S) == 1


def test_what_was_learned_since_stays(tmp_path: Path) -> None:
    """The note is removed, and another one gets its number; a guard that starts again must not go back."""
    place = _place(tmp_path)
    hand_over(place, CONFIG, {100.0: [NOTE]}, NOW_S)
    facts = SharedFacts(place.data / "objects")
    api = _api(facts, place)
    assert api.ask("ben", "POST", "/notes", {"id": 5, "text": "x"}, sent={"text": "x"}) is None
    facts.close()
    hand_over(place, CONFIG, {100.0: [NOTE]}, NOW_S)
    facts = SharedFacts(place.data / "objects")
    api = _api(facts, place)
    api.owners[5] = "ben"
    assert api.read("ben", 5) is None
    assert api.read("anna", 5) is not None
    facts.close()
