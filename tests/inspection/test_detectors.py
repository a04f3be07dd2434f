"""Every file of attacks is listed, and what the families say holds for each."""

import pkgutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.inspection import attacks
from apiward.inspection.detectors import DETECTORS
from apiward.inspection.model import AttackClass, Detector, View


def test_every_file_is_listed_once() -> None:
    files = {module.name for module in pkgutil.iter_modules(attacks.__path__)}
    listed = [detector.look.__module__.rpartition(".")[2] for detector in DETECTORS]

    assert sorted(listed) == sorted(files)


def test_every_class_has_a_detector() -> None:
    assert {detector.attack for detector in DETECTORS} == set(AttackClass)


@pytest.mark.parametrize("detector", DETECTORS, ids=lambda detector: detector.look.__module__)
def test_signs_are_lower_case_and_not_empty(detector: Detector) -> None:
    assert all(sign and sign == sign.lower() for sign in detector.signs)


@pytest.mark.parametrize("detector", DETECTORS, ids=lambda detector: detector.look.__module__)
@given(text=st.text(alphabet="'\"`<>(){}[]$#%&;|\\/*-+=!~^@:.,\n\r abcdeilnorstux0127", max_size=120))
def test_no_detector_raises(detector: Detector, text: str) -> None:
    seen = detector.look(View(text, text.lower()))

    assert seen is None or (0 < seen.score <= 1 and seen.why and "." in seen.rule)
