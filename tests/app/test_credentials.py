import asyncio
import base64
import json
import sys
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.app.credentials import GivenMeans, credential_in
from apiward.core.account import Account, Credential, Means, NoCredentialError
from apiward.core.exchange import Exchange, Failure, Request, Response

URL = "http://login.example/token"


@dataclass
class TokenServer:
    """Gives tokens as RFC 6749 says; refresh tokens are good once. `takes_basic` is the way it knows clients."""

    takes_basic: bool = True
    refresh: str = "r0"
    count: int = 0
    asked: list[dict[str, str]] = field(default_factory=list)

    async def send(self, request: Request, *, timeout_s: float | None = None) -> Exchange:
        del timeout_s
        fields = dict(parse_qsl(request.body.decode()))
        self.asked.append(fields)
        basic = f"Basic {base64.b64encode(b'shop:s3cret%21').decode()}"
        known = (
            request.header("authorization") == basic if self.takes_basic else fields.get("client_secret") == "s3cret!"
        )
        good = fields["grant_type"] != "refresh_token" or fields["refresh_token"] == self.refresh
        if not known or not good:
            return self._answer(request, 401, {"error": "invalid_client" if not known else "invalid_grant"})
        self.count += 1
        self.refresh = f"r{self.count}"
        more = {"refresh_token": self.refresh} if fields["grant_type"] == "refresh_token" else {}
        return self._answer(request, 200, {"access_token": f"t{self.count}", "expires_in": 60, **more})

    def _answer(self, request: Request, status: int, body: dict[str, object]) -> Exchange:
        return Exchange(request, Response(status, (), json.dumps(body).encode()))


def means(*, scope: str = "", refresh_token: str = "") -> Means:
    return Means(token_url=URL, client_id="shop", client_secret="s3cret!", scope=scope, refresh_token=refresh_token)


def obtained(source: GivenMeans, account: Account) -> Credential:
    return asyncio.run(source.obtain(account))


@pytest.mark.parametrize("takes_basic", [True, False])
@pytest.mark.parametrize(
    ("account", "grant"),
    [
        (Account("a", means=means(scope="notes")), "client_credentials"),
        (Account("a", "ada", "pw", means=means()), "password"),
        (Account("a", means=means(refresh_token="r0")), "refresh_token"),
    ],
)
def test_tokens_come_by_each_grant(account: Account, grant: str, *, takes_basic: bool) -> None:
    server = TokenServer(takes_basic)
    found = obtained(GivenMeans(server, clock=lambda: 100.0), account)
    assert (found.shown, found.expires_s) == ("Bearer t1", 160.0)
    assert server.asked[0]["grant_type"] == grant
    assert ("client_secret" in server.asked[0]) is False
    assert len(server.asked) == (1 if takes_basic else 2)


def test_a_rotating_refresh_token_is_followed() -> None:
    source = GivenMeans(TokenServer(), clock=lambda: 0.0)
    account = Account("a", means=means(refresh_token="r0"))

    async def three() -> list[str]:
        return [one.value for one in await asyncio.gather(*(source.obtain(account) for _ in range(3)))]

    assert asyncio.run(three()) == ["t1", "t2", "t3"]
    with pytest.raises(NoCredentialError, match=r"401.*invalid_grant"):
        obtained(GivenMeans(TokenServer(refresh="other"), clock=lambda: 0.0), account)


def test_no_answer_is_told() -> None:
    class Silent:
        async def send(self, request: Request, *, timeout_s: float | None = None) -> Exchange:
            del timeout_s
            return Exchange(request, failure=Failure.UNREACHABLE)

    with pytest.raises(NoCredentialError, match="gave no answer"):
        obtained(GivenMeans(Silent(), clock=lambda: 0.0), Account("a", means=means()))


def _printing(code: str) -> Account:
    return Account("a", means=Means(command=(sys.executable, "-S", "-c", code)))


def test_a_command_prints_the_token() -> None:
    source = GivenMeans(TokenServer(), clock=lambda: 0.0)
    assert obtained(source, _printing("print('warming up'); print('eyJx')")).shown == "Bearer eyJx"
    with pytest.raises(NoCredentialError, match="exit code 3"):
        obtained(source, _printing("raise SystemExit(3)"))
    with pytest.raises(NoCredentialError, match="cannot be run"):
        obtained(source, Account("a", means=Means(command=("/nowhere/at/all",))))
    with pytest.raises(NoCredentialError, match="no means"):
        obtained(source, Account("a"))


@pytest.mark.parametrize(
    ("printed", "name", "shown"),
    [
        ("abc\n", "Authorization", "Bearer abc"),
        ("Bearer abc", "Authorization", "Bearer abc"),
        ("X-Api-Key: k 1", "X-Api-Key", "k 1"),
        ("Authorization: Token abc", "Authorization", "Token abc"),
        ('{"access_token": "abc", "expires_in": 5}', "Authorization", "Bearer abc"),
    ],
)
def test_what_is_printed_is_read(printed: str, name: str, shown: str) -> None:
    found = credential_in(printed, 0.0)
    assert (found.name, found.shown) == (name, shown)


@given(st.text(max_size=80))
def test_any_print_gives_a_credential_that_can_be_sent_or_a_reason(printed: str) -> None:
    try:
        found = credential_in(printed, 0.0)
    except NoCredentialError:
        return
    assert found.shown.isprintable()
    assert found.name.replace("-", "").isalnum()
