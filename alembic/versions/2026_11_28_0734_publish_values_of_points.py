"""publish values of points."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "af8a98e63e19"
down_revision = "bda961d3b708"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column(
        "events",
        "subject",
        existing_type=sa.VARCHAR(length=63),
        comment="The table whose row was changed, or point_values for a value of an object.",
        existing_comment="The table whose row was changed.",
        existing_nullable=False,
    )
    op.alter_column(
        "events",
        "change",
        existing_type=sa.VARCHAR(length=10),
        comment="What happened to it.",
        existing_comment="What happened to the row.",
        existing_nullable=False,
    )
    op.alter_column(
        "events",
        "data",
        existing_type=postgresql.JSONB(astext_type=sa.Text()),
        comment="The row: as it was before a deletion, else as it was then; or a value before and after.",
        existing_comment="The row: as it was before a deletion, else as it was then.",
        existing_nullable=False,
    )
    op.add_column(
        "workflow_triggers",
        sa.Column(
            "armed_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
            comment="Since when it fires.",
        ),
    )
    op.execute("""CREATE OR REPLACE FUNCTION publish_point_values() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
    BEGIN
      IF TG_OP = 'INSERT' THEN
        INSERT INTO events (subject, change, data)
        SELECT 'point_values', 'created', jsonb_build_object('objectUuid', object_id, 'objectCode', object_code, 'pointId', point_id,
          'pointCode', nullif(point_code, point_id), 'key', key,
          'oldValue', '""'::jsonb, 'newValue', value)
        FROM (SELECT DISTINCT ON (object.id, point.id, value.key)
          object.id AS object_id, object.code AS object_code, point.id AS point_id, point.code AS point_code,
          value.key, value.value
        FROM new_rows AS object
        CROSS JOIN LATERAL (
          SELECT coalesce(item->>'id', item->>'pointId', item->>'code') AS id, item->>'code' AS code,
            item->'values' AS held, place
          FROM jsonb_array_elements(CASE jsonb_typeof(object.metadata->'points')
            WHEN 'array' THEN object.metadata->'points' ELSE '[]' END) WITH ORDINALITY AS listed(item, place)
          UNION ALL
          SELECT name, item->>'code', CASE jsonb_typeof(item->'values') WHEN 'object' THEN item->'values'
            ELSE item END, 0
          FROM jsonb_each(CASE jsonb_typeof(object.metadata->'points')
            WHEN 'object' THEN object.metadata->'points' ELSE '{}' END) AS named(name, item)
        ) AS point
        CROSS JOIN LATERAL jsonb_each(CASE jsonb_typeof(point.held)
          WHEN 'object' THEN point.held ELSE '{}' END) AS value
        WHERE point.id IS NOT NULL
        ORDER BY object.id, point.id, value.key, point.place DESC) AS given
        ORDER BY object_code, point_id, key;
      ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO events (subject, change, data)
        SELECT 'point_values', 'deleted', jsonb_build_object('objectUuid', object_id, 'objectCode', object_code, 'pointId', point_id,
          'pointCode', nullif(point_code, point_id), 'key', key,
          'oldValue', value, 'newValue', '""'::jsonb)
        FROM (SELECT DISTINCT ON (object.id, point.id, value.key)
          object.id AS object_id, object.code AS object_code, point.id AS point_id, point.code AS point_code,
          value.key, value.value
        FROM old_rows AS object
        CROSS JOIN LATERAL (
          SELECT coalesce(item->>'id', item->>'pointId', item->>'code') AS id, item->>'code' AS code,
            item->'values' AS held, place
          FROM jsonb_array_elements(CASE jsonb_typeof(object.metadata->'points')
            WHEN 'array' THEN object.metadata->'points' ELSE '[]' END) WITH ORDINALITY AS listed(item, place)
          UNION ALL
          SELECT name, item->>'code', CASE jsonb_typeof(item->'values') WHEN 'object' THEN item->'values'
            ELSE item END, 0
          FROM jsonb_each(CASE jsonb_typeof(object.metadata->'points')
            WHEN 'object' THEN object.metadata->'points' ELSE '{}' END) AS named(name, item)
        ) AS point
        CROSS JOIN LATERAL jsonb_each(CASE jsonb_typeof(point.held)
          WHEN 'object' THEN point.held ELSE '{}' END) AS value
        WHERE point.id IS NOT NULL
        ORDER BY object.id, point.id, value.key, point.place DESC) AS gone
        ORDER BY object_code, point_id, key;
      ELSE
        WITH differing AS MATERIALIZED (
          SELECT id FROM old_rows AS before FULL JOIN new_rows AS after USING (id)
          WHERE before.metadata->'points' IS DISTINCT FROM after.metadata->'points'
        ),
        old_values AS (SELECT DISTINCT ON (object.id, point.id, value.key)
          object.id AS object_id, object.code AS object_code, point.id AS point_id, point.code AS point_code,
          value.key, value.value
        FROM (SELECT * FROM old_rows WHERE id IN (SELECT id FROM differing)) AS object
        CROSS JOIN LATERAL (
          SELECT coalesce(item->>'id', item->>'pointId', item->>'code') AS id, item->>'code' AS code,
            item->'values' AS held, place
          FROM jsonb_array_elements(CASE jsonb_typeof(object.metadata->'points')
            WHEN 'array' THEN object.metadata->'points' ELSE '[]' END) WITH ORDINALITY AS listed(item, place)
          UNION ALL
          SELECT name, item->>'code', CASE jsonb_typeof(item->'values') WHEN 'object' THEN item->'values'
            ELSE item END, 0
          FROM jsonb_each(CASE jsonb_typeof(object.metadata->'points')
            WHEN 'object' THEN object.metadata->'points' ELSE '{}' END) AS named(name, item)
        ) AS point
        CROSS JOIN LATERAL jsonb_each(CASE jsonb_typeof(point.held)
          WHEN 'object' THEN point.held ELSE '{}' END) AS value
        WHERE point.id IS NOT NULL
        ORDER BY object.id, point.id, value.key, point.place DESC),
        new_values AS (SELECT DISTINCT ON (object.id, point.id, value.key)
          object.id AS object_id, object.code AS object_code, point.id AS point_id, point.code AS point_code,
          value.key, value.value
        FROM (SELECT * FROM new_rows WHERE id IN (SELECT id FROM differing)) AS object
        CROSS JOIN LATERAL (
          SELECT coalesce(item->>'id', item->>'pointId', item->>'code') AS id, item->>'code' AS code,
            item->'values' AS held, place
          FROM jsonb_array_elements(CASE jsonb_typeof(object.metadata->'points')
            WHEN 'array' THEN object.metadata->'points' ELSE '[]' END) WITH ORDINALITY AS listed(item, place)
          UNION ALL
          SELECT name, item->>'code', CASE jsonb_typeof(item->'values') WHEN 'object' THEN item->'values'
            ELSE item END, 0
          FROM jsonb_each(CASE jsonb_typeof(object.metadata->'points')
            WHEN 'object' THEN object.metadata->'points' ELSE '{}' END) AS named(name, item)
        ) AS point
        CROSS JOIN LATERAL jsonb_each(CASE jsonb_typeof(point.held)
          WHEN 'object' THEN point.held ELSE '{}' END) AS value
        WHERE point.id IS NOT NULL
        ORDER BY object.id, point.id, value.key, point.place DESC)
        INSERT INTO events (subject, change, data)
        SELECT 'point_values',
          CASE WHEN before.value IS NULL THEN 'created' WHEN after.value IS NULL THEN 'deleted'
            ELSE 'updated' END,
          jsonb_build_object('objectUuid', object_id,
            'objectCode', coalesce(after.object_code, before.object_code), 'pointId', point_id,
            'pointCode', nullif(coalesce(after.point_code, before.point_code), point_id), 'key', key,
            'oldValue', coalesce(before.value, '""'::jsonb), 'newValue', coalesce(after.value, '""'::jsonb))
        FROM old_values AS before FULL JOIN new_values AS after USING (object_id, point_id, key)
        WHERE before.value IS DISTINCT FROM after.value
        ORDER BY coalesce(after.object_code, before.object_code), point_id, key;
      END IF;
      IF FOUND THEN
        PERFORM pg_notify('ecoctrl_events', '');
      END IF;
      RETURN NULL;
    END
    $$""")
    op.execute("""CREATE OR REPLACE TRIGGER publish_new_values AFTER INSERT ON objects REFERENCING NEW TABLE
    AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION publish_point_values()""")
    op.execute("""CREATE OR REPLACE TRIGGER publish_old_values AFTER DELETE ON objects REFERENCING OLD TABLE
    AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION publish_point_values()""")
    op.execute("""CREATE OR REPLACE TRIGGER publish_values AFTER UPDATE ON objects REFERENCING OLD TABLE AS
    old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION publish_point_values()""")


def downgrade() -> None:
    op.execute("DROP TRIGGER publish_values ON objects")
    op.execute("DROP TRIGGER publish_old_values ON objects")
    op.execute("DROP TRIGGER publish_new_values ON objects")
    op.execute("DROP FUNCTION publish_point_values()")
    op.drop_column("workflow_triggers", "armed_at")
    op.alter_column(
        "events",
        "data",
        existing_type=postgresql.JSONB(astext_type=sa.Text()),
        comment="The row: as it was before a deletion, else as it was then.",
        existing_comment="The row: as it was before a deletion, else as it was then; or a value before and after.",
        existing_nullable=False,
    )
    op.alter_column(
        "events",
        "change",
        existing_type=sa.VARCHAR(length=10),
        comment="What happened to the row.",
        existing_comment="What happened to it.",
        existing_nullable=False,
    )
    op.alter_column(
        "events",
        "subject",
        existing_type=sa.VARCHAR(length=63),
        comment="The table whose row was changed.",
        existing_comment="The table whose row was changed, or point_values for a value of an object.",
        existing_nullable=False,
    )
