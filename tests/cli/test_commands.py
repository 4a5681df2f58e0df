"""The commands besides `serve`."""

from pathlib import Path

import psycopg

CSV = """time,kwh,area
2026-01-01T00:00:00+08:00,1.5,Tower
2026-01-01T01:00:00+08:00,2.5,Tower
"""


def test_readings_are_imported_once(ecoctrl, database_url):
    (ecoctrl.folder / "readings.csv").write_text(CSV)

    first = ecoctrl("import", "readings", "readings.csv", "--create-areas")
    second = ecoctrl("import", "readings", "readings.csv")

    assert first.stdout.strip().endswith("2 readings added, 0 updated, 0 unchanged; 1 area created.")
    assert second.stdout.strip().endswith("0 readings added, 0 updated, 2 unchanged.")
    with psycopg.connect(database_url) as connection:
        stored = connection.execute("SELECT sum(k_wh), count(*) FROM energy_readings").fetchone()
    assert stored == (4.0, 2)


def test_a_bad_line_stops_the_import_and_is_named(ecoctrl, database_url):
    (ecoctrl.folder / "readings.csv").write_text(CSV + "2026-01-01T02:00:00+08:00,much,Tower\n")

    ended = ecoctrl("import", "readings", "readings.csv", "--create-areas")

    assert ended.returncode == 1
    assert "line 4" in ended.stderr
    assert "Nothing was imported" in ended.stderr
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT count(*) FROM energy_readings").fetchone() == (0,)


def test_an_unknown_area_is_named_with_the_option_that_makes_it(ecoctrl):
    (ecoctrl.folder / "readings.csv").write_text(CSV)

    ended = ecoctrl("import", "readings", "readings.csv")

    assert ended.returncode == 1
    assert "unknown area (Tower)" in ended.stderr
    assert "--create-areas" in ended.stderr


def test_an_admin_is_made_with_a_password_shown_once(ecoctrl):
    made = ecoctrl("create-admin", "--username", "kim", "--email", "kim@example.org")
    again = ecoctrl("create-admin", "--username", "kim", "--email", "kim@example.org")

    assert made.stdout.startswith("Made the super_admin kim with the password ")
    assert again.returncode == 1
    assert again.stderr.startswith("The user name kim or the address kim@example.org is taken.")


def test_the_seed_is_safe_to_run_twice(ecoctrl):
    first = ecoctrl("seed")
    second = ecoctrl("seed")

    assert first.returncode == 0, first.stderr
    assert "energy readings" in first.stdout
    assert second.stdout == "The sample data is there already; nothing was changed.\n"


def test_refresh_asks_first(ecoctrl, database_url):
    ecoctrl("create-admin")

    refused = ecoctrl("refresh", "--no-studio", stdin="n\n")
    with psycopg.connect(database_url) as connection:
        kept = connection.execute("SELECT username FROM users").fetchall()
    done = ecoctrl("refresh", "--no-studio", stdin="y\n")
    with psycopg.connect(database_url) as connection:
        seeded = {name for (name,) in connection.execute("SELECT username FROM users")}

    assert refused.returncode == 1
    assert kept == [("admin",)]
    assert done.returncode == 0, done.stderr
    assert {"super_admin", "operator", "viewer"} <= seeded


def test_refresh_refuses_in_production(ecoctrl):
    ecoctrl.environment |= {"ECOCTRL_ENV": "production", "JWT_SECRET": "x" * 32}

    ended = ecoctrl("refresh", "--yes")

    assert ended.returncode == 1
    assert "refresh would delete production data" in ended.stderr


def test_the_doctor_says_what_is_wrong(ecoctrl):
    healthy = ecoctrl("doctor")
    ecoctrl.environment |= {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": "1", "DATA_DIR": "/proc/none"}
    ill = ecoctrl("doctor")

    assert healthy.returncode == 0, healthy.stdout
    assert "ok      Database: DATABASE_URL, reached, all migrations applied." in healthy.stdout
    assert ill.returncode == 1
    assert "PROBLEM Storage: /proc/none" in ill.stdout
    assert "PROBLEM Mail: 127.0.0.1:1 does not answer" in ill.stdout


def test_generate_writes_nothing_when_nothing_changed(ecoctrl):
    before = sorted(Path("alembic/versions").iterdir())

    ended = ecoctrl("generate", "-m", "nothing")

    assert ended.stdout == "Nothing has changed, so there is no migration to write.\n"
    assert sorted(Path("alembic/versions").iterdir()) == before


def test_the_exported_schema_is_up_to_date(ecoctrl):
    ended = ecoctrl("schema", "--check", "--output", str(Path("schema.graphql").resolve()))

    assert ended.returncode == 0, ended.stderr


def test_a_stale_schema_is_told(ecoctrl):
    (ecoctrl.folder / "schema.graphql").write_text("type Query")

    ended = ecoctrl("schema", "--check")

    assert ended.returncode == 1
    assert ended.stderr == "schema.graphql is stale: run `make schema` and commit what it writes.\n"
