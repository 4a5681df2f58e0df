"""Commands about accounts."""

from typing import Annotated

import typer

from ecoctrl_gql.cli.session import load_settings, running_database
from ecoctrl_gql.db import migrations
from ecoctrl_gql.seed import Admin
from ecoctrl_gql.seed import create_admin as add_admin


def create_admin(
    username: Annotated[
        str | None, typer.Option(help="The name to log in with; INIT_ADMIN_USERNAME by default.")
    ] = None,
    email: Annotated[str | None, typer.Option(help="The mail address; INIT_ADMIN_EMAIL by default.")] = None,
) -> None:
    """Make a super_admin; the password is INIT_ADMIN_PASSWORD, or a random one that is shown once."""
    settings = load_settings()
    password = settings.init_admin_password
    with running_database(settings) as url:
        migrations.check_revision(url)
        admin = add_admin(
            url,
            username or settings.init_admin_username,
            email or settings.init_admin_email,
            None if password is None else password.get_secret_value(),
        )
    tell_admin(admin)


def tell_admin(admin: Admin) -> None:
    """Say who was made, and the password where nobody knows it yet."""
    word = f"the password {admin.password}" if admin.made_password else "the password of INIT_ADMIN_PASSWORD"
    typer.echo(f"Made the super_admin {admin.username} with {word}.")
