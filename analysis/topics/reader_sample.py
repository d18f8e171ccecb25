"""Topics checked by a reader: a sheet of papers to be sorted by hand, and what the answers say of all papers."""

from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import cohen_kappa_score

from analysis.corpus.decoding import decoded
from analysis.corpus.paper import Corpus
from analysis.corpus.records import Reject
from analysis.errors import ArtefactError, TopicsError
from analysis.io.display import html_card
from analysis.topics.tables import TopicTables
from analysis.validation import expect, expect_count, expect_path, expect_seed

SHEET_COLUMNS = ["paper_id", "title", "abstract", "topic"]
# what a reader writes where no topic fits
NONE_FITS = "none"
# papers by how sure the redrawn clusterings are of them: the unsure are asked about more often than they are many
_LEVELS = (0.0, 0.5, 0.8, 1.01)
_DRAWS = 20_000


@dataclass(frozen=True)
class ReaderCheck:
    """What a reader's answers say of topics.

    Attributes
    ----------
    answers : DataFrame, index paper_id
        topic (the fit's), answer (the reader's topic; -1 where none fits), level (0 upwards: how sure the fit is).
    confusion : DataFrame
        Papers by the reader's label (rows) and the fit's (columns).
    unanswered : int
        Papers of the sheet without an answer.
    agreement, low, high : float
        Share of all papers that this reader would leave in their topic, 0-1, with a 95 % interval: the sample's levels weighed as
        they are in the corpus (Jeffreys' prior in each; Brown, Cai and DasGupta 2001, Statistical Science 16(2)).
    kappa : float
        Cohen's, of the sample, beyond what chance agrees on.
    """

    answers: pd.DataFrame
    confusion: pd.DataFrame
    unanswered: int
    agreement: float
    low: float
    high: float
    kappa: float

    @property
    def misplaced(self) -> tuple[float, float, float]:
        """Share of all papers that this reader would put elsewhere, and its interval."""
        return 1 - self.agreement, 1 - self.high, 1 - self.low

    def __str__(self) -> str:
        share, low, high = (100 * value for value in self.misplaced)
        left = f" ({self.unanswered} not answered)" if self.unanswered else ""
        return (
            f"{len(self.answers)} papers read{left}: by this reader {share:.0f} % of all papers are misplaced "
            f"(95 % interval {low:.0f} to {high:.0f} %); kappa {self.kappa:.2f}"
        )

    def _repr_html_(self) -> str:
        return html_card(str(self), self.confusion)


def draw_sample(corpus: Corpus, topics: TopicTables, *, size: int = 100, seed: int = 0) -> pd.DataFrame:
    """Draw papers for a reader to sort: from every topic, and more of those that the fit is unsure of.

    Parameters
    ----------
    corpus : Corpus
    topics : Topics
    size : int
        Papers; all where there are no more.
    seed : int

    Returns
    -------
    DataFrame
        paper_id, title, abstract, topic (empty, to be filled in with a topic's label or number, or "none"), in random order: what
        the fit says of a paper does not stand there, lest it sways the reader.

    Raises
    ------
    TopicsError
        There is no paper with a topic.

    Examples
    --------
    >>> import analysis as at
    >>> rows = [{"title": f"Bees {i}", "abstract": f"Honey of hive {i}."} for i in range(20)]
    >>> corpus = at.Corpus.from_frame(pd.DataFrame(rows))
    >>> sheet = at.draw_sample(corpus, at.Topics.from_labels(corpus, ["bees"] * 20), size=5)
    >>> sheet.columns.tolist(), len(sheet)
    (['paper_id', 'title', 'abstract', 'topic'], 5)
    """
    expect(corpus, Corpus, "corpus", "at.load_corpus or at.Corpus.from_frame makes one", TopicsError)
    expect(topics, TopicTables, "topics", "at.fit_topics makes them", TopicsError)
    topics.check_papers(corpus, TopicsError)
    expect_count(size, "size", TopicsError)
    rng = np.random.default_rng([expect_seed(seed, TopicsError), 4])
    placed = topics.assignments[topics.assignments["topic"] >= 0].sort_index()
    if placed.empty:
        raise TopicsError("no paper has a topic, so there is nothing to check")
    level = _levels(placed["membership"])
    counts = np.bincount(level)
    quotas = _quotas(counts, min(size, len(placed)))
    chosen: list[Hashable] = []
    for number, quota in enumerate(quotas.tolist()):
        rows = np.flatnonzero(level == number)
        # at equal steps through the topics, so that each has its part
        order = rows[np.lexsort((rng.random(len(rows)), placed["topic"].to_numpy()[rows]))]
        steps = np.floor((np.arange(quota) + rng.random()) * len(rows) / max(quota, 1)).astype(int)
        chosen += placed.index[order[steps]].tolist()
    ids = pd.Index(rng.permutation(np.array(chosen, dtype=object)), name="paper_id").astype(placed.index.dtype)
    return corpus.rows(ids, "title", "abstract").reset_index().assign(topic="")[SHEET_COLUMNS]


