"""`opener`: the commands, loaded when they are called, so that `opener --help` answers at once."""

from __future__ import annotations

from importlib import import_module

import click

# command -> (module under pipeline.cli, attribute, one line for `opener --help`)
COMMANDS: dict[str, tuple[str, str, str]] = {
    "demo": ("demo", "demo", "Run the main job on the embedded demo town."),
    "init": ("init", "init", "Write a commented opener.yml and example sources."),
    "sources": ("sources", "sources", "List, add, check and disable lead sources."),
    "try": ("try_", "try_", "Read one page, file or site without a store."),
    "crawl": ("stages", "crawl", "Fetch new pages of all sources."),
    "enrich": ("stages", "enrich", "Read people, events and companies out of fetched pages."),
    "resolve": ("resolve", "resolve", "Decide who is the same person and company."),
    "score": ("stages", "score", "Score prospects and say why to call."),
    "nightly": ("nightly", "nightly", "Run all stages, export and publish."),
    "export": ("export", "export", "Write a call list as CSV, XLSX, Parquet or vCard."),
    "import": ("import_", "import_", "Read contacts, calls or suppressions from any CRM file."),
    "call": ("call", "call", "Log a call, or walk today's list."),
    "refer": ("refer", "refer", "Enter somebody who was recommended."),
    "dedupe": ("dedupe", "dedupe", "Cluster any list of people, without a store."),
    "matches": ("matches", "matches", "Decide uncertain identities."),
    "suppress": ("suppress", "suppress", "Put somebody on the do-not-call list."),
    "forget": ("forget", "forget", "Erase a person so that they do not come back."),
    "disclose": ("disclose", "disclose", "Print all that is stored about a person, with sources."),
    "notices": ("notices", "notices", "Who must be told where their data came from, and by when."),
    "purge": ("purge", "purge", "Delete what is older than the retention period."),
    "rebuild": ("rebuild", "rebuild", "Make the store anew from pages and decisions."),
    "backup": ("backup", "backup", "Write one file with everything that a home needs."),
    "restore": ("backup", "restore", "Put a backup in the place of the home."),
    "review": ("review", "review", "Answer the seven questions from the call log."),
    "plan": ("plan", "plan", "Break the goal down to today; reserved calling time as a calendar."),
    "report": ("report", "report", "Write the answers with plots as one HTML page."),
    "weights": ("weights", "weights", "Learn the score's weights from the call log, or undo it."),
    "sql": ("sql", "sql", "Ask the published snapshot with SQL, read-only."),
    "doctor": ("doctor", "doctor", "Check settings, models, store, sources, clock and disk."),
}


class LazyGroup(click.Group):
    """Imports a command's module only when the command is called or its help is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, attribute, _ = COMMANDS[name]
        command = getattr(import_module(f"pipeline.cli.{module}"), attribute)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, _, line) in COMMANDS.items()])


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="door-opener", prog_name="opener")
def cli() -> None:
    """Door Opener finds salespeople new people to call.

    It crawls local business news and events every night, extracts people, roles and companies, and keeps
    fresh prospects apart from exhausted contacts. `opener demo` shows the whole job in a minute.
    """
