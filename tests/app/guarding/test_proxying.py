import socket
from dataclasses import replace
from pathlib import Path

import pytest

from apiward.app.guarding.place import Overrides, Place
from apiward.app.guarding.proxying import clear_tallies, prepare, run_proxy, upstreams_of
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


@pytest.mark.parametrize("shared", [True, False])
@pytest.mark.parametrize("setting", ["listen", "admin.port"])
def test_where_somebody_listens_it_does_not_start(tmp_path: Path, setting: str, *, shared: bool) -> None:
    with socket.create_server(("127.0.0.1", 0), reuse_port=shared) as other:
        port = other.getsockname()[1]
        config = GuardConfig(upstream="http://localhost:8000", listen=f"127.0.0.1:{port}")
        if setting == "admin.port":
            config = replace(config, listen="127.0.0.1:0", admin=replace(config.admin, port=port))
        with pytest.raises(ConfigError, match=rf"cannot listen at 127.0.0.1:{port}. .*in use.*{setting}"):
            prepare(Place(None, tmp_path, tmp_path), config)


def test_where_nobody_listens_it_may_start(tmp_path: Path) -> None:
    prepare(Place(None, tmp_path, tmp_path), GuardConfig(upstream="http://localhost:8000", listen="127.0.0.1:0"))


def test_figures_begin_anew(tmp_path: Path) -> None:
    folder = tmp_path / "tallies"
    clear_tallies(folder)
    (folder / "1.tally").write_text("x")
    clear_tallies(folder)
    assert list(folder.iterdir()) == []
