from ecoctrl_gql.studio import attempts
from ecoctrl_gql.studio.attempts import (
    PER_ACCOUNT,
    PER_ACCOUNT_AND_CLIENT,
    PER_CLIENT,
    WINDOW_S,
    LoginAttempts,
)


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_failures_are_counted_by_account_and_client_and_forgotten() -> None:
    clock = Clock()
    counted = LoginAttempts(clock)
    assert [counted.begin("Ada", "a") for _ in range(PER_ACCOUNT_AND_CLIENT)] == [
        None
    ] * PER_ACCOUNT_AND_CLIENT
    clock.now += 100
    assert counted.begin("ada", "a") == WINDOW_S - 100
    assert counted.begin("ada", "b") is None
    clock.now += WINDOW_S - 100
    assert counted.begin("ada", "a") is None


def test_one_client_can_not_try_many_accounts() -> None:
    counted = LoginAttempts(Clock())
    waits = [counted.begin(f"user {number}", "a") for number in range(PER_CLIENT + 1)]
    assert waits == [None] * PER_CLIENT + [WINDOW_S]


def test_many_clients_can_not_try_one_account() -> None:
    counted = LoginAttempts(Clock())
    waits = [counted.begin("ada", f"client {number}") for number in range(PER_ACCOUNT + 1)]
    assert waits == [None] * PER_ACCOUNT + [WINDOW_S]


def test_success_is_not_counted() -> None:
    counted = LoginAttempts(Clock())
    for _ in range(PER_ACCOUNT + PER_CLIENT):
        assert counted.begin("ada", "a") is None
        counted.succeeded("ada", "a")


def test_memory_is_bounded() -> None:
    counted = LoginAttempts(Clock())
    for number in range(attempts.REMEMBERED):
        counted.begin(f"user {number}", f"client {number}")
    assert len(counted._windows) <= attempts.REMEMBERED
