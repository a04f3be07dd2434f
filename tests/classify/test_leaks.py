import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.classify import leaks


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('Traceback (most recent call last):\n  File "a.py", line 3, in x', "a Python stack trace"),
        ('{"detail": "File \\"/a/b.py\\", line 12"}', "a Python stack trace"),
        ("Exception in thread main\n\tat com.acme.Foo.bar(Foo.java:12)", "a Java stack trace"),
        ('{"exception": "java.lang.NullPointerException"}', "a Java stack trace"),
        ("org.springframework.dao.DataIntegrityViolationException: x", "a Java stack trace"),
        ("TypeError: x\n    at foo (/srv/app/index.js:10:3)", "a JavaScript stack trace"),
        ("    at processTicks (node:internal/process/task_queues:95:5)", "a JavaScript stack trace"),
        (r"   at Foo.Bar(String s) in C:\src\Foo.cs:line 12", "a .NET stack trace"),
        ("System.NullReferenceException: Object reference", "a .NET stack trace"),
        ("<b>Warning</b>: mysql_query() in <b>/srv/a.php</b> on line <b>3</b>", "a PHP error"),
        ("app/models/x.rb:12:in `foo'", "a Ruby stack trace"),
        ("goroutine 1 [running]:\nmain.main()", "a Go stack trace"),
        ("<h1>Whitelabel Error Page</h1>", "a debug page"),
        ("at com.shop.Orders.read(Orders.java:31)", "a Java stack trace"),
        ("at Shop.Orders.Read(Int32 id) in C:\\src\\Orders.cs:line 41", "a .NET stack trace"),
        ("<b>Warning</b>: Undefined index: x in <b>/var/www/a.php</b> on line <b>3</b>", "a PHP error"),
        ("/srv/app/models/order.rb:12:in `find'", "a Ruby stack trace"),
        ("<title>KeyError // Werkzeug Debugger</title>", "a debug page"),
        ("You&#x27;re seeing this error because you have <code>DEBUG = True</code>", "a debug page"),
        ('near "x": syntax error', "a database error"),
        ("sqlalchemy.exc.OperationalError", "a database error"),
        ("UNIQUE constraint failed: users.email", "a database error"),
        ('duplicate key value violates unique constraint "users_email_key"', "a database error"),
    ],
)
def test_what_shows_the_inside(text: str, what: str) -> None:
    assert leaks.inside_shown(text) == what
    assert leaks.seen_inside(text)[1] in text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Not found",
        '{"detail": "Something went wrong on our side", "reference": "a1b2"}',
        '{"message": "Warning: the limit must be a number in 1 to 50"}',
        "see the file report.py at line 3",
        '{"errors": [{"loc": ["body", "email"], "msg": "field required"}]}',
        "Java is a language, and so is Python.",
        "The email already exists.",
        "There is an error on line 3 of your file.",
        "no such user",
        "See https://shop.example/app.js:10 for more",
        '{"warning": "Low stock", "line": 3}',
        "We met at 12:30:45 near the station",
        "Django Unchained",
        "The constraint is that you are kind.",
    ],
)
def test_what_does_not(text: str) -> None:
    assert leaks.inside_shown(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "open /home/jo/shop/data",
        "/var/www/html/index",
        r"C:\inetpub\wwwroot\a",
        "lib/node_modules/express/x",
        "/app/main.py",
    ],
)
def test_paths_of_the_server(text: str) -> None:
    assert leaks.path_shown(text)


@pytest.mark.parametrize(
    "text", ["/app/orders/1", "https://a.example/home/jo/list", "/api/v2/users", "a/b", "/home/list"]
)
def test_paths_of_the_api(text: str) -> None:
    assert not leaks.path_shown(text)


@pytest.mark.parametrize(
    "unit",
    ["at ", "at /a.js:", "Warning: in /", "java.lang.", 'near "', "org.apache.", "/home/a/", " on line 1", "C:\\"],
)
def test_long_texts_take_no_longer_than_their_length(unit: str) -> None:
    text = unit * (leaks.MAX_READ // len(unit))
    begun = time.thread_time()
    leaks.seen_inside(text)
    leaks.path_shown(text)
    assert time.thread_time() - begun < 0.5


@pytest.mark.parametrize(
    "text",
    [
        'near "x": syntax error',
        "You have an error in your SQL syntax; check",
        'ERROR: syntax error at or near "x" at character 9',
        "ORA-01756: quoted string not properly terminated",
        "Unclosed quotation mark after the character string",
    ],
)
def test_complaints_about_grammar(text: str) -> None:
    assert leaks.complaint(text)


@pytest.mark.parametrize(
    "text",
    [
        'invalid input syntax for type integer: "5\'"',
        'fts5: syntax error near "\'"',
        "the quoted text is not allowed",
        "no such book: it's gone",
    ],
)
def test_other_complaints_are_none(text: str) -> None:
    assert not leaks.complaint(text)


def test_the_two_judgements_on_databases() -> None:
    assert leaks.complaint("You have an error in your SQL syntax")
    assert not leaks.complaint("sqlite3.IntegrityError")
    assert leaks.speaks_of_database("sqlite3.IntegrityError")


@given(st.text(max_size=400))
def test_never_raises(text: str) -> None:
    leaks.seen_inside(text)
    leaks.path_shown(text)
