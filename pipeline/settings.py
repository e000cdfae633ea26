"""opener.yml: what the user decides. Unknown keys are refused; errors name file, line, key and the mend."""

from __future__ import annotations

from datetime import time
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from enrich.records import OrgKind, RoleLevel, Trigger
from spiders.definitions import load_file

DEFAULT_FILE = Path("opener.yml")
DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_GERMAN_DAYS = {"Di": "Tu", "Mi": "We", "Do": "Th", "So": "Su"}

Outcome = Literal[
    "no_answer", "busy", "voicemail", "gatekeeper", "reached", "callback", "not_now", "not_interested",
    "appointment", "sale", "wrong_number", "do_not_call",
]  # fmt: skip
Count = Annotated[int, Field(ge=0)]
Days = Annotated[int, Field(ge=0, le=36500)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Territory(_Section):
    """Where the rep sells. Towns near come first; nothing outside `country` gets territory points."""

    country: Literal["DE", "AT", "CH", "LI", "LU", "GB", "IE", "US"] = "DE"
    towns: tuple[str, ...] = ()
    radius_km: Count = 50


class Nlp(_Section):
    """spaCy pipelines per language: a package name or a folder; empty means the one that is shipped."""

    de: str | None = None
    en: str | None = None


class IdealCustomer(_Section):
    """Whom the rep wants to meet; empty lists mean "any". `exclude` removes companies and roles by words."""

    roles: tuple[str, ...] = ()
    role_levels: tuple[RoleLevel, ...] = ("owner", "board", "executive", "head")
    org_kinds: tuple[OrgKind, ...] = ("company", "association")
    industries: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


class Exhaustion(_Section):
    """When a contact is given up, and what brings it back."""

    max_attempts: Annotated[int, Field(ge=1, le=100)] = 6
    min_day_parts: Annotated[int, Field(ge=1, le=4)] = 3
    final_outcomes: tuple[Outcome, ...] = ("not_interested", "wrong_number", "do_not_call")
    cool_off_days: Days = 180
    reopen_on: tuple[Trigger, ...] = (
        "appointment", "promotion", "succession", "founding", "acquisition", "expansion", "funding", "award",
    )  # fmt: skip


class Goals(_Section):
    """The year's goal in sales (money in whole units of the currency) and the calendar it is spread over."""

    year: Count = 0
    average_sale: Count = 0
    currency: str = "EUR"
    workdays: Annotated[int, Field(ge=1, le=366)] = 220
    holidays: tuple[str, ...] = ()


class Calling(_Section):
    """Reserved calling time ("Mo-Fr 09:00-10:30") and the least share of never-called people in a list."""

    blocks: tuple[str, ...] = ("Mo-Fr 09:00-10:30",)
    new_share_min: Annotated[float, Field(ge=0, le=1)] = 0.6
    daily_list: Annotated[int, Field(ge=1, le=10000)] = 40
    layoffs_as_reason: bool = False

    @field_validator("blocks")
    @classmethod
    def _readable(cls, blocks: tuple[str, ...]) -> tuple[str, ...]:
        for block in blocks:
            parse_block(block)
        return blocks


class Crawl(_Section):
    """How pages are fetched. `delay` in seconds between two requests to one host.

    `depth` is how many links away from a start page a page may be (the pages of one list count as one step);
    `host_pages` the most pages of a host in a run, `page_bytes` and `page_seconds` of one page, `run_seconds` of all.
    """

    user_agent: str = "DoorOpener/0.1"
    contact: str | None = None
    delay: Annotated[float, Field(ge=0, le=600)] = 2.0
    concurrency: Annotated[int, Field(ge=1, le=256)] = 16
    allow_private_hosts: tuple[str, ...] = ()
    page_bytes: Annotated[int, Field(ge=1024)] = 10_000_000
    page_seconds: Annotated[int, Field(ge=1, le=600)] = 30
    run_seconds: Annotated[int, Field(ge=1)] = 14_400
    depth: Annotated[int, Field(ge=1, le=20)] = 3
    host_pages: Annotated[int, Field(ge=1)] = 500
    revisit_days: Days = 3
    company_refresh_days: Days = 90


class Retention(_Section):
    """How long what was collected is kept, in days. Decisions (calls, suppressions) are not touched."""

    pages_days: Days = 90
    people_days: Days = 730


class Exports(_Section):
    """Where the nightly list goes; `{date}` is the local day. `rows`: everybody new, or a day's number as planned."""

    folder: Path = Path("lists")
    file: str = "call-list-{date}.csv"
    preset: str = "default"
    rows: Literal["all", "day"] = "all"


class Nightly(_Section):
    """How long a night may take; 0 is as long as it needs. What is left over is done in the next one."""

    budget_minutes: Count = 0


class Mail(_Section):
    """A summary by mail, over a server of the user's. The password is read from the environment, never from here."""

    to: tuple[str, ...]
    sender: str
    host: str
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str | None = None
    password_env: str = "OPENER_MAIL_PASSWORD"  # noqa: S105 - the name of a variable, no password


class Notify(_Section):
    """Who is told how a night went: nobody, unless set. `when` problems: only after a night that did not go well."""

    when: Literal["always", "problems"] = "always"
    mail: Mail | None = None
    webhook: str | None = None

    @field_validator("webhook")
    @classmethod
    def _http(cls, address: str | None) -> str | None:
        if address is not None and not address.startswith(("https://", "http://")):
            raise ValueError(f"{address!r} is no web address; write https://...")
        return address


class Settings(_Section):
    """All of opener.yml. Paths are relative to the file (`base`), days and hours local to `timezone`."""

    home: Path = Path("data/store")
    sources: Path = Path("sources")
    openers: Path = Path("openers")
    timezone: str = "Europe/Berlin"
    languages: tuple[Literal["de", "en"], ...] = ("de", "en")
    territory: Territory = Territory()
    nlp: Nlp = Nlp()
    ideal_customer: IdealCustomer = IdealCustomer()
    exhaustion: Exhaustion = Exhaustion()
    goals: Goals = Goals()
    calling: Calling = Calling()
    crawl: Crawl = Crawl()
    retention: Retention = Retention()
    exports: Exports = Exports()
    nightly: Nightly = Nightly()
    notify: Notify = Notify()

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"unknown time zone {name!r}; write one like Europe/Berlin") from error
        return name

    @model_validator(mode="after")
    def _some_language(self) -> Settings:
        if not self.languages:
            raise ValueError("languages is empty; write [de], [en] or [de, en]")
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The user's time zone, for days, calling blocks and opening lines."""
        return ZoneInfo(self.timezone)


