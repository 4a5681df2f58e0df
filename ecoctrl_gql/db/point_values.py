"""
What makes changed values of points events: triggers on the objects, which hold them in their metadata.

``metadata.points`` is a list of points, each with ``id``, ``pointId`` or ``code``, or an object of points by
their ids; a point's ``values`` are its values by key. Each value that a statement adds, changes or removes
becomes one event with the subject `SUBJECT`, in the writer's own transaction. One statement that writes
thousands of objects costs one call, and objects whose points stay as they are cost a comparison.

The data of such an event are ``objectUuid``, ``objectCode``, ``pointId``, ``pointCode`` (null where the point
has no other name), ``key``, ``oldValue`` and ``newValue``; a value that is not there is an empty text.
"""

from typing import Final

from ecoctrl_gql.db.triggers import Trigger, TriggerFunction

SUBJECT: Final = "point_values"
"""What such events have in place of the name of a table."""


def _values_of(rows: str) -> str:
    """The query for all values of the points of some objects; of points with one id the last counts."""
    return f"""
    SELECT DISTINCT ON (object.id, point.id, value.key)
      object.id AS object_id, object.code AS object_code, point.id AS point_id, point.code AS point_code,
      value.key, value.value
    FROM {rows} AS object
    CROSS JOIN LATERAL (
      SELECT coalesce(item->>'id', item->>'pointId', item->>'code') AS id, item->>'code' AS code,
        item->'values' AS held, place
      FROM jsonb_array_elements(CASE jsonb_typeof(object.metadata->'points')
        WHEN 'array' THEN object.metadata->'points' ELSE '[]' END) WITH ORDINALITY AS listed(item, place)
      UNION ALL
      SELECT name, item->>'code', CASE jsonb_typeof(item->'values') WHEN 'object' THEN item->'values'
        ELSE item END, 0
      FROM jsonb_each(CASE jsonb_typeof(object.metadata->'points')
        WHEN 'object' THEN object.metadata->'points' ELSE '{{}}' END) AS named(name, item)
    ) AS point
    CROSS JOIN LATERAL jsonb_each(CASE jsonb_typeof(point.held)
      WHEN 'object' THEN point.held ELSE '{{}}' END) AS value
    WHERE point.id IS NOT NULL
    ORDER BY object.id, point.id, value.key, point.place DESC
    """.strip()  # noqa: S608  # from constants of this module


_EVENT = """
jsonb_build_object('objectUuid', object_id, 'objectCode', object_code, 'pointId', point_id,
      'pointCode', nullif(point_code, point_id), 'key', key,
      'oldValue', {old}, 'newValue', {new})
""".strip()
_NONE = "'\"\"'::jsonb"

PUBLISH_POINT_VALUES: Final = TriggerFunction(
    "publish_point_values",
    f"""
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO events (subject, change, data)
    SELECT '{SUBJECT}', 'created', {_EVENT.format(old=_NONE, new="value")}
    FROM ({_values_of("new_rows")}) AS given
    ORDER BY object_code, point_id, key;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO events (subject, change, data)
    SELECT '{SUBJECT}', 'deleted', {_EVENT.format(old="value", new=_NONE)}
    FROM ({_values_of("old_rows")}) AS gone
    ORDER BY object_code, point_id, key;
  ELSE
    WITH differing AS MATERIALIZED (
      SELECT id FROM old_rows AS before FULL JOIN new_rows AS after USING (id)
      WHERE before.metadata->'points' IS DISTINCT FROM after.metadata->'points'
    ),
    old_values AS ({_values_of("(SELECT * FROM old_rows WHERE id IN (SELECT id FROM differing))")}),
    new_values AS ({_values_of("(SELECT * FROM new_rows WHERE id IN (SELECT id FROM differing))")})
    INSERT INTO events (subject, change, data)
    SELECT '{SUBJECT}',
      CASE WHEN before.value IS NULL THEN 'created' WHEN after.value IS NULL THEN 'deleted'
        ELSE 'updated' END,
      jsonb_build_object('objectUuid', object_id,
        'objectCode', coalesce(after.object_code, before.object_code), 'pointId', point_id,
        'pointCode', nullif(coalesce(after.point_code, before.point_code), point_id), 'key', key,
        'oldValue', coalesce(before.value, {_NONE}), 'newValue', coalesce(after.value, {_NONE}))
    FROM old_values AS before FULL JOIN new_values AS after USING (object_id, point_id, key)
    WHERE before.value IS DISTINCT FROM after.value
    ORDER BY coalesce(after.object_code, before.object_code), point_id, key;
  END IF;
  IF FOUND THEN
    PERFORM pg_notify('ecoctrl_events', '');
  END IF;
  RETURN NULL;
END
""",  # noqa: S608  # from constants of this module
    definer=True,
)

PUBLISHED_POINT_VALUES: Final = (
    Trigger("publish_new_values", "AFTER INSERT", PUBLISH_POINT_VALUES, "NEW TABLE AS new_rows"),
    Trigger(
        "publish_values",
        "AFTER UPDATE",
        PUBLISH_POINT_VALUES,
        "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    ),
    Trigger("publish_old_values", "AFTER DELETE", PUBLISH_POINT_VALUES, "OLD TABLE AS old_rows"),
)
