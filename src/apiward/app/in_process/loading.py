"""An app by its name, `shop:app`: imported, and told apart as ASGI or WSGI."""

import contextlib
import importlib
import inspect
import re
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from apiward.config.errors import AdvisedError, meant

_FORM: Final = re.compile(
    r"(?P<module>[^\W\d]\w*(?:\.[^\W\d]\w*)*):(?P<name>[^\W\d]\w*(?:\.[^\W\d]\w*)*)(?P<call>\(\))?"
)
_ASGI: Final = 3
_WSGI: Final = 2
_KINDS: Final = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


class NoAppError(AdvisedError):
    """What was named is no app, or cannot be had."""


@dataclass(frozen=True, slots=True)
class OwnApp:
    """An app of this process; `name` is how it is called in messages."""

    name: str
    call: Any
    is_wsgi: bool


def load_app(text: str, folder: Path) -> OwnApp:
    """Return the app that `text` names, as `module:name` or `module:factory()`, imported as if run in `folder`.

    Raises NoAppError.
    """
    found = _FORM.fullmatch(text.strip())
    if found is None:
        what = f"{text[:80]!a} names no app."
        raise NoAppError(what, "", "Write module and name: --app shop:app, or --app shop:create_app() for a factory.")
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    with contextlib.redirect_stdout(sys.stderr):  # stdout is for reports
        thing: Any = _module(found["module"], folder)
        for name in found["name"].split("."):
            thing = _attribute(thing, name, found["module"])
        if found["call"]:
            thing = _made(thing, text)
    return own_app(thing, text)


def own_app(thing: object, name: str = "") -> OwnApp:
    """Return an app object with its kind. Raises NoAppError where it is neither ASGI nor WSGI."""
    told = name or type(thing).__name__
    count = _count(thing) if callable(thing) else None
    if count == _ASGI:
        return OwnApp(told, thing, is_wsgi=False)
    if count == _WSGI:
        return OwnApp(told, thing, is_wsgi=True)
    why = (
        f"It is {_article(type(thing).__name__)}. An app takes scope, receive and send, or environ and start_response."
    )
    if count == 0:
        raise NoAppError(f"{told} is no app.", why, f"If it makes the app, write --app {told}().")
    raise NoAppError(f"{told} is no app.", why, "Name what you give to your server, such as shop:app.")


def _module(name: str, folder: Path) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is not None and (name == error.name or name.startswith(f"{error.name}.")):
            what = f"There is no module {error.name} in {folder}."
            raise NoAppError(what, "", "Run the command in the folder from which your server is started.") from None
        why = f"It needs {error.name}, which is not installed beside apiward ({_where(error)})."
        advice = "Install apiward into the environment of your app, and run it from there."
        raise NoAppError(f"{name} could not be imported.", why, advice) from None
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a program that is not ours may raise anything
        advice = f"Try it by itself: python -c 'import {name}'"
        raise NoAppError(f"{name} could not be imported.", _told(error), advice) from None


def _attribute(thing: object, name: str, module: str) -> object:
    try:
        return getattr(thing, name)
    except AttributeError:
        known = (
            [one for one, value in sorted(vars(thing).items()) if _is_like_app(one, value)] if _has_vars(thing) else []
        )
        near = meant(name, known).strip() or (f"It has {', '.join(known[:5])}." if known else "")
        raise NoAppError(f"{module} has no {name}.", near, "Name the app as for your server.") from None


def _made(factory: object, text: str) -> object:
    if not callable(factory):
        raise NoAppError(f"{text} cannot be called.", f"It is {_article(type(factory).__name__)}.", "Leave () away.")
    try:
        return factory()
    except (Exception, SystemExit) as error:  # noqa: BLE001 - as above
        raise NoAppError(f"{text} made no app.", _told(error), "Try it by itself, in a Python shell.") from None


def _count(thing: Any) -> int | None:  # noqa: ANN401 - anything that can be called
    """Return how many arguments must be given; None where one cannot tell."""
    try:
        parameters = inspect.signature(thing).parameters.values()
    except (TypeError, ValueError):
        return None
    if any(one.kind is inspect.Parameter.VAR_POSITIONAL for one in parameters):
        is_async = inspect.iscoroutinefunction(thing) or inspect.iscoroutinefunction(type(thing).__call__)
        return _ASGI if is_async else None
    return sum(one.kind in _KINDS and one.default is inspect.Parameter.empty for one in parameters)


def _is_like_app(name: str, value: object) -> bool:
    return (
        not name.startswith("_") and callable(value) and not isinstance(value, type) and _count(value) in {_ASGI, _WSGI}
    )


def _has_vars(thing: object) -> bool:
    return hasattr(thing, "__dict__")


def _told(error: BaseException) -> str:
    text = (error.msg if isinstance(error, SyntaxError) else str(error)).strip()
    said = f": {text.splitlines()[0][:300]}" if text else ""
    return f"{type(error).__name__}{said} ({_where(error)})"


def _where(error: BaseException) -> str:
    """Return the last place in a program of the user's, where there is one."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}, line {error.lineno}"
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "site-packages" not in frame.filename and "importlib" not in frame.filename]
    last = (own or frames)[-1]
    return f"{last.filename}, line {last.lineno}"


def _article(word: str) -> str:
    return f"{'an' if word[:1].lower() in 'aeiou' else 'a'} {word}"
