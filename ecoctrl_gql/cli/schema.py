"""The command that exports the GraphQL schema."""

from pathlib import Path
from typing import Annotated

import typer

from ecoctrl_gql.errors import SetupError


def schema(
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write.")] = Path(
        "schema.graphql"
    ),
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail where the file is stale.")
    ] = False,
) -> None:
    """Write the GraphQL schema to a file."""
    from ecoctrl_gql.schema import build_schema  # its import takes a second that other commands need not wait

    text = f"{build_schema().as_str()}\n"
    if check:
        if not output.exists() or output.read_text(encoding="utf-8") != text:
            raise SetupError(f"{output} is stale: run `make schema` and commit what it writes.")
        typer.echo(f"{output} is up to date.")
        return
    output.write_text(text, encoding="utf-8")
    typer.echo(f"Wrote {output}.")
