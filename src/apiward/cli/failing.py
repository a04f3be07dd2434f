"""Errors become words on stderr, a document on stdout where one was asked for, and an exit code."""

import os
import sys
import tempfile
import traceback
from collections.abc import Sequence

import click

from apiward.cli.error_documents import error_document
from apiward.cli.exits import ExitCode
from apiward.cli.speaking import say, write_out
from apiward.config.errors import AdvisedError


def failed(error: Exception, arguments: Sequence[str]) -> int:
    """Say what went wrong and return the exit code."""
    if isinstance(error, BrokenPipeError):
        return ExitCode.HOLDS
    if isinstance(error, click.Abort):
        say("Stopped.")
        return ExitCode.INTERRUPTED
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        write_out(f"{error.format_message()}\n")
        return ExitCode.USAGE
    told, code = _told(error, show_details="--debug" in arguments)
    _say(told)
    document = error_document(arguments, told, code)
    if document:
        write_out(document)
    return code


def _told(error: Exception, *, show_details: bool) -> tuple[AdvisedError, int]:
    if isinstance(error, AdvisedError):
        return error, error.exit_code
    if isinstance(error, click.ClickException):
        return AdvisedError(error.format_message(), "", _help_hint(error)), ExitCode.USAGE
    return _bug(error, show_details=show_details), ExitCode.BUG


def _help_hint(error: click.ClickException) -> str:
    path = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "apiward"
    return f"See: {path} --help"


def _bug(error: Exception, *, show_details: bool) -> AdvisedError:
    details = "".join(traceback.format_exception(error))
    if show_details:
        say(details.rstrip())
    place = f"The details are in {_kept(details)}."
    return AdvisedError(
        "apiward itself failed. This is our mistake, not yours.",
        f"{type(error).__name__}: {error}" if str(error) else type(error).__name__,
        f"{place} Please report it with that file. It holds no secrets that we know of; look through it first.",
    )


def _kept(details: str) -> str:
    try:
        handle, path = tempfile.mkstemp(prefix="apiward-bug-", suffix=".txt")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(f"Python {sys.version}\n{details}")
    except OSError:
        return "no file, because none could be written; use --debug"
    return path


def _say(error: AdvisedError) -> None:
    say(f"Error: {error.what}")
    for text in (error.why, error.advice):
        for line in text.splitlines():
            say(f"  {line}")
