from pathlib import Path

import pytest

from apiward.app.page.accepting import accept, count_again
from apiward.app.page.risks import finding_of
from apiward.app.standing.accepting import accepted_file, read_accepted
from apiward.config.errors import AdvisedError
from tests.prove.sample import finding, report
from tests.web.made import Shop, shop


def one_of(empty: Shop) -> str:
    """Scan, and return the id of the finding."""
    empty.scan(report([finding()]))
    return finding().id


def test_what_is_accepted_stands_in_the_baseline_of_scans_until_its_day(tmp_path: Path) -> None:
    with shop(tmp_path) as empty:
        tmp_path.joinpath("apiward.toml").write_text('[scan]\nbaseline = "ours.json"\n')
        kept = finding_of(empty.source, one_of(empty))
        made = accept(empty.source, kept, reason="  a copy\nonly ", days=30)
        assert accepted_file(empty.source.place) == tmp_path / "ours.json"
        assert (made.reason, (made.expires_on - made.accepted_on).days) == ("a copy only", 30)
        assert read_accepted(empty.source.place).accepted == (made,)
        again = accept(empty.source, kept, reason="longer", days=90)
        assert read_accepted(empty.source.place).accepted == (again,)
        empty.now[0] += 91 * 86_400
        assert empty.source.gathered().accepted == {}
        assert count_again(empty.source, kept.id) == again
        with pytest.raises(AdvisedError, match="not accepted"):
            count_again(empty.source, kept.id)


def test_a_file_that_cannot_be_used_is_told_and_left_as_it_is(tmp_path: Path) -> None:
    with shop(tmp_path) as empty:
        kept = finding_of(empty.source, one_of(empty))
        path = accepted_file(empty.source.place)
        path.write_text("{}")
        with pytest.raises(AdvisedError, match="schema"):
            accept(empty.source, kept, reason="x", days=3)
        assert path.read_text() == "{}"
        path.write_bytes(b"\xff")
        with pytest.raises(AdvisedError, match="cannot be read"):
            empty.source.gathered()
        path.unlink()
        path.mkdir()
        with pytest.raises(AdvisedError):
            empty.source.gathered()