def load_settings(path: Path | None = None) -> Settings:
    """Read `path`, else ./opener.yml, else the defaults; paths become absolute. Raises DefinitionError."""
    if path is None and not DEFAULT_FILE.exists():
        return _rooted(Settings(), Path.cwd())
    chosen = path or DEFAULT_FILE
    return _rooted(load_file(chosen, Settings), chosen.resolve().parent)


def _rooted(settings: Settings, base: Path) -> Settings:
    exports = settings.exports.model_copy(update={"folder": base / settings.exports.folder.expanduser()})
    return settings.model_copy(
        update={
            "home": base / settings.home.expanduser(),
            "sources": base / settings.sources.expanduser(),
            "openers": base / settings.openers.expanduser(),
            "exports": exports,
        }
    )


def parse_block(block: str) -> tuple[tuple[int, ...], time, time]:
    """Turn "Mo-Fr 09:00-10:30" into weekdays (Monday 0), start and end. Raises ValueError with the mend."""
    mend = f"{block!r}: write days and hours like 'Mo-Fr 09:00-10:30' or 'Mo,We 14:00-15:00'"
    day_part, _, hours = block.strip().partition(" ")
    start_text, dash, end_text = hours.strip().partition("-")
    if not dash:
        raise ValueError(mend)
    try:
        start, end = time.fromisoformat(start_text.strip()), time.fromisoformat(end_text.strip())
        days = sorted({day for item in day_part.split(",") for day in _days(item)})
    except (ValueError, IndexError) as error:
        raise ValueError(mend) from error
    if end <= start or not days:
        raise ValueError(mend)
    return tuple(days), start, end


def _days(item: str) -> list[int]:
    first, dash, last = item.strip().partition("-")
    low = DAYS.index(_GERMAN_DAYS.get(first, first))
    high = DAYS.index(_GERMAN_DAYS.get(last, last)) if dash else low
    if high < low:
        raise ValueError(item)
    return list(range(low, high + 1))
