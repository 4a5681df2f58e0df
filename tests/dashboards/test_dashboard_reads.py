"""The cards of the dashboard and its scene."""


async def test_the_cards_come_in_their_order(gql, make):
    for order, key in ((2, "c"), (1, "a"), (1, "b")):
        await make.dashboard_widget(metric_key=key, sort_order=order)

    answer = await gql("{ dashboardWidgets { metricKey dataType sortOrder } }")

    found = [(widget["sortOrder"], widget["dataType"]) for widget in answer.data["dashboardWidgets"]]
    assert found == [(1, "STAT"), (1, "STAT"), (2, "STAT")]
    assert answer.data["dashboardWidgets"][2]["metricKey"] == "c"


async def test_there_is_no_scene_before_one_is_set_up(gql):
    assert (await gql("{ dashboardModel { cameraPreset } }")).data == {"dashboardModel": None}
