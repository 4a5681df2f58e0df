"""What a server knows of its schema, and that it needs no Alembic for that."""

import subprocess
import sys

from ecoctrl_gql.db.migrations import downgrade, is_current, migrate
from ecoctrl_gql.db.migrations.scripts import ours
from ecoctrl_gql.db.migrations.state import known_revisions

LOADED = """
import sys
import ecoctrl_gql.app, ecoctrl_gql.cli.main
from ecoctrl_gql.db import migrations
assert migrations.ensure_database(sys.argv[1]) is False
assert migrations.is_current(sys.argv[1]) is True
print(sorted({"alembic", "mako"} & sys.modules.keys()))
"""


def test_the_revisions_are_those_that_alembic_finds():
    assert known_revisions() == tuple(script.revision for script in ours().scripts().walk_revisions())


def test_a_database_is_current_when_it_has_all_migrations(empty_database_url: str):
    before = is_current(empty_database_url)
    migrate(empty_database_url)
    after = is_current(empty_database_url)
    downgrade(empty_database_url, "-1")

    assert (before, after, is_current(empty_database_url)) == (False, True, False)


def test_a_server_whose_database_is_current_does_without_alembic(database_url: str):
    done = subprocess.run(
        [sys.executable, "-c", LOADED, database_url], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"
