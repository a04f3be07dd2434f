import asyncio
from pathlib import Path

import pytest

from apiward.app.scanning import CannotScanError
from apiward.cli.describing import understood
from apiward.cli.meeting import meet
from apiward.cli.state import State
from apiward.cli.wanted import wanted
from apiward.core.exchange import Response
from apiward.net.ownership import PROOF_PATH, challenge
from tests.cli.answering import Server, description

NEAR, FAR, ELSEWHERE = "http://127.0.0.1:1", "http://93.184.216.34", "http://198.51.100.7"


def _meet(server: Server, url: str, state: State, *, is_stated: bool = False) -> str:
    asked = wanted({"i_have_permission": is_stated}, url, env={})
    described, permission = asyncio.run(meet(server, asked, state))
    return f"{described.origin} {permission.ground}"


def test_near_hosts_are_met_at_once(tmp_path: Path) -> None:
    assert _meet(Server({f"{NEAR}/openapi.json": description()}), NEAR, State(tmp_path)) == f"{NEAR} loopback"
    assert list(tmp_path.iterdir()) == []


def test_far_hosts_are_not_even_searched_without_permission(tmp_path: Path) -> None:
    server = Server({f"{FAR}/openapi.json": description()})
    with pytest.raises(CannotScanError, match="we do not know that it is yours"):
        _meet(server, FAR, State(tmp_path))
    assert server.asked == [f"{FAR}{PROOF_PATH}", FAR]


@pytest.mark.parametrize("spec", [f"{FAR}/my.json", f"{ELSEWHERE}/my.json"])
def test_without_permission_a_named_description_is_not_read_either(tmp_path: Path, spec: str) -> None:
    server = Server({spec: description()})
    with pytest.raises(CannotScanError, match="we do not know that it is yours"):
        asyncio.run(meet(server, wanted({"spec": spec}, FAR, env={}), State(tmp_path)))
    assert server.asked == [f"{FAR}{PROOF_PATH}", FAR]


def test_proof_and_statement_are_written_down(tmp_path: Path) -> None:
    state = State(tmp_path)
    token = challenge("93.184.216.34", state.secret())
    pages = {f"{FAR}/openapi.json": description()}
    assert _meet(Server(pages), FAR, state, is_stated=True) == f"{FAR} stated"
    assert (
        _meet(Server({**pages, f"{FAR}{PROOF_PATH}": Response(200, (), token.encode())}), FAR, state) == f"{FAR} file"
    )
    text = (tmp_path / "permissions.json").read_text()
    assert text.count("93.184.216.34") == 2
    assert '"stated"' in text
    assert '"file"' in text


def test_the_server_that_a_description_names_needs_permission_too(tmp_path: Path) -> None:
    state = State(tmp_path)
    token = challenge("93.184.216.34", state.secret())
    url = f"{FAR}/my.json"
    pages = {url: description(f"{ELSEWHERE}/v1"), f"{FAR}{PROOF_PATH}": Response(200, (), token.encode())}
    with pytest.raises(CannotScanError, match=r"198\.51\.100\.7 is a public address"):
        _meet(Server(pages), url, state)


def test_describing_a_far_host_reads_one_address(tmp_path: Path) -> None:
    url = f"{FAR}/my.json"
    server = Server({url: description()})
    described = asyncio.run(understood(server, wanted({}, url, env={}), State(tmp_path)))
    assert (described.origin, server.asked) == (FAR, [url])
    with pytest.raises(CannotScanError, match="Give the address of the description itself"):
        asyncio.run(understood(Server(), wanted({}, FAR, env={}), State(tmp_path)))


def test_describing_a_near_host_looks_around(tmp_path: Path) -> None:
    server = Server({f"{NEAR}/openapi.json": description()})
    described = asyncio.run(understood(server, wanted({}, NEAR, env={}), State(tmp_path)))
    assert len(described.api.operations) == 1
