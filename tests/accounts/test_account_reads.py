"""Users and what belongs to them."""


async def test_what_belongs_to_all_users_takes_one_statement_a_table(gql, make):
    for _ in range(3):
        user = await make.user()
        await make.user_settings(user_id=user.id)
        for _ in range(2):
            await make.session(user_id=user.id)
            await make.oauth_account(user_id=user.id)
            await make.workflow(user_id=user.id)
    query = """{ users { nodes { username settings { settings } sessions { expiresAt }
      oauthAccounts { provider } workflows { totalCount nodes { name } } } } }"""

    answer = await gql(query)

    nodes = answer.data["users"]["nodes"]
    assert len(nodes) == 3
    assert {node["settings"]["settings"]["language"] for node in nodes} == {"zh-CN"}
    assert {len(node["sessions"]) for node in nodes} == {2}
    assert {len(node["oauthAccounts"]) for node in nodes} == {2}
    assert {node["workflows"]["totalCount"] for node in nodes} == {2}
    assert len(gql.statements) == 6  # users, settings, sessions, accounts, workflows and their count


async def test_no_statement_about_users_reads_a_secret(gql, make):
    user = await make.user()
    await make.session(user_id=user.id)
    await make.oauth_account(user_id=user.id)

    await gql("{ users { nodes { id username sessions { id expiresAt } oauthAccounts { id provider } } } }")

    for name in ("password", "token_hash", "access_token", "refresh_token"):
        assert name not in " ".join(gql.statements).replace("refresh_tokens", "")


async def test_the_oldest_account_comes_first(gql, make):
    names = [(await make.user()).username for _ in range(3)]

    answer = await gql("{ users { nodes { username } } }")

    assert [node["username"] for node in answer.data["users"]["nodes"]] == names
