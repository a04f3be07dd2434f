"""CMP01: programs that their makers mend no more, as headers name them."""

from collections.abc import Callable
from functools import partial

import pytest

from apiward.core.verdict import Confidence
from apiward.scan.checks.components.outdated import CHECK
from tests.scan.checks.configuration.test_technology_disclosure import with_header
from tests.scan.checks.judged import broken_at, looked_at
from tests.scan.harness import scan_app
from tests.scan.small_api import Case, Pair

TRIGGERS: tuple[Case, ...] = (
    ("a language", partial(with_header, "X-Powered-By", "PHP/7.4.33")),
    ("older than the table", partial(with_header, "X-Powered-By", "PHP/4.4.9")),
    ("a server", partial(with_header, "Server", "Microsoft-IIS/7.5")),
    ("one of several", partial(with_header, "Server", "Werkzeug/2.2.3 Python/3.7.17")),
    ("a library with a letter", partial(with_header, "Server", "Apache/2.4.62 OpenSSL/1.0.2u")),
    ("on an error", partial(with_header, "X-Powered-By", "PHP/5.6.40", status=404)),
)
SILENT: tuple[Case, ...] = (
    ("not yet over", partial(with_header, "Server", "Apache/2.4.62 OpenSSL/3.5.1")),
    ("newer than the table", partial(with_header, "X-Powered-By", "PHP/9.1.0")),
    ("a distributor mends it", partial(with_header, "X-Powered-By", "PHP/7.4.3-4ubuntu2.29")),
    ("a distributor mends it, another way", partial(with_header, "Server", "Apache/2.2.22 (Debian)")),
    ("unknown to the table", partial(with_header, "Server", "lighttpd/1.4.1")),
    ("without a version", partial(with_header, "Server", "Apache")),
    ("another header", partial(with_header, "X-Request-Id", "PHP/5.6.40")),
)


@pytest.mark.parametrize(("name", "make"), TRIGGERS, ids=[name for name, _ in TRIGGERS])
def test_fires(name: str, make: Callable[[], Pair]) -> None:
    assert broken_at(make, CHECK) == {"the whole API"}


@pytest.mark.parametrize(("name", "make"), SILENT, ids=[name for name, _ in SILENT])
def test_stays_silent(name: str, make: Callable[[], Pair]) -> None:
    assert looked_at(make, CHECK)
    assert not broken_at(make, CHECK)


def test_it_is_likely_and_says_when_the_table_was_checked() -> None:
    app, description = TRIGGERS[0][1]()
    (finding,) = scan_app(app, description, [CHECK]).report.findings
    assert finding.confidence is Confidence.LIKELY
    assert "has not mended it since 2022-11-28. The table of such days was checked on 20" in finding.saw
    assert "by endoflife.date as of 20" in finding.saw


def test_before_its_last_day_a_version_is_no_finding() -> None:
    app, description = TRIGGERS[0][1]()
    assert not scan_app(app, description, [CHECK], clock=lambda: 1_600_000_000.0).report.findings
