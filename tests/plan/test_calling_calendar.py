"""The calling blocks as a calendar that others read as it was meant."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import recurring_ical_events
from click.testing import CliRunner
from icalendar import Calendar

from pipeline.cli.main import cli
from pipeline.plan.calendar_file import calling_calendar
from pipeline.plan.workdays import reserved_blocks, workdays
from pipeline.settings import Settings
from tests.review.small_log import settings_in

NOW = datetime(2026, 9, 20, 12, tzinfo=UTC)


def occurrences(raw: bytes, first: date, last: date) -> list[tuple[datetime, datetime]]:
    found = recurring_ical_events.of(Calendar.from_ical(raw)).between(first, last + timedelta(days=1))
    return sorted((event["DTSTART"].dt, event["DTEND"].dt) for event in found)


def made(settings: Settings, first: date, last: date) -> bytes:
    return calling_calendar(settings, first, last, now=NOW, summary="Calls", note="a; b, c\n\\d")


def test_every_block_of_every_workday_and_nothing_else(tmp_path: Path) -> None:
    first, last = date(2026, 9, 23), date(2027, 4, 9)
    settings = settings_in(
        tmp_path, calling={"blocks": ["Mo-Fr 09:00-10:30", "Tu,Th 14:00-15:00", "Sa 10:00-11:00"]},
        goals={"holidays": ["2026-09-23", "2026-12-21/2027-01-03", "10-03", "2027-04-09"]},
    )  # fmt: skip
    wanted = sorted(
        (datetime.combine(day, start, settings.zone), datetime.combine(day, end, settings.zone))
        for day in workdays(settings, first, last)
        for weekday, start, end in reserved_blocks(settings.calling.blocks) if weekday == day.isoweekday()
    )  # fmt: skip
    raw = made(settings, first, last)
    assert occurrences(raw, date(2026, 1, 1), date(2028, 1, 1)) == wanted
    assert {start.astimezone(settings.zone).time() for start, _ in wanted} == {time(9), time(14), time(10)}
    calendar = Calendar.from_ical(raw)
    assert calendar.errors == []
    assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["Europe/Berlin"]
    uids = [event["UID"] for event in calendar.walk("VEVENT")]
    assert len(uids) == len(set(uids)) == 8
    assert all(
        event["DTSTAMP"].dt == NOW and str(event["DESCRIPTION"]) == "a; b, c\n\\d" for event in calendar.walk("VEVENT")
    )
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    assert made(settings, first, last) == raw


def test_hours_stay_local_over_a_clock_change(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    found = occurrences(made(settings, date(2026, 10, 23), date(2026, 10, 26)), date(2026, 10, 20), date(2026, 10, 30))
    assert [start.astimezone(UTC).hour for start, _ in found] == [7, 8]


def test_the_command_writes_the_file_before_the_first_night(tmp_path: Path) -> None:
    config, target = tmp_path / "opener.yml", tmp_path / "calls.ics"
    config.write_text("home: store\ngoals: {year: 50000, average_sale: 5000}\n", "utf-8")
    done = CliRunner().invoke(cli, ["plan", "--config", str(config), "--ics", str(target)])
    assert done.exit_code == 0, done.output
    assert "published:" in done.output and "Belkins" in done.output
    assert Calendar.from_ical(target.read_bytes()).walk("VEVENT")
    assert not (tmp_path / "store").exists(), "a plan writes no store"
    config.write_text("home: store\ncalling: {blocks: []}\n", "utf-8")
    refused = CliRunner().invoke(cli, ["plan", "--config", str(config), "--ics", str(target)])
    assert refused.exit_code == 1 and "calling.blocks" in refused.output
