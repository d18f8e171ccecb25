"""Several views of the same papers, each a matrix of vectors.

The set was chosen on labelled corpora (tests/benchmarks/RESULTS.md): what words a paper has, what
they mean, both together, and who its nearest papers are by each. No view is best everywhere;
their consensus is close to the best one on each corpus.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from sklearn.feature_extraction.text import TfidfTransformer

from analysis.embedding.centring import LanguageGroups, sees_past, trust_within
from analysis.embedding.lexical import (
    TermCounts,
    count_known_terms,
    count_terms,
    fit_tfidf,
    latent_semantic,
    term_axes,
    tfidf,
)
from analysis.embedding.static import static_sums
from analysis.embedding.vectors import leading_axes, neighbour_graph, projected, side_by_side, spectral_rows, unit_rows

Kind = Literal["lexical", "static", "transformer", "joint", "graph", "record"]
_LARGEST_RANK = 60
_JOINED_RANK = 50
_NEIGHBOURS, _GRAPH_RANK = 10, 30
# so few papers are all neighbours
_FEWEST_GRAPHED = 3
_WORD_WEIGHTS, _MEANING_WEIGHTS = (1, 2, 3), (1, 3)
# vectors of papers that differ by less than this differ by rounding alone
_SAME = 1e-3
_FAMILIES = {"lexical": "words", "static": "word vectors", "joint": "words and word vectors"}
# the key of a transformer's vectors among what papers mean
_SENTENCES = 0


@dataclass(frozen=True)
class View:
    """One way to see the papers: a name, its kind, and float32 vectors, one unit row per paper.

    ``weight`` is how much its clusterings count beside those of other views.
    """

    name: str
    kind: Kind
    vectors: np.ndarray
    weight: float = 1.0

    @property
    def encodes_others(self) -> bool:
        """Whether papers that were not fitted can be seen in it: not in graphs of neighbours, nor by records beside texts."""
        return self.kind not in ("graph", "record")

    @property
    def family(self) -> str:
        """What it is made of, in words."""
        made_of = self.name.removeprefix("graph-")
        if made_of in ("joint-transformer-30", "transformer-30", "transformer-50"):
            return "sentences"
        return _FAMILIES.get(made_of.partition("-title")[0], made_of)


def share_of_sentences(views: Sequence[View]) -> float:
    """Return which share of the views' weight is that of sentence vectors, given ones among them, 0 to 1."""
    given = all(view.kind in ("transformer", "graph") for view in views)
    led = [view.weight for view in views if given or view.name in _OF_SENTENCES]
    return sum(led) / sum(view.weight for view in views)


@dataclass(frozen=True)
class Recipe:
    """How a view is made: of words, of meaning, or of both with `share` of words.

    ``words`` and ``meaning`` are title weights (the meaning's 0 is the transformer's); ``rank`` is how many axes remain.
    """

    name: str
    kind: Kind
    words: int | None
    meaning: int | None
    rank: int
    share: float = 1.0


_RECIPES = (
    Recipe("lexical-title1-30", "lexical", 1, None, 30),
    Recipe("lexical-title2-20", "lexical", 2, None, 20),
    Recipe("lexical-title3-30", "lexical", 3, None, 30),
    Recipe("lexical-title2-50", "lexical", 2, None, 50),
    Recipe("static-title1-30", "static", None, 1, 30),
    Recipe("static-title3-50", "static", None, 3, 50),
    Recipe("static-title3-30", "static", None, 3, 30),
    Recipe("joint-title3-30", "joint", 3, 3, 30, 0.5),
    Recipe("joint-title2-20", "joint", 2, 1, 20, 0.5),
    Recipe("joint-title3-40", "joint", 3, 3, 40, 0.7),
)
# which of them are seen as graphs of neighbours, too
_GRAPHED = (0, 1, 4, 5, 7)
_SENTENCE_RECIPES = (
    Recipe("transformer-30", "transformer", None, _SENTENCES, 30),
    Recipe("transformer-50", "transformer", None, _SENTENCES, 50),
    Recipe("joint-transformer-30", "joint", 3, _SENTENCES, 30, 0.5),
)
_SENTENCES_GRAPHED = (10, 12)
_OF_SENTENCES = frozenset(
    [recipe.name for recipe in _SENTENCE_RECIPES] + ["graph-transformer-30", "graph-joint-transformer-30"]
)
# how much they count where the model is trusted fully, chosen on labelled corpora (tests/benchmarks/RESULTS.md, sentence models):
# three gives less, and their views alone hold less
_SENTENCE_WEIGHT = 6.0
_LEAST_TRUST = 0.01
COMPARED = ("lexical-title2-50", "static-title3-50", "transformer-50")


@dataclass(frozen=True)
class Encoded:
    """What some papers are by a fitted set of views.

    Attributes
    ----------
    views : list of View
        Without graphs of neighbours, which only the papers of a fit have.
    whole : ndarray of float32, shape (n, d)
        What the papers mean, on all axes, unit rows: what is new to every view still shows here.
    """

    views: list[View]
    whole: np.ndarray


