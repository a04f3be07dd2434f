"""The guard as a proxy: granian in front, the guard in the middle, the API behind."""

import dataclasses
import time
from functools import partial
from pathlib import Path
from typing import Final

from apiward.app.guarding.building import kept_secret
from apiward.app.guarding.living import LiveGuard
from apiward.app.guarding.log import log
from apiward.app.guarding.place import Overrides, Place
from apiward.app.guarding.sinks import TALLIES
from apiward.app.guarding.source import ConfigSource
from apiward.app.guarding.starting import check
from apiward.config.errors import ConfigError
from apiward.config.guarding import GuardConfig, UpstreamConfig, address_of
from apiward.net.messages import App
from apiward.net.middleware import Bounds
from apiward.net.proxy.administration import AdminApp
from apiward.net.proxy.forwarding import Forwarder, ForwardSettings
from apiward.net.proxy.serving import AppFactory, ServeSettings, serve, why_not
from apiward.net.proxy.upstreams import HealthSettings, TlsSettings, Upstreams, UpstreamSettings

NO_NAME: Final = b"-"
"""What answers say of the server that gave them: nothing. Left out, it would be named by itself."""


def run_proxy(place: Place, config: GuardConfig, overrides: Overrides) -> None:
    """Serve until SIGTERM or SIGINT; returns after the drain. Raises ConfigError before it begins."""
    if not (config.upstream or config.upstreams):
        raise ConfigError(
            "The guard does not know which API to guard.",
            "No upstream is named.",
            'Name it: apiward guard http://localhost:8000, or upstream = "..." in [guard].',
        )
    prepare(place, config)
    log("The guard starts.", listen=config.listen, upstream=config.upstream, mode=config.mode, workers=config.workers)
    serve_app(partial(guard_application, place, overrides, config), place, config)
    log("The guard has ended.")


def prepare(place: Place, config: GuardConfig) -> None:
    """Make the data folder ready. Raises ConfigError with all that stops the guard from starting."""
    try:
        place.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        kept_secret(place.data, "pepper")
        clear_tallies(place.data / TALLIES)
    except OSError as error:
        raise ConfigError(
            f"The folder {place.data} cannot be written.",
            f"{error.strerror}.",
            "Make it writable, or name another one as data in [guard].",
        ) from error
    check(config, place)
    places = [("listen", address_of(config.listen))]
    if config.admin.port:
        places.append(("admin.port", (config.admin.host, config.admin.port)))
    for setting, (host, port) in places:
        if why := why_not(host, port):
            raise ConfigError(
                f"The guard cannot listen at {host}:{port}.",
                f"{why}.",
                f"End what listens there, or name another place as {setting} in [guard].",
            )


def serve_app(app: AppFactory, place: Place, config: GuardConfig) -> None:
    """Serve what `app` makes in each worker until the end."""
    host, port = address_of(config.listen)
    tls = config.tls
    settings = ServeSettings(
        host=host,
        port=port,
        workers=config.workers,
        certificate_file=_file(place, tls.certificate_file),
        key_file=_file(place, tls.key_file),
        client_ca_file=_file(place, tls.client_ca_file),
        client_required=tls.client_certificate == "required",
        door_table=place.data / "peers",
        least_tls=tls.least_version,
        admin_host=config.admin.host,
        admin_port=config.admin.port or None,
    )
    serve(app, settings, admin=partial(AdminApp, place.data / TALLIES) if config.admin.port else None)


def guard_application(place: Place, overrides: Overrides, config: GuardConfig) -> App:
    """Return the app of one worker process."""
    forwarder = Forwarder(
        Upstreams([_upstream(place, one) for one in upstreams_of(config)], clock=time.monotonic),
        ForwardSettings(answer_s=config.answer_timeout_s),
        clock=time.monotonic,
    )
    source = ConfigSource(place, overrides, config=config)
    bounds = Bounds(config.max_answer, config.protocol.body_timeout_s, NO_NAME)
    return LiveGuard(forwarder, source, clock=time.time, bounds=bounds)


def upstreams_of(config: GuardConfig) -> tuple[UpstreamConfig, ...]:
    """Return what stands behind the guard: the table [[guard.upstreams]], and `upstream` for all else."""
    if not config.upstream:
        return config.upstreams
    return (*config.upstreams, UpstreamConfig(servers=(config.upstream,)))


def clear_tallies(folder: Path) -> None:
    """Begin to count anew: figures are those since the guard was started."""
    folder.mkdir(mode=0o700, exist_ok=True)
    for file in folder.glob("*.tally"):
        file.unlink(missing_ok=True)


def _upstream(place: Place, config: UpstreamConfig) -> UpstreamSettings:
    return UpstreamSettings(
        servers=config.servers,
        hosts=config.hosts,
        prefix=config.path,
        keeps_host=config.keeps_host,
        health=dataclasses.replace(HealthSettings(), path=config.health_path or None),
        tls=TlsSettings(ca_file=_file(place, config.ca_file)),
    )


def _file(place: Place, name: str) -> Path | None:
    return place.base / name if name else None
