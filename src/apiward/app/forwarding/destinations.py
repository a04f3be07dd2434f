"""Builds what takes records elsewhere, as the settings say."""

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from apiward import __version__
from apiward.config.errors import AdvisedError
from apiward.config.guarding import ForwardConfig
from apiward.core.exchange import Headers
from apiward.core.outgoing import Destination, LineForm
from apiward.core.ports import Clock, Sender
from apiward.net.forwarding.otlp import OtlpDestination
from apiward.net.forwarding.posting import HttpDestination
from apiward.net.forwarding.syslog import PORT, SyslogDestination, tls_context


class ForwardError(AdvisedError):
    """Records cannot be sent as the settings say."""


def destination_of(
    config: ForwardConfig, base: Path, env: Mapping[str, str], sender: Sender, clock: Clock
) -> Destination:
    """Return what sends to `config.to`; file names begin at `base`. Raises ForwardError."""
    parts = urlsplit(config.to)
    headers = tuple((name, _from_env(variable, env)) for name, variable in config.headers_env.items())
    if parts.scheme == "syslog+tls":
        names = (config.ca_file, config.certificate, config.key_file)
        files = [base / name if name else None for name in names]
        try:
            context = tls_context(*files)
        except OSError as error:
            why = f"{error.strerror or error}."
            advice = "Check ca_file, certificate and key_file."
            raise ForwardError(f"The certificates for {config.to} cannot be used.", why, advice) from error
        return SyslogDestination(parts.hostname or "", parts.port or PORT, context, pid=os.getpid())
    if parts.scheme.startswith("otlp+"):
        address = config.to.removeprefix("otlp+")
        return OtlpDestination(
            sender, address, clock=clock, version=__version__, headers=headers, host=os.uname().nodename
        )
    return _posting(config, sender, clock, headers, env)


def _posting(
    config: ForwardConfig, sender: Sender, clock: Clock, headers: Headers, env: Mapping[str, str]
) -> Destination:
    secret = _from_env(config.secret_env, env) if config.secret_env else ""
    kind = "text/plain; charset=utf-8" if config.form is LineForm.CEF else "application/x-ndjson"
    try:
        return HttpDestination(sender, config.to, clock=clock, kind=kind, headers=headers, secret=secret)
    except ValueError as error:
        raise ForwardError(
            f"The secret in {config.secret_env} cannot be used.", f"{error}.", "Copy it whole."
        ) from None


def _from_env(name: str, env: Mapping[str, str]) -> str:
    value = env.get(name, "")
    if not value or not value.isprintable():
        why = "It must hold what the receiver asks for, in one line."
        raise ForwardError(f"The environment variable {name} is not set.", why, "Set it where the guard is started.")
    return value
