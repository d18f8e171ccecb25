"""Do the verdicts recover what is known of the ACL papers' history, from terms and from topics?"""

import re

import numpy as np
import pandas as pd
from scipy import stats
from sklearn.feature_extraction.text import CountVectorizer

from analysis.corpus.paper import Corpus
from analysis.topics.fit import fit_topics
from analysis.trends.tests import mention_tests, trend_tests
from analysis.trends.verdict import DOWN, UP
from tests.benchmarks.samples import ABSENT, CORPORA
from tests.benchmarks.tables import markdown, paragraph

# verdicts that say a share went up, or down, within the window
_UPWARD, _DOWNWARD = {"rising", "small rise", "new"}, {"falling", "small fall", "ended"}
_EXPECTED = {"rise": _UPWARD, "fall": _DOWNWARD}
_OPPOSITE = {"rise": _DOWNWARD, "fall": _UPWARD}
_ORDINARY, _SHARES, _EVEN = 40, (0.02, 0.1), 0.5
_SIZES = (1000, 5000)
_TOPICS_FROM = 8000
# a topic stands for a term that this share of its papers mention, at least three times as many as elsewhere
_STANDS_FOR, _LIFT = 0.5, 3.0


def report() -> str:
    """Measure and return the section as Markdown; a sentence where the corpora are absent."""
    if not CORPORA.is_dir():
        return f"## History\n\n{ABSENT}"
    terms, papers = _known()
    mentions = pd.DataFrame(
        {
            row.term: papers["text"].str.contains(row.regex, regex=True, flags=re.IGNORECASE)
            for row in terms.itertuples()
        }
    )
    whole, line = _terms(terms, mentions, papers["date"])
    drawn = [_sampled(terms, mentions, papers["date"], size) for size in _SIZES]
    head = ["papers", "terms", "recovered", "no verdict", "contradicted", "peaks called rising or falling"]
    intro = paragraph("""
        ACL papers, 2017 to 2025; each term is a family member. Recovered: a known rise called rising, a known fall called
        falling. Smaller samples are drawn at random, five each; their rows are sums.
    """)
    parts = [intro, markdown(head, [line, *drawn]), whole, _ordinary_words(papers), _from_topics(terms, papers)]
    return "\n\n".join(["## History", *parts])


def _known() -> tuple[pd.DataFrame, pd.DataFrame]:
    terms = pd.read_csv(CORPORA / "acl_term_trends.csv")
    papers = pd.read_parquet(CORPORA / "acl.parquet")
    papers = papers[papers["date"].str[:4].astype(int).between(2017, 2025)].reset_index(drop=True)
    papers["text"] = papers["title"].fillna("") + " " + papers["abstract"].fillna("")
    return terms, papers


def _dates(dates: pd.Series) -> pd.Series:
    """Return days: the middle of a month, or of a year."""
    return pd.to_datetime(dates.where(dates.str.len() > 4, dates + "-07") + "-15")


def _counts(direction: pd.Series, verdict: pd.Series) -> list[int]:
    clear = direction.isin(["rise", "fall"])
    pairs = list(zip(direction, verdict, strict=True))
    right = np.array([found in _EXPECTED.get(known, set()) for known, found in pairs], dtype=bool)
    wrong = [found in _OPPOSITE.get(known, set()) for known, found in pairs]
    peaks = (direction == "peak") & verdict.isin([*UP, *DOWN])
    recovered, contradicted = int(right.sum()), int(np.sum(wrong))
    return [recovered, int(clear.sum()) - recovered - contradicted, contradicted, int(peaks.sum())]


def _terms(terms: pd.DataFrame, mentions: pd.DataFrame, dates: pd.Series) -> tuple[str, list[str]]:
    tests = mention_tests(mentions, _dates(dates).to_numpy())
    direction = terms.set_index("term")["direction"]
    rows = []
    for term, row in tests.iterrows():
        interval = f"{row['low']:.2f} to {row['high']:.2f}"
        shares = f"{row['share_first']:.1%} to {row['share_last']:.1%}"
        beyond = "yes" if row["beyond_wandering"] else "no"
        since = row["since"] if row["verdict"] in ("new", "ended") else row["turning_point"]
        rows.append(
            [term, direction[term], row["verdict"], shares, f"{row['odds_ratio']:.2f}", interval, since, beyond]
        )
    head = ["term", "known", "verdict", "fitted share", "odds ratio per year", "95 % interval", "turn, or since"]
    table = markdown([*head, "beyond its usual wandering"], rows)
    counts = _counts(direction.loc[tests.index], tests["verdict"])
    return table, [f"{len(mentions):,}", str(len(terms)), *map(str, counts)]


