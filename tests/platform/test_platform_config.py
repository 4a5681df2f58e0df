"""The platform's configuration: whether a mail password is set is shown, never which."""

import pytest


@pytest.mark.parametrize(("password", "is_set"), [("", False), ("canary", True)])
async def test_a_password_is_set_or_not(password, is_set, gql, make):
    await make.platform_config(smtp_pass=password)

    answer = await gql("{ platformConfig { smtpPassSet smtpUser } }")

    assert answer.data == {"platformConfig": {"smtpPassSet": is_set, "smtpUser": ""}}


async def test_the_password_is_not_even_read_for_other_fields(gql, make):
    await make.platform_config(smtp_pass="canary")

    await gql("{ platformConfig { smtpHost smtpUser platformName } }")

    assert "smtp_pass" not in gql.statements[0]
