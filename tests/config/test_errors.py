from apiward.config.errors import AdvisedError, ConfigError, nearest, shown


def test_an_error_says_what_why_and_what_to_do() -> None:
    error = ConfigError("It is broken.", "", "Mend it.")
    assert (str(error), error.exit_code) == ("It is broken. Mend it.", 2)
    assert isinstance(error, AdvisedError)


def test_the_nearest_word_is_told_or_all_that_are_allowed() -> None:
    assert nearest("LEVLE", ("level", "rate")) == 'Did you mean "level"?'
    assert nearest("x", ("level", "rate")) == "Allowed are level, rate."


def test_values_are_shown_short_and_harmless() -> None:
    assert shown("a\x1b[31m") == '"a\\x1b[31m"'
    assert shown({"a": 1}) == "a table"
    assert shown([1]) == "a list"
    assert len(shown("a" * 100)) == 60
