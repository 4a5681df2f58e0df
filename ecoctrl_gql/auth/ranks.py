"""
Who may act on whom.

Admins manage the users below themselves, and give roles below their own. Nobody acts on a user of equal or
higher rank except a `super_admin`. Nobody locks oneself out: somebody else has to do that.
"""

from ecoctrl_gql.db.enums import Role


def may_act_on(actor: Role, target: Role) -> bool:
    """Whether a user of one role may change, disable or delete a user of another."""
    if actor is Role.SUPER_ADMIN:
        return True
    return actor.rank >= Role.ADMIN.rank and actor.rank > target.rank


def may_give(actor: Role, role: Role) -> bool:
    """Whether a user of one role may give another user a role."""
    return may_act_on(actor, role)
