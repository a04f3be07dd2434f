from pathlib import Path

import pytest

from apiward.app.guarding.proxying import clear_tallies, run_proxy, upstreams_of
from apiward.app.guarding.source import Overrides, Place
from apiward.config.errors import ConfigError
from apiward.config.guarding import GuardConfig, UpstreamConfig


def test_one_address_stands_behind_all_others() -> None:
    shop = UpstreamConfig(servers=("http://localhost:9000",), path="/shop")
    config = GuardConfig(upstream="http://localhost:8000", upstreams=(shop,))
    assert upstreams_of(config) == (shop, UpstreamConfig(servers=("http://localhost:8000",)))
    assert upstreams_of(GuardConfig(upstreams=(shop,))) == (shop,)


def test_without_an_api_it_does_not_start(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="which API to guard"):
        run_proxy(Place(None, tmp_path, tmp_path), GuardConfig(), Overrides())


def test_without_a_folder_it_does_not_start(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    config = GuardConfig(upstream="http://localhost:8000")
    with pytest.raises(ConfigError, match="cannot be written"):
        run_proxy(Place(None, tmp_path, tmp_path / "file" / "data"), config, Overrides())


def test_figures_begin_anew(tmp_path: Path) -> None:
    folder = tmp_path / "tallies"
    clear_tallies(folder)
    (folder / "1.tally").write_text("x")
    clear_tallies(folder)
    assert list(folder.iterdir()) == []
