"""No password, token or code is told to the log, in an error, in the audit log or by the studio's pages."""

from ecoctrl_gql.auth.passwords import password_hash
from tests.auth.canary import found_in, studio_pages
from tests.auth.mailbox import mail_server

FIRST, SECOND, WRONG = "canary-first-password", "canary-second-password", "canary-wrong-password"
REGISTER = """mutation($input: RegisterInput!) { register(input: $input) {
  accessToken refreshToken userErrors { message } } }"""
RESET = """mutation($input: ResetPasswordInput!) { resetPassword(input: $input) {
  changed userErrors { message } } }"""
CHANGE = """mutation($input: ChangePasswordInput!) { changePassword(input: $input) {
  changed userErrors { message } } }"""
KEY = """mutation { createApiKey(input: {name: "Gateway"}) { key } }"""
CONFIG = """mutation { updatePlatformConfig(input: {smtpPass: "canary-of-the-mail-server"}) {
  platformConfig { smtpPassSet } } }"""


async def test_no_secret_gets_out(real, make, settings, log, capsys):
    await make.user(
        username="sue", email="sue@example.org", role="super_admin", password=password_hash(FIRST)
    )
    told, secrets = [], {FIRST, SECOND, WRONG, "canary-of-the-mail-server"}
    with mail_server() as mailbox:
        real.auth.mailer.start()
        await make.platform_config(
            smtp_host="127.0.0.1",
            smtp_port=mailbox.port,
            allow_registration=True,
            allow_password_reset=True,
            sessions_per_user=0,
        )
        signed_in = await real.log_in("sue", FIRST)
        told.append(await real.log_in("sue", WRONG))
        refreshed = await real.refresh(signed_in["refreshToken"])
        await real.execute("UPDATE spent_refresh_tokens SET spent_at = now() - interval '1 minute'")
        token = refreshed["accessToken"]
        key = (await real(KEY, token)).data["createApiKey"]["key"]
        told.append((await real("{ alerts { totalCount } }", key + "x")).errors)
        told.append((await real("{ alerts { totalCount } }", token + "x")).errors)
        told.append((await real(CONFIG, token)).data)
        await real('mutation { sendRegistrationCode(input: {email: "neo@example.org"}) { accepted } }')
        code = await mailbox.code(1)
        new = {"username": "neo", "email": "neo@example.org", "password": SECOND, "code": code}
        told.append((await real(REGISTER, input=new | {"username": "sue"})).data)
        neo = (await real(REGISTER, input=new)).data["register"]
        await real('mutation { sendPasswordResetCode(input: {email: "sue@example.org"}) { accepted } }')
        reset = await mailbox.code(2)
        passwords = {"currentPassword": WRONG, "newPassword": SECOND}
        told.append((await real(CHANGE, token, input=passwords)).data)
        told.append((await real(CHANGE, token, input=passwords | {"currentPassword": FIRST})).data)
        given = {"email": "sue@example.org", "code": reset, "newPassword": FIRST}
        told.append((await real(RESET, input=given)).data)
        await real.refresh(signed_in["refreshToken"])  # a replay
        await real.auth.mailer.stop()
    secrets |= {
        signed_in["accessToken"],
        signed_in["refreshToken"],
        refreshed["accessToken"],
        code,
        reset,
        key,
    }
    secrets |= {refreshed["refreshToken"], neo["accessToken"], neo["refreshToken"]}
    audit = await real.execute("SELECT * FROM audit_entries")
    stored = await real.execute("SELECT * FROM users")
    pages = await studio_pages(settings, real.db, "sue", FIRST)

    everything = [str(told), str(audit), str(stored), *pages, log.getvalue(), *capsys.readouterr()]
    assert found_in(everything, secrets) == set()
    assert any("password.changed" in page for page in pages)
    assert {"user.registered", "password.reset", "password.changed"} <= {row[4] for row in audit}
