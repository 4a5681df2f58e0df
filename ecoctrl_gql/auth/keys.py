"""The keys of this deployment, all made from its one secret."""

import base64
import hashlib
import hmac
from functools import cached_property

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.ciphers.aead import AESSIV


class Keys:
    """
    What signs and seals.

    Each purpose has a key of its own, so that what was made for one can't be used for another.
    """

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    @property
    def access_tokens(self) -> bytes:
        """The secret itself, so that other programs of the deployment can verify access tokens."""
        return self._secret

    def keyed_hash(self, purpose: str, text: str) -> str:
        """A hash that only this deployment can make, in hexadecimal: for what has too few values to hide."""
        return hmac.new(self._of(purpose), text.encode(), hashlib.sha256).hexdigest()

    def seal(self, text: str) -> str:
        """Encrypt a text that has to be read again."""
        return self._fernet.encrypt(text.encode()).decode()

    def unseal(self, sealed: str) -> str | None:
        """The text that was sealed; None where it was sealed with another secret, or was tampered with."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            return None

    def seal_alike(self, text: str) -> str:
        """Encrypt a text that has to be read again; the same text gets the same seal, and so can be told."""
        return base64.urlsafe_b64encode(self._siv.encrypt(text.encode(), None)).decode()

    def unseal_alike(self, sealed: str) -> str | None:
        """The text that `seal_alike` sealed; None where it is another deployment's, or was tampered with."""
        try:
            return self._siv.decrypt(base64.urlsafe_b64decode(sealed), None).decode()
        except (InvalidTag, ValueError):
            return None

    @cached_property
    def _siv(self) -> AESSIV:
        return AESSIV(self._of("seal alike, one half") + self._of("seal alike, other half"))

    @cached_property
    def _fernet(self) -> Fernet:
        return Fernet(base64.urlsafe_b64encode(self._of("seal")))

    def _of(self, purpose: str) -> bytes:
        return hmac.new(self._secret, f"ecoctrl {purpose}".encode(), hashlib.sha256).digest()


def secret_hash(text: str) -> str:
    """The hash by which a random secret is stored and found; in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
