"""The pytest plug-in: the fixture `apiward_scan` scans an app inside a test. Nothing is loaded until it is used."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from apiward.cli.testing import AppScan


@pytest.fixture
def apiward_scan(request: pytest.FixtureRequest) -> "AppScan":
    """Scan an app in this process, with no server: `apiward_scan(app)` fails the test with what is found.

    `app` is an ASGI or WSGI app, or its name as in "shop:app". Options are named as for `apiward scan`.
    Returns the report where the test does not fail.
    """
    from apiward.cli.testing import AppScan  # noqa: PLC0415 - runs that do not use it must not pay for it

    return AppScan(request.node.nodeid, _fail)


def _fail(text: str) -> None:
    __tracebackhide__ = True
    pytest.fail(text, pytrace=False)
