"""The commands together, and how each of them ends."""

import signal
import sys

import typer

from ecoctrl_gql.cli import accounts, data, doctor, imports, migrations, schema, serve, studio, worker
from ecoctrl_gql.errors import EcoctrlError

app = typer.Typer(
    name="ecoctrl",
    help="EcoCtrl: a GraphQL API server for running the energy of buildings.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(serve.serve)
app.command()(worker.worker)
app.command()(migrations.migrate)
app.command()(migrations.generate)
app.command()(migrations.push)
app.command()(data.seed)
app.command()(data.refresh)
app.command()(studio.studio)
app.command()(schema.schema)
app.command()(accounts.create_admin)
app.command()(doctor.doctor)
app.add_typer(imports.app, name="import")


def main() -> None:
    """Run a command; on failure say why in one sentence and exit with 1."""
    # as if Ctrl+C were pressed, so that what a command began is ended in order
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        app(standalone_mode=True)
    except EcoctrlError as error:
        fail(error.message)
    except KeyboardInterrupt:
        fail("Stopped.")
    except OSError as error:
        fail(f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}.")


def fail(message: str) -> None:
    """End the command with a sentence on standard error."""
    sys.stderr.write(f"{message}\n")
    sys.exit(1)
