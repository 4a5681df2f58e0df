"""The bytes of a file as lines of text: compression, encoding and delimiter found out."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from typing import IO, cast

from ecoctrl_gql.errors import BadInputError

GZIP_MAGIC = b"\x1f\x8b"
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
DELIMITERS = ",;\t"


@contextmanager
def opened_text(file: IO[bytes], encoding: str | None) -> Iterator[TextIOWrapper]:
    """
    A file, gzip-compressed or not, as text with its line ends left as they are.

    The file stays open and is left wherever it was read to.

    Raises:
        BadInputError: There is no such encoding, or the block found bytes that the encoding does not have,
            or damaged compression.
    """
    data = cast(IO[bytes], gzip.GzipFile(fileobj=file)) if _starts_with(file, GZIP_MAGIC) else file
    try:
        text = TextIOWrapper(data, encoding=encoding or _marked_encoding(data), newline="")
    except LookupError:
        raise BadInputError(
            f"There is no encoding {encoding}; utf-8 and gb18030 are two that there are."
        ) from None
    try:
        yield text
    except UnicodeDecodeError as error:
        raise BadInputError(
            f"The file is not in the encoding {text.encoding}; name the one it has, such as gb18030."
        ) from error
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise BadInputError("The compressed file is damaged or incomplete.") from error
    finally:
        text.detach()  # else the wrapper would close the caller's file


def _starts_with(file: IO[bytes], *marks: bytes) -> bool:
    start = file.read(max(map(len, marks)))
    file.seek(0)
    return start.startswith(marks)


def _marked_encoding(file: IO[bytes]) -> str:
    """UTF-16 is what spreadsheets call "Unicode text"; the mark of UTF-8 itself is optional."""
    return "utf-16" if _starts_with(file, *UTF_16_MARKS) else "utf-8-sig"


def found_delimiter(header: str) -> str:
    """What separates the columns of a header: the most frequent of the candidates."""
    return max(DELIMITERS, key=header.count)
