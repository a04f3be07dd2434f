from apiward.catalogue.costs import Costs, load_costs
from apiward.catalogue.loading import load_catalogue


def test_the_figures_are_of_checks_that_there_are() -> None:
    costs = load_costs()
    assert costs.of_check.keys() <= load_catalogue().checks.keys()
    assert costs.late <= costs.of_check.keys()
    assert 0 < costs.looking < costs.making
    assert costs.operations > 50


def test_what_was_not_measured_costs_as_much_as_others() -> None:
    costs = Costs({"OBJ01": 2.0, "OBJ02": 4.0}, looking=1, making=2, operations=3)
    assert [costs.of(code) for code in ("OBJ01", "OBJ02", "NEW01")] == [2, 4, 3]
