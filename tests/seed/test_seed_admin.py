"""The first account."""

from concurrent.futures import ThreadPoolExecutor

import bcrypt
import psycopg
import pytest

from ecoctrl_gql.auth.passwords import password_matches
from ecoctrl_gql.errors import ConflictError, SetupError, UnavailableError
from ecoctrl_gql.seed import create_admin, ensure_admin


def users(url: str) -> list[tuple]:
    with psycopg.connect(url) as connection:
        return connection.execute(
            "SELECT username, email, role, password FROM users ORDER BY username"
        ).fetchall()


def test_the_first_admin_can_log_in_with_the_given_password(database_url):
    admin = ensure_admin(database_url, "admin", "admin@example.com", "given password")

    assert (admin.username, admin.password, admin.made_password) == ("admin", "given password", False)
    ((name, email, role, stored),) = users(database_url)
    assert (name, email, role) == ("admin", "admin@example.com", "super_admin")
    assert stored.startswith("$2b$12$")
    assert bcrypt.checkpw(b"given password", stored.encode())


def test_without_a_password_a_random_one_is_made(database_url):
    admin = ensure_admin(database_url, "admin", "admin@example.com")

    assert admin.made_password
    assert len(admin.password) >= 20
    assert bcrypt.checkpw(admin.password.encode(), users(database_url)[0][3].encode())


def test_where_there_are_users_none_is_made(database_url):
    ensure_admin(database_url, "admin", "admin@example.com", "password one")

    assert ensure_admin(database_url, "other", "other@example.com", "password two") is None
    assert [user[0] for user in users(database_url)] == ["admin"]


def test_servers_that_start_together_make_one(database_url):
    with ThreadPoolExecutor(4) as threads:
        made = list(
            threads.map(
                lambda n: ensure_admin(database_url, f"admin{n}", f"a{n}@example.com", "password"), range(4)
            )
        )

    assert sum(admin is not None for admin in made) == 1
    assert len(users(database_url)) == 1


def test_a_further_admin_on_request(database_url):
    ensure_admin(database_url, "admin", "admin@example.com", "password one")
    create_admin(database_url, "second", "second@example.com", "password two")

    assert [user[0] for user in users(database_url)] == ["admin", "second"]
    for name, email in (("ADMIN", "new@example.com"), ("new", "Second@example.com")):
        with pytest.raises(ConflictError, match="is taken"):
            create_admin(database_url, name, email, "password three")


@pytest.mark.parametrize(
    ("name", "email", "password", "reason"),
    [
        ("a", "a@example.com", "password", "A user name needs 2 to 255 characters."),
        ("a" * 256, "a@example.com", "password", "A user name needs 2 to 255 characters."),
        ("ad\u200bmin", "a@example.com", "password", "A user name can't hold control characters."),
        ("b@example.com", "a@example.com", "password", "A user name can't hold @"),
        ("admin", "nowhere", "password", "This is no mail address"),
        ("admin", "a@b@example.com", "password", "This is no mail address"),
        ("admin", "a@example.com", "short", "A password needs 6 to 1,000 characters."),
        ("admin", "a@example.com", "x" * 1_001, "A password needs 6 to 1,000 characters."),
    ],
)
@pytest.mark.parametrize("make", [create_admin, ensure_admin])
def test_what_nobody_could_register_with_makes_no_admin(database_url, make, name, email, password, reason):
    with pytest.raises(SetupError, match=reason):
        make(database_url, name, email, password)

    assert users(database_url) == []


def test_names_are_stored_as_a_login_looks_for_them(database_url):
    admin = create_admin(database_url, " Zoe\u0308 ", "Zoe@EXAMPLE.com", "能" * 40)

    ((name, email, _, stored),) = users(database_url)
    assert (name, email, admin.username) == ("Zo\u00eb", "Zoe@example.com", "Zo\u00eb")
    assert password_matches("能" * 40, stored)
    assert not password_matches("能" * 39, stored)  # of 120 bytes each counts


def test_what_the_environment_says_is_not_looked_at_where_there_are_users(database_url):
    ensure_admin(database_url, "admin", "admin@example.com", "password one")

    assert ensure_admin(database_url, "", "", "x") is None


def test_a_database_that_is_away():
    with pytest.raises(UnavailableError):
        ensure_admin("postgresql://nobody@127.0.0.1:1/none", "admin", "admin@example.com", "password")
