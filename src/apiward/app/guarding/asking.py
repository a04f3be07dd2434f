"""The description of an app in this process: what its owner names, else what the app itself tells."""

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from apiward.app.guarding.description import Known, known_api
from apiward.app.scanning import CannotScanError, describe
from apiward.config.errors import ConfigError
from apiward.config.guarding import GuardConfig
from apiward.core.api import Api, Operation
from apiward.core.exchange import Request
from apiward.net.asgi import asgi_sender
from apiward.net.messages import App
from apiward.net.sender import HttpSender
from apiward.spec.errors import DescriptionError
from apiward.spec.meaning import accounts, dangers
from apiward.spec.reading import read_description

WAIT_S: Final = 10.0
_TRIED: Final = 3
_NOT_THERE: Final = frozenset({404, 405, 501})


@dataclass(frozen=True, slots=True)
class Described:
    """A description that fits the paths of the app. `left_out` is the prefix that it named and the app does without."""

    known: Known
    left_out: str = ""


async def described_app(app: App, config: GuardConfig, document: Mapping[str, Any] | None, base: Path) -> Described:
    """Return the description: `document`, else the one that `config` names, else the app's own.

    The app is asked in process, with GET alone. Raises AdvisedError for a description that is no good.
    """
    host = next((name for name in config.protocol.hosts if "*" not in name), "localhost")
    async with asgi_sender(app, clock=time.time, timeout_s=WAIT_S) as sender:
        try:
            async with asyncio.timeout(WAIT_S):
                known = await _known(sender, f"http://{host}", config, document, base)
                return await _fitted(sender, f"http://{host}", known)
        except TimeoutError:
            return Described(Known(None, "The app did not tell it in time."))


async def _known(
    sender: HttpSender, origin: str, config: GuardConfig, document: Mapping[str, Any] | None, base: Path
) -> Known:
    if document is not None:
        return Known(_read(document))
    if config.description:
        return await known_api("", config.description, base)
    try:
        return Known((await describe(sender, origin, looks_around=False)).api.by_address())
    except CannotScanError:
        return Known(None, "The app shows none at the usual places. Name one: Guard(app, description=...).")


def _read(document: Mapping[str, Any]) -> Api:
    try:
        api = read_description(json.dumps(document, default=str).encode(), source="the document given to Guard")
    except (DescriptionError, ValueError, TypeError) as error:
        raise ConfigError("The document given to Guard is no description of an API.", str(error)) from error
    if not api.operations:
        raise ConfigError("The document given to Guard describes no operation.")
    return api


async def _fitted(sender: HttpSender, origin: str, known: Known) -> Described:
    """Take a prefix off that the description names for the world outside, where the app answers without it."""
    api = known.api
    bases = {operation.base_path for operation in api.operations} if api else set()
    base = bases.pop() if len(bases) == 1 else ""
    if api is None or not base:
        return Described(known)
    for operation in _harmless(api)[:_TRIED]:
        if await _answers(sender, f"{origin}{operation.path}"):
            operations = tuple(replace(one, base_path="") for one in api.operations)
            return Described(Known(replace(api, operations=operations)), base)
    return Described(known)


def _harmless(api: Api) -> list[Operation]:
    reads = [one for one in api.operations if one.method == "GET" and "{" not in one.path]
    return [one for one in reads if not dangers.danger(one) and not accounts.is_account_operation(one)]


async def _answers(sender: HttpSender, url: str) -> bool:
    exchange = await sender.send(Request("GET", url, (("Accept", "application/json"),)))
    return exchange.response is not None and exchange.status not in _NOT_THERE
