import strawberry

from ecoctrl_gql.api.roots import by_id, only_row
from ecoctrl_gql.iot.types import IOT_OBJECTS, IotObject, IotToken


@strawberry.type
class IotQuery:
    iot_token = only_row(IotToken, "How long the gateway's token is good; null before the first.")
    iot_object = by_id(IotObject, "One device or data point of the gateway.")
    iot_objects = IOT_OBJECTS.field("The gateway's devices and data points, by name.")
