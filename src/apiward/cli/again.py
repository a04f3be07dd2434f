"""How an earlier scan, or a part of it, is made again: what was kept of it, and what is given now."""

import os
import shlex
from collections.abc import Mapping
from dataclasses import replace

from apiward.cli.parameters import HIDDEN, typed_account
from apiward.cli.state import Context
from apiward.cli.wanted import Wanted, typed_accounts, wanted
from apiward.config.errors import AdvisedError
from apiward.config.scanning import LEVELS


def asked_again(given: Mapping[str, object], context: Context, operations: tuple[str, ...]) -> Wanted:
    """Return what the scan asked for, with what is given now; another seed, so that new accounts can be made.

    Raises AdvisedError where secrets of the scan must be given again.
    """
    _must_be_told(given, context)
    told = {**given, "config": given.get("config") or context.config or None, "app": context.app}
    if not typed_accounts(given):
        told["accounts"] = tuple(typed_account(text, os.environ) for text in context.accounts)
    asked = wanted(told, context.url)
    return replace(
        asked,
        spec=asked.spec or context.spec,
        also=asked.also or context.also,
        level=LEVELS.get(context.level),
        operations=operations,
        leave_alone=tuple(dict.fromkeys((*asked.leave_alone, *context.leave_alone))),
        is_stated=asked.is_stated or context.is_stated,
        is_insecure=asked.is_insecure or context.is_insecure,
        is_allowed=asked.is_allowed or context.is_allowed,
        rate_per_s=asked.rate_per_s or context.rate_per_s,
    )


def _must_be_told(given: Mapping[str, object], context: Context) -> None:
    """Ask for the secrets of the scan that are not kept: without them, silence would look like a repair."""
    hidden = [] if typed_accounts(given) else [text for text in context.accounts if HIDDEN in text]
    headers = given.get("headers")
    names = {name.lower() for name, _ in headers} if isinstance(headers, tuple) else set()
    absent = [text for text in context.headers if text.partition(":")[0].lower() not in names]
    if hidden or absent:
        accounts = [word for text in (context.accounts if hidden else ()) for word in ("--account", text)]
        words = shlex.join([*accounts, *(word for text in absent for word in ("--header", text))])
        why = "It was made with a password, a token or a header that apiward does not keep."
        raise AdvisedError("The scan cannot be repeated like this.", why, f"Add, with the secrets: {words}")
