from collections.abc import Iterator

import pytest

from apiward.app.page import search as search_module
from apiward.app.page.search import MOST_HITS, MOST_LETTERS, Where, search
from tests.prove.sample import finding, report
from tests.web.made import Shop, filled, shop, with_inventory


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Shop, str]]:
    with shop(tmp_path_factory.mktemp("shop")) as one:
        incident = filled(one)
        with_inventory(one)
        found = [finding(saw="anna@example.com was shown.", place=f"p{at}") for at in range(MOST_HITS + 2)]
        one.scan(report(found), days_ago=0.5)
        yield one, incident


def test_each_kind_of_thing_is_found_by_its_words(full: tuple[Shop, str]) -> None:
    one, incident = full
    for asked, where, link in (
        ("CFG03 status", Where.RISKS, "/risks/"),
        ("v2 CLIENTS", Where.OPERATIONS, "/inventory?find=GET+%2Fv2%2Fclients%2F%7Bid%7D"),
        ("phone", Where.OPERATIONS, "/inventory?find="),
        ("wrong passwords 192.0.2.7", Where.INCIDENTS, f"/incidents/{incident}"),
        ("largest body", Where.SETTINGS, "/settings#all"),
    ):
        found = {group.where: group for group in search(one.source, asked).groups}
        assert where in found, asked
        assert found[where].hits[0].link.startswith(link), asked


def test_all_words_must_be_there_and_no_words_find_nothing(full: tuple[Shop, str]) -> None:
    one, _ = full
    assert search(one.source, "status CFG03").count == 1
    assert search(one.source, "status CFG03 penguins").groups == ()
    for asked in ("", "   ", "\x00"):
        assert search(one.source, asked).groups == ()
    assert len(search(one.source, "x" * 5_000).asked) == MOST_LETTERS


def test_what_is_masked_cannot_be_found(full: tuple[Shop, str]) -> None:
    one, _ = full
    assert search(one.source, "was shown").count > MOST_HITS
    assert search(one.source, "anna@example.com").groups == ()


def test_few_are_shown_and_all_are_counted(full: tuple[Shop, str], monkeypatch: pytest.MonkeyPatch) -> None:
    one, _ = full
    (group,) = search(one.source, "note OBJ01").groups
    assert (group.where, len(group.hits)) == (Where.RISKS, MOST_HITS)
    assert group.count == MOST_HITS + 2 + 1  # and the one of the first scans
    monkeypatch.setattr(search_module, "MOST_LOOKED", 3)
    assert all(group.count <= 3 for group in search(one.source, "e").groups)
