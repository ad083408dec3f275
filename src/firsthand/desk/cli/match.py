"""`firsthand match`."""

import click

from firsthand import __version__
from firsthand.desk.cli import say
from firsthand.desk.cli.answer import tell
from firsthand.desk.cli.asking import Question, ask
from firsthand.desk.cli.examples import examples
from firsthand.desk.cli.faults import Faults
from firsthand.desk.cli.selecting import selecting_options
from firsthand.desk.cli.settings import chosen, common_options
from firsthand.desk.documents.from_recall import no_search, query
from firsthand.desk.documents.match import MatchDocument
from firsthand.model.selection import Selection


@click.command(
    epilog=examples(
        "firsthand match clip.mp4",
        "firsthand match clip.mp4 still.jpg --json",
        "firsthand match inbox/ --collection kharkiv --limit 5",
        "firsthand match clip.mp4 --kind video --published-until 2023-06",
    )
)
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@selecting_options
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Tell at most N matches of each; default: all.")
@click.option(
    "--sound/--no-sound", default=True, help="Whether sound is compared too, apart from the pictures; default: yes."
)
@common_options
@click.pass_context
def match(
    ctx: click.Context, /, *, paths: tuple[str, ...], selection: Selection, limit: int | None, sound: bool
) -> None:
    """Where have these videos, sounds and images been before? Folders are walked with all below them.

    The answer names the archived items, the stretches that both share, and how far the search looked.
    """
    settings, faults = chosen(ctx), Faults()
    asked = ask(Question(paths, selection, limit, sound=sound), settings, faults)
    queries = [query(one.matched) for one in asked.checked]
    if settings.json:
        say.document(
            MatchDocument(
                version=__version__,
                errors=faults.problems,
                searched=asked.searched or no_search(),
                queries=queries,
            )
        )
    elif asked.searched is not None:
        tell(queries, asked.searched)
    ctx.exit(faults.exit_code)
