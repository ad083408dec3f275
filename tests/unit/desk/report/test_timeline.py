from collections.abc import Callable

from firsthand.desk.documents.match import Segment
from firsthand.desk.report.timeline import Timeline, timeline


def drawn(segments: list[Segment], query: float | None = 10.0, archive: float | None = 100.0) -> Timeline:
    drawing = timeline("This video", query, "Archived item", archive, segments)
    assert drawing is not None
    return drawing


def corners(band: str) -> list[tuple[float, float]]:
    return [tuple(map(float, corner.split(","))) for corner in band.split()]


def test_each_stretch_stands_where_its_medium_shows_it(segment: Callable[..., Segment]) -> None:
    stretch = drawn([segment(query=(2.0, 4.0), archive=(50.0, 52.0))]).stretches[0]
    assert stretch.query == (20.0, 20.0)
    assert stretch.archive == (50.0, 2.0)


def test_the_band_joins_starts_with_starts(segment: Callable[..., Segment]) -> None:
    band = drawn([segment(query=(2.0, 4.0), archive=(50.0, 60.0))]).stretches[0].band
    assert corners(band) == [(200, 0), (400, 0), (600, 64), (500, 64)]


def test_the_band_crosses_where_the_query_runs_backwards(segment: Callable[..., Segment]) -> None:
    band = drawn([segment(query=(2.0, 4.0), archive=(50.0, 60.0), rate=-5.0)]).stretches[0].band
    assert corners(band) == [(200, 0), (400, 0), (500, 64), (600, 64)]


def test_a_very_short_stretch_is_still_seen(segment: Callable[..., Segment]) -> None:
    left, width = drawn([segment(archive=(99.99, 100.0))]).stretches[0].archive
    assert width >= 0.69
    assert left + width <= 100.0


def test_stretches_are_numbered_only_where_there_are_several_and_room_for_it(segment: Callable[..., Segment]) -> None:
    assert drawn([segment()]).stretches[0].query_number == ""
    second = drawn([segment(query=(0, 2)), segment(query=(5, 9), archive=(70, 71))]).stretches[1]
    assert (second.query_number, second.archive_number) == ("2", "")


def test_labels_never_stand_on_one_another(segment: Callable[..., Segment]) -> None:
    crowded = drawn([segment(query=(number, number + 1)) for number in range(10)])
    labels = [stretch.query_label for stretch in crowded.stretches if stretch.query_label]
    assert 2 <= len(labels) <= 4


def test_a_still_has_a_bar_without_times(segment: Callable[..., Segment]) -> None:
    drawing = drawn([segment(query=(0.0, 0.0), archive=(12.0, 12.0), rate=None)], query=None)
    assert drawing.query.ticks == ()
    assert drawing.stretches[0].query_label is None
    assert drawing.stretches[0].archive_label is not None


def test_two_stills_have_no_timeline(segment: Callable[..., Segment]) -> None:
    still = segment(query=(0.0, 0.0), archive=(0.0, 0.0), rate=None)
    assert timeline("This picture", None, "Archived item", None, [still]) is None


def test_a_length_that_is_not_known_is_taken_from_what_is_shared(segment: Callable[..., Segment]) -> None:
    assert drawn([segment(archive=(20.0, 40.0))], archive=None).stretches[0].archive == (50.0, 50.0)


def test_marks_are_few_and_evenly_spaced(segment: Callable[..., Segment]) -> None:
    for length in (0.4, 9.2, 61.0, 3725.0, 90000.0):
        ticks = drawn([segment(query=(0, length / 2))], query=length).query.ticks
        assert 3 <= len(ticks) <= 6
        assert ticks[0].anchor == "start"
