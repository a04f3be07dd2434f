"""A scan, composed: description, sender, means of the accounts, and engine."""

import asyncio
import time
from collections.abc import Callable, Sequence

from apiward.app.credentials import GivenMeans
from apiward.app.scanning import Described
from apiward.app.token_servers import TokenServers
from apiward.catalogue.loading import load_catalogue
from apiward.core.ports import CallListener, Sender
from apiward.core.scan_report import ScanReport
from apiward.net.proving import ProvingSender
from apiward.net.sender import HttpSender
from apiward.net.tls_look import TlsLook
from apiward.scan.api import Check
from apiward.scan.engine import Scan, ScanSettings
from apiward.scan.events import Listener


async def run_scan(
    described: Described,
    checks: Sequence[Check],
    settings: ScanSettings,
    *,
    sender: Sender,
    listen: Listener,
    begun: Callable[[Scan], None],
    listener: CallListener | None = None,
    is_in_process: bool = False,
    is_insecure: bool = False,
    rate_per_s: float | None = None,
) -> ScanReport:
    """Scan and return the report. `begun` gets the scan before it starts, so that it can be stopped.

    `is_in_process` says that the API has no connections to look at. `is_insecure` and `rate_per_s` are for the
    connections of accounts that show a certificate of their own.
    """

    def own_sender(certificate: str, key: str) -> HttpSender:
        return HttpSender(
            clock=time.time, verify_tls=not is_insecure, rate_per_s=rate_per_s, certificate=(certificate, key)
        )

    proving = ProvingSender(sender)
    source = GivenMeans(
        sender,
        clock=time.time,
        servers=TokenServers(sender, described.api.schemes.values(), described.origin),
        proving=proving,
        own_sender=None if is_in_process else own_sender,
    )
    scan = Scan(
        described.api,
        described.origin,
        checks,
        settings,
        sender=proving,
        catalogue=load_catalogue(),
        clock=time.time,
        wait=asyncio.sleep,
        listen=listen,
        source=source,
        listener=listener,
        tls=None if is_in_process else TlsLook(),
    )
    begun(scan)
    try:
        return await scan.run()
    finally:
        await source.aclose()
