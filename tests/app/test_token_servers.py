"""Where tokens are asked for: never at a server that the owner has not named."""

import asyncio
import json
from dataclasses import dataclass, field

import pytest

from apiward.app.token_servers import TokenServers
from apiward.core.account import Means, NoCredentialError
from apiward.core.api import SchemeKind, SecurityScheme
from apiward.core.exchange import Exchange, Request, Response

API = "http://shop.test"
LOGIN = "https://login.test/realms/shop"


@dataclass
class Provider:
    """Tells one token endpoint."""

    endpoint: object
    status: int = 200
    asked: list[str] = field(default_factory=list)

    async def send(self, request: Request, *, timeout_s: float | None = None) -> Exchange:
        """Answer with the document of the provider."""
        del timeout_s
        self.asked.append(f"{request.method} {request.url}")
        return Exchange(request, Response(self.status, (), json.dumps({"token_endpoint": self.endpoint}).encode()))


def _oauth(url: str, *flows: str) -> SecurityScheme:
    return SecurityScheme("o", SchemeKind.OAUTH2, token_url=url, flows=flows or ("password",))


def _openid(url: str) -> SecurityScheme:
    return SecurityScheme("i", SchemeKind.OPENID, openid_url=url)


def _address(provider: Provider, means: Means, *schemes: SecurityScheme) -> str:
    servers = TokenServers(provider, schemes, f"{API}/v1")

    async def twice() -> str:
        first = await servers.address(means)
        assert await servers.address(means) == first
        return first

    return asyncio.run(twice())


@pytest.mark.parametrize("named", [LOGIN, f"{LOGIN}/", f"{LOGIN}/.well-known/openid-configuration"])
def test_a_provider_tells_its_token_endpoint_once(named: str) -> None:
    provider = Provider(f"{LOGIN}/token")
    assert _address(provider, Means(openid_url=named)) == f"{LOGIN}/token"
    assert provider.asked == [f"GET {LOGIN}/.well-known/openid-configuration"]


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://elsewhere.test/token",
        "http://login.test/token",
        "https://login.test:8443/token",
        "https://login.test@elsewhere.test/token",
        "/token",
        "https://login.test/to\nken",
        "https://[x/token",
        7,
        "",
    ],
)
def test_a_provider_sends_nobody_to_another_server(endpoint: object) -> None:
    with pytest.raises(NoCredentialError, match=r"token_url|token_endpoint"):
        _address(Provider(endpoint), Means(openid_url=LOGIN))


def test_an_address_that_is_named_needs_no_provider() -> None:
    provider = Provider("")
    assert _address(provider, Means(token_url="https://elsewhere.test/t")) == "https://elsewhere.test/t"
    assert provider.asked == []


@pytest.mark.parametrize(
    ("schemes", "address"),
    [
        ([_oauth("/auth/token")], f"{API}/auth/token"),
        ([_oauth("auth/token", "clientCredentials")], f"{API}/v1/auth/token"),
        ([_oauth("https://elsewhere.test/t"), _oauth(f"{API}/t")], f"{API}/t"),
        ([_oauth("/t", "authorizationCode"), _openid("/.well-known/openid-configuration")], f"{API}/connect/token"),
    ],
)
def test_the_description_may_name_one_on_its_own_server(schemes: list[SecurityScheme], address: str) -> None:
    assert _address(Provider(f"{API}/connect/token"), Means(client_id="c"), *schemes) == address


@pytest.mark.parametrize(
    ("scheme", "why"),
    [
        (_oauth("https://elsewhere.test/t?key=1"), r"names https://elsewhere\.test; if you trust it"),
        (_openid("https://elsewhere.test"), "if you trust it"),
        (_oauth("https://[x/t"), r"if you trust it|names no token server"),
        (_oauth("/t", "authorizationCode"), "names no token server"),
        (_openid("/.well-known/openid-configuration"), r"status 404"),
    ],
)
def test_what_it_names_elsewhere_is_not_asked(scheme: SecurityScheme, why: str) -> None:
    provider = Provider("", 404)
    with pytest.raises(NoCredentialError, match=why):
        _address(provider, Means(client_id="c"), scheme)
    assert not [asked for asked in provider.asked if API not in asked]
