"""Tables of the section, as a reader sees them."""

import pandas as pd

from analysis.survey.backends import _names


def test_a_name_that_is_unsure_stands_with_its_keywords() -> None:
    frame = pd.DataFrame(
        {"label": ["Bees", "Outcomes"], "keywords": ["hive", "dose, trial"], "label_sure": [True, False]}
    )
    assert _names(frame).tolist() == ["Bees", "Outcomes (name unsure; keywords dose, trial)"]
    assert _names(frame[["label"]]).tolist() == ["Bees", "Outcomes"]
