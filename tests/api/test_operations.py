"""Documents with several operations."""

TWO = "query A { alerts { totalCount } } query B { faults { totalCount } }"


async def test_one_of_several_operations_is_chosen_by_name(gql):
    for name, expected in (("A", {"alerts": {"totalCount": 0}}), ("B", {"faults": {"totalCount": 0}})):
        for _ in range(2):  # the second time the document is known
            response = await gql.http.post(
                "/graphql", json={"query": TWO, "operationName": name}, headers=gql.headers
            )

            assert response.json() == {"data": expected}


async def test_several_operations_without_a_name_are_refused(gql):
    for _ in range(2):
        answer = await gql(TWO)

        assert answer.data is None
        assert [error["message"] for error in answer.errors] == [
            "The query holds several operations: say which one to run by operationName."
        ]
        assert answer.codes == ["GRAPHQL_VALIDATION_FAILED"]
        assert gql.statements == []