def _sampled(terms: pd.DataFrame, mentions: pd.DataFrame, dates: pd.Series, size: int) -> list[str]:
    direction, total = terms.set_index("term")["direction"], np.zeros(4, dtype=int)
    for seed in range(5):
        rows = np.random.default_rng(seed).choice(len(mentions), size, replace=False)
        tests = mention_tests(mentions.iloc[rows], _dates(dates.iloc[rows]).to_numpy())
        total += _counts(direction.loc[tests.index], tests["verdict"])
    return [f"{size:,}", f"5 x {len(terms)}", *map(str, total)]


def _ordinary_words(papers: pd.DataFrame) -> str:
    """Test words whose yearly shares are even in one half of the abstracts on the other half."""
    words = CountVectorizer(binary=True, token_pattern=r"[a-z]{3,}").fit(papers["text"])
    said, names = words.transform(papers["text"]), words.get_feature_names_out()
    rng = np.random.default_rng(0)
    chosen_by = rng.random(len(papers)) < 0.5
    years = papers["date"].str[:4].to_numpy()
    share = np.asarray(said[chosen_by].mean(axis=0)).ravel()
    common = np.flatnonzero((share >= _SHARES[0]) & (share <= _SHARES[1]))
    counts = pd.DataFrame(said[chosen_by][:, common].toarray()).groupby(years[chosen_by]).sum().to_numpy()
    papers_a_year = pd.Series(years[chosen_by]).value_counts().sort_index().to_numpy()[:, None]
    expected = papers_a_year * share[common][None, :]
    statistic = ((counts - expected) ** 2 / (expected * (1 - share[common]))).sum(axis=0)
    even = common[stats.chi2.sf(statistic, len(counts) - 1) > _EVEN]
    taken = np.sort(rng.choice(even, min(_ORDINARY, len(even)), replace=False))
    other = ~chosen_by
    mentions = pd.DataFrame(said[other][:, taken].toarray().astype(bool), columns=names[taken])
    tests = mention_tests(mentions, _dates(papers.loc[other, "date"]).to_numpy())
    verdicts = ", ".join(f"{count} {name}" for name, count in tests["verdict"].value_counts().items())
    beyond = int(tests["beyond_wandering"].sum())
    intro = paragraph(f"""
        {len(taken)} words of 2 to 10 % of the papers, drawn from {len(even)} whose yearly shares differ by no more than chance
        (p > {_EVEN:g}) in a random half of the abstracts, tested on the other half ({int(other.sum()):,} papers): {verdicts};
        {beyond} beyond their usual wandering.
    """)
    return f"### Words known to be flat\n\n{intro}"


def _from_topics(terms: pd.DataFrame, papers: pd.DataFrame) -> str:
    rows = np.sort(np.random.default_rng(0).choice(len(papers), _TOPICS_FROM, replace=False))
    sample = papers.iloc[rows].assign(source="acl")
    corpus = Corpus.from_frame(sample[["id", "title", "abstract", "date", "source"]])
    topics = fit_topics(corpus, granularity="fine")
    labels = topics.assignments["topic"]
    texts = (corpus.papers["title"] + " " + corpus.papers["abstract"]).loc[labels.index]
    tests = trend_tests(labels.to_numpy(), corpus.papers.loc[labels.index, "date"], draws=topics.draws.to_numpy().T)
    lines, directions, verdicts = [], [], []
    for row in terms.itertuples():
        said = texts.str.contains(row.regex, regex=True, flags=re.IGNORECASE)
        inside = said.groupby(labels).mean()
        standing = inside.index[(inside >= _STANDS_FOR) & (inside >= _LIFT * said.mean())]
        if standing.empty:
            continue
        # where several topics stand for a term, the one with most of its papers
        topic = int(said.groupby(labels).sum()[standing].idxmax())
        found = tests.loc[topic]
        directions.append(row.direction)
        verdicts.append(found["verdict"])
        lines.append(
            [
                row.term,
                topics.table.loc[topic, "label"],
                f"{inside[topic]:.0%}",
                row.direction,
                found["verdict"],
                f"{found['odds_ratio']:.2f}",
                found["turning_point"],
            ]
        )
    head = ["term", "topic", "of its papers mention it", "known", "verdict", "odds ratio per year", "turn"]
    counts = _counts(pd.Series(directions), pd.Series(verdicts))
    intro = paragraph(f"""
        {_TOPICS_FROM:,} of the papers, {len(topics.table)} topics; a topic stands for a term where half of its papers mention it.
        Recovered {counts[0]}, no verdict {counts[1]}, contradicted {counts[2]}, peaks called rising or falling {counts[3]}. A
        topic's history is not its term's: every number of a topic is about all of its papers.
    """)
    return f"### From topics\n\n{intro}\n\n{markdown(head, lines)}"
