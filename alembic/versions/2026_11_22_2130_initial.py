"""initial."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "28a51966bee5"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alerts",
        sa.Column(
            "id",
            sa.Uuid(as_uuid=False),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="The table's own key.",
        ),
        sa.Column("device", sa.String(length=255), nullable=False, comment="The device it is about."),
        sa.Column("level", sa.String(length=20), nullable=False, comment="How urgent it is."),
        sa.Column("message", sa.Text(), nullable=False, comment="What happened, in words."),
        sa.Column(
            "time",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it happened.",
        ),
        sa.Column(
            "status",
            sa.String(length=20),
            server_default="pending",
            nullable=False,
            comment="Where it stands.",
        ),
        sa.CheckConstraint("level IN ('high', 'medium', 'low')", name=op.f("ck_alerts_alert_level")),
        sa.CheckConstraint(
            "status IN ('pending', 'acknowledged', 'resolved')", name=op.f("ck_alerts_alert_status")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
        comment="Something happened on a device that somebody should know of.",
    )
    op.create_index("ix_alerts_device_time_id", "alerts", ["device", "time", "id"], unique=False)
    op.create_index("ix_alerts_level_time_id", "alerts", ["level", "time", "id"], unique=False)
    op.create_index("ix_alerts_status_time_id", "alerts", ["status", "time", "id"], unique=False)
    op.create_index("ix_alerts_time_id", "alerts", ["time", "id"], unique=False)
    op.create_table(
        "backup_schedules",
        sa.Column("id", sa.Integer(), nullable=False, comment="The table's own key."),
        sa.Column(
            "next_backup",
            sa.String(length=50),
            nullable=False,
            comment="When the next backup is due, as RFC 3339 text.",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backup_schedules")),
        comment="When the next backup is made; there is one row at most.",
    )
    op.create_index(
        "uq_backup_schedules_single_row", "backup_schedules", [sa.literal_column("(true)")], unique=True
    )
    op.create_table(
        "carbon_factors",
        sa.Column(
            "id",
            sa.Uuid(as_uuid=False),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="The table's own key.",
        ),
        sa.Column("name", sa.String(length=255), nullable=False, comment="What emits, and where."),
        sa.Column("value", sa.REAL(), nullable=False, comment="Emissions per unit, in kg CO₂e."),
        sa.Column(
            "unit",
            sa.String(length=50),
            nullable=False,
            comment="The unit that the value is per, such as kWh or m³.",
        ),
        sa.Column("category", sa.String(length=255), nullable=False, comment="The group it belongs to."),
        sa.Column(
            "source", sa.String(length=500), nullable=True, comment="Who published the value, where and when."
        ),
        sa.Column(
            "created_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was recorded.",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carbon_factors")),
        comment="How much greenhouse gas a unit of something emits.",
    )
    op.create_index(
        "ix_carbon_factors_category_name_id", "carbon_factors", ["category", "name", "id"], unique=False
    )
    op.create_index("ix_carbon_factors_name_id", "carbon_factors", ["name", "id"], unique=False)
    op.create_table(
        "dashboard_models",
        sa.Column("id", sa.Integer(), nullable=False, comment="The table's own key."),
        sa.Column(
            "model_file_url", sa.String(length=512), nullable=True, comment="Where the glTF or GLB model is."
        ),
        sa.Column(
            "camera_preset",
            sa.String(length=100),
            server_default="Default_View_01",
            nullable=False,
            comment="The camera angle, by name.",
        ),
        sa.Column(
            "ambient_light_intensity",
            sa.REAL(),
            server_default="0.85",
            nullable=False,
            comment="Brightness of the ambient light, 0–1.",
        ),
        sa.Column(
            "hotspots",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="[]",
            nullable=False,
            comment="Places to click: a list of {x, y, z, label}.",
        ),
        sa.Column(
            "labels",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="[]",
            nullable=False,
            comment="Texts in the scene: a list of {position, text}.",
        ),
        sa.Column(
            "updated_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the scene last changed.",
        ),
        sa.CheckConstraint(
            "ambient_light_intensity BETWEEN 0 AND 1",
            name=op.f("ck_dashboard_models_ambient_light_intensity"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dashboard_models")),
        comment="The 3D scene that the portal shows; there is one at most.",
    )
    op.create_index(
        "uq_dashboard_models_single_row", "dashboard_models", [sa.literal_column("(true)")], unique=True
    )
    op.create_table(
        "dashboard_widgets",
        sa.Column(
            "id",
            sa.Uuid(as_uuid=False),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="The table's own key.",
        ),
        sa.Column(
            "metric_key", sa.String(length=50), nullable=False, comment="What it shows, as a unique name."
        ),
        sa.Column(
            "icon", sa.String(length=50), server_default="", nullable=False, comment="The name of its icon."
        ),
        sa.Column("layout_x", sa.Integer(), nullable=False, comment="Its first column on the grid, from 1."),
        sa.Column("layout_y", sa.Integer(), nullable=False, comment="Its first row on the grid, from 1."),
        sa.Column("layout_w", sa.Integer(), nullable=False, comment="Its width, in columns."),
        sa.Column("layout_h", sa.Integer(), nullable=False, comment="Its height, in rows."),
        sa.Column("data_type", sa.String(length=20), nullable=False, comment="What kind of card it is."),
        sa.Column(
            "data_json",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="{}",
            nullable=False,
            comment="How to draw it, and its first data.",
        ),
        sa.Column(
            "enabled",
            sa.Boolean(),
            server_default="true",
            nullable=False,
            comment="Whether the dashboard offers it.",
        ),
        sa.Column(
            "hidden",
            sa.Boolean(),
            server_default="false",
            nullable=False,
            comment="Whether it is hidden until a user shows it.",
        ),
        sa.Column(
            "sort_order",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Its place in the list, smallest first.",
        ),
        sa.Column(
            "created_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was made.",
        ),
        sa.CheckConstraint(
            "data_type IN ('stat', 'chart', 'list', 'weather', 'iot', 'energy', 'alerts', 'stats')",
            name=op.f("ck_dashboard_widgets_widget_data_type"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dashboard_widgets")),
        sa.UniqueConstraint("metric_key", name=op.f("uq_dashboard_widgets_metric_key")),
        comment="A card on the dashboard's grid of 16 columns.",
    )
    op.create_index(
        "ix_dashboard_widgets_sort_order_id", "dashboard_widgets", ["sort_order", "id"], unique=False
    )
    op.create_table(
        "energy_areas",
        sa.Column("id", sa.Integer(), nullable=False, comment="The table's own key."),
        sa.Column("title", sa.String(length=255), nullable=False, comment="Its name; unique."),
        sa.Column(
            "current",
            sa.Integer(),
            nullable=False,
            comment="Consumption of the current month so far, in kWh.",
        ),
        sa.Column("target", sa.Integer(), nullable=False, comment="Target of the current month, in kWh."),
        sa.Column(
            "color",
            sa.String(length=100),
            nullable=False,
            comment="The CSS class or colour that it is drawn in.",
        ),
        sa.Column("power_factor", sa.REAL(), nullable=False, comment="Power factor (cos φ), 0–1."),
        sa.Column(
            "load_rate",
            sa.String(length=20),
            nullable=False,
            comment="Load as a share of the rated power, in percent, as text such as 72%.",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_energy_areas")),
        sa.UniqueConstraint("title", name=op.f("uq_energy_areas_title")),
        comment="A part of the site whose consumption is watched: a building, a plant room, the chargers.",
    )
    op.create_table(
        "fault_stats",
        sa.Column("id", sa.Integer(), nullable=False, comment="The table's own key."),
        sa.Column(
            "total_count", sa.Integer(), server_default="0", nullable=False, comment="Number of faults."
        ),
        sa.Column(
            "trend",
            sa.String(length=20),
            server_default="0%",
            nullable=False,
            comment="Change of that number against the period before, in percent, as text.",
        ),
        sa.Column(
            "mttr", sa.REAL(), server_default="0", nullable=False, comment="Mean time to repair, in hours."
        ),
        sa.Column(
            "avg_response_time",
            sa.String(length=20),
            server_default="0min",
            nullable=False,
            comment="Mean time from occurrence to start of repair, as text with unit.",
        ),
        sa.Column(
            "snapshot_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the figures were computed.",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fault_stats")),
        comment="A snapshot of the figures about all faults; there is one at most.",
    )
    op.create_index("uq_fault_stats_single_row", "fault_stats", [sa.literal_column("(true)")], unique=True)
    op.create_table(
        "faults",
        sa.Column(
            "id",
            sa.Uuid(as_uuid=False),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="The table's own key.",
        ),
        sa.Column("device", sa.String(length=255), nullable=False, comment="The device that is defective."),
        sa.Column("level", sa.String(length=20), nullable=False, comment="How grave it is."),
        sa.Column(
            "time",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it occurred.",
        ),
        sa.Column(
            "status", sa.String(length=20), server_default="open", nullable=False, comment="Where it stands."
        ),
        sa.Column(
            "created_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was recorded.",
        ),
        sa.CheckConstraint("level IN ('severe', 'normal', 'notice')", name=op.f("ck_faults_fault_level")),
        sa.CheckConstraint(
            "status IN ('open', 'in_maintenance', 'fixed')", name=op.f("ck_faults_fault_status")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_faults")),
        comment="A defect of a device, kept until and after its repair.",
    )
    op.create_index("ix_faults_device_time_id", "faults", ["device", "time", "id"], unique=False)
    op.create_index("ix_faults_status_time_id", "faults", ["status", "time", "id"], unique=False)
    op.create_index("ix_faults_time_id", "faults", ["time", "id"], unique=False)
    op.create_table(
        "files",
        sa.Column(
            "id",
            sa.Uuid(as_uuid=False),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="The table's own key.",
        ),
        sa.Column("name", sa.String(length=255), nullable=False, comment="Its name."),
        sa.Column(
            "filename",
            sa.String(length=255),
            server_default="",
            nullable=False,
            comment="The name it is stored under.",
        ),
        sa.Column("mime_type", sa.String(length=100), nullable=True, comment="Its media type."),
        sa.Column("size", sa.Integer(), server_default="0", nullable=False, comment="Its size, in bytes."),
        sa.Column("file_url", sa.String(length=500), nullable=True, comment="Where it is served."),
        sa.Column(
            "created_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was uploaded.",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_files")),
        comment="An uploaded file.",
    )
    op.create_index("ix_files_created_at_id", "files", ["created_at", "id"], unique=False)
    op.create_table(
        "iot_tokens",
        sa.Column("id", sa.Integer(), nullable=False, comment="The table's own key."),
        sa.Column("access_token", sa.Text(), nullable=False, comment="Issued by the gateway; secret."),
        sa.Column("refresh_token", sa.Text(), nullable=False, comment="Issued by the gateway; secret."),
        sa.Column(
            "expires_at",
            sa.BigInteger(),
            nullable=False,
            comment="When the access token expires, in milliseconds since 1970-01-01 UTC.",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_iot_tokens")),
        comment="The token that the IoT gateway has given us; there is one at most.",
    )
    op.create_index("uq_iot_tokens_single_row", "iot_tokens", [sa.literal_column("(true)")], unique=True)
    op.create_table(
        "maintenance_reminders",
        sa.Column(
            "id",
            sa.Uuid(as_uuid=False),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="The table's own key.",
        ),
        sa.Column("task", sa.String(length=255), nullable=False, comment="What is to be done."),
        sa.Column("description", sa.Text(), nullable=True, comment="How, and what to watch."),
        sa.Column("due_date", sa.Date(), nullable=False, comment="The day by which it is to be done."),
        sa.Column(
            "priority",
            sa.String(length=20),
            server_default="medium",
            nullable=False,
            comment="How important it is.",
        ),
        sa.Column(
            "status",
            sa.String(length=20),
            server_default="pending",
            nullable=False,
            comment="Where it stands.",
        ),
        sa.Column("assignee", sa.String(length=100), nullable=True, comment="Who is to do it."),
        sa.Column("location", sa.String(length=255), nullable=True, comment="Where it is to be done."),
        sa.Column(
            "estimated_hours",
            sa.Integer(),
            server_default="0",
            nullable=True,
            comment="Expected work, in hours.",
        ),
        sa.Column("last_completed", sa.Date(), nullable=True, comment="The day on which it was last done."),
        sa.CheckConstraint(
            "priority IN ('high', 'medium', 'low')",
            name=op.f("ck_maintenance_reminders_maintenance_priority"),
        ),
        sa.CheckConstraint(
            "status IN ('pending', 'in_progress', 'completed', 'overdue')",
            name=op.f("ck_maintenance_reminders_maintenance_status"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_maintenance_reminders")),
        comment="A maintenance task and when it is due.",
    )
    op.create_index(
        "ix_maintenance_reminders_due_date_id", "maintenance_reminders", ["due_date", "id"], unique=False
    )
    op.create_index(
        "ix_maintenance_reminders_status_due_date_id",
        "maintenance_reminders",
        ["status", "due_date", "id"],
        unique=False,
    )
    op.create_table(
        "models",
        sa.Column(
            "id",
            sa.Uuid(as_uuid=False),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="The table's own key.",
        ),
        sa.Column("name", sa.String(length=255), nullable=False, comment="Its name."),
        sa.Column(
            "version",
            sa.String(length=50),
            server_default="v1.0",
            nullable=False,
            comment="Its version, such as v1.0.",
        ),
        sa.Column(
            "format", sa.String(length=20), nullable=False, comment="The file's format, such as GLB or GLTF."
        ),
        sa.Column(
            "size",
            sa.String(length=50),
            nullable=False,
            comment="The file's size as text with unit, such as 1.2 MB.",
        ),
        sa.Column("description", sa.String(length=500), nullable=True, comment="What it shows."),
        sa.Column(
            "file_url",
            sa.String(length=500),
            nullable=True,
            comment="Where the file is served: /static/models/<filename>.",
        ),
        sa.Column("thumbnail_url", sa.String(length=500), nullable=True, comment="Where a picture of it is."),
        sa.Column("doc_url", sa.String(length=500), nullable=True, comment="Where its documentation is."),
        sa.Column(
            "created_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was uploaded.",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_models")),
        comment="An uploaded 3D model.",
    )
    op.create_index("ix_models_created_at_id", "models", ["created_at", "id"], unique=False)
    op.create_table(
        "objects",
        sa.Column(
            "id",
            sa.Uuid(as_uuid=False),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="The table's own key.",
        ),
        sa.Column("code", sa.String(length=255), nullable=False, comment="The gateway's identifier; unique."),
        sa.Column("name", sa.String(length=255), nullable=False, comment="Its name, for people."),
        sa.Column("type", sa.String(length=100), nullable=False, comment="What kind of object it is."),
        sa.Column("description", sa.Text(), nullable=True, comment="Where it is and what it does."),
        sa.Column(
            "metadata",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="{}",
            nullable=False,
            comment="Further properties that the gateway gives.",
        ),
        sa.Column(
            "created_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was recorded.",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objects")),
        sa.UniqueConstraint("code", name=op.f("uq_objects_code")),
        comment="A physical device or data point that the IoT gateway knows.",
    )
    op.create_index("ix_objects_name_id", "objects", ["name", "id"], unique=False)
    op.create_index("ix_objects_type_name_id", "objects", ["type", "name", "id"], unique=False)
    op.create_table(
        "platform_configs",
        sa.Column("id", sa.Integer(), nullable=False, comment="The table's own key."),
        sa.Column(
            "platform_name",
            sa.String(length=255),
            server_default="EcoCtrl 能管平台",
            nullable=False,
            comment="The name that the user interface shows.",
        ),
        sa.Column(
            "refresh_interval",
            sa.Integer(),
            server_default="30",
            nullable=False,
            comment="How often dashboards refresh, in seconds.",
        ),
        sa.Column(
            "realtime_alert_enabled",
            sa.Boolean(),
            server_default="true",
            nullable=False,
            comment="Whether new alerts are shown at once.",
        ),
        sa.Column(
            "timezone",
            sa.String(length=100),
            server_default="Asia/Shanghai",
            nullable=False,
            comment="The site's time zone, as an IANA name.",
        ),
        sa.Column(
            "auto_backup",
            sa.Boolean(),
            server_default="true",
            nullable=False,
            comment="Whether backups are made by themselves.",
        ),
        sa.Column(
            "backup_retention_days",
            sa.Integer(),
            server_default="30",
            nullable=False,
            comment="How long backups are kept, in days.",
        ),
        sa.Column(
            "session_timeout",
            sa.Integer(),
            server_default="30",
            nullable=False,
            comment="After how much idleness a session ends, in minutes.",
        ),
        sa.Column(
            "smtp_host",
            sa.String(length=255),
            server_default="",
            nullable=False,
            comment="The mail server; empty for none.",
        ),
        sa.Column(
            "smtp_port", sa.Integer(), server_default="587", nullable=False, comment="The mail server's port."
        ),
        sa.Column(
            "smtp_user",
            sa.String(length=255),
            server_default="",
            nullable=False,
            comment="The user name at the mail server.",
        ),
        sa.Column(
            "smtp_pass",
            sa.String(length=255),
            server_default="",
            nullable=False,
            comment="The password there; secret.",
        ),
        sa.Column(
            "smtp_secure",
            sa.Boolean(),
            server_default="false",
            nullable=False,
            comment="Whether the connection is TLS from its start.",
        ),
        sa.Column(
            "allow_registration",
            sa.Boolean(),
            server_default="false",
            nullable=False,
            comment="Whether anybody may register.",
        ),
        sa.Column(
            "allow_password_reset",
            sa.Boolean(),
            server_default="false",
            nullable=False,
            comment="Whether a forgotten password can be reset by mail.",
        ),
        sa.Column(
            "allow_oauth_login",
            sa.Boolean(),
            server_default="false",
            nullable=False,
            comment="Whether users may log in with external accounts.",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform_configs")),
        comment="The configuration of the whole platform; there is one row.",
    )
    op.create_index(
        "uq_platform_configs_single_row", "platform_configs", [sa.literal_column("(true)")], unique=True
    )
    op.create_table(
        "report_plans",
        sa.Column(
            "id",
            sa.Uuid(as_uuid=False),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="The table's own key.",
        ),
        sa.Column("name", sa.String(length=255), nullable=False, comment="Its name."),
        sa.Column(
            "receiver", sa.String(length=255), nullable=False, comment="The e-mail address that it goes to."
        ),
        sa.Column(
            "frequency", sa.String(length=100), nullable=False, comment="How often it is made, in words."
        ),
        sa.Column(
            "status",
            sa.Boolean(),
            server_default="true",
            nullable=False,
            comment="Whether the plan is active.",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_plans")),
        comment="A report that is made and mailed regularly.",
    )
    op.create_index("ix_report_plans_name_id", "report_plans", ["name", "id"], unique=False)
    op.create_table(
        "report_templates",
        sa.Column("id", sa.Integer(), nullable=False, comment="The table's own key."),
        sa.Column("name", sa.String(length=255), nullable=False, comment="Its name."),
        sa.Column(
            "count",
            sa.String(length=100),
            nullable=False,
            comment="How many reports were made with it, as text such as 48 份.",
        ),
        sa.Column(
            "icon", sa.String(length=50), nullable=False, comment="Its icon: an emoji or an icon's name."
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_templates")),
        comment="The form that a report takes.",
    )
    op.create_table(
        "users",
        sa.Column(
            "id",
            sa.Uuid(as_uuid=False),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="The table's own key.",
        ),
        sa.Column(
            "username",
            sa.String(length=255),
            nullable=False,
            comment="The name to log in with; unique, whatever its case.",
        ),
        sa.Column(
            "password",
            sa.String(length=255),
            nullable=True,
            comment="The bcrypt hash of the password; null for an account that logs in by OAuth only.",
        ),
        sa.Column(
            "email",
            sa.String(length=255),
            nullable=False,
            comment="Where verification codes go; unique, whatever its case.",
        ),
        sa.Column(
            "role",
            sa.String(length=100),
            server_default="viewer",
            nullable=False,
            comment="What the user may do.",
        ),
        sa.Column(
            "status",
            sa.String(length=20),
            server_default="offline",
            nullable=False,
            comment="Whether the user is there.",
        ),
        sa.Column(
            "last_login",
            sa.String(length=50),
            nullable=True,
            comment="When the user last logged in, as RFC 3339 text; null for never.",
        ),
        sa.Column("avatar_url", sa.String(length=500), nullable=True, comment="Where the user's picture is."),
        sa.Column(
            "preferences",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="{}",
            nullable=False,
            comment="Preferences of the user interface: theme, language, density and others.",
        ),
        sa.Column(
            "created_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the account was made.",
        ),
        sa.CheckConstraint(
            "role IN ('super_admin', 'admin', 'operator', 'analyst', 'viewer')", name=op.f("ck_users_role")
        ),
        sa.CheckConstraint(
            "status IN ('online', 'offline', 'busy', 'disabled')", name=op.f("ck_users_user_status")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        comment="A person who may log in.",
    )
    op.create_index("ix_users_created_at_id", "users", ["created_at", "id"], unique=False)
    op.create_index("uq_users_email_lower", "users", [sa.literal_column("lower(email)")], unique=True)
    op.create_index("uq_users_username_lower", "users", [sa.literal_column("lower(username)")], unique=True)
    op.create_table(
        "carbon_factor_nodes",
        sa.Column(
            "id",
            sa.Uuid(as_uuid=False),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="The table's own key.",
        ),
        sa.Column(
            "parent_id", sa.Uuid(as_uuid=False), nullable=True, comment="The node above; null for a root."
        ),
        sa.Column(
            "factor_id",
            sa.Uuid(as_uuid=False),
            nullable=True,
            comment="The factor that is filed here; null for a node that only groups others.",
        ),
        sa.Column("name", sa.String(length=255), nullable=False, comment="Its label."),
        sa.Column(
            "sort_order",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Its place among its siblings, smallest first.",
        ),
        sa.ForeignKeyConstraint(
            ["factor_id"],
            ["carbon_factors.id"],
            name=op.f("fk_carbon_factor_nodes_factor_id_carbon_factors"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["carbon_factor_nodes.id"],
            name=op.f("fk_carbon_factor_nodes_parent_id_carbon_factor_nodes"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carbon_factor_nodes")),
        comment="A node of the tree that files the carbon factors; a root has no parent.",
    )
    op.create_index(
        op.f("ix_carbon_factor_nodes_factor_id"), "carbon_factor_nodes", ["factor_id"], unique=False
    )
    op.create_index(
        "ix_carbon_factor_nodes_parent_id_sort_order_id",
        "carbon_factor_nodes",
        ["parent_id", "sort_order", "id"],
        unique=False,
    )
    op.create_table(
        "energy_readings",
        sa.Column("id", sa.Integer(), nullable=False, comment="The table's own key."),
        sa.Column(
            "hour",
            sa.String(length=10),
            nullable=False,
            comment="The hour's label in the platform's time zone, such as 09:00.",
        ),
        sa.Column("k_wh", sa.REAL(), nullable=False, comment="Energy consumed in the hour, in kWh."),
        sa.Column(
            "reading_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the hour began.",
        ),
        sa.Column(
            "area_id",
            sa.Integer(),
            nullable=True,
            comment="The area that consumed it; null for the site as a whole.",
        ),
        sa.ForeignKeyConstraint(
            ["area_id"],
            ["energy_areas.id"],
            name=op.f("fk_energy_readings_area_id_energy_areas"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_energy_readings")),
        comment="The energy that was consumed in one hour.",
    )
    op.create_index("ix_energy_readings_reading_at_id", "energy_readings", ["reading_at", "id"], unique=False)
    op.create_index(
        "uq_energy_readings_area_id_reading_at", "energy_readings", ["area_id", "reading_at"], unique=True
    )
    op.create_table(
        "oauth_accounts",
        sa.Column(
            "id",
            sa.Uuid(as_uuid=False),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="The table's own key.",
        ),
        sa.Column("user_id", sa.Uuid(as_uuid=False), nullable=False, comment="The user it belongs to."),
        sa.Column("provider", sa.String(length=50), nullable=False, comment="Whose account it is."),
        sa.Column(
            "provider_user_id",
            sa.String(length=255),
            nullable=False,
            comment="The provider's stable id of the person.",
        ),
        sa.Column(
            "provider_email",
            sa.String(length=255),
            nullable=True,
            comment="The address that the provider knows.",
        ),
        sa.Column(
            "access_token", sa.String(length=1000), nullable=True, comment="Issued by the provider; secret."
        ),
        sa.Column(
            "refresh_token", sa.String(length=1000), nullable=True, comment="Issued by the provider; secret."
        ),
        sa.Column(
            "expires_at",
            sa.TIMESTAMP(timezone=True),
            nullable=True,
            comment="When the provider's access token expires.",
        ),
        sa.Column(
            "created_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the account was linked.",
        ),
        sa.CheckConstraint("provider IN ('wechat', 'feishu')", name=op.f("ck_oauth_accounts_oauth_provider")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_oauth_accounts_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oauth_accounts")),
        sa.UniqueConstraint(
            "provider", "provider_user_id", name=op.f("uq_oauth_accounts_provider_provider_user_id")
        ),
        comment="An account at an external provider that a user may log in with.",
    )
    op.create_index(op.f("ix_oauth_accounts_user_id"), "oauth_accounts", ["user_id"], unique=False)
    op.create_table(
        "refresh_tokens",
        sa.Column(
            "id",
            sa.Uuid(as_uuid=False),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="The table's own key.",
        ),
        sa.Column("user_id", sa.Uuid(as_uuid=False), nullable=False, comment="The user who is logged in."),
        sa.Column(
            "token_hash",
            sa.String(length=255),
            nullable=False,
            comment="sha256 of the refresh token, in hexadecimal; secret.",
        ),
        sa.Column(
            "expires_at",
            sa.TIMESTAMP(timezone=True),
            nullable=False,
            comment="When the session ends unless it is refreshed: 7 days after the token was issued.",
        ),
        sa.Column(
            "created_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the token was issued.",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_refresh_tokens_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refresh_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_refresh_tokens_token_hash")),
        comment="A session: the right of one device to stay logged in.",
    )
    op.create_index(op.f("ix_refresh_tokens_expires_at"), "refresh_tokens", ["expires_at"], unique=False)
    op.create_index(op.f("ix_refresh_tokens_user_id"), "refresh_tokens", ["user_id"], unique=False)
    op.create_table(
        "user_settings",
        sa.Column(
            "user_id", sa.Uuid(as_uuid=False), nullable=False, comment="The user whose settings these are."
        ),
        sa.Column(
            "settings",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="{}",
            nullable=False,
            comment="The settings by name: layout of the widgets, camera, refresh interval and others.",
        ),
        sa.Column(
            "updated_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When they last changed.",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_user_settings_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_user_settings")),
        comment="How one user has arranged the dashboard.",
    )
    op.create_table(
        "workflows",
        sa.Column(
            "id",
            sa.Uuid(as_uuid=False),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="The table's own key.",
        ),
        sa.Column("user_id", sa.Uuid(as_uuid=False), nullable=True, comment="The user who made it."),
        sa.Column("name", sa.String(length=255), nullable=False, comment="Its name, for people."),
        sa.Column(
            "slug",
            sa.String(length=128),
            server_default=sa.text("CAST(gen_random_uuid() AS VARCHAR)"),
            nullable=False,
            comment="Its name in addresses such as its webhook's; unique.",
        ),
        sa.Column("description", sa.Text(), nullable=True, comment="What it is for."),
        sa.Column(
            "dsl",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="The definition: trigger, nodes and edges, version 1.0.",
        ),
        sa.Column(
            "version",
            sa.Integer(),
            server_default="1",
            nullable=False,
            comment="How often the definition was published.",
        ),
        sa.Column(
            "enabled",
            sa.Boolean(),
            server_default="true",
            nullable=False,
            comment="Whether its trigger is armed.",
        ),
        sa.Column(
            "created_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was made.",
        ),
        sa.Column(
            "updated_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it last changed.",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_workflows_user_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workflows")),
        sa.UniqueConstraint("slug", name=op.f("uq_workflows_slug")),
        comment="An automation: what starts it, and the steps it takes.",
    )
    op.create_index("ix_workflows_name_id", "workflows", ["name", "id"], unique=False)
    op.create_index("ix_workflows_updated_at_id", "workflows", ["updated_at", "id"], unique=False)
    op.create_index(op.f("ix_workflows_user_id"), "workflows", ["user_id"], unique=False)
    op.create_table(
        "workflow_executions",
        sa.Column(
            "id",
            sa.Uuid(as_uuid=False),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="The table's own key.",
        ),
        sa.Column("workflow_id", sa.Uuid(as_uuid=False), nullable=False, comment="The workflow that ran."),
        sa.Column(
            "status",
            sa.String(length=20),
            server_default="pending",
            nullable=False,
            comment="Where the run stands.",
        ),
        sa.Column(
            "trigger_data", postgresql.JSONB(astext_type=sa.Text()), nullable=True, comment="What started it."
        ),
        sa.Column(
            "result",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="Its final output, and a log of every node.",
        ),
        sa.Column(
            "started_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it began.",
        ),
        sa.Column(
            "completed_at",
            sa.TIMESTAMP(timezone=True),
            nullable=True,
            comment="When it ended; null while it runs.",
        ),
        sa.CheckConstraint(
            "status IN ('pending', 'running', 'waiting', 'completed', 'failed', 'cancelled')",
            name=op.f("ck_workflow_executions_execution_status"),
        ),
        sa.ForeignKeyConstraint(
            ["workflow_id"],
            ["workflows.id"],
            name=op.f("fk_workflow_executions_workflow_id_workflows"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workflow_executions")),
        comment="One run of a workflow.",
    )
    op.create_index(
        "ix_workflow_executions_started_at_id", "workflow_executions", ["started_at", "id"], unique=False
    )
    op.create_index(
        "ix_workflow_executions_status_started_at_id",
        "workflow_executions",
        ["status", "started_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_workflow_executions_workflow_id_started_at_id",
        "workflow_executions",
        ["workflow_id", "started_at", "id"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index("ix_workflow_executions_workflow_id_started_at_id", table_name="workflow_executions")
    op.drop_index("ix_workflow_executions_status_started_at_id", table_name="workflow_executions")
    op.drop_index("ix_workflow_executions_started_at_id", table_name="workflow_executions")
    op.drop_table("workflow_executions")
    op.drop_index(op.f("ix_workflows_user_id"), table_name="workflows")
    op.drop_index("ix_workflows_updated_at_id", table_name="workflows")
    op.drop_index("ix_workflows_name_id", table_name="workflows")
    op.drop_table("workflows")
    op.drop_table("user_settings")
    op.drop_index(op.f("ix_refresh_tokens_user_id"), table_name="refresh_tokens")
    op.drop_index(op.f("ix_refresh_tokens_expires_at"), table_name="refresh_tokens")
    op.drop_table("refresh_tokens")
    op.drop_index(op.f("ix_oauth_accounts_user_id"), table_name="oauth_accounts")
    op.drop_table("oauth_accounts")
    op.drop_index("uq_energy_readings_area_id_reading_at", table_name="energy_readings")
    op.drop_index("ix_energy_readings_reading_at_id", table_name="energy_readings")
    op.drop_table("energy_readings")
    op.drop_index("ix_carbon_factor_nodes_parent_id_sort_order_id", table_name="carbon_factor_nodes")
    op.drop_index(op.f("ix_carbon_factor_nodes_factor_id"), table_name="carbon_factor_nodes")
    op.drop_table("carbon_factor_nodes")
    op.drop_index("uq_users_username_lower", table_name="users")
    op.drop_index("uq_users_email_lower", table_name="users")
    op.drop_index("ix_users_created_at_id", table_name="users")
    op.drop_table("users")
    op.drop_table("report_templates")
    op.drop_index("ix_report_plans_name_id", table_name="report_plans")
    op.drop_table("report_plans")
    op.drop_index("uq_platform_configs_single_row", table_name="platform_configs")
    op.drop_table("platform_configs")
    op.drop_index("ix_objects_type_name_id", table_name="objects")
    op.drop_index("ix_objects_name_id", table_name="objects")
    op.drop_table("objects")
    op.drop_index("ix_models_created_at_id", table_name="models")
    op.drop_table("models")
    op.drop_index("ix_maintenance_reminders_status_due_date_id", table_name="maintenance_reminders")
    op.drop_index("ix_maintenance_reminders_due_date_id", table_name="maintenance_reminders")
    op.drop_table("maintenance_reminders")
    op.drop_index("uq_iot_tokens_single_row", table_name="iot_tokens")
    op.drop_table("iot_tokens")
    op.drop_index("ix_files_created_at_id", table_name="files")
    op.drop_table("files")
    op.drop_index("ix_faults_time_id", table_name="faults")
    op.drop_index("ix_faults_status_time_id", table_name="faults")
    op.drop_index("ix_faults_device_time_id", table_name="faults")
    op.drop_table("faults")
    op.drop_index("uq_fault_stats_single_row", table_name="fault_stats")
    op.drop_table("fault_stats")
    op.drop_table("energy_areas")
    op.drop_index("ix_dashboard_widgets_sort_order_id", table_name="dashboard_widgets")
    op.drop_table("dashboard_widgets")
    op.drop_index("uq_dashboard_models_single_row", table_name="dashboard_models")
    op.drop_table("dashboard_models")
    op.drop_index("ix_carbon_factors_name_id", table_name="carbon_factors")
    op.drop_index("ix_carbon_factors_category_name_id", table_name="carbon_factors")
    op.drop_table("carbon_factors")
    op.drop_index("uq_backup_schedules_single_row", table_name="backup_schedules")
    op.drop_table("backup_schedules")
    op.drop_index("ix_alerts_time_id", table_name="alerts")
    op.drop_index("ix_alerts_status_time_id", table_name="alerts")
    op.drop_index("ix_alerts_level_time_id", table_name="alerts")
    op.drop_index("ix_alerts_device_time_id", table_name="alerts")
    op.drop_table("alerts")
