"""Importing readings from CSV files into a real database."""

import gzip
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import psycopg
import pytest

from ecoctrl_gql.errors import BadInputError
from ecoctrl_gql.imports import (
    BadLine,
    ReadingsOptions,
    RejectedFileError,
    import_readings,
    import_readings_file,
)
from ecoctrl_gql.progress import Silent

CREATE = ReadingsOptions(create_areas=True)

GOOD = """\
time,kwh,area
2024-01-31T09:00+08:00,1.5,Tower
2024-01-31T10:00+08:00,2.25,Tower
2024-01-31T09:00+08:00,0,Annex
"""


def load(url: str, text: str | bytes, options: ReadingsOptions = CREATE, progress=None):
    data = text.encode() if isinstance(text, str) else text
    return import_readings(url, BytesIO(data), options, progress)


def rows(url: str) -> list[tuple]:
    with psycopg.connect(url, options="-c timezone=UTC") as connection:
        return connection.execute(
            "SELECT a.title, to_char(r.reading_at, 'YYYY-MM-DD HH24:MI'), r.hour, r.k_wh"
            " FROM energy_readings r JOIN energy_areas a ON a.id = r.area_id ORDER BY 1, 2"
        ).fetchall()


def test_readings_are_stored_with_the_hour_in_the_platforms_time_zone(database_url):
    report = load(database_url, GOOD)

    assert rows(database_url) == [
        ("Annex", "2024-01-31 01:00", "09:00", 0.0),
        ("Tower", "2024-01-31 01:00", "09:00", 1.5),
        ("Tower", "2024-01-31 02:00", "10:00", 2.25),
    ]
    assert (report.lines, report.added, report.updated, report.unchanged) == (3, 3, 0, 0)
    assert report.created_areas == ["Annex", "Tower"]
    assert str(report) == "3 readings added, 0 updated, 0 unchanged; 2 areas created."


def test_the_hours_label_follows_the_platforms_configuration(database_url):
    with psycopg.connect(database_url) as connection:
        connection.execute("INSERT INTO platform_configs (timezone) VALUES ('Asia/Kolkata')")

    load(database_url, GOOD)

    assert rows(database_url)[0] == ("Annex", "2024-01-31 01:00", "06:30", 0.0)


def test_a_second_run_changes_nothing_and_takes_no_keys(database_url):
    load(database_url, GOOD)
    again = load(database_url, GOOD)
    load(database_url, "time,kwh,area\n2024-02-01T00Z,1,Tower\n")

    assert (again.added, again.updated, again.unchanged, again.created_areas) == (0, 0, 3, [])
    with psycopg.connect(database_url) as connection:
        ids = connection.execute("SELECT id FROM energy_readings ORDER BY id").fetchall()
    assert ids == [(1,), (2,), (3,), (4,)]


def test_another_value_updates_the_reading(database_url):
    load(database_url, GOOD)

    report = load(database_url, GOOD.replace("2.25", "2.5").replace("09:00+08:00,0,", "11:00+08:00,7,"))

    assert (report.added, report.updated, report.unchanged) == (1, 1, 1)
    assert [row[3] for row in rows(database_url)] == [0.0, 7.0, 1.5, 2.5]


def test_a_value_that_the_column_rounds_counts_as_unchanged(database_url):
    text = "time,kwh,area\n2024-01-31T09Z,0.123456789,Tower\n"
    load(database_url, text)

    assert load(database_url, text).unchanged == 1


def test_unknown_areas_are_refused_with_their_names(database_url):
    with pytest.raises(RejectedFileError) as caught:
        load(database_url, GOOD, ReadingsOptions())

    assert caught.value.unknown_areas == ["Annex", "Tower"]
    assert "2 unknown areas (Annex, Tower)" in str(caught.value)
    assert rows(database_url) == []


def test_one_option_names_the_area_of_the_whole_file(database_url):
    load(database_url, "timestamp,kwh\n2024-01-31T09Z,1\n", ReadingsOptions(area="Roof", create_areas=True))

    assert [row[0] for row in rows(database_url)] == ["Roof"]


