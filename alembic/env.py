"""What Alembic runs; `ecoctrl_gql.db.migrations` says on which connection and how."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], **context.config.attributes["options"])
with context.begin_transaction():
    context.run_migrations()
