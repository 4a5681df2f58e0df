"""The folder that holds the embedded server: where its user can get at it."""

import tempfile
from pathlib import Path

import structlog

from ecoctrl_gql.db.embedded.os_user import OsUser
from ecoctrl_gql.errors import SetupError

SYSTEM_HOMES = Path("/var/lib/ecoctrl")

log = structlog.get_logger(__name__)


def usable_home(home: Path, user: OsUser) -> Path:
    """
    Make the server's folder where it is wanted, or elsewhere behind a link where its user can't go.

    Returns:
        The real folder.

    Raises:
        SetupError: A folder that is there already is out of the user's reach.
    """
    home = home.absolute()
    home.parent.mkdir(parents=True, exist_ok=True)
    if not home.exists() and not home.is_symlink() and not user.can_enter(home.parent.resolve()):
        _link_elsewhere(home)
    real = home.resolve()
    real.mkdir(parents=True, exist_ok=True)
    if not user.can_enter(real):
        real.chmod(real.stat().st_mode | 0o011)
        if not user.can_enter(real):
            raise SetupError(
                f"PostgreSQL can't run as root, and the user it runs as can't enter {real};"
                " set DATA_DIR to a folder open to all (chmod o+x), or run as a normal user."
            )
    return real


def _link_elsewhere(home: Path) -> None:
    SYSTEM_HOMES.mkdir(parents=True, exist_ok=True)
    elsewhere = Path(tempfile.mkdtemp(prefix="postgres-", dir=SYSTEM_HOMES))
    try:
        home.symlink_to(elsewhere)
    except FileExistsError:  # another process linked first, and all use its folder
        elsewhere.rmdir()
        return
    log.warning(
        f"PostgreSQL can't run as root and its user can't enter {home.parent},"
        f" so the database is kept in {elsewhere}."
    )
