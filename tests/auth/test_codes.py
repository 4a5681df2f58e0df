"""Registration and passwords by codes that come by mail."""

import asyncio
from collections.abc import Iterator

import pytest

from tests.auth.conftest import HASHED, PASSWORD
from tests.auth.mailbox import Mailbox, mail_server

SEND = (
    "mutation($email: String!) { send: %s(input: {email: $email}) { accepted userErrors { code message } } }"
)
SEND_REGISTRATION, SEND_RESET = SEND % "sendRegistrationCode", SEND % "sendPasswordResetCode"
REGISTER = """mutation($input: RegisterInput!) { register(input: $input) {
  accessToken user { username role status } userErrors { code field message } } }"""
RESET = """mutation($input: ResetPasswordInput!) { resetPassword(input: $input) {
  changed userErrors { code field } } }"""
CHANGE = """mutation($input: ChangePasswordInput!) { changePassword(input: $input) {
  changed userErrors { code field } } }"""
ACCEPTED = {"send": {"accepted": True, "userErrors": []}}
WRONG_CODE = [{"code": "INVALID_CREDENTIALS", "field": ["input", "code"]}]


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as started:
        yield started


@pytest.fixture
async def open_platform(real, make, mailbox):
    real.auth.mailer.start()
    await make.platform_config(
        smtp_host="127.0.0.1",
        smtp_port=mailbox.port,
        allow_registration=True,
        allow_password_reset=True,
        sessions_per_user=0,
    )
    yield
    await real.auth.mailer.stop()


def newcomer(code: str, **changes: str) -> dict[str, str]:
    return {"username": "Neo", "email": "neo@example.org", "password": "follow me", "code": code} | changes


async def test_who_has_the_code_gets_an_account(real, open_platform, mailbox):
    sent = await real(SEND_REGISTRATION, email="Neo@Example.org")
    code = await mailbox.code()

    made = (await real(REGISTER, input=newcomer(code))).data["register"]
    again = (await real(REGISTER, input=newcomer(code, username="Neo2"))).data["register"]

    assert sent.data == ACCEPTED
    assert mailbox.messages[0]["To"] == "Neo@example.org"
    assert made["user"] == {"username": "Neo", "role": "VIEWER", "status": "ONLINE"}
    assert (await real("{ me { email } }", made["accessToken"])).data["me"]["email"] == "neo@example.org"
    assert [{key: error[key] for key in ("code", "field")} for error in again["userErrors"]] == WRONG_CODE
    assert (await real.log_in("neo@example.org", "follow me"))["userErrors"] == []


async def test_a_code_is_dead_after_five_wrong_tries(real, open_platform, mailbox):
    await real(SEND_REGISTRATION, email="neo@example.org")
    code = await mailbox.code()
    wrong = "000000" if code != "000000" else "111111"

    tries = [(await real(REGISTER, input=newcomer(wrong))).data["register"] for _ in range(5)]
    late = (await real(REGISTER, input=newcomer(code))).data["register"]

    assert {each["userErrors"][0]["code"] for each in (*tries, late)} == {"INVALID_CREDENTIALS"}
    assert await real.execute("SELECT tries FROM verification_codes") == [(5,)]


async def test_a_code_is_used_once_by_two_at_the_same_time(real, open_platform, mailbox):
    await real(SEND_REGISTRATION, email="neo@example.org")
    code = await mailbox.code()

    both = await asyncio.gather(
        *(real(REGISTER, input=newcomer(code, username=name)) for name in ("Neo", "Trinity"))
    )

    assert sorted(answer.data["register"]["accessToken"] is not None for answer in both) == [False, True]
    assert await real.execute("SELECT count(*) FROM users") == [(1,)]


async def test_a_code_is_stored_as_a_keyed_hash_and_is_for_one_purpose(real, ann, open_platform, mailbox):
    await real(SEND_RESET, email="ann@example.org")
    code = await mailbox.code()

    stored = str(await real.execute("SELECT * FROM verification_codes"))
    used = await real(REGISTER, input=newcomer(code, email="ann@example.org"))

    assert code not in stored
    assert used.data["register"]["userErrors"][0]["code"] == "INVALID_CREDENTIALS"


async def test_a_taken_name_does_not_cost_the_code(real, ann, open_platform, mailbox):
    await real(SEND_REGISTRATION, email="neo@example.org")
    code = await mailbox.code()

    taken = (await real(REGISTER, input=newcomer(code, username="aNN"))).data["register"]
    made = (await real(REGISTER, input=newcomer(code))).data["register"]

    assert (taken["userErrors"][0]["code"], taken["userErrors"][0]["field"]) == (
        "CONFLICT",
        ["input", "username"],
    )
    assert made["user"]["username"] == "Neo"


async def test_an_expired_code_and_an_older_one_are_worth_nothing(real, open_platform, mailbox):
    await real(SEND_REGISTRATION, email="neo@example.org")
    older = await mailbox.code(1)
    await real(SEND_REGISTRATION, email="neo@example.org")
    newer = await mailbox.code(2)

    replaced = (await real(REGISTER, input=newcomer(older))).data["register"]
    await real.execute("UPDATE verification_codes SET expires_at = now()")
    expired = (await real(REGISTER, input=newcomer(newer))).data["register"]

    if older != newer:
        assert replaced["accessToken"] is None
    assert expired["userErrors"][0]["code"] == "INVALID_CREDENTIALS"


