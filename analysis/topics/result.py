"""Topics: what a fit found or somebody gave, saved, loaded, and new papers placed in them."""

from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from analysis.corpus.paper import Corpus
from analysis.errors import ArtefactError, TopicsError
from analysis.io.runner import Run, in_threads
from analysis.topics.labelled import bertopic_labels, labelled_topics
from analysis.topics.place import place_papers
from analysis.topics.saved import read_saved, write_saved
from analysis.topics.tables import TopicTables
from analysis.validation import expect, expect_path

if TYPE_CHECKING:
    from bertopic import BERTopic


class Topics(TopicTables):
    """Topics, who belongs to them, and how sure that is: tables, a BERTopic model, and what places new papers.

    Made by `analysis.fit_topics`, `from_labels` and `from_bertopic`; the tables are those of `TopicTables`: table,
    assignments, memberships, themes, draws, layout, documents, bertopic and more.
    """

    @classmethod
    def of(cls, tables: TopicTables) -> Self:
        """Return tables as topics."""
        return cls(**{item.name: tables.__dict__[item.name] for item in fields(TopicTables)})

    @classmethod
    def from_labels(cls, corpus: Corpus, labels: Any, *, vectors: Any = None, seed: int = 0) -> Self:
        """Take topics from any other tool: one label per paper.

        Words, labels, representatives, themes and a map are made as for fitted topics. What only redrawn clusterings
        can tell, memberships and stability, is unknown (NaN), and trends take the labels as certain.

        Parameters
        ----------
        corpus : Corpus
        labels : array or Series of int or str, n papers
            -1, None, NaN and an empty text are no topic. A Series whose index holds ids is aligned by them; all else
            has one label per paper, in the corpus' order and papers without an abstract included. Texts are the topics'
            labels; for numbers labels are written from the papers. Topics are numbered by falling size.
        vectors : array, DataFrame or View, optional
            Vectors for the map, the themes and the representatives instead of those made from texts.
        seed : int
            Of the map.

        Raises
        ------
        TopicsError
            Labels are of another length or of unknown papers, or no paper has one.

        Warns
        -----
        GivenTopicsWarning
            Papers that have a label have no abstract.

        Examples
        --------
        >>> import analysis as at, pandas as pd
        >>> df = pd.DataFrame({"title": ["Bees", "Hives", "Ice"], "abstract": ["Honey bees.", "A hive of bees.", "Floes."]})
        >>> topics = at.Topics.from_labels(at.Corpus.from_frame(df), ["insects", "insects", "polar"])
        >>> topics.table["label"].tolist()
        ['insects', 'polar']
        """
        return cls.of(labelled_topics(corpus, labels, vectors=vectors, seed=seed))

    @classmethod
    def from_bertopic(cls, model: "BERTopic", corpus: Corpus, *, vectors: Any = None, seed: int = 0) -> Self:
        """Take topics from a BERTopic model that was fitted to the corpus' papers, in their order.

        Its words are kept, and the labels that were set by ``set_topic_labels``; see `from_labels` for the rest.

        Parameters
        ----------
        model : BERTopic
            Fitted to all papers, or to all that have an abstract.
        corpus : Corpus
        vectors, seed
            As in `from_labels`.

        Raises
        ------
        TopicsError
            The model is not fitted, or was fitted to other documents or in another order.

        Warns
        -----
        GivenTopicsWarning
            The model has topics without a paper, or nothing tells whether it was fitted to these papers.
        """
        expect(corpus, Corpus, "corpus", "at.load_corpus or at.Corpus.from_frame makes one", TopicsError)
        labels, words, names = bertopic_labels(model, corpus)
        return cls.of(labelled_topics(corpus, labels, vectors=vectors, seed=seed, words=words, names=names))

    def place(self, corpus: Corpus, *, vectors: Any = None, run: Run = in_threads) -> Self:
        """Place the papers of another corpus in these topics; numbers, labels, words and themes stay.

        Parameters
        ----------
        corpus : Corpus
            New papers. Ids need not differ from those of the papers before: all are placed anew.
        vectors : array, DataFrame or View, or several, optional
            Needed where topics were found in given vectors: those of the new papers, by the same names.
        run : callable, optional
            Does a piece of work on every partition; see `analysis.io.runner.in_threads`.

        Returns
        -------
        Topics
            The same topics, over the papers of `corpus`: `assignments`, sizes, shares, draws and map are theirs.

        Raises
        ------
        TopicsError
            No paper has an abstract, or vectors are missing or of other views.

        Examples
        --------
        >>> import analysis as at, pandas as pd
        >>> words = {"bees": "hive honey nectar pollen", "ice": "glacier melt snow moraine"}
        >>> rows = [{"title": f"On {s} {i}", "abstract": f"{w} {i}", "s": s} for s, w in words.items() for i in range(8)]
        >>> corpus = at.Corpus.from_frame(pd.DataFrame(rows))
        >>> topics = at.Topics.from_labels(corpus, [row["s"] for row in rows])
        >>> new = at.Corpus.from_frame(pd.DataFrame({"title": ["A hive"], "abstract": ["Honey and nectar of a hive."]}))
        >>> topics.place(new).assignments["topic"].map(topics.table["label"]).tolist()
        ['bees']
        """
        return type(self).of(place_papers(self, corpus, vectors, run))

    def save(self, folder: str | Path) -> None:
        """Save everything in a folder: tables, texts, vectors and what a BERTopic model is built from; `at.load_topics` reads it.

        Raises
        ------
        ArtefactError
            The folder cannot be written, or holds a result of another kind.

        Examples
        --------
        >>> import analysis as at, pandas as pd, tempfile
        >>> df = pd.DataFrame({"title": ["Bees", "Ice"], "abstract": ["Honey bees.", "Floes."]})
        >>> topics = at.Topics.from_labels(at.Corpus.from_frame(df), ["insects", "polar"])
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     topics.save(folder)
        ...     at.load_topics(folder).table["label"].tolist()
        ['insects', 'polar']
        """
        write_saved(expect_path(folder, "folder", ArtefactError), self)


def load_topics(folder: str | Path) -> Topics:
    """Load topics that `Topics.save` wrote.

    Parameters
    ----------
    folder : path

    Raises
    ------
    ArtefactError
        The folder holds no topics, was saved in another format, or is damaged.
    """
    return Topics.of(read_saved(expect_path(folder, "folder", ArtefactError)))
