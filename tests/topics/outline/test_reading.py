"""A reader's outline: what a file may say, and what is refused with its place."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import OutlineWarning, SettingsError, TopicsError
from analysis.topics.outline.reading import Outline, as_outline, read_outline


def written(folder: Path, text: str) -> Path:
    path = folder / "outline.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_whole_with_phrases_is_a_topic_beside_its_parts_and_one_without_is_a_heading(tmp_path: Path) -> None:
    outline = read_outline(
        written(
            tmp_path,
            """
            complete = true
            [[topic]]
            name = "Imaging"
            [[topic.topic]]
            name = "X-ray"
            phrases = ["chest radiograph"]
            papers = ["p1"]
            [[topic]]
            name = "Text"
            phrases = ["clinical notes"]
            [[topic.topic]]
            name = "Reports"
            """,
        )
    )
    assert [(topic.name, topic.above) for topic in outline.topics] == [
        ("X-ray", ("Imaging",)),
        ("Text", ()),
        ("Reports", ("Text",)),
    ]
    assert outline.topics[0].seeds == ("X-ray", "chest radiograph")
    assert outline.complete


def test_parts_of_one_name_carry_the_name_above(tmp_path: Path) -> None:
    text = "".join(f'[[topic]]\nname = "{one}"\n[[topic.topic]]\nname = "Methods"\n' for one in ("Images", "Text"))
    assert [topic.name for topic in read_outline(written(tmp_path, text)).topics] == [
        "Images: Methods",
        "Text: Methods",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "names no topic"),
        ("[[topic]", "cannot be read"),
        ('[[topic]]\nname = ""', "topic 1 name"),
        ('[[topic]]\nlabel = "A"', "topic 1 label"),
        ('[[topic]]\nname = "A"\nphrases = "x"', "topic 1 phrases"),
        ('[[topic]]\nname = "A"\n[[topic.topic]]\nname = 3', "topic 1 topic 1 name"),
        ('[[topic]]\nname = "A"\n[[topic]]\nname = "a"', "two topics are called"),
        ('[[topic]]\nname = "A"\nphrases = ["bees"]\n[[topic]]\nname = "B"\nphrases = ["Bee"]', "the same phrases"),
        ('[[topic]]\nname = "The of"', "no word"),
        ('topic = "A"', "topic"),
        ("[topic]\nname = 'A'", "topic"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(SettingsError, match=told):
        read_outline(written(tmp_path, text))


def test_ten_levels_are_read_and_a_hundred_refused(tmp_path: Path) -> None:
    def nested(levels: int) -> str:
        return "".join(f'[[{".".join(["topic"] * level)}]]\nname = "Level {level}"\n' for level in range(1, levels + 1))

    (topic,) = read_outline(written(tmp_path, nested(10))).topics
    assert (topic.name, len(topic.above)) == ("Level 10", 9)
    with pytest.raises(SettingsError, match="nested more than 20 deep"):
        read_outline(written(tmp_path, nested(100)))


def test_a_phrase_of_function_words_is_told_and_seeds_nothing(tmp_path: Path) -> None:
    with pytest.warns(OutlineWarning, match="of the"):
        outline = read_outline(written(tmp_path, '[[topic]]\nname = "Bees"\nphrases = ["of the", "hive"]'))
    assert outline.topics[0].seeds == ("Bees", "hive")


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        read_outline(tmp_path / "none.toml")


@pytest.mark.parametrize(
    "given", [3, [1, 2], {"A": "phrase"}, {"A": [1]}, {"A": None}, [], {}, Outline(()), ["Volcano", "The volcano"]]
)
def test_what_is_no_outline_is_refused(given: object) -> None:
    with pytest.raises(TopicsError, match="outline"):
        as_outline(given)


@pytest.mark.parametrize("given", [None, "Bees", 3, {"Bees": "hive"}, {"Bees": None}])
def test_an_outline_is_made_of_names_and_lists(given: Any) -> None:
    with pytest.raises(TopicsError, match="outline"):
        Outline.of(given)


def test_names_alone_are_an_outline() -> None:
    assert [topic.name for topic in as_outline(["Bees", "Ice"]).topics] == ["Bees", "Ice"]
    assert as_outline({"Bees": ["hive"]}).topics[0].phrases == ("hive",)


@given(st.dictionaries(st.text(max_size=20), st.lists(st.text(max_size=20), max_size=3), max_size=4))
def test_any_dict_is_an_outline_or_a_typed_error(topics: dict[str, list[str]]) -> None:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", OutlineWarning)
        try:
            outline = Outline.of(topics)
        except TopicsError:
            return
    assert all(topic.seeds for topic in outline.topics)
