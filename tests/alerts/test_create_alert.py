"""Raising an alert through the API."""

import pytest

from ecoctrl_gql.db.enums import Role

CREATE = """
mutation Create($input: CreateAlertInput!) {
  createAlert(input: $input) { alert { id device level message status } userErrors { code field message } }
}
"""


async def test_a_new_alert_is_pending_and_stored(gql):
    answer = await gql(CREATE, input={"device": " Chiller 1 ", "level": "HIGH", "message": "Too warm"})

    payload = answer.data["createAlert"]
    alert = payload["alert"]
    assert payload["userErrors"] == []
    assert alert == {
        "id": alert["id"],
        "device": "Chiller 1",
        "level": "HIGH",
        "message": "Too warm",
        "status": "PENDING",
    }
    assert len(gql.statements) == 1
    listed = await gql("{ alerts { nodes { id message } } }")
    assert listed.data["alerts"]["nodes"] == [{"id": alert["id"], "message": "Too warm"}]


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("device", "  ", "device needs 1 to 255 characters."),
        ("device", "x" * 256, "device needs 1 to 255 characters."),
        ("message", "", "message needs 1 to 10,000 characters."),
    ],
)
async def test_what_does_not_fit_is_a_user_error_and_stores_nothing(gql, field, value, message):
    good = {"device": "Chiller 1", "level": "LOW", "message": "Too warm"}

    answer = await gql(CREATE, input=good | {field: value})

    assert answer.data["createAlert"] == {
        "alert": None,
        "userErrors": [{"code": "BAD_USER_INPUT", "field": ["input", field], "message": message}],
    }
    assert gql.statements == []


async def test_a_nul_character_is_a_user_error(gql):
    answer = await gql(CREATE, input={"device": "a\x00b", "level": "LOW", "message": "x"})

    assert answer.data["createAlert"]["userErrors"][0]["code"] == "BAD_USER_INPUT"
    assert (await gql("{ alerts { totalCount } }")).data["alerts"]["totalCount"] == 0


async def test_a_viewer_may_not_raise_alerts(gql):
    gql.act_as(Role.VIEWER)

    answer = await gql(CREATE, input={"device": "a", "level": "LOW", "message": "x"})

    assert answer.codes == ["FORBIDDEN"]
    assert gql.statements == []
