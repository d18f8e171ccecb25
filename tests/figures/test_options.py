"""What a caller may ask of a figure: title, width, style, topics, order."""

import plotly.graph_objects as go
import pytest

import analysis as at
from analysis.corpus.paper import Corpus
from analysis.errors import InputError
from analysis.figures.catalogue import CATALOGUE
from analysis.figures.drawing.spec import FigureSpec
from analysis.topics.result import Topics
from analysis.trends.result import Trends

pytestmark = pytest.mark.slow
Results = tuple[Corpus, Topics, Trends]


def _labels(fig: go.Figure) -> list[str]:
    return [text.split(" (")[0] for text in fig.layout.yaxis.ticktext]


def test_some_topics_are_shown_by_number_and_by_label_alone(planted: Results) -> None:
    _, topics, trends = planted
    label = topics.table.loc[1, "label"]
    fig = at.figures.trend_forest(topics, trends, topics=[0, label])
    assert set(_labels(fig)) == {topics.table.loc[0, "label"], label}
    assert fig.layout.height < at.figures.trend_forest(topics, trends).layout.height


def test_results_may_be_given_by_keyword_beside_a_choice_of_topics(planted: Results) -> None:
    corpus, topics, trends = planted
    whole = at.figures.topic_map(corpus=corpus, topics=topics)  # type: ignore[call-arg, arg-type]
    assert whole.to_json() == at.figures.topic_map(corpus, topics).to_json()
    assert len(at.figures.topic_map(corpus, topics, topics=[0]).layout.annotations) == 1
    assert len(at.figures.topic_shares(topics, trends, topics=[2]).layout.annotations) == 2


def test_topics_stand_in_the_order_that_was_asked_for(planted: Results) -> None:
    topics = planted[1]
    sizes = topics.table["size"]
    by_size = [topics.table.loc[topic, "label"] for topic in sizes.sort_values(ascending=False, kind="stable").index]
    assert sorted(_labels(at.figures.topic_sizes(topics, order="name")), key=str.casefold) == _labels(
        at.figures.topic_sizes(topics, order="name")
    )
    assert _labels(at.figures.topic_sizes(topics, order="size"))[0] == by_size[0]
    assert _labels(at.figures.topic_sizes(topics, order=[2, 0]))[:2] == [
        topics.table.loc[2, "label"],
        topics.table.loc[0, "label"],
    ]


def test_a_similarity_keeps_rows_and_columns_alike(planted: Results) -> None:
    topics = planted[1]
    fig = at.figures.topic_similarity(topics, topics=[0, 1, 2], order=[2, 1, 0])
    assert list(fig.layout.xaxis.ticktext) == list(fig.layout.yaxis.ticktext)
    assert fig.data[0].z.shape == (3, 3)


@pytest.mark.parametrize("spec", CATALOGUE, ids=lambda spec: spec.name)
def test_every_figure_is_laid_out_for_a_column(spec: FigureSpec, planted: Results) -> None:
    frame = spec.data(*planted)
    fig = spec.draw(frame, at.Style(8.5))
    assert fig.layout.width == 321
    left, right = fig.layout.margin.l or 0, fig.layout.margin.r or 0
    assert fig.layout.width - left - right >= 100


def test_a_title_is_written_above_and_the_plot_keeps_its_size(planted: Results) -> None:
    topics = planted[1]
    plain, titled = at.figures.topic_sizes(topics), at.figures.topic_sizes(topics, title="What <b> is there")
    assert titled.layout.title.text == "What &lt;b&gt; is there"
    inner = [fig.layout.height - fig.layout.margin.t - fig.layout.margin.b for fig in (plain, titled)]
    assert inner[0] == inner[1]


def test_width_and_style_are_taken(planted: Results) -> None:
    topics = planted[1]
    assert at.figures.topic_tree(topics, width=8.5).layout.width == 321
    fig = at.figures.topic_tree(topics, style=at.Style(font="Source Sans 3"), width=12)
    assert fig.layout.font.family.startswith("Source Sans 3")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"topics": [99]}, "no topic 99"),
        ({"topics": []}, "topics is empty"),
        ({"topics": ["no such label"]}, "no topic 'no such label'; it shows: "),
        ({"order": "luck"}, "order must be"),
        ({"width": 2}, "centimetres from 6 to 60"),
        ({"style": "dark"}, "style must be"),
        ({"title": 3}, "title must be"),
        ({"colour": "red"}, "no option 'colour'; there are: title, width, style, topics, order"),
    ],
)
def test_what_a_figure_cannot_do_is_said(planted: Results, options: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        at.figures.topic_sizes(planted[1], **options)  # type: ignore[arg-type]


def test_a_figure_without_topics_says_that_it_cannot_be_cut(planted: Results) -> None:
    with pytest.raises(InputError, match="shows no single topics"):
        at.figures.calibration(planted[2], topics=[0])
    with pytest.raises(InputError, match="order of its own"):
        at.figures.topic_tree(planted[1], order="size")


def test_figures_are_plain_plotly_that_a_reader_restyles(planted: Results) -> None:
    fig = at.figures.trend_forest(planted[1], planted[2])
    fig.update_layout(font_size=13).update_xaxes(title_text="Yearly odds ratio")
    assert fig.layout.xaxis.title.text == "Yearly odds ratio"