@dataclass(frozen=True)
class ViewEncoder:
    """Views as they were fitted to some papers, by which any other paper is encoded.

    Attributes
    ----------
    recipes : tuple of Recipe
    terms : ndarray of str
    rarity : TfidfTransformer or None
    word_axes : dict of title weight to ndarray of float32, shape (terms, rank)
    centres : dict of title weight to ndarray of float32, shape (languages, d)
        The mean of what the fitted papers of each language mean.
    axes : dict of view name to ndarray, shape (d, rank)
    languages : tuple of str
        Those with centres of their own: the first rows of `centres`, in their order.
    word_centres : dict of title weight to ndarray of float32, shape (languages, rank)
        The mean of what the fitted papers' words are; empty where all are in one language.
    """

    recipes: tuple[Recipe, ...]
    terms: np.ndarray
    rarity: TfidfTransformer | None
    word_axes: Mapping[int, np.ndarray]
    centres: Mapping[int, np.ndarray]
    axes: Mapping[str, np.ndarray]
    languages: tuple[str, ...] = ("",)
    word_centres: Mapping[int, np.ndarray] = field(default_factory=dict)

    def encode(
        self,
        titles: Sequence[str],
        abstracts: Sequence[str],
        sentences: np.ndarray | None = None,
        languages: Sequence[str] | None = None,
    ) -> Encoded:
        """Encode papers as the fitted ones were; parameters as in `fit_views`."""
        groups = LanguageGroups.among(self.languages, languages or [""] * len(titles))
        counts = count_known_terms(titles, abstracts, self.terms)
        words = {
            weight: np.asarray(tfidf(counts, weight, self.rarity) @ axes) for weight, axes in self.word_axes.items()
        }
        words |= {weight: groups.centred(words[weight], means) for weight, means in self.word_centres.items()}
        raw = _raw_meaning(titles, abstracts, sentences)
        meaning = {weight: unit_rows(groups.centred(raw[weight], means)) for weight, means in self.centres.items()}
        views = [
            View(
                recipe.name,
                recipe.kind,
                projected(joined, self.axes[recipe.name]) if recipe.name in self.axes else joined,
            )
            for recipe, joined in ((recipe, _joined(recipe, words, meaning)) for recipe in self.recipes)
        ]
        return Encoded(views, meaning[max(meaning)])

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Return all that `from_arrays` needs, by name."""
        arrays = {f"axes:{name}": values for name, values in self.axes.items()}
        arrays |= {f"centre:{weight}": values for weight, values in self.centres.items()}
        arrays |= {f"words:{weight}": values for weight, values in self.word_axes.items()}
        arrays |= {f"wordcentre:{weight}": values for weight, values in self.word_centres.items()}
        arrays["languages"] = np.array(self.languages, dtype="U")
        arrays["idf"] = np.zeros(0) if self.rarity is None else np.asarray(self.rarity.idf_)
        return arrays | {"terms": self.terms.astype("U"), "recipes": np.array([r.name for r in self.recipes])}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> "ViewEncoder":
        """Return the encoder that `to_arrays` was asked of."""
        known = {recipe.name: recipe for recipe in (*_RECIPES, *_SENTENCE_RECIPES)}

        def named(kind: str) -> dict[str, np.ndarray]:
            return {name.partition(":")[2]: values for name, values in arrays.items() if name.startswith(f"{kind}:")}

        rarity = None
        if len(arrays["idf"]):
            rarity = TfidfTransformer(sublinear_tf=True)
            rarity.idf_ = arrays["idf"]
        return cls(
            tuple(known[name] for name in arrays["recipes"].tolist()),
            arrays["terms"].astype(object),
            rarity,
            {int(weight): values for weight, values in named("words").items()},
            {int(weight): values for weight, values in named("centre").items()},
            named("axes"),
            tuple(arrays["languages"].tolist()) if "languages" in arrays else ("",),
            {int(weight): values for weight, values in named("wordcentre").items()},
        )


def fit_views(
    titles: Sequence[str],
    abstracts: Sequence[str],
    sentences: np.ndarray | None = None,
    languages: Sequence[str] | None = None,
) -> tuple[list[View], ViewEncoder]:
    """Build the default views: lexical, static, both side by side, and graphs of neighbours.

    Parameters
    ----------
    titles, abstracts : sequence of str, length n
        Without web addresses, which say little of what a paper is about.
    sentences : ndarray of float32, shape (n, d), optional
        A transformer's vectors; they add views of their own, as many as the static vectors have.
    languages : sequence of str, length n, optional
        Of each text, empty where unknown. Of several, each has a centre of its own, and views count as much as they see past
        languages.

    Returns
    -------
    views : list of View
    encoder : ViewEncoder
        Encodes other papers the same way.
    """
    groups = LanguageGroups.of(languages or [""] * len(titles))
    counts = count_terms(titles, abstracts)
    rarity = fit_tfidf(counts)
    words, word_axes = _words(counts, rarity)
    word_centres = {weight: groups.means(scores) for weight, scores in words.items()} if groups.several else {}
    words |= {weight: groups.centred(words[weight], means) for weight, means in word_centres.items()}
    raw = _raw_meaning(titles, abstracts, sentences)
    centres = {weight: groups.means(vectors) for weight, vectors in raw.items()}
    meaning = {weight: unit_rows(groups.centred(vectors, centres[weight])) for weight, vectors in raw.items()}
    recipes = _RECIPES if sentences is None else (*_RECIPES, *_SENTENCE_RECIPES)
    views: list[View] = []
    axes: dict[str, np.ndarray] = {}
    for recipe in recipes:
        joined = _joined(recipe, words, meaning)
        if recipe.meaning is not None:
            axes[recipe.name] = leading_axes(joined, recipe.rank)
            joined = projected(joined, axes[recipe.name])
        views.append(View(recipe.name, recipe.kind, joined))
    graphed = _GRAPHED if sentences is None else (*_GRAPHED, *_SENTENCES_GRAPHED)
    graphs = [graph_of(views[position]) for position in graphed] if len(titles) > _FEWEST_GRAPHED else []
    seen = [*views, *graphs]
    if sentences is not None:
        seen = _trusted(seen, groups)
    if groups.several:
        seen = [replace(view, weight=round(view.weight * sees_past(view.vectors, groups), 4)) for view in seen]
    return seen, ViewEncoder(recipes, counts.terms, rarity, word_axes, centres, axes, groups.names, word_centres)


def _trusted(views: Sequence[View], groups: LanguageGroups) -> list[View]:
    """Return views in which those of sentences count as much as they can be trusted within each language."""
    by_name = {view.name: view.vectors for view in views}
    words, static, sentences = (by_name[name] for name in COMPARED)
    # rounded, since views that were kept must count as those that were just made
    weight = round(_SENTENCE_WEIGHT * max(trust_within(groups, sentences, words, static), _LEAST_TRUST), 3)
    return [replace(view, weight=weight) if view.name in _OF_SENTENCES else view for view in views]


def build_views(
    titles: Sequence[str],
    abstracts: Sequence[str],
    sentences: np.ndarray | None = None,
    languages: Sequence[str] | None = None,
) -> list[View]:
    """Return the views of `fit_views` alone."""
    return fit_views(titles, abstracts, sentences, languages)[0]


def with_graphs(views: Sequence[View]) -> list[View]:
    """Return views with their graphs of neighbours; as they are where there is a graph among them already.

    A graph sees past the noise of single vectors (tests/benchmarks/RESULTS.md, given vectors).
    """
    if any(view.kind == "graph" for view in views) or len(views[0].vectors) <= _FEWEST_GRAPHED:
        return list(views)
    return [*views, *(graph_of(View(view.name, view.kind, unit_rows(view.vectors))) for view in views)]


def informative(views: Sequence[View]) -> list[View]:
    """Return the views in which papers differ by more than rounding."""
    return [view for view in views if np.ptp(view.vectors, axis=0).max() > _SAME]


def _words(counts: TermCounts, rarity: TfidfTransformer | None) -> tuple[dict[int, np.ndarray], dict[int, np.ndarray]]:
    """Return latent semantic vectors by title weight, and the axes in term space that they lie on."""
    scores, axes = {}, {}
    for weight in _WORD_WEIGHTS:
        matrix = tfidf(counts, weight, rarity)
        scores[weight] = latent_semantic(matrix, _LARGEST_RANK)
        axes[weight] = term_axes(matrix, scores[weight])
    return scores, axes


def _raw_meaning(
    titles: Sequence[str], abstracts: Sequence[str], sentences: np.ndarray | None
) -> dict[int, np.ndarray]:
    of_titles, of_abstracts = static_sums(titles), static_sums(abstracts)
    vectors = {weight: unit_rows(weight * of_titles + of_abstracts) for weight in _MEANING_WEIGHTS}
    return vectors if sentences is None else vectors | {_SENTENCES: sentences}


def _joined(recipe: Recipe, words: Mapping[int, np.ndarray], meaning: Mapping[int, np.ndarray]) -> np.ndarray:
    """Return a view's rows on all of its axes."""
    if recipe.meaning is None:
        assert recipe.words is not None
        return unit_rows(words[recipe.words][:, : recipe.rank])
    if recipe.words is None:
        return meaning[recipe.meaning]
    return side_by_side(unit_rows(words[recipe.words][:, :_JOINED_RANK]), meaning[recipe.meaning], recipe.share)


def graph_of(view: View) -> View:
    """Return the spectral embedding of a view's neighbour graph: papers are near that share neighbours."""
    affinity = neighbour_graph(view.vectors, _NEIGHBOURS)
    return View(f"graph-{view.name}", "graph", unit_rows(spectral_rows(affinity, _GRAPH_RANK)))
