from pathlib import Path

import pytest

from apiward.app.guarding.place import Place
from apiward.app.watching.opening import (
    alone,
    digest_of,
    match_of,
    name_of,
    open_reading,
    surroundings_of,
    templates_of,
    templates_part,
    with_own_names,
)
from apiward.config.errors import AdvisedError
from apiward.config.watching import SourceConfig
from apiward.watch.logs.paths import PathTemplates
from tests.app.patching.made import described
from tests.app.watching.test_reading import LINES


def place(folder: Path) -> Place:
    return Place(None, folder, folder / "data")


def test_a_log_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "access.log").write_text("".join(f"{line}\n" for line in LINES))
    around = surroundings_of(place(tmp_path), None, (), is_kept=True)
    log = open_reading(SourceConfig(file="access.log", time_zone="Europe/Berlin"), around)
    assert log.fill()
    assert dict(log.events[0].marks)["source"] == "access.log"
    log.close()


def test_hashes_are_of_a_key_that_stays_only_where_something_is_kept(tmp_path: Path) -> None:
    kept = [surroundings_of(place(tmp_path), None, (), is_kept=True).digest("x") for _ in range(2)]
    fresh = [surroundings_of(place(tmp_path), None, (), is_kept=False).digest("x") for _ in range(2)]
    assert kept[0] == kept[1]
    assert len({kept[0], *fresh}) == 3
    assert digest_of(b"k")("x") != digest_of(b"l")("x")


@pytest.mark.parametrize(
    ("source", "what"),
    [
        (SourceConfig(file="a.log", format="combind"), "the form cannot be used"),
        (SourceConfig(file="a.log", trusted_proxies=("x",)), "its settings cannot be used"),
    ],
)
def test_what_cannot_be_used_is_said(tmp_path: Path, source: SourceConfig, what: str) -> None:
    with pytest.raises(AdvisedError, match=what):
        open_reading(source, surroundings_of(place(tmp_path), None, (), is_kept=True))


def test_names_of_logs() -> None:
    assert name_of(SourceConfig(file="/var/log/access.log.1.gz")) == "access.log"
    assert name_of(SourceConfig(file="-")) == "standard input"
    assert name_of(SourceConfig(journal="nginx.service")) == "nginx.service"
    assert name_of(SourceConfig(file="a", name="shop")) == "shop"
    sources = with_own_names(
        [SourceConfig(file="web1/access.log"), SourceConfig(file="web2/access.log"), SourceConfig(file="b")]
    )
    assert [name_of(source) for source in sources] == ["web1/access.log", "web2/access.log", "b"]


def test_parts_of_one_log_have_its_name() -> None:
    parts = with_own_names([SourceConfig(file="web/access.log"), SourceConfig(file="web/access.log.1.gz")])
    assert [name_of(source) for source in parts] == ["access.log", "access.log"]


def test_two_watches_of_one_store_are_one_too_many(tmp_path: Path) -> None:
    with (
        alone(tmp_path / "data"),
        pytest.raises(AdvisedError, match="Another watch runs already"),
        alone(tmp_path / "data"),
    ):
        pass
    with alone(tmp_path / "data"):
        pass


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(AdvisedError, match="cannot be made"), alone(tmp_path / "data" / "more"):
        pass


def test_what_was_learned_of_paths_goes_on() -> None:
    templates = PathTemplates(["GET /orders/{id}", "GET /\udcff"])
    assert "GET /orders/{id}" in templates_of(templates_part(templates))
    assert templates_of({}).state() == []


def test_operations_come_from_the_description() -> None:
    match = match_of(described({"/orders/{id}": {"get": {"responses": {"200": {"description": "ok"}}}}}))
    assert match("GET", "/orders/17") == ("GET /orders/{id}", ("17",))
    assert match("GET", "/other") == ("", ())


def test_ids_do_not_depend_on_which_other_logs_are_read(tmp_path: Path) -> None:
    around = surroundings_of(place(tmp_path), None, (), is_kept=True)
    ids = []
    for folder in ("web1", "web2"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "access.log").write_text(f"{LINES[0]}\n")
        source = SourceConfig(file=f"{folder}/access.log")
        for one in (source, with_own_names([source, SourceConfig(file="other/access.log")])[0]):
            log = open_reading(one, around)
            assert log.fill()
            ids.append(log.events[0].id)
            log.close()
    assert ids[0] == ids[1] != ids[2] == ids[3]
