from apiward.cli.columns import in_columns
from apiward.prove.neutral import CUT_MARK


def test_columns_are_as_wide_as_their_widest_cell_and_steer_no_terminal() -> None:
    rows = [("anna", "a\x1b\nb"), ("bo", "x" * 9)]
    assert [*in_columns(("name", "what"), rows, longest=8)] == [
        "name  what",
        "anna  a\\x1b b",
        f"bo    xxxxxxxx{CUT_MARK}",
    ]