BAD = {
    "2024-01-31T09:00+08:00,abc,A": "abc is not a number",
    "2024-01-31T09:00+08:00,1_000,A": "1_000 is not a number",
    "2024-01-31T09:00+08:00,nan,A": "nan is not a number",
    "2024-01-31T09:00+08:00,inf,A": "inf is not a number",
    "2024-01-31T09:00+08:00,-1,A": "-1 kWh is negative; a reading is energy consumed",
    "2024-01-31T09:00+08:00,1e39,A": "1e39 kWh is out of range",
    "2024-01-31T09:00+08:00,1e-50,A": "1e-50 kWh is out of range",
    "2024-01-31T09:00+08:00,,A": "the energy is missing",
    "2024-01-31T09:00+08:00,1,": "the area is missing",
    "2024-01-31T09:00+08:00,1": "there are 2 fields where the header has 3",
    "2024-01-31T09:00+08:00,1,5,A": "there are 4 fields where the header has 3",
    ",1,A": "the time is missing",
    "yesterday,1,A": "the time yesterday is not of the form 2024-01-31T09:00+08:00",
    "2024-01-31,1,A": "the time 2024-01-31 is not of the form 2024-01-31T09:00+08:00",
    "2024-02-30T09:00Z,1,A": "the time 2024-02-30T09:00Z is not of the form 2024-01-31T09:00+08:00",
    "0001-01-01T00:00+08:00,1,A": "the time 0001-01-01T00:00+08:00 is out of range",
    "2024-01-31T09:00,1,A": "the time 2024-01-31T09:00 has no offset, and no time zone is named",
    "2024-01-31T09:30Z,1,A": "the time 2024-01-31T09:30Z is not on the full hour, which an hourly reading"
    " begins at",
    f"2024-01-31T09Z,1,{'A' * 256}": "the area's title is too long, or has characters that can't be printed",
}


def test_bad_lines_are_told_with_their_numbers_and_stop_everything(database_url):
    expected = [BadLine(number, reason) for number, reason in enumerate(BAD.values(), start=5)]
    with pytest.raises(RejectedFileError) as caught:
        load(database_url, GOOD + "\n".join(BAD))

    assert caught.value.bad_lines == expected
    assert caught.value.extensions["badLines"][0] == {"line": 5, "reason": "abc is not a number"}
    assert caught.value.code == "BAD_USER_INPUT"
    assert rows(database_url) == []


def test_the_good_lines_can_be_imported_without_the_bad(database_url):
    text = GOOD + "\n".join(BAD) + "\n2024-01-31T12:00+08:00,9,Tower\n"

    report = load(database_url, text, ReadingsOptions(create_areas=True, skip_bad_lines=True))

    assert (report.added, report.bad_count, report.lines) == (4, len(BAD), len(BAD) + 4)
    assert [bad.line for bad in report.bad_lines] == list(range(5, 5 + len(BAD)))
    assert len(rows(database_url)) == 4


def test_one_bad_line_among_good_ones_stops_everything(database_url):
    with pytest.raises(
        RejectedFileError, match=r"1 of 4 lines can't be used \(line 5: x is not a number\)\.$"
    ):
        load(database_url, GOOD + "2024-01-31T12:00+08:00,x,Tower\n")

    assert rows(database_url) == []


def test_imports_at_the_same_time_add_each_reading_once(database_url):
    with ThreadPoolExecutor(4) as threads:
        reports = list(threads.map(lambda _: load(database_url, GOOD), range(4)))

    assert sorted(report.added for report in reports) == [0, 0, 0, 3]
    assert len(rows(database_url)) == 3


def test_the_second_line_of_the_same_area_and_hour_is_bad(database_url):
    text = GOOD + "2024-01-31T01:00Z,1.5,Tower\n2024-01-31T10:00+09:00,8,Tower\n"
    with pytest.raises(RejectedFileError) as caught:
        load(database_url, text)
    report = load(database_url, text, ReadingsOptions(create_areas=True, skip_bad_lines=True))

    reason = "it has the same area and time as line 2"
    assert caught.value.bad_lines == report.bad_lines == [BadLine(5, reason), BadLine(6, reason)]
    assert report.added == 3
    assert rows(database_url)[1][3] == 1.5


