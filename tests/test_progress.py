"""Progress as people and logs see it."""

from io import StringIO

from ecoctrl_gql.progress import shown_progress


def test_plain_lines_where_there_is_no_terminal():
    out = StringIO()
    with shown_progress(out) as progress:
        progress.step("Reading", 8)
        for _ in range(8):
            progress.advance()
        progress.step("Writing")
        progress.advance()

    assert out.getvalue().splitlines() == [
        "Reading …",
        "Reading: 25 %",
        "Reading: 50 %",
        "Reading: 75 %",
        "Reading: 100 %",
        "Writing …",
    ]


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_bars_on_a_terminal(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    out = Terminal()
    with shown_progress(out) as progress:
        progress.step("Reading", 8)
        progress.advance(4)
        progress.step("Writing")

    last = out.getvalue().rsplit("\r", 1)[-1]
    assert "Reading" in last
    assert "Writing" in last
    assert last.count("100%") == 2
