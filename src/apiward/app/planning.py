"""What a scan would do, told without doing it."""

import asyncio
import time
from collections.abc import Sequence

from apiward.app.scanning import Described
from apiward.catalogue.loading import load_catalogue
from apiward.core.ports import Sender
from apiward.scan.api import Check
from apiward.scan.engine import Scan, ScanSettings
from apiward.scan.planning import Plan


def plan_scan(described: Described, checks: Sequence[Check], settings: ScanSettings, *, sender: Sender) -> Plan:
    """Return what `run_scan` would do. Nothing is sent."""
    scan = Scan(
        described.api,
        described.origin,
        checks,
        settings,
        sender=sender,
        catalogue=load_catalogue(),
        clock=time.time,
        wait=asyncio.sleep,
    )
    return scan.plan()
