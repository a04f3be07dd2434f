import pytest

from apiward.scan.proofs.traces import inside_shown

SHOWN = (
    "Traceback (most recent call last):\n  File \"/srv/app.py\", line 3, in f\nKeyError: 'x'",
    '{"trace": "File \\"/srv/app.py\\", line 3"}',
    "at com.shop.Orders.read(Orders.java:31)",
    "Error: x\n    at read (/srv/app/orders.js:12:7)",
    "at Shop.Orders.Read(Int32 id) in C:\\src\\Orders.cs:line 41",
    "<b>Warning</b>: Undefined index: x in <b>/var/www/a.php</b> on line <b>3</b>",
    "/srv/app/models/order.rb:12:in `find'",
    "goroutine 7 [running]:\nmain.main()",
    "<title>KeyError // Werkzeug Debugger</title>",
    "sqlalchemy.exc.OperationalError: x",
)
NOT_SHOWN = (
    "",
    '{"detail": "Something went wrong on our side", "reference": "a1b2"}',
    '{"message": "Warning: the limit must be a number in 1 to 50"}',
    "see the file report.py at line 3",
    '{"errors": [{"loc": ["body", "email"], "msg": "field required"}]}',
)


@pytest.mark.parametrize("text", SHOWN)
def test_sees_the_inside(text: str) -> None:
    assert inside_shown(text)


@pytest.mark.parametrize("text", NOT_SHOWN)
def test_sees_nothing_in_plain_errors(text: str) -> None:
    assert not inside_shown(text)
