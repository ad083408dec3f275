"""The program's search by sound alone, asked without its pictures: an archive of sounds, and queries to it."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from benchmarks.sound_edits import RATE, Sound
from firsthand.archive.add import Intake, add
from firsthand.archive.open import Holdings, open_holdings
from firsthand.archive.outcome import Refused
from firsthand.archive.walk import Found as FoundPath
from firsthand.media.observe import observe
from firsthand.media.sound_review import RAW_SUFFIX, SUFFIX, RawSoundWriter, SoundReviewWriter
from firsthand.model.item import Keep, Provenance
from firsthand.model.reading import Reading
from firsthand.recall.landmarks import METHOD, Landmarks, sound_print
from firsthand.recall.segments import Found
from firsthand.recall.sound_search import SoundAnswer, SoundQuery, search_sound
from firsthand.recall.sound_verify import SoundTrack, verify_sound
from firsthand.store.layout import Layout


def listen(path: Path, scratch: Path, *, on_progress: Callable[[float], None]) -> Reading:
    """A `Reader` that leaves pictures alone."""
    heard, track = Landmarks(), scratch / f"sound{SUFFIX}"
    facts = observe(path, listeners=[heard, SoundReviewWriter(track)], on_progress=on_progress)
    return Reading(facts, (), None, sound_print(heard), track if track.exists() else None)


@dataclass(frozen=True, slots=True)
class SoundDesk:
    """An archive that is asked by sound; `folder` is what names of items are relative to."""

    holdings: Holdings
    folder: Path

    def name(self, found: Found) -> str:
        """The item's path within the folder."""
        return str(Path(self.holdings.item(found.key).path).relative_to(self.folder))

    def ask(self, path: Path) -> SoundAnswer:
        """All that was found for the sound of a file, listed or not."""
        with tempfile.TemporaryDirectory() as folder:
            heard, track = Landmarks(), Path(folder) / f"sound{RAW_SUFFIX}"
            observe(path, listeners=[heard, RawSoundWriter(track)])
            if not track.exists():
                return SoundAnswer((), None, ())
            query = SoundQuery(heard.peaks(query=True), SoundTrack(track, heard.seconds))
            return search_sound(query, self.holdings.sound_index(METHOD), self._track, verifier=verify_sound)

    def _track(self, key: int) -> SoundTrack | None:
        path = self.holdings.sound_review(key)
        return None if path is None else SoundTrack(path, float("inf"))


@contextmanager
def sound_desk(folder: Path, names: Sequence[str], archive: Path) -> Iterator[SoundDesk]:
    """The archive of these files, made where it is not there."""
    layout = Layout(archive)
    if not layout.database.exists():
        for outcome in add(
            (FoundPath(str(folder / name)) for name in names), layout, Intake(Keep.REFERENCE, Provenance(), listen)
        ):
            if isinstance(outcome, Refused):
                print(f"{outcome.path}: {outcome.reason}")
    with open_holdings(layout) as holdings:
        yield SoundDesk(holdings, folder)


def write_wav(path: Path, sound: Sound) -> Path:
    """A WAV file of the sound."""
    with av.open(str(path), "w", format="wav") as out:
        stream = out.add_stream("pcm_s16le", rate=RATE)
        stream.layout = "mono"
        whole = np.rint(np.clip(sound, -1, 1) * 32_767).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(whole[None], format="s16", layout="mono")
        frame.sample_rate = RATE
        frame.pts, frame.time_base = 0, Fraction(1, RATE)
        out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path
