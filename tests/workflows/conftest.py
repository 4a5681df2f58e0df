"""An administrator who changes workflows."""

import pytest


@pytest.fixture
async def administrator(gql, make):
    user = await make.user(role="admin")
    gql.act_as_user(user)
    return user


@pytest.fixture
def change(gql, administrator):
    """Calls a mutation and gives its payload."""

    async def send(mutation: str, **input):
        answer = await gql(mutation, input=input)
        assert answer.errors == []
        (payload,) = answer.data.values()
        return payload

    return send
