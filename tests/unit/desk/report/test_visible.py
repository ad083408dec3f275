import pytest

from firsthand.desk.report.visible import file_name, linkable, visible, without_folders


def test_characters_that_reorder_or_hide_text_are_written_out() -> None:
    assert visible("exe\u202egpj.mp4\x00\n\u2066") == "exe⟨U+202E⟩gpj.mp4⟨U+0000⟩⟨U+000A⟩⟨U+2066⟩"


def test_lone_surrogates_of_undecodable_names_are_written_out() -> None:
    assert visible("a\udcff") == "a⟨U+DCFF⟩"
    visible("a\udcff").encode()


def test_right_to_left_letters_and_the_joiners_between_them_stay() -> None:
    persian = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
    assert visible(persian) == persian
    assert visible("pay\u200cpal") == "pay⟨U+200C⟩pal"


def test_piled_up_marks_are_written_out_after_the_fourth() -> None:
    assert visible("a" + "\u0301" * 6) == "a" + "\u0301" * 4 + "⟨U+0301⟩" * 2


def test_a_long_text_keeps_both_ends_and_says_how_much_is_left_out() -> None:
    shown = visible("a" * 500 + ".mp4", 30)
    assert shown.startswith("a" * 20)
    assert shown.endswith(".mp4")
    assert "474 characters left out" in shown


@pytest.mark.parametrize("path", ["/home/anna/q.mp4", "C:\\Users\\anna\\q.mp4", "q.mp4"])
def test_folders_are_not_shown(path: str) -> None:
    assert file_name(path) == "q.mp4"
    assert without_folders(f"{path}: expected a video, got text", path) == "q.mp4: expected a video, got text"


def test_folders_of_other_files_that_a_message_names_are_not_shown() -> None:
    assert without_folders("q.mp4: gave up on '/tmp/anna/x.part'", "q.mp4") == "q.mp4: gave up on 'x.part'"
    assert without_folders("see https://example.org/a/b", "q.mp4") == "see https://example.org/a/b"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.org/a?b=c", True),
        ("http://example.org", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("https://user@example.org", False),
        ("https://", False),
        ("https://exa\u202emple.org", False),
        ("https://example.org/ x", False),
        ("https://[broken", False),
        ("https://example.org/" + "a" * 3000, False),
    ],
)
def test_only_plain_web_addresses_can_be_followed(url: str, expected: bool) -> None:  # noqa: FBT001
    assert linkable(url) is expected
