"""Everything about identity that a process needs, wired together."""

from ecoctrl_gql.auth.access_tokens import AccessTokens
from ecoctrl_gql.auth.callers import Callers
from ecoctrl_gql.auth.housekeeping import Housekeeping
from ecoctrl_gql.auth.keys import Keys
from ecoctrl_gql.auth.mail import Mailer
from ecoctrl_gql.auth.oauth.asking import Asker
from ecoctrl_gql.auth.oauth.providers import configured
from ecoctrl_gql.auth.sessions import Sessions
from ecoctrl_gql.auth.watch import Watch
from ecoctrl_gql.config import Settings
from ecoctrl_gql.db.database import Database


class Auth:
    """
    How callers log in, stay logged in and are told apart.

    Attributes:
        keys: What signs and seals.
        callers: Tells who sends a request.
        sessions: Begins, refreshes and ends sessions.
        watch: Ends what stays open when the right to it ends.
        mailer: Sends letters.
        housekeeping: Removes what has expired.
        providers: The external accounts that are configured.
    """

    def __init__(self, db: Database, settings: Settings) -> None:
        self.settings = settings
        self.keys = Keys(settings.secret_key())
        tokens = AccessTokens(self.keys.access_tokens, settings.access_token_lifetime_s)
        self.callers = Callers(db, tokens)
        self.watch = Watch(self.callers)
        self.mailer = Mailer(db, settings)
        self.housekeeping = Housekeeping(db, settings.refresh_overlap_s)
        self._asker = Asker()
        self.providers = configured(settings, self._asker)
        self.sessions = Sessions(db, tokens, self.callers, settings.refresh_overlap_s)

    def start(self) -> None:
        """Begin what is done in the background."""
        self.watch.start()
        self.mailer.start()
        self.housekeeping.start()

    async def stop(self) -> None:
        await self._asker.close()
        await self.housekeeping.stop()
        await self.mailer.stop()
        await self.watch.stop()
