import asyncio

import pytest

from apiward.core.exchange import Exchange, Failure, Headers, Request, Response
from apiward.net.ownership import Proof, ProofKind, challenge, prove_control

BASE = "https://shop.test:8443/api/v1"
FILE = "https://shop.test:8443/.well-known/apiward.txt"
TOKEN = challenge("shop.test", b"secret of this installation")


class FakeSender:
    def __init__(self, pages: dict[str, Response]) -> None:
        self.asked: list[str] = []
        self._pages = pages

    async def send(self, request: Request, *, timeout_s: float | None = None) -> Exchange:
        self.asked.append(f"{request.method} {request.url}")
        page = self._pages.get(request.url)
        return Exchange(request, page) if page else Exchange(request, failure=Failure.TIMEOUT)


def _proof(pages: dict[str, Response], token: str = TOKEN) -> Proof | None:
    return asyncio.run(prove_control(FakeSender(pages), BASE, token))


def _page(body: str, status: int = 200, headers: Headers = ()) -> Response:
    return Response(status, headers, body.encode())


def test_the_token_is_stable_and_belongs_to_one_host_and_one_installation() -> None:
    assert challenge("Shop.Test.", b"secret of this installation") == TOKEN
    others = {challenge("shop2.test", b"secret of this installation"), challenge("shop.test", b"another secret")}
    assert TOKEN not in others
    assert len(others) == 2
    assert len(TOKEN) > 40


@pytest.mark.parametrize("text", [TOKEN, f"{TOKEN}\n", f"# our proof\r\n  {TOKEN}  \r\n"])
def test_a_file_with_the_token_proves_control(text: str) -> None:
    assert _proof({FILE: _page(text)}) == Proof("shop.test", ProofKind.FILE, FILE)


@pytest.mark.parametrize("status", [200, 401, 404])
def test_a_header_with_the_token_proves_control(status: int) -> None:
    page = _page("", status, (("Apiward-Control", f" {TOKEN}"),))
    assert _proof({BASE: page}) == Proof("shop.test", ProofKind.HEADER, BASE)


@pytest.mark.parametrize(
    "pages",
    [
        {},
        {FILE: _page("")},
        {FILE: _page(TOKEN[:-1])},
        {FILE: _page(f"{TOKEN}0")},
        {FILE: _page(f"you asked for {TOKEN}")},
        {FILE: _page(TOKEN, 404)},
        {FILE: _page(TOKEN, 302)},
        {FILE: _page("\n" * 200 + TOKEN)},
        {FILE: _page(challenge("other.test", b"secret of this installation"))},
        {BASE: _page(TOKEN)},
        {BASE: _page("", headers=(("x-other", TOKEN),))},
        {BASE: _page("", headers=(("apiward-control", TOKEN.upper()),))},
    ],
)
def test_anything_else_proves_nothing(pages: dict[str, Response]) -> None:
    assert _proof(pages) is None


def test_an_empty_token_is_never_shown() -> None:
    assert _proof({FILE: _page("\n\n"), BASE: _page("", headers=(("apiward-control", ""),))}, token="") is None


def test_it_only_reads_and_only_that_host() -> None:
    sender = FakeSender({})
    asyncio.run(prove_control(sender, BASE, TOKEN))
    assert sender.asked == [f"GET {FILE}", f"GET {BASE}"]
