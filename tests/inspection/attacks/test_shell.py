import pytest

from apiward.inspection.attacks.shell import DETECTOR
from apiward.inspection.model import View


def rule(text: str) -> str | None:
    seen = DETECTOR.look(View(text, text.lower()))
    return seen.rule if seen is not None and seen.score >= 0.5 else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x; cat /etc/hosts", "shell.argument"),
        ("x && ls /", "shell.argument"),
        ("x | cat config.php", "shell.argument"),
        ("x;id", "shell.alone"),
        ("x;./run.sh", "shell.script"),
        ("x; sudo reboot", "shell.named"),
        ("$(id)", "shell.substituted"),
        ("`id`", "shell.substituted"),
        ("`echo a b`", "shell.substituted"),
        ("x;/opt/bin/a", "shell.program"),
        ("/usr/bin/id", "shell.path"),
        ("ping -c 4 example.com", "shell.command"),
        ("() { :;}; echo", "shell.function"),
        ("x; net user", "shell.windows"),
        ("x'|sleep 0.4|echo '", "shell.argument"),
        ("a4|echo awk$((7*8))'|echo b", "shell.sum"),
        ("x'$(expr 7 \\* 8)'", "shell.sum"),
    ],
)
def test_commands(text: str, expected: str) -> None:
    assert rule(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "cats; dogs",
        "name;id;price",
        "id | name",
        "echo & narcissus",
        "a=1;id=2",
        "x; find the red one",
        "x & more",
        "`id",
        "`config`",
        "`./a/b.py`",
        "top; left; right",
        "one; two\nfind it\nsort it\nhead home\ncat",
        "tom & jerry",
        "we pay $(7*8) or so",
        "$((price))",
        "an expr 7 of 8",
    ],
)
def test_sentences_and_lists(text: str) -> None:
    assert rule(text) is None
