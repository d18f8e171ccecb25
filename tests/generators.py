"""Synthetic truth: pages, corpora with planted topics, and dated labels with planted trends."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.corpus.paper import Corpus

HEADER = "new\n\nGet trending papers in your email inbox!\n\nSubscribe\n\nDaily Papers\n\nbyAK and the research community\n\n"
_FILLER = (
    "We study a problem that matters in practice and measure how well simple ideas solve it. "
    "Experiments on public data support the claim, and ablations show which part of the design carries the gain. "
)
VOCABULARIES = (
    "volcano magma eruption lava crater ash seismic plume basalt caldera",
    "violin orchestra sonata melody harmony conductor cello rhythm concerto opera",
    "glacier ice snow melt polar moraine crevasse arctic frozen meltwater",
    "bakery dough yeast oven bread flour crust kneading sourdough pastry",
    "galaxy telescope nebula quasar redshift cosmic supernova orbit stellar pulsar",
    "tennis racket serve volley court umpire backhand tournament baseline deuce",
)


@dataclass(frozen=True)
class PageEntry:
    """An entry to be written on a page; `byline` is a whole line, `date` a date line."""

    title: str
    abstract: str | None = None
    byline: str | None = None
    date: str | None = None

    @property
    def text(self) -> str:
        """The entry as a page shows it."""
        body = self.abstract if self.abstract is not None else f"On {self.title}. {_FILLER}{_FILLER}"
        parts = [self.title, body.strip()]
        if self.date is not None:
            parts.append(f"{self.byline or '  • 3 authors'}\n·\n{self.date}")
        return "\n\n".join(parts)


def page(entries: Sequence[PageEntry], date: str | None = "Nov 4", header: str = HEADER) -> str:
    """Return a page in the grammar of Daily Papers dumps."""
    return header + (f"{date}\n\n" if date else "") + "\n\n".join(entry.text for entry in entries)


def planted_corpus(
    n_papers: int, n_topics: int = 4, seed: int = 0, dated: bool = True, sources: int = 2
) -> tuple[Corpus, pd.Series]:
    """Return a corpus whose papers speak in the words of one of `n_topics` vocabularies, and the truth by paper_id."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(n_topics, size=n_papers)
    rows = []
    for i, topic in enumerate(truth):
        words = VOCABULARIES[topic].split()
        picked = [str(word) for word in rng.choice(words, 14)]
        title = f"{' '.join(picked[:3]).title()} study {i}"
        text = " ".join(
            f"the {word} of {other} and {third},"
            for word, other, third in zip(picked, picked[1:], picked[2:], strict=False)
        )
        day = pd.Timestamp("2019-01-01") + pd.Timedelta(days=int(rng.integers(0, 5 * 365)))
        rows.append(
            (f"p{i:05d}", title, f"{text} {_FILLER}", day.date().isoformat() if dated else None, f"source{i % sources}")
        )
    frame = pd.DataFrame(rows, columns=["id", "title", "abstract", "date", "source"])
    return Corpus.from_frame(frame), pd.Series(truth, index=frame["id"])


def planted_trend(
    n_papers: int, log_odds_a_year: float, base: float = 0.2, years: float = 5.0, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Return labels (topic 0 with a trend, topic 1 the rest) and decimal dates."""
    rng = np.random.default_rng(seed)
    time = 2019 + years * rng.random(n_papers)
    odds = np.log(base / (1 - base)) + log_odds_a_year * (time - time.mean())
    return np.where(rng.random(n_papers) < 1 / (1 + np.exp(-odds)), 0, 1), time


# three subjects in three languages, eight terms each
TERMS = {
    "en": (
        "river delta,flood plain,sediment load,tidal channel,levee breach,dredged silt,estuary mouth,salt marsh",
        "choir singing,organ pipe,church acoustics,bell tower,hymn melody,vocal range,echo time,wooden pew",
        "wheat harvest,crop rotation,soil nitrogen,barley yield,plough depth,seed drill,grain moisture,field margin",
    ),
    "de": (
        "Flussdelta,Überschwemmungsebene,Sedimentfracht,Gezeitenrinne,Deichbruch,Baggerschlick,Mündungsgebiet,Salzwiese",
        "Chorgesang,Orgelpfeife,Kirchenakustik,Glockenturm,Choralmelodie,Stimmumfang,Nachhallzeit,Holzbank",
        "Weizenernte,Fruchtfolge,Bodenstickstoff,Gerstenertrag,Pflugtiefe,Drillsaat,Kornfeuchte,Ackerrand",
    ),
    "zh": (
        "河流三角洲,洪泛平原,泥沙输移,潮汐水道,堤坝溃决,疏浚淤泥,河口地区,盐沼湿地",
        "合唱演唱,管风琴管,教堂声学,钟楼建筑,赞歌旋律,声乐音域,混响时间,木制长椅",
        "小麦收获,作物轮作,土壤氮素,大麦产量,耕作深度,播种机械,谷物水分,田间边缘",
    ),
}
_SENTENCES = {
    "en": "We measure {} and {} over many years. The results show that {} changes with {}, and that {} is the cause of it.",
    "de": "Wir messen {} und {} über viele Jahre. Es zeigt sich, dass {} von {} abhängt und dass {} die Ursache dafür ist.",
    "zh": "本文测量了{}和{}的变化。结果表明，{}取决于{}，而{}是其主要原因。",
}


def spoken_papers(languages: Sequence[str], per: int, shared: float = 0.0, seed: int = 0) -> pd.DataFrame:
    """Return papers of three subjects in some languages: id, title, abstract, subject, spoken, date.

    With the chance `shared` a term of another language stands in English, as technical terms do.
    """
    rng = np.random.default_rng(seed)
    rows = []
    for language in languages:
        for subject in range(3):
            english = np.array(TERMS["en"][subject].split(","))
            own = np.array(TERMS[language][subject].split(","))
            for _ in range(per):
                picked = rng.choice(8, 6, replace=False)
                words = np.where(rng.random(6) < shared, english[picked], own[picked]).tolist()
                rows.append((f"{words[5]} {words[0]}", _SENTENCES[language].format(*words[:5]), subject, language))
    frame = pd.DataFrame(rows, columns=["title", "abstract", "subject", "spoken"])
    days = pd.to_timedelta(rng.integers(0, 5 * 365, len(frame)), unit="D")
    return frame.assign(id=[f"p{number:04d}" for number in range(len(frame))], date=pd.Timestamp("2018-01-01") + days)
