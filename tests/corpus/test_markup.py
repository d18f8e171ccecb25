"""Markup goes, text stays, and what only looks like markup is text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.corpus.fields import readable
from analysis.corpus.latex import latex_to_text, math_text


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        # text with angle brackets
        (
            "We treat k <n samples. The bound is tight. Then q> 10.",
            "We treat k <n samples. The bound is tight. Then q> 10.",
        ),
        (
            "Effect p<q in men was small. The ratio r>2 was rare.",
            "Effect p<q in men was small. The ratio r>2 was rare.",
        ),
        ("where a<b and c>d hold", "where a<b and c>d hold"),
        ("depth (<similar to 300 m) up to >two hundred", "depth (<similar to 300 m) up to >two hundred"),
        ("p &lt; 0.05 and n &gt; 3", "p < 0.05 and n > 3"),
        ("write to <a.ode@example.org>", "write to <a.ode@example.org>"),
        # inside of words
        ("CO<sub>2</sub>-rich <i>E</i>-cadherin m<sup>6</sup>A", "CO2-rich E-cadherin m6A"),
        ("<b>Bold</b>ly and x<sub>i</sub>", "Boldly and xi"),
        # between words
        ("<p>One.</p><p>Two.</p>", "One. Two."),
        ("<jats:title>Aim</jats:title><jats:p>We look.</jats:p>", "Aim We look."),
        ("<ul><li>First</li><li>Second</li></ul>", "First Second"),
        ("line<br/>break", "line break"),
        ("<P>Old style<P>Next", "Old style Next"),
        # escaped once, twice
        ("&lt;i&gt;In vitro&lt;/i&gt; work", "In vitro work"),
        ("R &amp;amp; D at 5 &amp;lt; 6", "R & D at 5 < 6"),
        ("AT&T, R&D; Q&A", "AT&T, R&D; Q&A"),
        ("caf&#233; &eacute;t&#xe9;", "café été"),
        # formulas
        (
            '<mml:math xmlns:mml="x"><mml:msub>\n <mml:mi>B</mml:mi>\n <mml:mi>s</mml:mi></mml:msub></mml:math> meson',
            "Bs meson",
        ),
        (
            "of <inline-formula><alternatives><tex-math>$\\alpha$</tex-math><mml:math><mml:mi>α</mml:mi></mml:math>"
            "</alternatives></inline-formula> decay",
            "of α decay",
        ),
        ("<math><semantics><mi>x</mi><annotation>\\frac{x}{}</annotation></semantics></math> is", "x is"),
        ("<inline-formula><tex-math>$\\beta_2$</tex-math></inline-formula> is", "β₂ is"),
        ("width w\\documentclass[12pt]{minimal}\\begin{document}$$w$$\\end{document} is", "width w is"),
        # signs that are not seen, and ligatures
        ("co\u00adoperation of e\ufb03cient \ufb01rms", "cooperation of efficient firms"),
    ],
)
def test_markup(raw: str, plain: str) -> None:
    assert readable(raw) == plain


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        (r"Caf{\'e} Gr{\"o}{\ss}e \o{}re {\L}\'od\'z", "Café Größe øre Łódź"),
        (r"It cost $5 million, na{\"i}ve prices rose 20\% \& more", "It cost $5 million, naïve prices rose 20% & more"),
        ("between $5 and $6 million; US$5-$6", "between $5 and $6 million; US$5-$6"),
        (r"{$\alpha$}-synuclein in Cu$_2$O", "α-synuclein in Cu₂O"),
        (r"$\sim$5 and $\pm$2", "∼5 and ±2"),
        (r"{\textless}i{\textgreater} p {\textless} 0.05", "<i> p < 0.05"),
        (r"GDP & health, 20% of #5", "GDP & health, 20% of #5"),
        (r"H\textsubscript{2}O and \textsuperscript{13}C", "H₂O and ¹³C"),
        (r"about ~5 mm at a~site", "about ~5 mm at a\u00a0site"),
        (r"\(x^2\) and \[y_{ij}\]", "x² and yᵢⱼ"),
        (r"37$^{\circ}$C", "37°C"),
        (r"{{Deep}} {L}earning of \textit{E. coli}", "Deep Learning of E. coli"),
        (r"$10^{-3}$ of $T_{\mathrm{c}}$", "10⁻³ of Tc"),
        ("no LaTeX here", "no LaTeX here"),
    ],
)
def test_latex(raw: str, plain: str) -> None:
    assert latex_to_text(raw) == plain


def test_a_formula_alone() -> None:
    assert math_text(r"\frac{a}{b} \leq \sqrt{2}") == "a/b≤√(2)"


@given(st.text(alphabet=st.sampled_from("<>/&;ab1 $\\{}_^%=\"'i"), max_size=60))
def test_nothing_stumbles(text: str) -> None:
    assert isinstance(readable(text), str)
    assert isinstance(latex_to_text(text), str)


@given(st.text(alphabet=st.characters(whitelist_categories=["L", "N"]), max_size=40))
def test_words_alone_stay(text: str) -> None:
    assert latex_to_text(text) == text
