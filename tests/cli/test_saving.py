from pathlib import Path

import pytest

from apiward.cli.saving import check_name, save_description
from apiward.config.errors import AdvisedError
from apiward.core.api import Api, Operation, SchemeKind, SecurityScheme
from apiward.spec.reading import read_description

WAYS = {
    "oauth": SecurityScheme("oauth", SchemeKind.OAUTH2, token_url="/token", flows=("password",)),
    "tls": SecurityScheme("tls", SchemeKind.MUTUAL_TLS),
    "openid": SecurityScheme("openid", SchemeKind.OPENID),
}
API = Api("T", "1", (Operation("GET", "/x", security=(("oauth",), ("tls",), ("openid",))),), schemes=WAYS)


@pytest.mark.parametrize("name", ["api.yaml", "api.json"])
def test_what_is_written_is_read_back_with_its_ways_to_log_in(tmp_path: Path, name: str) -> None:
    save_description(str(tmp_path / name), API)
    back = read_description((tmp_path / name).read_bytes(), source="x")
    assert back.problems == ()
    assert back.operations[0].security == API.operations[0].security
    assert {one.name: one.kind for one in back.schemes.values()} == {one.name: one.kind for one in WAYS.values()}
    assert back.schemes["oauth"].token_url == "/token"


def test_what_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(AdvisedError, match="says no form"):
        check_name("api.txt")
    check_name("")
    with pytest.raises(AdvisedError, match="cannot be written"):
        save_description(str(tmp_path / "no" / "api.yaml"), API)
