"""A vocabulary proposed from a corpus: its papers' own keywords, and phrases of their titles and abstracts."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa

from analysis.concepts.vocabulary import Concept, mentioned
from analysis.corpus.paper import Corpus
from analysis.escaping import toml_text
from analysis.topics.describe.phrases import Phrases, find_phrases, phrase_key, singular

# a concept stands in at least so many papers and this share, and in at most that share: what all papers mention parts none
_FEWEST, _RARE, _COMMON = 5, 0.01, 0.3
# of phrases, those that titles hold as well: others are words of any abstract
_IN_TITLES = 0.1
_MOST_KEYWORDS, _MOST_PHRASES = 30, 30
# keyword columns of a paper, the authors' own first
_COLUMNS = ("keywords", "index_keywords")


@dataclass(frozen=True)
class ProposedConcept:
    """A concept that a vocabulary might have.

    Attributes
    ----------
    name : str
    category : {"keyword", "phrase"}
    alias : str
        A pattern of whole words, in any case, singular or plural.
    papers : int
        How many papers hold it in their texts.
    """

    name: str
    category: str
    alias: str
    papers: int


def propose_vocabulary(corpus: Corpus) -> list[ProposedConcept]:
    """Return concepts that a reader may choose from, the commonest first, keywords before phrases."""
    papers = corpus.papers[corpus.in_topics.to_numpy()]
    if len(papers) < _FEWEST / _COMMON:
        return []
    titles, abstracts = (papers[name].fillna("").astype(str).tolist() for name in ("title", "abstract"))
    phrases = find_phrases(titles, abstracts, _FEWEST)
    keywords = _keywords(papers, pa.array([f"{title}\n{text}" for title, text in zip(titles, abstracts, strict=True)]))
    known = {phrase_key(concept.name) for concept in keywords}
    return [
        *keywords,
        *(concept for concept in _phrases(phrases, len(papers)) if phrase_key(concept.name) not in known),
    ]


def vocabulary_text(proposed: list[ProposedConcept]) -> str:
    """Return proposed concepts as a vocabulary file, to be edited."""
    lines = [
        "# Concepts that are looked for in titles and abstracts, proposed from these papers: delete what says nothing, add what",
        '# is missing, and sort them into categories of your own. "Name" = [patterns of whole words]; a pattern without capitals',
        "# matches any case. Behind each: in how many papers it was found.",
    ]
    for category in dict.fromkeys(concept.category for concept in proposed):
        lines += ["", f"[{category}]"]
        lines += [
            f"{toml_text(concept.name)} = [{toml_text(concept.alias)}]  # {concept.papers:,}"
            for concept in proposed
            if concept.category == category
        ]
    return "\n".join(lines) + "\n"


def _keywords(papers: pd.DataFrame, texts: pa.Array) -> list[ProposedConcept]:
    """Return keywords of enough papers that texts use as well: a keyword that no text holds cannot be counted there."""
    counts: Counter[str] = Counter()
    wordings: dict[str, Counter[str]] = {}
    for column in (name for name in _COLUMNS if name in papers):
        for listed in papers[column]:
            for word in {str(word).strip() for word in listed} if isinstance(listed, list) else ():
                key = phrase_key(word)
                if not key:
                    continue
                counts[key] += 1
                wordings.setdefault(key, Counter())[word] += 1
    least, most = _bounds(len(papers))
    common = [key for key, count in counts.most_common() if least <= count <= most]
    found = []
    for key in common[: 2 * _MOST_KEYWORDS]:
        wording = wordings[key].most_common(1)[0][0]
        alias = _alias(wording)
        in_texts = int(mentioned(texts, Concept(wording, "keyword", (alias,)).patterns).sum())
        if _FEWEST <= in_texts <= most:
            found.append(ProposedConcept(_name(wording), "keyword", alias, in_texts))
    return _sorted(found[:_MOST_KEYWORDS])


def _phrases(phrases: Phrases, n_papers: int) -> list[ProposedConcept]:
    """Return phrases of two words or more that enough texts and titles hold."""
    least, most = _bounds(n_papers)
    rows = zip(phrases.keys, phrases.surfaces, phrases.papers, phrases.in_title, strict=True)
    kept = [
        ProposedConcept(_name(surface), "phrase", _alias(surface), len(found))
        for key, surface, found, titled in rows
        if " " in key and least <= len(found) <= most and len(titled) >= _IN_TITLES * len(found)
    ]
    return _sorted(kept)[:_MOST_PHRASES]


def _sorted(concepts: Iterable[ProposedConcept]) -> list[ProposedConcept]:
    return sorted(concepts, key=lambda concept: (-concept.papers, concept.name))


def _bounds(n_papers: int) -> tuple[float, float]:
    return max(_FEWEST, _RARE * n_papers), _COMMON * n_papers


def _name(wording: str) -> str:
    return wording[:1].upper() + wording[1:]


def _alias(wording: str) -> str:
    """Return a pattern for a wording, in lower case: with blanks or hyphens, singular or plural."""
    *rest, last = wording.lower().replace("-", " ").split()
    one = singular(last)
    if one.endswith("sis"):
        ends = f"{re.escape(one[:-2])}(is|es)"
    elif one.endswith("y") and one[-2:-1] not in tuple("aeiou"):
        ends = f"{re.escape(one[:-1])}(y|ies)"
    else:
        # what ends in s by itself, as "analysis" does, has no plural of this kind
        ends = re.escape(one) + ("" if one.endswith("s") or not one[-1:].isalpha() else "s?")
    return "[- ]".join([*map(re.escape, rest), ends])
