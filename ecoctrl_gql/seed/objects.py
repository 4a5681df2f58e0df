"""The points of the sample devices, as the IoT gateway would name them."""

from datetime import datetime, timedelta

from ecoctrl_gql.seed.devices import DEVICES, Device, Point
from ecoctrl_gql.seed.noise import sample_key
from ecoctrl_gql.seed.rows import Row


def object_rows(now: datetime) -> list[Row]:
    created = now - timedelta(days=380)
    return [_row(device, point, created) for device in DEVICES for point in device.points]


def point_code(device: Device, point: Point) -> str:
    """The gateway's name of a point: ``<device type>_<device code>_<point type>_<point number>``."""
    return f"{device.letter}_{device.code}_{point[0]}_{point[1]:04}"


def _row(device: Device, point: Point, created: datetime) -> Row:
    point_type, number, name, unit = point
    code = point_code(device, point)
    return {
        "id": sample_key("objects", code),
        "code": code,
        "name": f"{device.name}: {name}",
        "type": device.kind,
        "description": f"{device.area}, {device.location}.",
        "metadata_": {
            "deviceType": device.letter,
            "deviceCode": device.code,
            "pointType": point_type,
            "pointNo": number,
            "unit": unit or None,
            "area": device.area,
            "location": device.location,
        },
        "created_at": created,
    }