def check_sample(topics: TopicTables, sheet: "pd.DataFrame | str | Path") -> ReaderCheck:
    """Return what a filled sheet says of topics.

    Parameters
    ----------
    topics : Topics
        Of which `draw_sample` drew the papers, or others of the same papers.
    sheet : DataFrame or path of a CSV file
        paper_id and topic: the label or number of the topic that a reader would give it, "none" where no topic fits, empty
        where it was not read.

    Raises
    ------
    ArtefactError
        The file cannot be read.
    TopicsError
        A column is missing, a paper is unknown or stands there twice, an answer names no topic, or nothing was answered.

    Examples
    --------
    >>> import analysis as at
    >>> rows = [{"title": f"Bees {i}", "abstract": f"Honey of hive {i}."} for i in range(20)]
    >>> corpus = at.Corpus.from_frame(pd.DataFrame(rows))
    >>> topics = at.Topics.from_labels(corpus, ["bees"] * 20)
    >>> check = at.check_sample(topics, at.draw_sample(corpus, topics, size=10).assign(topic="bees"))
    >>> check.agreement > 0.9, check.unanswered
    (True, 0)
    """
    expect(topics, TopicTables, "topics", "at.fit_topics makes them", TopicsError)
    table = _read(sheet)
    ids = topics.assignments.index
    known = dict(zip(ids.astype(str), ids, strict=True))
    meant = _Names.of(topics.table["label"])
    rows: dict[Hashable, int] = {}
    unanswered = 0
    for line, (paper, answer) in enumerate(zip(table["paper_id"], table["topic"], strict=True), start=2):
        if not paper and not answer:
            # what a spreadsheet leaves below the last row
            continue
        if paper not in known:
            raise TopicsError(f"line {line} of the sheet: {paper!r} is no paper of these topics")
        if not answer:
            unanswered += 1
            continue
        if known[paper] in rows:
            raise TopicsError(f"line {line} of the sheet: {paper!r} stands there twice")
        topic = meant.topic(answer)
        if topic is None:
            raise TopicsError(
                f"line {line} of the sheet: there is no topic {answer!r}; write a label, a number or {NONE_FITS!r}"
            )
        rows[known[paper]] = topic
    if not rows:
        raise TopicsError("no paper of the sheet has an answer; fill in its column topic")
    return _checked(topics, pd.Series(rows), unanswered)


@dataclass(frozen=True)
class _Names:
    """What answers may mean: labels as they are, labels whatever their case, "none", and numbers, in this order."""

    exact: dict[str, int]
    folded: dict[str, int]

    @classmethod
    def of(cls, labels: pd.Series) -> "_Names":
        exact = {str(label).strip(): int(topic) for topic, label in labels.items() if topic >= 0}
        folded = pd.Series(exact).groupby(str.casefold).agg(list) if exact else pd.Series(dtype=object)
        numbers = {str(topic): int(topic) for topic in labels.index if topic >= 0}
        numbers |= {f"{topic}.0": topic for topic in numbers.values()}
        alone = {name: topics[0] for name, topics in folded.items() if len(topics) == 1}
        return cls(exact, {**numbers, "-1": -1, NONE_FITS: -1, **alone})

    def topic(self, answer: str) -> int | None:
        """Return the topic that is meant, -1 for none; None where nothing is."""
        # a sheet's writer guards what looks like a formula
        for text in (answer, answer.removeprefix("'")):
            found = self.exact.get(text, self.folded.get(text.casefold()))
            if found is not None:
                return found
        return None


