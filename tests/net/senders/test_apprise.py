import asyncio
import logging
import sys
from types import ModuleType

import pytest

from apiward.core.finding import Severity
from apiward.core.notice import NotToldError
from apiward.net.senders.apprise import Apprise
from tests.net.senders.servers import notice


class Library(ModuleType):
    """Stands for the package, which is an extra: it takes what ours hands on."""

    def __init__(self) -> None:
        super().__init__("apprise")
        self.sent: list[dict[str, object]] = []
        self.takes = True
        library = self

        class Service:
            def add(self, address: str) -> bool:
                return address.startswith("json://")

            def notify(self, **message: object) -> bool:
                library.sent.append(message)
                return library.takes

        self.Apprise = Service


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Library:
    made = Library()
    monkeypatch.setitem(sys.modules, "apprise", made)
    return made


def test_it_is_handed_on(library: Library) -> None:
    channel = Apprise("json://127.0.0.1")
    assert not channel.can_follow
    assert asyncio.run(channel.send(notice())) == ""
    assert asyncio.run(channel.send(notice(severity=Severity.LOW))) == ""
    assert [one["notify_type"] for one in library.sent] == ["failure", "warning"]
    assert library.sent[0]["title"] == "Somebody tries stolen passwords"
    library.takes = False
    with pytest.raises(NotToldError):
        asyncio.run(channel.send(notice()))


def test_an_address_that_is_none_is_told(library: Library) -> None:
    with pytest.raises(ValueError, match="no service"):
        Apprise("nothing://x")


def test_where_it_is_not_installed_that_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(ModuleNotFoundError):
        Apprise("json://127.0.0.1")


def test_addresses_that_it_logs_do_not_come_out(library: Library) -> None:
    for _ in range(2):
        Apprise("json://127.0.0.1")
    own = logging.getLogger("apprise")
    assert library.sent == []
    assert not own.propagate
    # Without any, Python itself would print what is logged.
    assert [type(handler) for handler in own.handlers].count(logging.NullHandler) == 1