def test_all_bad_lines_are_counted_but_only_the_first_are_kept(database_url):
    with pytest.raises(RejectedFileError) as caught:
        load(database_url, "time,kwh,area\n" + "2024-01-31T01:00Z,x,A\n" * 1500)

    assert caught.value.bad_count == 1500
    assert len(caught.value.bad_lines) == 1000
    assert str(caught.value) == (
        "Nothing was imported: 1,500 of 1,500 lines can't be used (line 2: x is not a number;"
        " line 3: x is not a number; line 4: x is not a number; …)."
    )


NEW_YORK = ReadingsOptions(create_areas=True, timezone="America/New_York")


def test_times_without_offset_are_told_in_the_named_zone(database_url):
    load(database_url, "time,kwh,area\n2024-01-31 09:00,1,A\n2024-07-01 09:00,1,A\n", NEW_YORK)

    assert [row[1] for row in rows(database_url)] == ["2024-01-31 14:00", "2024-07-01 13:00"]


def test_local_times_that_do_not_exist_or_come_twice_are_bad(database_url):
    with pytest.raises(RejectedFileError) as caught:
        load(database_url, "time,kwh,area\n2024-03-10T02:00,1,A\n2024-11-03T01:00,1,A\n", NEW_YORK)

    assert [bad.reason for bad in caught.value.bad_lines] == [
        "the time 2024-03-10T02:00 does not exist in America/New_York: clocks went forward",
        "the time 2024-11-03T01:00 came twice in America/New_York: clocks went back; tell it with its offset",
    ]


def test_an_hour_that_comes_twice_is_fine_with_its_offset(database_url):
    load(database_url, "time,kwh,area\n2024-11-03T01:00-04:00,1,A\n2024-11-03T01:00-05:00,2,A\n", NEW_YORK)

    assert [row[3] for row in rows(database_url)] == [1.0, 2.0]


FORMS = {
    "byte order mark and CRLF": (b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode(), {}),
    "gzip": (gzip.compress(GOOD.encode()), {}),
    "utf-16 with tabs": (GOOD.replace(",", "\t").encode("utf-16"), {}),
    "semicolons and decimal commas": (
        GOOD.replace(",", ";").replace(".", ",").encode(),
        {"decimal_comma": True},
    ),
    "quoted decimal commas": (
        GOOD.replace("2.25", '"2,25"').replace("1.5", '"1,5"').encode(),
        {"decimal_comma": True},
    ),
    "quotes, spaces and blank lines": (
        b'"Time","kWh", area \n\n' + GOOD[14:].replace(",Tower", ',"Tower"').encode(),
        {},
    ),
    "other columns and their order": (
        b"who,end,site,usage\n-,2024-01-31T01Z,Tower,1.5\n-,2024-01-31T02Z,Tower,2.25\n-,2024-01-31T01Z,Annex,0\n",
        {"time_column": "End", "kwh_column": "usage", "area_column": "site"},
    ),
    "another form of time": (
        b"time,kwh,area\n2024/1/31 9:00,1.5,Tower\n2024/1/31 10:00,2.25,Tower\n2024/1/31 9:00,0,Annex\n",
        {"time_format": "%Y/%m/%d %H:%M", "timezone": "Asia/Shanghai"},
    ),
    "named delimiter": (GOOD.replace(",", "|").encode(), {"delimiter": "|"}),
}


@pytest.mark.parametrize(("data", "options"), FORMS.values(), ids=FORMS)
def test_forms_of_files(database_url, data, options):
    load(database_url, data, ReadingsOptions(create_areas=True, **options))

    assert [(row[0], row[2], row[3]) for row in rows(database_url)] == [
        ("Annex", "09:00", 0.0),
        ("Tower", "09:00", 1.5),
        ("Tower", "10:00", 2.25),
    ]


def test_a_chinese_encoding_can_be_named(database_url):
    data = "time,kwh,area\n2024-01-31T09Z,1,办公楼\n".encode("gb18030")
    with pytest.raises(BadInputError, match="not in the encoding utf-8"):
        load(database_url, data)

    load(database_url, data, ReadingsOptions(create_areas=True, encoding="gb18030"))

    assert rows(database_url)[0][0] == "办公楼"


def test_a_late_byte_of_another_encoding_leaves_nothing(database_url):
    many = "".join(
        f"{2000 + n // 300}-01-{n // 24 % 12 + 1:02}T{n % 24:02}:00Z,1,Tower{n}\n" for n in range(9000)
    )
    with pytest.raises(BadInputError, match="not in the encoding"):
        load(database_url, b"time,kwh,area\n" + many.encode() + b"2024-01-31T09Z,1,\xff\n")

    assert rows(database_url) == []