@pytest.mark.parametrize("send", [SEND_REGISTRATION, SEND_RESET])
async def test_nobody_learns_who_has_an_account(real, ann, open_platform, mailbox, send):
    steps = []
    for email in ("ann@example.org", "nobody@example.org"):
        answer = await real(send, email=email)
        assert answer.data == ACCEPTED
        steps.append(
            [each for each in real.db.statements if "smtp_host" not in each]
        )  # the mailer reads that

    assert steps[0] == steps[1]


async def test_a_known_address_is_told_by_mail_alone(real, ann, open_platform, mailbox):
    await real(SEND_REGISTRATION, email="ann@example.org")

    letter = await mailbox.letter()

    assert "has an account already" in letter
    assert not any(word.isdigit() and len(word) == 6 for word in letter.split())


async def test_a_reset_ends_all_sessions(real, ann, open_platform, mailbox):
    first = await real.log_in("Ann")
    await real(SEND_RESET, email="ann@example.org")
    code = await mailbox.code()

    done = await real(RESET, input={"email": "ann@example.org", "code": code, "newPassword": "something new"})

    assert done.data["resetPassword"] == {"changed": True, "userErrors": []}
    assert (await real("{ alerts { totalCount } }", first["accessToken"])).codes == ["UNAUTHENTICATED"]
    assert await real.refresh(first["refreshToken"]) is None
    assert (await real.log_in("Ann"))["userErrors"][0]["code"] == "INVALID_CREDENTIALS"
    assert (await real.log_in("Ann", "something new"))["userErrors"] == []
    assert "was changed" in await mailbox.letter(2)


async def test_a_change_ends_the_other_sessions(real, ann, open_platform, mailbox):
    other, here = [await real.log_in("Ann") for _ in range(2)]
    new = {"currentPassword": PASSWORD, "newPassword": "something new"}

    wrong = await real(CHANGE, here["accessToken"], input=new | {"currentPassword": "x"})
    weak = await real(CHANGE, here["accessToken"], input=new | {"newPassword": "short"})
    done = await real(CHANGE, here["accessToken"], input=new)

    assert wrong.data["changePassword"]["userErrors"] == [
        {"code": "INVALID_CREDENTIALS", "field": ["input", "currentPassword"]}
    ]
    assert weak.data["changePassword"]["userErrors"] == [
        {"code": "BAD_USER_INPUT", "field": ["input", "newPassword"]}
    ]
    assert done.data["changePassword"] == {"changed": True, "userErrors": []}
    assert (await real("{ me { username } }", other["accessToken"])).codes == ["UNAUTHENTICATED"]
    assert (await real("{ me { username } }", here["accessToken"])).data["me"] == {"username": "Ann"}


async def test_all_is_closed_unless_the_platform_opens_it(real, ann, make):
    await make.platform_config()
    answers = [
        (await real(SEND_REGISTRATION, email="a@example.org")).data["send"],
        (await real(SEND_RESET, email="ann@example.org")).data["send"],
        (await real(REGISTER, input=newcomer("123456"))).data["register"],
        (await real(RESET, input={"email": "ann@example.org", "code": "1", "newPassword": "something"})).data[
            "resetPassword"
        ],
    ]

    assert {answer["userErrors"][0]["code"] for answer in answers} == {"FORBIDDEN"}
    assert (await real("{ publicConfig { allowRegistration allowPasswordReset } }")).data == {
        "publicConfig": {"allowRegistration": False, "allowPasswordReset": False}
    }


async def test_codes_are_sent_to_an_address_three_times_at_most(real, open_platform, mailbox):
    answers = [await real(SEND_REGISTRATION, email="neo@example.org") for _ in range(4)]

    assert [answer.codes for answer in answers] == [[], [], [], ["RATE_LIMITED"]]
    assert answers[3].errors[0]["extensions"]["retryAfter"] > 0


@pytest.mark.parametrize(
    "email",
    ["", "x", "a@b@c", "a@example.org\r\nBcc: all@example.org", "x" * 300 + "@example.org", "a\0@b.org"],
)
async def test_what_is_no_address_gets_no_code(real, open_platform, mailbox, email):
    refused = (await real(SEND_REGISTRATION, email=email)).data["send"]

    assert refused["userErrors"][0]["code"] == "BAD_USER_INPUT"
    assert await real.execute("SELECT count(*) FROM verification_codes") == [(0,)]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"username": "x"}, "username"),
        ({"username": "a\u200bb"}, "username"),
        ({"username": "boss@example.org"}, "username"),
        ({"username": "n" * 256}, "username"),
        ({"password": "12345"}, "password"),
        ({"password": "x" * 1001}, "password"),
        ({"email": "no address"}, "email"),
    ],
)
async def test_what_can_t_be_an_account_is_refused_with_its_field(
    real, open_platform, mailbox, changes, field
):
    refused = (await real(REGISTER, input=newcomer("123456", **changes))).data["register"]

    assert [(error["code"], error["field"]) for error in refused["userErrors"]] == [
        ("BAD_USER_INPUT", ["input", field])
    ]


async def test_a_mail_server_that_is_away_is_told_to_who_tries_it(real, make):
    await make.platform_config(smtp_host="127.0.0.1", smtp_port=1)
    await make.user(username="sue", role="super_admin", password=HASHED)
    token = (await real.log_in("sue"))["accessToken"]

    test = 'mutation { sendTestMail(input: {to: "a@example.org"}) { sent userErrors { code message } } }'
    refused = (await real(test, token)).data["sendTestMail"]

    assert refused["sent"] is None
    assert refused["userErrors"][0]["code"] == "CONFLICT"
    assert "127.0.0.1" in refused["userErrors"][0]["message"]
