"""Acronyms and their long forms."""

from analysis.topics.describe.acronyms import expanded, find_acronyms
from analysis.topics.describe.phrases import find_phrases

TEXTS = [
    "We probe large language models (LLMs) on chest X-rays (CXRs).",
    "Large language models (LLMs) write reports of chest X-ray (CXR) images in a region of interest (ROI).",
    "A region of interest (ROI) is cut by the method of Smith et al. (ABC), and a random forest (RFX) by another.",
]


def test_what_two_papers_define_is_an_acronym_and_what_is_no_phrase_is_none() -> None:
    assert find_acronyms(TEXTS, frozenset({"of"})) == {
        "cxr": ("chest", "x-ray"),
        "llm": ("large", "language", "model"),
    }


def test_a_long_form_may_begin_behind_a_mark_and_ends_right_before_the_acronym() -> None:
    texts = ["a multi/large language model (LLM)", "(large language model (LLM)", "large language model, an (LLM)"]
    assert find_acronyms(texts[:2]) == {"llm": ("large", "language", "model")}
    assert find_acronyms([texts[0], texts[2]]) == {}
    assert find_acronyms(["large language model(LLM)"] * 2) == {}


def test_letters_that_two_forms_share_are_left_alone() -> None:
    texts = ["average precision (AP) rises", "access point (AP) falls"] * 2
    assert find_acronyms(texts) == {}


def test_plurals_stay_plurals_and_small_words_stay_words() -> None:
    known = {"llm": ("large", "language", "model"), "or": ("operating", "room")}
    assert expanded(["medical", "LLMs", "or", "OR"], known) == [
        *("medical", "large", "language", "models"),
        *("or", "operating", "room"),
    ]


def test_papers_with_an_acronym_count_for_its_long_form() -> None:
    texts = [*TEXTS[:2], "An LLM reads.", "LLMs err."]
    phrases = find_phrases([""] * 4, texts)
    assert "llm" not in phrases.keys
    assert phrases.papers[phrases.keys.index("large language model")].tolist() == [0, 1, 2, 3]