def is_answered(path: Path) -> bool:
    """Return whether a sheet is there, and a reader has answered anything in it."""
    return path.is_file() and bool((_read(path)["topic"] != "").any())


def _checked(topics: TopicTables, answers: pd.Series, unanswered: int) -> ReaderCheck:
    placed = topics.assignments[topics.assignments["topic"] >= 0]
    every = pd.Series(_levels(placed["membership"]), index=placed.index)
    own = topics.assignments.loc[answers.index, "topic"]
    frame = pd.DataFrame(
        {"topic": own, "answer": answers, "level": every.reindex(answers.index).fillna(0).astype("int64")}
    ).rename_axis("paper_id")
    weights = np.bincount(every, minlength=len(_LEVELS) - 1) / max(len(every), 1)
    draws, mean = np.zeros(_DRAWS), 0.0
    rng = np.random.default_rng(0)
    agrees = (frame["topic"] == frame["answer"]).to_numpy()
    # levels without an answer are taken to be as all the others
    for number in np.flatnonzero(weights):
        inside = agrees[frame["level"] == number]
        inside = inside if len(inside) else agrees
        mean += weights[number] * inside.mean()
        draws += weights[number] * rng.beta(0.5 + inside.sum(), 0.5 + (~inside).sum(), _DRAWS)
    labels = topics.table["label"].to_dict() | {-1: NONE_FITS}
    confusion = pd.crosstab(
        frame["answer"].map(labels).rename("reader"), frame["topic"].map(labels).rename("fit"), dropna=False
    )
    several = len(set(frame["topic"]) | set(frame["answer"])) > 1
    kappa = float(cohen_kappa_score(frame["topic"], frame["answer"])) if several else float("nan")
    low, high = np.quantile(draws, [0.025, 0.975])
    return ReaderCheck(frame, confusion, unanswered, float(mean), float(low), float(high), kappa)


def _levels(membership: pd.Series) -> np.ndarray:
    """Return how sure the fit is of each paper, 0 to 2; all alike where nothing was redrawn."""
    return np.asarray(np.digitize(membership.fillna(0.0), _LEVELS[1:-1]), dtype=np.int64)


def _quotas(counts: np.ndarray, size: int) -> np.ndarray:
    """Return how many papers each level lends: by the root of its papers, and all that it has at most."""
    quotas = np.zeros(len(counts), dtype=int)
    while (left := size - int(quotas.sum())) > 0:
        room = counts - quotas
        share = np.sqrt(counts) * (room > 0)
        more = np.minimum(np.floor(left * share / share.sum()).astype(int), room)
        if not more.any():
            more[int(np.where(room > 0, share, -1).argmax())] = 1
        quotas += more
    return quotas


def _read(sheet: "pd.DataFrame | str | Path") -> pd.DataFrame:
    """Return paper_id and topic of a sheet, as texts without blanks around them."""
    if isinstance(sheet, pd.DataFrame):
        table = sheet
    else:
        path = expect_path(sheet, "sheet", TopicsError)
        try:
            content = path.read_bytes()
        except OSError as error:
            raise ArtefactError(f"{path} cannot be read ({error}); `topictrends sample` writes one") from error
        text = decoded(content, path.name)
        if isinstance(text, Reject):
            raise ArtefactError(f"{path} cannot be read: {text.reason}")
        table = _rows(text.text, path)
    table = table.rename(columns=lambda name: str(name).strip().lower())
    missing = {"paper_id", "topic"} - set(table.columns)
    if missing:
        raise TopicsError(f"the sheet lacks the column(s) {', '.join(sorted(missing))}; it has paper_id and topic")
    if not table.columns[table.columns.isin(["paper_id", "topic"])].is_unique:
        raise TopicsError("the sheet has a column paper_id or topic twice; leave one of each")
    cells = {name: table[name].astype(object).where(table[name].notna(), "") for name in ("paper_id", "topic")}
    return pd.DataFrame({name: values.map(lambda cell: str(cell).strip()) for name, values in cells.items()})


def _rows(text: str, path: Path) -> pd.DataFrame:
    from io import StringIO

    # spreadsheets of many countries part cells by semicolons
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    try:
        return pd.read_csv(StringIO(text), sep=separator, dtype=str, keep_default_na=False)
    except (ValueError, pd.errors.ParserError) as error:
        raise ArtefactError(f"{path} is no table: {error}") from error
