async def test_an_alert_is_read_over_http(gql, make):
    alert = await make.alert(device="Chiller 7")

    answer = await gql("{ alerts { nodes { id device level status time } } }")

    assert answer.data["alerts"]["nodes"] == [
        {
            "id": f"alert_{alert.id}",
            "device": "Chiller 7",
            "level": "HIGH",
            "status": "PENDING",
            "time": "2026-06-01T12:00:00+00:00",
        }
    ]
    assert len(gql.statements) == 1
