"""How much work a password takes, which its time would tell."""

import bcrypt
import pytest

from ecoctrl_gql.auth import passwords
from ecoctrl_gql.auth.passwords import COST, LONGEST, is_outdated, password_matches

RIGHT = "correct horse"


def hashed(cost: int, prefix: bytes = b"2b") -> str:
    return bcrypt.hashpw(RIGHT.encode(), bcrypt.gensalt(cost, prefix=prefix)).decode()


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The work of each hash that is made, in rounds."""
    done: list[int] = []

    def checkpw(password: bytes, stored: bytes) -> bool:
        right = bcrypt.checkpw(password, stored)
        done.append(2 ** int(stored.split(b"$")[2]))
        return right

    def hashpw(password: bytes, salt: bytes) -> bytes:
        done.append(2 ** int(salt.split(b"$")[2]))
        return bcrypt.hashpw(password, salt)

    spied = type("bcrypt", (), {"checkpw": checkpw, "hashpw": hashpw, "gensalt": bcrypt.gensalt})
    monkeypatch.setattr(passwords, "bcrypt", spied)
    return done


@pytest.mark.parametrize(
    "stored",
    [None, "", "no hash", "$2b$12$short", hashed(4), hashed(10, b"2a"), hashed(11), hashed(12)],
    ids=["nobody", "empty", "text", "cut", "4", "10", "11", "12"],
)
@pytest.mark.parametrize("password", ["wrong", "", "x" * (LONGEST + 1)], ids=["wrong", "empty", "long"])
def test_a_wrong_password_takes_the_same_work_whatever_is_stored(work, stored, password):
    assert not password_matches(password, stored)
    assert sum(work) == 2**COST


def test_a_right_password_is_right_whatever_the_work(work):
    assert password_matches(RIGHT, hashed(4))
    assert password_matches(RIGHT, hashed(10, b"2a"))
    assert [is_outdated(stored) for stored in (hashed(10), hashed(12), "no hash")] == [True, False, True]
