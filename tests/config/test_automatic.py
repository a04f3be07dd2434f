import pytest

from apiward.config.automatic import AutomaticConfig, allowed_consents
from apiward.config.watching import parse_watch
from apiward.core.finding import Severity


def test_nothing_is_allowed_unless_it_is_named() -> None:
    config, problems = parse_watch("")
    assert (config.automatic.consent, problems) == ((), ())


def test_what_is_named_is_a_step_of_a_playbook() -> None:
    config, problems = parse_watch(
        '[watch.automatic]\nconsent = ["stuffing:block-address"]\nsince = "high"\nminutes = 30'
    )
    assert problems == ()
    assert config.automatic == AutomaticConfig(("stuffing:block-address",), minutes=30, since="high")
    assert config.automatic.least is Severity.HIGH
    assert {"overload:block-operation", "takeover:end-log-ins", "leaked-key:block-key"} <= set(allowed_consents())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('consent = ["stuffing:block-adress"]', 'Did you mean "stuffing:block-address"'),
        ('consent = ["outage:block-address"]', "no step that apiward can do by itself"),
        ('since = "dreadful"', "since: must be one of"),
        ("minutes = 0", "minutes"),
        ("minutes = 100000", "minutes"),
        ("most = 0", "most"),
    ],
)
def test_slips_are_told(text: str, said: str) -> None:
    (problem,) = parse_watch(f"[watch.automatic]\n{text}")[1]
    assert said in problem
