"""The first settings: at most seven questions, none of which must be answered, written as apiward.toml."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import click
import tomlkit

from apiward.app.standing.accepting import USUAL
from apiward.catalogue.clocks import DATA
from apiward.catalogue.page import load_page_words
from apiward.cli.addresses import address_of
from apiward.cli.speaking import say
from apiward.config.business import parse_business
from apiward.config.errors import AdvisedError
from apiward.config.guarding import parse_guard
from apiward.config.notifying import parse_notify
from apiward.prove.baseline import Baseline, dumped

Ask = Callable[[str, str], str]
"""Asks a question with the answer that is taken where somebody leaves it out."""
_LISTEN: Final = "127.0.0.1:8080"
CHANNEL: Final = "phone"


def first_settings(path: Path, url: str, *, is_asked: bool, ask: "Ask | None" = None) -> None:
    """Write the settings file. Raises AdvisedError where it cannot be written."""
    words = load_page_words()
    if is_asked:
        say(words.said("first.lead"))
    text = settings_text(url, ask or _prompt if is_asked else _silent)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
        accepted = path.with_name(USUAL)
        if not accepted.exists():  # the settings name it, and a scan wants what they name
            accepted.write_text(dumped(Baseline()), "utf-8")
    except OSError as error:
        raise AdvisedError(f"{path} cannot be written.", f"{error.strerror}.", "Make the folder writable.") from error
    say(words.said("first.written", file=path))


def settings_text(url: str, ask: Ask) -> str:
    """Return the settings of some answers. An answer that cannot be used is left out."""
    said = load_page_words().said
    document = tomlkit.document()
    upstream = url or _usable_address(ask(said("first.upstream"), ""))
    guard = tomlkit.table()
    guard["mode"] = "watch"
    if upstream:
        guard["upstream"] = upstream
        _put(guard, "guard", "listen", ask(said("first.listen"), _LISTEN))
        _put(guard, "guard", "description", ask(said("first.description"), ""))
    document["guard"] = guard
    scan = tomlkit.table()
    if upstream:
        scan["url"] = upstream
    scan["baseline"] = USUAL
    document["scan"] = scan
    business = tomlkit.table()
    _put(business, "business", "name", ask(said("first.business"), ""))
    _put(business, "business", "countries", _list(ask(said("first.countries"), ""), upper=True))
    _put(business, "business", "data", [one for one in _list(ask(said("first.data"), "")) if one in DATA])
    document["business"] = business
    topic = ask(said("first.topic"), "").strip()
    if topic:
        _add_topic(document, topic)
    return tomlkit.dumps(document)


def _put(table: "tomlkit.items.Table", name: str, key: str, value: str | list[str]) -> None:
    """Put a value into its table where the settings can be used with it."""
    if not value:
        return
    parse = parse_guard if name == "guard" else parse_business
    if not parse(tomlkit.dumps({name: {key: value}}))[1]:
        table[key] = value


def _add_topic(document: "tomlkit.TOMLDocument", topic: str) -> None:
    channel = {"name": CHANNEL, "kind": "ntfy", "to": [topic]}
    if not parse_notify(tomlkit.dumps({"notify": {"channels": [channel]}}))[1]:
        document["notify"] = {"channels": [channel]}


def _usable_address(answer: str) -> str:
    try:
        return address_of(answer.strip()) if answer.strip() else ""
    except AdvisedError as error:
        say(str(error))
        return ""


def _list(answer: str, *, upper: bool = False) -> list[str]:
    found = [one.strip() for one in answer.replace(";", ",").split(",") if one.strip()]
    return [one.upper() if upper else one.lower() for one in found]


def _prompt(question: str, usual: str) -> str:
    return str(click.prompt(question, default=usual, show_default=bool(usual), err=True))


def _silent(_: str, usual: str) -> str:
    return usual
