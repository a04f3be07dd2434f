"""The table [guard] of apiward.toml: what stands behind the gate, and how each stage judges."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from apiward.access.ownership.settings import ObjectsSettings
from apiward.access.settings import AuthenticateSettings, IssuerSettings, SignerSettings
from apiward.catalogue.retention import load_retention
from apiward.config.names import FILE_NAME
from apiward.config.tables import load_table, parse_table
from apiward.core.decision import Mode
from apiward.core.outgoing import RECORD_KINDS, LineForm
from apiward.core.settings import setting
from apiward.guard.allowing import Allowance
from apiward.guard.policy import ModeException, ModeRule, Policy, stage_modes
from apiward.guard.readiness import AutopilotSettings
from apiward.guard.registry import STAGES
from apiward.guard.stage import StageName, Stance
from apiward.guard.stages.conceal import ConcealSettings
from apiward.guard.stages.conduct import ConductSettings
from apiward.guard.stages.flood import FloodSettings
from apiward.guard.stages.harden import HardenSettings
from apiward.guard.stages.inspect import InspectSettings
from apiward.guard.stages.learn import LearnSettings
from apiward.guard.stages.minimise import MinimiseSettings
from apiward.guard.stages.origin import OriginSettings
from apiward.guard.stages.patches import PatchesSettings
from apiward.guard.stages.permit import PermitSettings
from apiward.guard.stages.protocol import ProtocolSettings
from apiward.guard.stages.quota import QuotaSettings
from apiward.guard.stages.route import RouteSettings
from apiward.guard.stages.shape import ShapeSettings

FORWARD_SCHEMES: Final = ("syslog+tls", "https", "http", "otlp+https", "otlp+http")
"""Ways in which records are sent; http alone for machines near by."""
_DAYS: Final = {name: entry.days for name, entry in load_retention().items()}
_STAGE_WORDS: Final = ", ".join(StageName)


@dataclass(frozen=True, slots=True)
class TlsConfig:
    """`[guard.tls]`: HTTPS at the guard itself."""

    certificate_file: str = setting("", "The certificate with its chain (PEM), as ACME clients write it.")
    key_file: str = setting("", "Its private key (PEM).")
    client_ca_file: str = setting("", "Authorities whose client certificates are good (PEM); empty: none is asked for.")
    client_certificate: str = setting("required", "Whether every caller must show one: required or optional.")
    least_version: str = setting("1.2", "The oldest TLS version that is taken: 1.2 or 1.3.")

    def __post_init__(self) -> None:
        if bool(self.certificate_file) != bool(self.key_file):
            raise ValueError("certificate_file: certificate_file and key_file belong together")
        if self.client_certificate not in {"required", "optional"}:
            raise ValueError("client_certificate: must be required or optional")
        if self.client_ca_file and not self.certificate_file:
            raise ValueError("client_ca_file: client certificates need a certificate_file of the guard itself")
        if self.least_version not in {"1.2", "1.3"}:
            raise ValueError("least_version: must be 1.2 or 1.3")


@dataclass(frozen=True, slots=True)
class UpstreamConfig:
    """`[[guard.upstreams]]`: one part of the API, by host and path."""

    servers: tuple[str, ...] = setting((), 'Addresses of its servers, such as "http://localhost:8000".')
    hosts: tuple[str, ...] = setting((), "Names of hosts that it serves, such as api.shop.example or *.shop.example.")
    path: str = setting("/", "The beginning of the paths that it serves.")
    keeps_host: bool = setting(default=False, help_text="Send the Host that the caller asked for.")
    health_path: str = setting("", "A path that is asked regularly; without it, health is told by real requests.")
    ca_file: str = setting("", "Authorities for its certificate, where it is not a public one (PEM).")

    def __post_init__(self) -> None:
        for address in self.servers:
            check_address(address, "servers")


@dataclass(frozen=True, slots=True)
class AdminConfig:
    """`[guard.admin]`: health and figures, on a port of their own."""

    host: str = setting("127.0.0.1", "The address to listen at.")
    port: int = setting(0, "The port for /-/health, /-/ready and /-/metrics; 0: none.", least=0, most=65535)


@dataclass(frozen=True, slots=True)
class EventsConfig:
    """`[guard.events]`: what is kept of each request."""

    database: str = setting("", "A database address such as postgresql://...; empty: a file in the data folder.")
    lines: str = setting("", 'A file for events as JSON lines; "-" is the standard output.')
    spool_mb: int = setting(64, "Megabytes that wait on disk while the database is away.", least=1, most=10_000)


@dataclass(frozen=True, slots=True)
class RecordConfig:
    """`[guard.record]`: for how long the record is kept, and where checkpoints of the audit record go."""

    events_days: int = setting(_DAYS["events"], "Days for which single requests are kept.", least=1, most=3650)
    counts_days: int = setting(_DAYS["counts"], "Days for which counts by caller are kept.", least=1, most=3650)
    audit_days: int = setting(_DAYS["audit"], "Days for which the audit record is kept.", least=1, most=3650)
    incidents_days: int = setting(
        _DAYS["incidents"], "Days for which incidents and their evidence are kept.", least=1, most=3650
    )
    findings_days: int = setting(_DAYS["findings"], "Days for which fixed findings are kept.", least=1, most=3650)
    checkpoints: tuple[str, ...] = setting(
        (),
        "Files for the signed checkpoints, best on another machine, or https:// addresses that they are posted to. "
        "Empty: audit.checkpoints in the data folder.",
    )
    low_space_mb: int = setting(500, "Free megabytes below which you are warned.", least=1, most=1_000_000)

    def __post_init__(self) -> None:
        for name in self.checkpoints:
            if "://" in name:
                check_post(name, "checkpoints")


@dataclass(frozen=True, slots=True)
class ForwardConfig:
    """`[[guard.forward]]`: where what is stored is sent to, as it comes."""

    to: str = setting(
        "", "Where to: syslog+tls://host:6514, https://host/path, or otlp+https://host:4318/v1/logs (OpenTelemetry)."
    )
    form: LineForm = setting(LineForm.OCSF, "The form of a line: ocsf, jsonl (our own) or cef.")  # noqa: RUF009 - an enum member
    what: tuple[str, ...] = setting(RECORD_KINDS, "What is sent: events, findings, detections, incidents.")
    sends_old: bool = setting(default=False, help_text="Send what is stored already, too.")
    ca_file: str = setting(
        "", "Authorities for the server's certificate, where it is not a public one (PEM). For syslog."
    )
    certificate: str = setting("", "A certificate to show, where the server asks for one (PEM). For syslog.")
    key_file: str = setting("", "The key of that certificate (PEM). For syslog.")
    secret_env: str = setting("", "The environment variable with the secret that signs what is posted.")
    headers_env: Mapping[str, str] = setting({}, 'Headers to send, by environment variable: Authorization = "TOKEN".')
    batch: int = setting(500, "Records that are sent together at most.", least=1, most=5_000)

    def __post_init__(self) -> None:
        check_forward(self.to)
        strange = [kind for kind in self.what if kind not in RECORD_KINDS]
        if strange or not self.what:
            raise ValueError(f"what: must name some of {', '.join(RECORD_KINDS)}")


@dataclass(frozen=True, slots=True)
class GuardConfig:
    """`[guard]` with all its tables."""

    upstream: str = setting("", 'The address of the API behind the guard, such as "http://localhost:8000".')
    listen: str = setting("127.0.0.1:8080", "Where the guard listens: host and port.")
    description: str = setting("", "The description of the API: a file or an address. Empty: the API is asked.")
    mode: Mode = setting(Mode.ENFORCE, "What decisions do: off, watch (only say) or enforce.")  # noqa: RUF009 - an enum member
    workers: int = setting(1, "How many processes serve.", least=1, most=64)
    max_body: int = setting(1_048_576, "The largest body in bytes that is judged; more is refused.", least=1024)
    max_answer: int = setting(1_048_576, "The largest answer in bytes that is judged; more streams by.", least=1024)
    answer_timeout_s: float = setting(60.0, "Seconds in which the API must begin to answer.", least=0.1, most=3600)
    budget_ms: float = setting(50.0, "Milliseconds of our own time for one request.", least=1, most=10_000)
    data: str = setting("", "The folder for events and counters. Empty: .apiward beside this file.")
    modes: Mapping[str, str] = setting({}, f"Modes of single stages: {_STAGE_WORDS}.")
    stances: Mapping[str, str] = setting({}, "What happens where a stage fails: open (goes on) or closed (refused).")
    exceptions: tuple[ModeException, ...] = setting((), "Other modes for some operations or paths.")
    allowed: tuple[Allowance, ...] = setting((), "Refusals that are excluded; `apiward allow` makes them.")
    autopilot: AutopilotSettings = field(default_factory=AutopilotSettings)
    switched: tuple[ModeRule, ...] = setting(
        (), "Modes of single stages, with who said so and why. The autopilot writes them beside this file."
    )
    upstreams: tuple[UpstreamConfig, ...] = setting((), "Several APIs behind one guard, by host and path.")
    tls: TlsConfig = field(default_factory=TlsConfig)
    admin: AdminConfig = field(default_factory=AdminConfig)
    forward: tuple[ForwardConfig, ...] = setting((), "Where what is stored is sent to, as it comes.")
    events: EventsConfig = field(default_factory=EventsConfig)
    record: RecordConfig = field(default_factory=RecordConfig)
    protocol: ProtocolSettings = field(default_factory=ProtocolSettings)
    origin: OriginSettings = field(default_factory=OriginSettings)
    flood: FloodSettings = field(default_factory=FloodSettings)
    authenticate: AuthenticateSettings = field(default_factory=AuthenticateSettings)
    issuers: tuple[IssuerSettings, ...] = setting((), "Log-in services whose tokens are good here.")
    signers: tuple[SignerSettings, ...] = setting((), "Partners that sign their requests.")
    quota: QuotaSettings = field(default_factory=QuotaSettings)
    route: RouteSettings = field(default_factory=RouteSettings)
    permit: PermitSettings = field(default_factory=PermitSettings)
    shape: ShapeSettings = field(default_factory=ShapeSettings)
    inspect: InspectSettings = field(default_factory=InspectSettings)
    conduct: ConductSettings = field(default_factory=ConductSettings)
    objects: ObjectsSettings = field(default_factory=ObjectsSettings)
    patches: PatchesSettings = field(default_factory=PatchesSettings)
    learn: LearnSettings = field(default_factory=LearnSettings)
    minimise: MinimiseSettings = field(default_factory=MinimiseSettings)
    conceal: ConcealSettings = field(default_factory=ConcealSettings)
    harden: HardenSettings = field(default_factory=HardenSettings)

    def __post_init__(self) -> None:
        if self.upstream:
            check_address(self.upstream, "upstream")
        address_of(self.listen)
        stage_modes(self.modes, "modes")
        _stances(self.stances)

    @property
    def policy(self) -> Policy:
        """The modes and stances of all stages."""
        switched = tuple(rule.exception for rule in self.switched if rule.stage not in self.modes)
        exceptions = (*switched, *self.exceptions)  # what the owner said comes last, and so counts
        return Policy(self.mode, stage_modes(self.modes, "modes"), _stances(self.stances), exceptions)


def load_guard(path: Path) -> GuardConfig:
    """Return the settings of the guard in the file at `path`; raises ConfigError with all that is wrong with it."""
    return load_table(path, parse_guard)


def parse_guard(text: str) -> tuple[GuardConfig, tuple[str, ...]]:
    """Return the settings of the guard in `text`, and what is wrong with it, a sentence each. Never raises."""
    return parse_table(GuardConfig, "guard", text)


def address_of(listen: str) -> tuple[str, int]:
    """Return host and port of `host:port` or `[::1]:port`; raises ValueError."""
    parts = urlsplit(f"//{listen}")
    try:
        port = parts.port
    except ValueError:
        port = None
    if not parts.hostname or port is None or parts.path or parts.username:
        raise ValueError(f'listen: "{listen[:60]}" is no host with a port, such as 127.0.0.1:8080')
    return parts.hostname, port


def check_address(address: str, where: str) -> None:
    """Raise ValueError unless `address` is that of a web server."""
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise ValueError(f'{where}: "{address[:60]}" is no address of a server, such as http://localhost:8000')


def check_forward(address: str) -> None:
    """Raise ValueError unless records may be sent to `address`: over TLS, or to a machine near by."""
    parts = urlsplit(address)
    try:
        is_good = bool(parts.hostname) and parts.port != 0 and not ("@" in parts.netloc or parts.fragment)
    except ValueError:
        is_good = False
    if parts.scheme not in FORWARD_SCHEMES or not is_good:
        schemes = ", ".join(f"{scheme}://" for scheme in FORWARD_SCHEMES)
        raise ValueError(f'to: "{address[:60]}" is no address that begins with one of {schemes}')
    if parts.scheme in {"http", "otlp+http"} and not _is_near(parts.hostname or ""):
        raise ValueError("to: must be https, as what is sent would be open to all on its way")


def check_post(address: str, where: str) -> None:
    """Raise ValueError unless `address` is one to post to: https, or http on a machine near by."""
    parts = urlsplit(address)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and _is_near(parts.hostname or ""))
    if not is_safe or not parts.hostname or parts.username or parts.fragment:
        raise ValueError(f'{where}: "{address[:60]}" is no https:// address')


def _is_near(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "." not in host or host.endswith((".local", ".internal"))
    return address.is_private or address.is_loopback


def _stances(words: Mapping[str, str]) -> dict[StageName, Stance]:
    for name, word in words.items():
        if name not in frozenset(StageName):
            raise ValueError(f'stances: "{name[:40]}" is no stage; the stages are {_STAGE_WORDS}')
        if word not in frozenset(Stance):
            raise ValueError(f"stances.{name}: must be open or closed")
    return {StageName(name): Stance(word) for name, word in words.items()}


__all__ = ["FILE_NAME", "STAGES", "GuardConfig", "address_of", "load_guard", "parse_guard"]
