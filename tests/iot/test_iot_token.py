"""The gateway's token: shown is how long it is good, never what it is."""

from datetime import UTC, datetime, timedelta

import pytest


@pytest.mark.parametrize(("seconds", "valid"), [(-60, False), (3600, True)])
async def test_a_token_is_valid_until_it_expires(seconds, valid, gql, make):
    expires_at = round((datetime.now(UTC) + timedelta(seconds=seconds)).timestamp() * 1000)
    await make.iot_token(expires_at=expires_at)

    answer = await gql("{ iotToken { valid expiresAt } }")

    assert answer.data == {"iotToken": {"valid": valid, "expiresAt": expires_at}}


async def test_validity_is_worked_out_from_its_own_column(gql, make):
    await make.iot_token()

    await gql("{ iotToken { valid } }")

    assert "token," not in gql.statements[0]
    assert "iot_tokens.expires_at" in gql.statements[0]
