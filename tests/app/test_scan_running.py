import asyncio

from apiward.app.scan_running import run_scan
from apiward.app.scanning import Described, describe
from apiward.core.exchange import Response
from apiward.scan.engine import Scan, ScanSettings
from apiward.scan.level import Level
from apiward.scan.registry import CHECKS
from tests.cli.answering import Server, description


def test_a_scan_is_run_and_handed_out() -> None:
    server = Server({"http://h:1/openapi.json": description(), "http://h:1/notes": Response(200, (), b"[]")})
    begun: list[Scan] = []

    async def work() -> tuple[Described, int]:
        described = await describe(server, "http://h:1")
        report = await run_scan(
            described,
            [check for check in CHECKS if check.code == "CFG01"],
            ScanSettings(level=Level.READ),
            sender=server,
            listen=lambda _: None,
            begun=begun.append,
        )
        return described, len(report.items)

    described, items = asyncio.run(work())
    assert len(begun) == 1
    assert (described.origin, items) == ("http://h:1", 1)
