from datetime import date
from pathlib import Path

import pytest

from apiward.app.page.accepting import accept, count_again, desk
from apiward.app.page.risks import finding_of
from apiward.app.standing.accepting import accepted_file
from apiward.config.errors import AdvisedError
from apiward.prove.baseline import Accepted, Baseline, dumped
from tests.prove.sample import finding, report
from tests.web.made import Shop, shop


def one_of(empty: Shop) -> str:
    """Scan, and return the id of the finding."""
    empty.scan(report([finding()]))
    return finding().id


def test_what_is_accepted_is_lived_with_until_its_day_as_the_commands_say(tmp_path: Path) -> None:
    with shop(tmp_path) as empty:
        kept = finding_of(empty.source, one_of(empty))
        accept(empty.source, kept, reason="  a copy\nonly ", days=30)
        (made,) = desk(empty.source).baseline(kept.target).accepted
        assert (made.reason, (made.expires_on - made.accepted_on).days) in {("a copy only", 29), ("a copy only", 30)}
        assert empty.source.gathered().accepted == {kept.id: made}
        accept(empty.source, kept, reason="longer", days=90)
        assert empty.source.gathered().accepted[kept.id].reason == "longer"
        empty.now[0] += 91 * 86_400
        assert empty.source.gathered().accepted == {}
        with pytest.raises(AdvisedError, match="not accepted"):
            count_again(empty.source, kept)


def test_what_is_accepted_counts_again(tmp_path: Path) -> None:
    with shop(tmp_path) as empty:
        kept = finding_of(empty.source, one_of(empty))
        accept(empty.source, kept, reason="a copy", days=30)
        count_again(empty.source, kept)
        assert empty.source.gathered().accepted == {}


def test_what_stands_in_the_file_of_scans_is_taken_back_there(tmp_path: Path) -> None:
    with shop(tmp_path) as empty:
        kept = finding_of(empty.source, one_of(empty))
        entry = Accepted(kept.id, kept.check, kept.operation, "It is old.", date(2020, 1, 1), date(2999, 1, 1))
        path = accepted_file(empty.source.place)
        path.write_text(dumped(Baseline((entry,))))
        assert empty.source.gathered().accepted == {kept.id: entry}
        with pytest.raises(AdvisedError, match=r"Take it out of that file"):
            count_again(empty.source, kept)


def test_a_file_that_cannot_be_used_is_told_and_left_as_it_is(tmp_path: Path) -> None:
    with shop(tmp_path) as empty:
        one_of(empty)
        path = accepted_file(empty.source.place)
        path.write_bytes(b"\xff")
        with pytest.raises(AdvisedError, match="cannot be read"):
            empty.source.gathered()
        assert path.read_bytes() == b"\xff"
        path.unlink()
        path.mkdir()
        with pytest.raises(AdvisedError):
            empty.source.gathered()
