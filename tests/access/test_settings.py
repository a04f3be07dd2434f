"""Every setting has a default and a line of help."""

from dataclasses import fields

import pytest

from apiward.access.settings import AuthenticateSettings, IssuerSettings, SignerSettings
from apiward.core.settings import HELP


@pytest.mark.parametrize("kind", [AuthenticateSettings, IssuerSettings, SignerSettings])
def test_every_setting_has_a_default_and_a_line_of_help(kind: type) -> None:
    kind()
    for one in fields(kind):
        help_text = one.metadata[HELP]
        assert help_text.endswith(".")
        assert len(help_text) <= 120
