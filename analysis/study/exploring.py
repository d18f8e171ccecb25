"""`analysis.explore`: the explorer of a study, or of results in memory, in a notebook's cell."""

from typing import TYPE_CHECKING

from analysis.concepts.mentions import Concepts
from analysis.corpus.paper import Corpus
from analysis.errors import InputError
from analysis.study.face import Study
from analysis.topics.result import Topics
from analysis.trends.result import Trends
from analysis.validation import expect

if TYPE_CHECKING:
    from analysis.survey.explorer_widget import Explorer


def explore(
    study: Study | Corpus,
    topics: Topics | None = None,
    trends: Trends | None = None,
    *,
    concepts: Concepts | None = None,
    height: int = 900,
) -> "Explorer":
    """Show the explorer as a widget: the page of ``figures/index.html`` in JupyterLab, VS Code or Colab.

    Parameters
    ----------
    study : Study, or Corpus
        A study that has been run; or a corpus, with its topics and trends.
    topics : Topics, optional
    trends : Trends, optional
    concepts : Concepts, optional
        For the filter by concept.
    height : int
        Pixels.

    Returns
    -------
    Explorer
        Its `selection` is a DataFrame of the papers chosen on the page, `select` chooses papers from Python, `edits` are what was
        changed on the page, and `save_edits` writes them; of a study the page's own button does.

    Raises
    ------
    InputError
        What is given is neither a study nor a corpus with topics and trends of its papers.

    Examples
    --------
    >>> import analysis as at, pandas as pd
    >>> df = pd.DataFrame({"id": [1, 2, 3], "title": ["Bees", "Hives", "Ice"], "abstract": ["Honey.", "Combs.", "Floes."]})
    >>> corpus = at.Corpus.from_frame(df)
    >>> topics = at.Topics.from_labels(corpus, ["insects", "insects", "polar"])
    >>> view = at.explore(corpus, topics, at.fit_trends(corpus, topics))
    >>> view.select([3])
    >>> view.selection["title"].tolist()
    ['Ice']
    """
    from analysis.survey.explorer_widget import Explorer

    if isinstance(study, Study):
        if topics is not None or trends is not None:
            raise InputError("a study holds its topics and trends; give the study alone, or corpus, topics and trends")
        return Explorer(
            study.corpus,
            study.topics,
            study.trends,
            study.concepts_if_sought,
            title=study.settings.title,
            known_edits=study.edits_text,
            edits_path=study.edits_path,
            height=height,
        )
    expect(study, Corpus, "study", "at.Study.open opens one; or give corpus, topics and trends", InputError)
    if not isinstance(topics, Topics) or not isinstance(trends, Trends):
        raise InputError("a corpus is explored with its topics and trends: at.explore(corpus, topics, trends)")
    topics.check_papers(study, InputError)
    return Explorer(study, topics, trends, concepts, height=height)
