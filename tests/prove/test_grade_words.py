from dataclasses import replace

from hypothesis import given

from apiward.catalogue.loading import load_catalogue
from apiward.core.finding import Severity
from apiward.prove.grade import grade_of
from apiward.prove.grade_words import GradeStep, percent, told_grade
from apiward.prove.standing import Reach, Standing, StandingIncident
from tests.prove.standings import SOUND, STANDINGS, known

CHECKS = load_catalogue().checks


def test_a_grade_says_what_it_means_and_what_lifts_it_with_effort_and_command() -> None:
    standing = replace(SOUND, findings=(known(), known(Severity.LOW, check="CFG01")))
    told = told_grade(grade_of(standing), CHECKS, target=SOUND.target)
    assert (told.letter, told.next_letter, told.share) == ("D", "B", 100)
    assert told.meaning.startswith("Something serious is open.")
    (step,) = told.steps
    assert step.why == f"{CHECKS['OBJ01'].title}: serious, in 1 place."
    assert (step.command, step.check, bool(step.effort)) == ("apiward patch 0123456789", "OBJ01", True)
    assert told.others == (f"{CHECKS['CFG01'].title}: small, in 1 place.",)


def test_without_a_letter_the_first_step_is_to_see_more() -> None:
    told = told_grade(grade_of(replace(SOUND, reach=Reach(1000, 799))), CHECKS, target="http://127.0.0.1:1/a b")
    assert (told.letter, told.next_letter, told.share) == ("", "", 79)
    assert told.steps[0].why == "We could reach 79 % of what your API can do. A grade needs 80 %."
    scan = told_grade(grade_of(Standing()), CHECKS, target="http://127.0.0.1:1/a b").steps
    assert scan == (
        GradeStep(
            "No whole scan has been kept yet.",
            "Scan your API, and keep what is found.",
            "apiward scan 'http://127.0.0.1:1/a b'",
        ),
    )


def test_an_incident_is_named_in_the_command_and_an_unknown_check_by_its_code() -> None:
    standing = replace(SOUND, incidents=(StandingIncident("4f2a", Severity.HIGH),))
    assert told_grade(grade_of(standing), CHECKS).steps[0].command == "apiward incidents show 4f2a"
    strange = replace(SOUND, findings=(known(check="OWN99"),))
    assert told_grade(grade_of(strange), CHECKS).steps[0].why == "OWN99: serious, in 1 place."


def test_a_share_is_rounded_down() -> None:
    assert [percent(share) for share in (0.0, 0.29, 0.7999, 0.8, 0.999, 1.0)] == [0, 29, 79, 80, 99, 100]


@given(STANDINGS)
def test_every_grade_can_be_told(standing: Standing) -> None:
    grade = grade_of(standing)
    told = told_grade(grade, CHECKS, target=standing.target)
    assert len(told.steps) == (len(grade.lifts) if grade.letter is not None else len(grade.missing))
    assert all(step.why and step.what and step.command.startswith("apiward ") for step in told.steps)
    assert "{" not in "".join((told.meaning, *told.others, *(step.command for step in told.steps)))
