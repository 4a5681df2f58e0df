import strawberry

from ecoctrl_gql.accounts.api_keys import ApiKeyMutation
from ecoctrl_gql.accounts.login import LoginMutation
from ecoctrl_gql.accounts.oauth import OAuthMutation
from ecoctrl_gql.accounts.passwords import PasswordMutation
from ecoctrl_gql.accounts.profile import ProfileMutation
from ecoctrl_gql.accounts.registration import RegistrationMutation
from ecoctrl_gql.accounts.users import UserMutation


@strawberry.type
class AccountMutation(
    LoginMutation,
    RegistrationMutation,
    PasswordMutation,
    OAuthMutation,
    ProfileMutation,
    UserMutation,
    ApiKeyMutation,
):
    pass
