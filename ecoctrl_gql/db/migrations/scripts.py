"""The migrations that this version of the program knows."""

from argparse import Namespace
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, MetaData

from ecoctrl_gql.db.migrations.state import migrations_folder
from ecoctrl_gql.db.tables import UserRow
from ecoctrl_gql.errors import SetupError

NEWER = (
    "The database was migrated by a newer version of the program: update the program, or restore a backup"
    " that was made before the migration."
)


@dataclass(frozen=True)
class Source:
    """The models, and the folder of the migrations that lead to them."""

    metadata: MetaData
    folder: Path

    def config(self, connection: Connection | None = None, **options: Any) -> Config:
        """Alembic's configuration; ``env.py`` takes the connection and its options from it."""
        config = Config(cmd_opts=Namespace(quiet=True))
        config.set_main_option("script_location", str(self.folder).replace("%", "%%"))
        config.set_main_option("path_separator", "os")
        config.set_main_option("timezone", "UTC")
        config.set_main_option(
            "file_template", "%%(year)d_%%(month).2d_%%(day).2d_%%(hour).2d%%(minute).2d_%%(slug)s"
        )
        # Each migration is committed for itself: locks are held for less time, and what is done stays done.
        defaults = {"target_metadata": self.metadata, "transaction_per_migration": True}
        config.attributes.update(connection=connection, options=defaults | options)
        return config

    def scripts(self) -> ScriptDirectory:
        return ScriptDirectory.from_config(self.config())

    def after(self, revision: str | None) -> list[Script]:
        """
        The migrations that a database of this revision lacks, in the order in which they are applied.

        Raises:
            SetupError: The revision is not known.
        """
        missing: list[Script] = []
        for script in self.scripts().walk_revisions():
            if script.revision == revision:
                return missing[::-1]
            missing.append(script)
        if revision is not None:
            raise SetupError(NEWER)
        return missing[::-1]


def ours() -> Source:
    """The models and migrations of the program itself."""
    return Source(UserRow.metadata, migrations_folder())  # all tables share it


def script_name(script: Script) -> str:
    return Path(script.path).stem
