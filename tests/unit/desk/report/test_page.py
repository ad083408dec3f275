import base64
import hashlib
import re
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import pairwise

import cv2
import numpy as np

from firsthand.desk.documents.check import Thing
from firsthand.desk.documents.common import Problem
from firsthand.desk.documents.match import Coverage, NotSearched, Query, Searched, Segment
from firsthand.desk.report.archived import ArchivedItem
from firsthand.media.encode import jpeg_bytes
from firsthand.model.box import Box
from firsthand.model.picture import PicturePair

ITEM = "sha256:" + "a" * 64
ADDRESSES = ("src", "href", "srcset", "action", "data", "poster", "background", "xlink:href", "ping", "formaction")


class Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def addresses(self) -> list[tuple[str, str]]:
        return [(tag, held[name] or "") for tag, held in self.tags for name in ADDRESSES if name in held]


def images(page: str) -> list[np.ndarray]:
    encoded = re.findall(r"data:image/jpeg;base64,([A-Za-z0-9+/=]+)", page)
    return [cv2.imdecode(np.frombuffer(base64.b64decode(text), np.uint8), cv2.IMREAD_COLOR_RGB) for text in encoded]


def fine_detail(picture: np.ndarray) -> float:
    return float(cv2.Laplacian(picture.astype(np.float32), cv2.CV_32F).var())


def test_the_page_asks_for_nothing_and_runs_nothing(page: Callable[..., str]) -> None:
    reader = Reader(page())
    assert not {tag for tag, _ in reader.tags} & {
        "script",
        "link",
        "iframe",
        "object",
        "embed",
        "form",
        "base",
        "video",
    }
    assert all(not name.startswith("on") and name != "style" for _, held in reader.tags for name in held)
    loaded = [address for tag, address in reader.addresses() if tag != "a"]
    assert loaded
    assert all(address.startswith("data:image/jpeg;base64,") for address in loaded)
    style = re.search(r"<style>(.*?)</style>", page(), re.DOTALL)
    assert style is not None
    assert "url(" not in style[1]
    assert "@import" not in style[1]


def test_the_policy_of_the_page_allows_its_own_style_and_pictures_alone(page: Callable[..., str]) -> None:
    text = page()
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    policy = next(held["content"] for _, held in Reader(text).tags if "http-equiv" in held)
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    )


def test_every_picture_in_the_file_is_blurred_by_default(page: Callable[..., str], pair: PicturePair) -> None:
    text = page()
    drawn = images(text)
    assert len(drawn) == 6
    assert all(fine_detail(picture) < fine_detail(pair.query_picture) / 1000 for picture in drawn)


def test_no_clear_picture_is_hidden_in_the_file(page: Callable[..., str], pair: PicturePair) -> None:
    text = page()
    for picture in (pair.query_picture, pair.archive_picture):
        for quality in range(60, 101, 2):
            encoded = jpeg_bytes(picture, quality)
            assert base64.b64encode(encoded).decode()[:-4] not in text
            assert encoded not in text.encode()
    long_runs = re.findall(r"[A-Za-z0-9+/=]{200,}", text)
    assert len(long_runs) == len(images(text))


def test_clear_pictures_are_there_only_when_asked_for(page: Callable[..., str], pair: PicturePair) -> None:
    text = page(unredacted=True)
    assert all(fine_detail(picture) > fine_detail(pair.query_picture) / 4 for picture in images(text))
    assert "Pictures are clear." in text
    assert "Pictures are blurred." not in text


def test_what_a_person_covered_is_in_neither_picture_even_when_clear(
    page: Callable[..., str], pair: PicturePair
) -> None:
    shown = images(page(unredacted=True, boxes=[Box(0.1, 0.1, 0.3, 0.5)]))
    query, archive = shown[:2]
    assert abs(query[30:95, 40:120].astype(int) - (26, 29, 33)).max() < 24
    assert abs(archive[30:95, 200:280].astype(int) - (26, 29, 33)).max() < 24
    assert fine_detail(query[120:, 160:]) > fine_detail(pair.query_picture) / 4


def test_the_page_says_that_pictures_are_blurred_and_how_clear_ones_are_made(page: Callable[..., str]) -> None:
    assert "Pictures are blurred." in page()
    assert "--unredacted" in page()


def test_pictures_have_words_and_outlines(page: Callable[..., str]) -> None:
    reader = Reader(page())
    alts = [held["alt"] for tag, held in reader.tags if tag == "img"]
    assert alts[:2] == [
        "This video at 0:02.0, blurred, with the shared region outlined",
        "Archived item at 0:33.2, blurred, with the shared region outlined",
    ]
    assert sum(held.get("class") == "outline-over" for _, held in reader.tags) == len(alts)


