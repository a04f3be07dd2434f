from apiward.app.guarding.described import Described, DescribedOperation
from apiward.app.inventory.joined import Joined, joined
from apiward.app.inventory.known import LearnedShort
from apiward.stores.counted.tallying import Count, OperationCount
from apiward.stores.watching.scan_summaries import summary_of
from tests.prove.sample import report

HOLDS = (("answer.email", "email"), ("answer.phone", "phone"))
KNOWN = Described(
    "Shop", "1", "file", "OpenAPI 3.1", operations=(DescribedOperation("GET", "/clients/{id}", holds=HOLDS),)
)


def counted(key: str) -> OperationCount:
    return OperationCount(key, Count(passed=3), 2, 5.0)


def test_one_row_for_each_whatever_its_parameters_are_called() -> None:
    scan = summary_of(report(operations=("GET /clients/{client}", "GET /gone"), answered=("GET /clients/{client}",)),
                      is_narrow=False)  # fmt: skip
    learned = LearnedShort("GET /clients/{client_id}", 4, (("answer.email", "email"),), 5.0)
    rows = joined(KNOWN, [counted("GET /clients/{id}"), counted("GET /shadow"), counted("")], [learned], scan, ())
    assert [one.key for one in rows] == ["GET /clients/{id}", "GET /gone", "GET /shadow"]
    client, gone, shadow = rows
    assert (client.is_described, client.is_called, client.is_reached) == (True, True, True)
    assert (gone.is_described, gone.is_called, gone.is_reached) == (True, False, False)
    assert (shadow.is_described, shadow.is_called, shadow.is_reached) == (False, True, None)
    assert list(client.data()) == [("answer.email", "email", True), ("answer.phone", "phone", False)]


def test_where_nothing_is_known_there_is_nothing() -> None:
    assert joined(None, (), (), None, ()) == ()
    assert list(Joined("GET /a").data()) == []
