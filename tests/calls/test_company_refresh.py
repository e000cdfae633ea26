"""Company data are looked up again by age for everybody who may still be called, and for nobody else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from desk import Desk, desk

from enrich.records import content_id
from pipeline.stages.companies import wanted


def prospect_in(at_desk: Desk, state: str, days: int) -> str:
    """Put a person with a state and a company looked up `days` ago into the store; returns the company's name."""
    company = f"{state.title()} Holzbau GmbH"
    person = at_desk.person(f"Petra {state.title()}", company=company)
    at_desk.con.execute(
        "INSERT INTO companies (company_id, name, core, first_seen) VALUES (?, ?, ?, ?)",
        [content_id("company", company), company, company.lower(), at_desk.now],
    )
    at_desk.con.execute(
        """INSERT INTO prospects (prospect_id, state, score, score_parts, attempts, known_contact, reopened, scored_at)
           VALUES (?, ?, 10, '[]', 0, false, false, ?)""",
        [person, state, at_desk.now],
    )
    at_desk.con.execute(
        "INSERT INTO company_lookups VALUES (?, 'x.example', true, 'test', ?)",
        [content_id("company", company), at_desk.now - timedelta(days=days)],
    )
    return company


@pytest.mark.parametrize("state", ["new", "listed", "working", "appointment"])
def test_old_data_of_people_who_may_still_be_called_are_refreshed(tmp_path: Path, state: str) -> None:
    with desk(tmp_path) as at_desk:
        age = at_desk.settings.crawl.company_refresh_days
        company = prospect_in(at_desk, state, age + 1)
        assert [found.name for found in wanted(at_desk.con, at_desk.settings, at_desk.now)] == [company]


@pytest.mark.parametrize("state", ["customer", "exhausted", "suppressed", "erased", "unfit"])
def test_nobody_is_looked_up_who_is_not_called(tmp_path: Path, state: str) -> None:
    with desk(tmp_path) as at_desk:
        prospect_in(at_desk, state, 10_000)
        assert wanted(at_desk.con, at_desk.settings, at_desk.now) == []


def test_fresh_data_are_left_alone(tmp_path: Path) -> None:
    with desk(tmp_path) as at_desk:
        prospect_in(at_desk, "listed", at_desk.settings.crawl.company_refresh_days - 1)
        assert wanted(at_desk.con, at_desk.settings, at_desk.now) == []
