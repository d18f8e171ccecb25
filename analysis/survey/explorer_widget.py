"""The explorer in a notebook's cell: the same page, with its selection and edits at hand in the next cell."""

from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from typing import Any

import anywidget
import pandas as pd
import traitlets

from analysis.concepts.mentions import Concepts
from analysis.corpus.paper import Corpus
from analysis.errors import InputError, TopicTrendsError
from analysis.io.files import write_bytes
from analysis.survey.explorer import explorer_page
from analysis.topics.edits import Edit, checked_edits, joined_edits
from analysis.topics.result import Topics
from analysis.trends.result import Trends


class Explorer(anywidget.AnyWidget):
    """A view of a study; see `analysis.explore`.

    Attributes
    ----------
    selection : DataFrame
        The papers that are chosen on the page, by search, filters, dates or the map, with their topics; all papers where
        nothing is chosen.
    edits : list
        What the reader changed on the page, as `analysis.read_edits` returns it.
    """

    _esm = files("analysis.survey").joinpath("explorer_widget.js").read_text("utf-8")
    chosen: Any = traitlets.List(trait=traitlets.Unicode(), allow_none=True, default_value=None).tag(sync=True)
    height: Any = traitlets.Int(900).tag(sync=True)
    edit_tables: Any = traitlets.List().tag(sync=True)

    def __init__(
        self,
        corpus: Corpus,
        topics: Topics,
        trends: Trends,
        concepts: Concepts | None = None,
        *,
        title: str = "A literature study",
        known_edits: str = "",
        edits_path: Path | None = None,
        height: int = 900,
    ) -> None:
        super().__init__(height=height)
        self._page = explorer_page(corpus, topics, trends, concepts, title, edits=known_edits, host="notebook")
        self._corpus, self._topics = corpus, topics
        self._known_edits, self._edits_path = known_edits, edits_path
        self._ids = {str(paper): paper for paper in topics.assignments.index}
        self.on_msg(self._asked)

    def _asked(self, widget: object, content: dict[str, Any], buffers: object) -> None:
        """Send the page when a cell shows it, and save edits when its button is pressed."""
        if content.get("page"):
            self.send({"page": self._page})
        elif content.get("save"):
            self._save()

    def _save(self) -> None:
        """Save the edits as the page's button asks, and tell the page."""
        if self._edits_path is None:
            self.send({"saved": "The edits are in view.edits; view.save_edits(path) writes them."})
            return
        try:
            self.save_edits(self._edits_path)
        except TopicTrendsError as error:
            self.send({"saved": str(error)})

    @property
    def selection(self) -> pd.DataFrame:
        """The chosen papers in the corpus' order: the columns of `Corpus.papers`, topic, membership, topic_label."""
        chosen = None if self.chosen is None else {self._ids[paper] for paper in self.chosen if paper in self._ids}
        assignments = self._topics.assignments
        kept = assignments if chosen is None else assignments[assignments.index.isin(chosen)]
        frame = self._corpus.rows(kept.index).join(kept[["topic", "membership"]])
        frame["topic_label"] = frame["topic"].map(self._topics.table["label"])
        return frame

    def select(self, papers: Iterable[object] | pd.DataFrame | pd.Series) -> None:
        """Choose papers on the page.

        Parameters
        ----------
        papers : iterable of paper_id, a frame whose index holds them, or a mask over it
            None of them: the choice is given up.

        Raises
        ------
        InputError
            There is no such paper in the topics.
        """
        ids = [str(paper) for paper in _ids_of(papers)]
        strange = [paper for paper in ids if paper not in self._ids]
        if strange:
            raise InputError(
                f"the topics hold no paper {strange[0]!r}; give paper ids, such as those of topics.assignments"
            )
        # what the page will answer, so that the next line may ask for it
        self.chosen = ids or None
        self.send({"select": ids})

    @property
    def edits(self) -> list[Edit]:
        """What the reader changed on the page and has not saved yet; `save_edits` writes it once."""
        return checked_edits([dict(edit) for edit in self.edit_tables], "the page's list of edits")

    def save_edits(self, path: str | Path) -> Path:
        """Write the edits behind those that a file holds already; ``topictrends run`` reads ``data/topic_edits.toml``.

        Raises
        ------
        InputError
            The file is another one than when the explorer was opened.
        SettingsError
            The file is not one that more edits can be written behind.
        """
        path = Path(path)
        own = self._edits_path is not None and path.resolve() == self._edits_path.resolve()
        known = path.read_bytes().decode("utf-8") if path.exists() else ""
        if own and known != self._known_edits:
            raise InputError(f"{path} was changed since the explorer was opened; open it again, then edit")
        text = joined_edits(known, self.edits)
        write_bytes(path, text.encode("utf-8"))
        if own:
            self._known_edits = text
        self.edit_tables = []
        self.send({"saved": f"Wrote {path}; the next run applies the edits.", "done": True})
        return path


def _ids_of(papers: Iterable[object] | pd.DataFrame | pd.Series) -> Iterable[object]:
    """Return the paper ids that a frame's index, a mask, or a list names."""
    if isinstance(papers, pd.DataFrame):
        if isinstance(papers.index, pd.RangeIndex) and papers.index.name is None:
            raise InputError("the frame's index holds no paper ids; give one whose index does, such as view.selection")
        return list(papers.index)
    if isinstance(papers, pd.Series) and papers.dtype == bool:
        return list(papers.index[papers])
    return papers