def test_headings_follow_one_another_without_a_gap(page: Callable[..., str]) -> None:
    levels = [int(tag[1]) for tag, _ in Reader(page()).tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_ids_are_unique_and_links_within_the_page_lead_somewhere(
    page: Callable[..., str], query: Callable[..., Query]
) -> None:
    reader = Reader(page(things=[Thing(name, None, "video", query()) for name in ("a.mp4", "b.mp4")]))
    ids = [held["id"] for _, held in reader.tags if "id" in held]
    assert len(ids) == len(set(ids))
    inner = [address[1:] for tag, address in reader.addresses() if tag == "a" and address.startswith("#")]
    assert len(inner) == 2
    assert set(inner) <= set(ids)


def test_texts_from_outside_are_escaped_and_shown_as_they_are(
    page: Callable[..., str], item: Callable[..., ArchivedItem]
) -> None:
    hostile = "<script>alert(1)</script>\u202e{{ 7*7 }}\"' onload=x"
    text = page(
        item=item(path=hostile, source=hostile, url="javascript:alert(1)", published=hostile, collection=hostile),
        archive_name=hostile,
        errors=[Problem(hostile, "input", hostile)],
    )
    reader = Reader(text)
    assert "script" not in {tag for tag, _ in reader.tags}
    assert all("onload" not in held for _, held in reader.tags)
    assert "\u202e" not in text
    assert "⟨U+202E⟩" in text
    assert "{{ 7*7 }}" in text
    assert not [address for tag, address in reader.addresses() if tag == "a" and not address.startswith("#")]


def test_a_web_address_is_text_that_can_be_followed_without_telling_where_from(page: Callable[..., str]) -> None:
    links = [held for tag, held in Reader(page()).tags if tag == "a"]
    assert links == [{"href": "https://example.org/v/1", "rel": "noreferrer noopener nofollow"}]


def test_folders_of_the_desk_are_not_in_the_page(page: Callable[..., str]) -> None:
    text = page(errors=[Problem("/home/anna/x.mp4", "input", "/home/anna/x.mp4: expected a video, got text")])
    assert "anna" not in text
    assert "x.mp4: expected a video, got text" in text


def test_the_facts_of_the_archived_item_stand_with_the_match(page: Callable[..., str]) -> None:
    words = " ".join("".join(Reader(page()).text).split())
    for expected in (
        "2019-04, as typed by the person who added it",
        "Port authority",
        ITEM,
        "sscd/1",
        "in the collection “Harbour”",
        "added 3 November 2026, 14:20 UTC",
        "measured on 240 matches",
    ):
        assert expected in words


def test_a_match_without_facts_of_its_item_still_stands(
    page: Callable[..., str], item: Callable[..., ArchivedItem]
) -> None:
    words = " ".join("".join(Reader(page(item=item(id="sha256:" + "c" * 64))).text).split())
    assert "ref.mp4" in words
    assert ITEM in words


def test_the_same_file_is_named_as_such(page: Callable[..., str], query: Callable[..., Query]) -> None:
    assert "Both are the same file, byte for byte." in page(query=query(sha256=ITEM.removeprefix("sha256:")))
    assert "byte for byte" not in page()


def test_the_reach_of_the_search_and_its_errors_are_stated(page: Callable[..., str]) -> None:
    words = " ".join("".join(Reader(page()).text).split())
    for expected in (
        "412 items, 61.5 hours",
        "Asked with 210 hours of unrelated footage, the methods gave no match by mistake.",
        "at most 14.3 in 1,000 hours of queries",
        "20 November 2026, 09:12 UTC",
        "What this does not show",
    ):
        assert expected in words


def test_a_page_without_matches_never_reads_as_clearance(page: Callable[..., str], query: Callable[..., Query]) -> None:
    text = page(query=query(matches=[]))
    assert "No earlier appearance among 412 items, 61.5 hours; this does not show that the clip is new." in text
    assert "Pictures are" not in text


def test_an_empty_archive_is_said_once_and_claims_no_error_rate(
    page: Callable[..., str], query: Callable[..., Query], searched: Callable[..., Searched]
) -> None:
    text = page(query=query(matches=[]), searched=searched(items=0, hours=0.0, earliest=None, methods=[]))
    assert text.count("The archive holds 0 hours, so nothing could be compared.") == 1
    assert "by mistake" not in text


def test_without_an_archive_the_page_says_so(page: Callable[..., str], query: Callable[..., Query]) -> None:
    assert "No archive was searched" in page(searched=None, query=query(matches=[]))


def test_what_was_not_compared_is_listed_with_its_reason(page: Callable[..., str], query: Callable[..., Query]) -> None:
    gaps = [NotSearched((float(number), number + 0.5), "no picture detail") for number in range(20)]
    text = page(query=query(coverage=Coverage(0.93, None), not_searched=gaps))
    assert text.count("no picture detail") == 12
    assert "and 8 more stretches" in text
    assert "93% of the pictures were compared." in text


def test_a_picture_that_was_not_compared_has_no_time_to_name(
    page: Callable[..., str], query: Callable[..., Query]
) -> None:
    flat = query(kind="image", matches=[], coverage=Coverage(0.0, None), not_searched=[NotSearched((0.0, 0.0), "flat")])
    words = " ".join("".join(Reader(page(query=flat)).text).split())
    assert "all of it flat" in words
    assert "Nothing of this picture could be compared" in words


def test_coverage_just_below_everything_is_not_rounded_up(
    page: Callable[..., str], query: Callable[..., Query]
) -> None:
    assert "99.70% of the pictures" in page(query=query(coverage=Coverage(0.997, None)))


def test_lists_are_capped_with_a_count_of_what_is_left_out(
    page: Callable[..., str], query: Callable[..., Query], segment: Callable[..., Segment]
) -> None:
    match = query().matches[0]
    many = type(match)(ITEM, "r.mp4", None, None, None, 0.99, [segment(query=(n, n + 1.0)) for n in range(30)])
    text = page(query=query(matches=[match] * 40 + [many]), errors=[Problem("x", "input", "y")] * 130, pictures={})
    assert "11 more matches are left out" in text
    assert "and 30 more" in text
    text = page(query=query(matches=[many]), pictures={})
    assert "6 more stretches are left out" in text
    assert "No pictures of this match are at hand." in text


def test_pictures_of_a_stretch_are_at_most_six_and_span_it(page: Callable[..., str], pair: PicturePair) -> None:
    assert len(images(page(pictures={(0, ITEM, 0): (pair,) * 40}))) == 12
