"""The commands `firsthand archive …`."""

import click

from firsthand.desk.cli.examples import examples
from firsthand.desk.cli.lazy import Entry, LazyGroup
from firsthand.desk.cli.settings import common_options

COMMANDS = {
    "ls": Entry("firsthand.desk.cli.archive_ls:ls", "List the items."),
    "show": Entry("firsthand.desk.cli.archive_show:show", "Show all that is known of one item."),
    "rm": Entry("firsthand.desk.cli.archive_rm:rm", "Withdraw items from every answer; the evidence is kept."),
    "refingerprint": Entry(
        "firsthand.desk.cli.archive_refingerprint:refingerprint", "Describe items anew by the leading method."
    ),
    "stats": Entry("firsthand.desk.cli.archive_stats:stats", "Sum up what the archive holds."),
}


@click.group(
    cls=LazyGroup,
    entries=COMMANDS,
    epilog=examples(
        "firsthand archive ls --collection kharkiv",
        "firsthand archive show sha256:59bb62",
        "firsthand archive rm clips/wrong.mp4",
    ),
)
@common_options
def archive() -> None:
    """List, show, withdraw and sum up what the archive holds."""
