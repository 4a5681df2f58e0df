"""The command that exports the GraphQL schema."""

from pathlib import Path
from typing import Annotated

import typer

from ecoctrl_gql.errors import SetupError

WORKFLOWS = Path("docs/workflow.schema.json")


def schema(
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write.")] = Path(
        "schema.graphql"
    ),
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail where the file is stale.")
    ] = False,
) -> None:
    """Write the GraphQL schema to a file; in a checkout also the JSON Schema of workflows."""
    # their import takes a second that other commands need not wait
    from ecoctrl_gql.schema import build_schema
    from ecoctrl_gql.workflows.dsl.json_schema import workflow_json_schema_text

    keep(output, f"{build_schema().as_str()}\n", check)
    if WORKFLOWS.exists():
        keep(WORKFLOWS, workflow_json_schema_text(), check)


def keep(file: Path, text: str, check: bool) -> None:
    """
    Write a file, or check that it holds this text.

    Raises:
        SetupError: It does not.
    """
    if check:
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            raise SetupError(f"{file} is stale: run `make schema` and commit what it writes.")
        typer.echo(f"{file} is up to date.")
        return
    file.write_text(text, encoding="utf-8")
    typer.echo(f"Wrote {file}.")
