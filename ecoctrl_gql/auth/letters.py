"""The letters about accounts, in Chinese and English."""

from ecoctrl_gql.auth.mail import Letter


def registration_code(to: str, code: str) -> Letter:
    return Letter(
        to,
        "EcoCtrl 注册验证码 / registration code",
        f"您的注册验证码是 {code},5 分钟内有效。\n"
        f"Your code to register is {code}; it is good for 5 minutes.\n"
        "如非本人操作,请忽略本邮件。 If you did not ask for it, ignore this letter.\n",
    )


def account_exists(to: str) -> Letter:
    return Letter(
        to,
        "EcoCtrl 注册提醒 / registration",
        "有人尝试用此邮箱注册,但该邮箱已有账号。请直接登录,或重置密码。\n"
        "Somebody tried to register with this address, which has an account already. Log in, or reset your"
        " password.\n",
    )


def reset_code(to: str, code: str) -> Letter:
    return Letter(
        to,
        "EcoCtrl 密码重置验证码 / password reset code",
        f"您的密码重置验证码是 {code},5 分钟内有效。\n"
        f"Your code to reset the password is {code}; it is good for 5 minutes.\n"
        "如非本人操作,请忽略本邮件。 If you did not ask for it, ignore this letter.\n",
    )


def password_changed(to: str) -> Letter:
    return Letter(
        to,
        "EcoCtrl 密码已更改 / password changed",
        "您的密码已更改,其他设备已退出登录。如非本人操作,请立即联系管理员。\n"
        "Your password was changed, and other devices are logged out. If it was not you, tell an"
        " administrator at once.\n",
    )


def trial(to: str) -> Letter:
    return Letter(
        to, "EcoCtrl 测试邮件 / test", "邮件服务配置正确。\nThe mail server is configured correctly.\n"
    )