def test_an_open_quote_is_told_with_the_lines_it_took(database_url):
    with pytest.raises(RejectedFileError) as caught:
        load(database_url, GOOD + '2024-01-31T13Z,1,"Tower\n2024-01-31T14Z,1,Tower\n')

    assert caught.value.bad_lines == [
        BadLine(5, "unexpected end of data; is a quote not closed? (read up to line 6)")
    ]


WRONG = {
    "": "The file is empty",
    "when,kwh,area\n": "There is no column for the time: looked for time, .* found when, kwh, area",
    "time,energy,area\n": "There is no column for the energy",
    "time,kwh\n": "There is no column for the area",
    "time,kwh,kWh,area\n": "The header has the column kwh more than once",
}


@pytest.mark.parametrize(("text", "message"), WRONG.items())
def test_files_that_can_not_be_read_at_all(database_url, text, message):
    with pytest.raises(BadInputError, match=message):
        load(database_url, text)


def test_a_damaged_gzip_file(database_url):
    with pytest.raises(BadInputError, match="damaged"):
        load(database_url, gzip.compress(GOOD.encode() * 50)[:-20])


def test_a_header_alone_imports_nothing(database_url):
    report = load(database_url, "time,kwh,area\n")

    assert (report.lines, report.added) == (0, 0)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"timezone": "Mars/Olympus"}, "There is no time zone Mars/Olympus"),
        ({"timezone": "Asia"}, "There is no time zone Asia"),
        ({"area": "A", "area_column": "b"}, "not both"),
        ({"delimiter": "::"}, "must be one character"),
    ],
)
def test_options_that_make_no_sense(options, message):
    with pytest.raises(BadInputError, match=message):
        ReadingsOptions(**options)


def test_an_encoding_that_there_is_not(database_url):
    with pytest.raises(BadInputError, match="There is no encoding klingon"):
        load(database_url, GOOD, ReadingsOptions(encoding="klingon"))


def test_a_file_that_is_not_there(database_url, tmp_path):
    with pytest.raises(BadInputError, match=r"missing\.csv can't be read: No such file"):
        import_readings_file(database_url, tmp_path / "missing.csv", CREATE)


class Counted(Silent):
    """Progress that adds up."""

    def __init__(self) -> None:
        self.steps: list[tuple[str, int | None]] = []
        self.done = 0

    def step(self, description: str, total: int | None = None) -> None:
        self.steps.append((description, total))

    def advance(self, amount: int = 1) -> None:
        self.done += amount


def test_progress_counts_the_bytes_of_the_file(database_url):
    progress = Counted()
    load(database_url, GOOD, CREATE, progress)

    assert progress.steps == [("Reading the file", len(GOOD)), ("Writing the readings", None)]
    assert progress.done == len(GOOD)


MEASURED = Path(__file__).parents[3] / "shared" / "data" / "citylearn"


@pytest.mark.skipif(not MEASURED.is_dir(), reason="the measured load of twelve homes is not there")
def test_a_year_of_twelve_buildings(database_url, tmp_path):
    joined = tmp_path / "joined.csv"
    with joined.open("w") as file:
        file.write("timestamp,kwh,area\n")
        for source in sorted(MEASURED.glob("building-*.csv")):
            file.writelines(f"{line},{source.stem}\n" for line in source.read_text().splitlines()[1:])

    first = import_readings_file(database_url, joined, CREATE)
    second = import_readings_file(database_url, joined, CREATE)

    assert (first.added, first.bad_count, len(first.created_areas)) == (105_120, 0, 12)
    assert (second.added, second.updated, second.unchanged) == (0, 0, 105_120)
    source_total = sum(
        float(line.rsplit(",", 1)[1])
        for source in MEASURED.glob("building-*.csv")
        for line in source.read_text().splitlines()[1:]
    )
    with psycopg.connect(database_url) as connection:
        total, first_hour = connection.execute(
            "SELECT sum(k_wh::float8), min(reading_at AT TIME ZONE 'UTC')::text FROM energy_readings"
        ).fetchone()
    assert total == pytest.approx(source_total, rel=1e-6)
    assert first_hour == "2016-08-01 08:00:00"
