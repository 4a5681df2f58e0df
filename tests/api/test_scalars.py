"""What the API's scalars read and write, in variables and in the text of a query alike."""

import pytest

VARIABLE = {
    "DateTime": "query($value: DateTime!) { alerts(filter: {time: {eq: $value}}) { totalCount } }",
    "Date": "query($value: Date!) { maintenanceReminders(filter: {dueDate: {eq: $value}}) { totalCount } }",
}
LITERAL = {
    "DateTime": "{ alerts(filter: {time: {eq: %s}}) { totalCount } }",
    "Date": "{ maintenanceReminders(filter: {dueDate: {eq: %s}}) { totalCount } }",
}

REFUSED = [
    ("DateTime", "2026-11-22T09:00:00", "needs an offset, such as Z or +08:00"),
    ("DateTime", "2026-11-22T09:00:00.123456", "needs an offset"),
    ("DateTime", "2026-11-22", "is no date and time such as 2026-11-22T09:00:00+08:00."),
    ("DateTime", "2026-11-22 09:00:00Z", "is no date and time"),
    ("DateTime", "2026-13-22T09:00:00Z", "is no date and time"),
    ("DateTime", "2026-02-30T09:00:00Z", "is no date and time"),
    ("DateTime", "2026-11-22T24:01:00Z", "is no date and time"),
    ("DateTime", "2026-11-22T09:00:00+25:00", "is no date and time"),
    ("DateTime", "2026-W48-7T09:00:00Z", "is no date and time"),
    ("DateTime", "20261122T090000Z", "is no date and time"),
    ("DateTime", "٢٠٢٦-11-22T09:00:00Z", "is no date and time"),
    ("DateTime", "now", "is no date and time"),
    ("DateTime", "", "is no date and time"),
    ("DateTime", "infinity", "is no date and time"),
    ("DateTime", "x" * 500, "x…"),
    ("Date", "2026-11-22T09:00:00Z", "is no date such as 2026-11-22."),
    ("Date", "2026-02-30", "is no date"),
    ("Date", "2026-W48-7", "is no date"),
    ("Date", "22.11.2026", "is no date"),
    ("Date", "20261122", "is no date"),
    ("Date", "2026-1-1", "is no date"),
    ("Date", "", "is no date"),
]


@pytest.mark.parametrize(("scalar", "value", "message"), REFUSED)
async def test_texts_that_are_refused(scalar, value, message, shared_gql):
    in_variable = await shared_gql(VARIABLE[scalar], value=value)
    in_text = await shared_gql(LITERAL[scalar] % f'"{value}"')

    assert in_variable.codes == ["BAD_USER_INPUT"]
    assert message in in_variable.errors[0]["message"]
    assert in_text.codes == ["BAD_USER_INPUT"]
    assert message in in_text.errors[0]["message"]
    assert shared_gql.statements == []


@pytest.mark.parametrize("value", [1_790_000_000, 1.5, True, ["2026-11-22T09:00:00Z"], {"a": 1}])
@pytest.mark.parametrize("scalar", ["DateTime", "Date"])
async def test_only_texts_are_times(scalar, value, shared_gql):
    answer = await shared_gql(VARIABLE[scalar], value=value)

    assert answer.codes == ["BAD_USER_INPUT"]


@pytest.mark.parametrize(
    "text",
    [
        "2026-06-01T12:00:00Z",
        "2026-06-01t12:00:00z",
        "2026-06-01T12:00:00.000Z",
        "2026-06-01T12:00:00.000000000Z",
        "2026-06-01T20:00:00+08:00",
        "2026-06-01T06:30:00-05:30",
        "2026-06-01T12:00:00-00:00",
        "2026-06-01T12:00Z",
    ],
)
async def test_one_instant_has_many_spellings(text, gql, make):
    await make.alert()

    answer = await gql(VARIABLE["DateTime"], value=text)

    assert answer.data == {"alerts": {"totalCount": 1}}


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.999999-12:00"])
async def test_the_ends_of_time_can_be_asked_for(text, shared_gql):
    answer = await shared_gql(VARIABLE["DateTime"], value=text)

    assert answer.data == {"alerts": {"totalCount": 0}}


async def test_times_are_shown_in_utc_to_the_microsecond(gql, make):
    await make.alert(time="2026-06-01T20:00:00.000007+08:00")

    answer = await gql("{ alerts { nodes { time } } }")

    assert answer.data["alerts"]["nodes"] == [{"time": "2026-06-01T12:00:00.000007+00:00"}]


async def test_whole_numbers_of_64_bits_keep_every_digit(gql, make):
    await make.iot_token(expires_at=2**63 - 1)

    answer = await gql("{ iotToken { expiresAt valid } }")

    assert answer.data == {"iotToken": {"expiresAt": 2**63 - 1, "valid": True}}


async def test_reals_are_shown_as_they_were_written(gql, make):
    await make.carbon_factor(value=0.5703)

    answer = await gql("{ carbonFactors { nodes { value } } }")

    assert answer.data["carbonFactors"]["nodes"] == [{"value": 0.5703}]


async def test_json_is_shown_as_it_was_stored(gql, make):
    metadata = {"b": [1, None, {"能": "源"}], "a": 1.5, "": False, "big": 2**60}
    await make.iot_object(metadata_=metadata)

    answer = await gql("{ iotObjects { nodes { metadata } } }")

    assert answer.data["iotObjects"]["nodes"] == [{"metadata": metadata}]
