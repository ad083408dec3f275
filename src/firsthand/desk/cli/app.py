"""The command `firsthand`."""

import click

from firsthand.desk.cli.examples import examples
from firsthand.desk.cli.lazy import Entry, LazyGroup
from firsthand.desk.cli.settings import common_options

COMMANDS = {
    "add": Entry("firsthand.desk.cli.add:add", "Put video, sound and images into the archive."),
    "check": Entry("firsthand.desk.cli.check:check", "All that can be said of each thing before it is published."),
    "match": Entry("firsthand.desk.cli.match:match", "Where these videos and images have been seen before."),
    "demo": Entry("firsthand.desk.cli.demo:demo", "The main job on real footage that a package ships."),
    "archive": Entry("firsthand.desk.cli.archive:archive", "List, show, withdraw and sum up what the archive holds."),
}


@click.group(
    cls=LazyGroup,
    entries=COMMANDS,
    epilog=examples("firsthand add ~/footage", "firsthand check clip.mp4 --report report.html", "firsthand archive ls"),
    context_settings={"help_option_names": ["-h", "--help"]},
)
@common_options
def app() -> None:
    """Has this footage been seen before, where, when, and what shows it?

    firsthand keeps an archive of footage on this machine and compares clips with it. Nothing leaves the machine.
    """
