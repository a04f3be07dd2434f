import asyncio
import re
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from apiward.core.finding import Severity
from apiward.core.outgoing import NotSentError, Outgoing
from apiward.net.forwarding.syslog import SyslogDestination, framed, message, tls_context
from tests.net.forwarding.made import NOW_S, certificate, record, syslog_server

RFC_5424: Final = re.compile(
    rb"<(\d{1,3})>1 (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) ([!-~]{1,255}) apiward ([!-~]+) ([!-~]{1,32}) "
    rb'\[apiward@32473 id="((?:[^"\\\]]|\\["\\\]])*)" kind="([!-~]{1,32})"\] \xef\xbb\xbf(.*)',
    re.DOTALL,
)
_texts = st.text(st.characters(exclude_categories=()), max_size=40)


def test_a_record_is_a_message_of_the_standard() -> None:
    text = message(record(1), "shop.example", "42")
    assert text == (
        b"<108>1 2027-01-15T08:00:01.000Z shop.example apiward 42 event "
        b'[apiward@32473 id="id-1" kind="event"] \xef\xbb\xbf{"n":1}'
    )
    assert framed(b"abc") == b"3 abc"


@example(Outgoing("", "", float("nan"), Severity.NOTE, ""))
@given(st.builds(Outgoing, _texts, _texts, st.floats(), st.sampled_from(Severity), _texts))
def test_nothing_in_a_record_breaks_its_form(given_record: Outgoing) -> None:
    found = RFC_5424.fullmatch(message(given_record, "a"))
    assert found
    assert 0 <= int(found[1]) <= 191


def test_records_arrive_over_one_connection_and_after_the_server_has_hung_up(tmp_path: Path) -> None:
    public, private = certificate(tmp_path)

    async def main() -> None:
        async with syslog_server(public, private) as server:
            destination = SyslogDestination("localhost", server.port, tls_context(public), own_name="a b")
            await destination.send([record(1), record(2)])
            await destination.send([record(3)])
            got = await server.got(3)
            assert [one[-7:] for one in got] == [b'{"n":1}', b'{"n":2}', b'{"n":3}']
            assert b" a_b apiward " in got[0]
            server.hang_up()
            for _ in range(50):  # the end may be seen with the next sending alone: then it is sent again
                try:
                    await destination.send([record(4)])
                    break
                except NotSentError:
                    continue
            assert (await server.got(4))[-1].endswith(b'{"n":4}')
            await destination.aclose()

    asyncio.run(main())


def test_a_server_that_nobody_vouches_for_gets_nothing(tmp_path: Path) -> None:
    public, private = certificate(tmp_path)
    other, _ = certificate(tmp_path, "other")

    async def main() -> None:
        async with syslog_server(public, private) as server:
            destination = SyslogDestination("localhost", server.port, tls_context(other))
            with pytest.raises(NotSentError, match=r"(?i)certificate"):
                await destination.send([record()])
            assert server.messages == []

    asyncio.run(main())


def test_a_server_that_is_not_there_is_told() -> None:
    with pytest.raises(NotSentError):
        asyncio.run(SyslogDestination("localhost", 1, tls_context()).send([record()]))


def test_rsyslog_writes_what_was_sent(tmp_path: Path) -> None:
    daemon = shutil.which("rsyslogd") or shutil.which("rsyslogd", path="/usr/sbin")
    if daemon is None or not list(Path("/usr/lib").glob("*/rsyslog/lmnsd_gtls.so")):
        pytest.skip("rsyslog with TLS is not installed")
    public, private = certificate(tmp_path)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    out, settings = tmp_path / "out.log", tmp_path / "rsyslog.conf"
    settings.write_text(
        f"""
global(workDirectory="{tmp_path}" defaultNetstreamDriver="gtls" maxMessageSize="64k"
  defaultNetstreamDriverCAFile="{public}" defaultNetstreamDriverCertFile="{public}"
  defaultNetstreamDriverKeyFile="{private}")
module(load="imtcp" streamDriver.name="gtls" streamDriver.mode="1" streamDriver.authMode="anon")
input(type="imtcp" address="127.0.0.1" port="{port}")
template(name="t" type="string" string="%app-name% %msgid% %structured-data% %syslogseverity% %msg%\\n")
action(type="omfile" file="{out}" template="t")
"""
    )
    command = [daemon, "-n", "-f", str(settings), "-i", str(tmp_path / "pid")]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            asyncio.run(_send_to(port, public))
            lines = _lines(out, 300)
        finally:
            server.terminate()
    assert lines[0].startswith('apiward event [apiward@32473 id="id-0" kind="event"] 4 ')
    assert [int(line.rpartition('"n":')[2].rstrip("}")) for line in lines] == list(range(300))


async def _send_to(port: int, public: Path) -> None:
    destination = SyslogDestination("localhost", port, tls_context(public))
    deadline_s = time.monotonic() + 20
    while True:
        try:
            await destination.send([record(number) for number in range(300)])
            break
        except NotSentError:
            assert time.monotonic() < deadline_s
            await asyncio.sleep(0.05)
    await destination.aclose()


def _lines(path: Path, number: int) -> list[str]:
    deadline_s = time.monotonic() + 20
    while time.monotonic() < deadline_s:
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        if len(lines) >= number:
            return lines
        time.sleep(0.05)
    raise AssertionError("rsyslog did not write")


def test_the_time_of_the_message_is_that_of_the_record() -> None:
    assert b"2027-01-15T08:00:00.000Z" in message(record(at_s=NOW_S), "a")
