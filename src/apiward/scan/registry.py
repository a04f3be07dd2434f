"""Every check, in the order in which they run within a phase. A test holds it against the folder."""

from typing import Final

from apiward.scan.api import Check
from apiward.scan.checks.authentication import (
    code_throttle,
    cross_site_request,
    email_change_open,
    jwt_confusion,
    jwt_expiry,
    jwt_none,
    jwt_own_key,
    jwt_unverified,
    jwt_weak_key,
    login_enumeration,
    login_throttle,
    logout_ignored,
    missing,
    password_change_ignored,
    password_change_open,
    password_cut,
    refresh_reuse,
    reset_enumeration,
    reset_token_shown,
    second_factor_missing,
    session_fixation,
    session_predictable,
    signup_enumeration,
    token_in_address,
    weak_password,
)
from apiward.scan.checks.configuration import (
    cors_trust,
    error_details,
    security_headers,
    technology_disclosure,
    unneeded_methods,
)
from apiward.scan.checks.functions import anonymous as function_anonymous
from apiward.scan.checks.functions import (
    method_override,
    old_version_open,
    path_spelling,
    role,
    trusted_headers,
    unlisted_method,
)
from apiward.scan.checks.injection import sql
from apiward.scan.checks.inventory import answer_drift, hidden_route, old_version
from apiward.scan.checks.objects import anonymous as object_anonymous
from apiward.scan.checks.objects import change, change_body, delete, read
from apiward.scan.checks.properties import assignment_create, assignment_update, personal, secrets
from apiward.scan.checks.resources import input_slowness, page_size

CHECKS: Final[tuple[Check, ...]] = (
    read.CHECK,
    object_anonymous.CHECK,
    change.CHECK,
    change_body.CHECK,
    delete.CHECK,
    function_anonymous.CHECK,
    role.CHECK,
    method_override.CHECK,
    path_spelling.CHECK,
    trusted_headers.CHECK,
    unlisted_method.CHECK,
    old_version_open.CHECK,
    assignment_create.CHECK,
    assignment_update.CHECK,
    secrets.CHECK,
    personal.CHECK,
    missing.CHECK,
    jwt_none.CHECK,
    jwt_unverified.CHECK,
    jwt_weak_key.CHECK,
    jwt_confusion.CHECK,
    jwt_expiry.CHECK,
    jwt_own_key.CHECK,
    weak_password.CHECK,
    signup_enumeration.CHECK,
    reset_enumeration.CHECK,
    login_enumeration.CHECK,
    logout_ignored.CHECK,
    password_change_ignored.CHECK,
    second_factor_missing.CHECK,
    password_change_open.CHECK,
    email_change_open.CHECK,
    refresh_reuse.CHECK,
    session_fixation.CHECK,
    session_predictable.CHECK,
    cross_site_request.CHECK,
    reset_token_shown.CHECK,
    password_cut.CHECK,
    token_in_address.CHECK,
    code_throttle.CHECK,
    login_throttle.CHECK,
    sql.CHECK,
    input_slowness.CHECK,
    page_size.CHECK,
    technology_disclosure.CHECK,
    error_details.CHECK,
    security_headers.CHECK,
    cors_trust.CHECK,
    unneeded_methods.CHECK,
    hidden_route.CHECK,
    old_version.CHECK,
    answer_drift.CHECK,
)
