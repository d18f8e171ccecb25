"""The survey section to read in a notebook: citations as numbered links, references at the end, pictures found."""

import re

import pandas as pd

from analysis.escaping import markdown_text
from analysis.survey.references import citation_keys, paper_address, plain_references

_CITATION = re.compile(r"\[(@[^\[\]\s;]+(?:; @[^\[\]\s;]+)*)\]")
_PICTURE = re.compile(r"(!\[(?:[^\]\\]|\\.)*\]\()\.\./")


def readable(markdown: str, cited: pd.DataFrame, pictures: str) -> str:
    """Return a section's Markdown with citations rendered.

    Parameters
    ----------
    markdown : str
        As section.md holds it. A citation that no paper or method has stays as it is.
    cited : DataFrame
        The papers that may be cited.
    pictures : str
        The folder of the figures, as seen from where it is read.
    """
    keys = citation_keys(cited)
    papers = {key: paper for paper, key in keys.items()}
    found = list(dict.fromkeys(key.lstrip("@") for group in _CITATION.findall(markdown) for key in group.split("; ")))
    references = dict(zip(found, plain_references(cited, found), strict=True))
    known = [key for key in found if references[key]]
    numbers = {key: number for number, key in enumerate(known, start=1)}
    addresses = {key: paper_address(cited.loc[papers[key]]) for key in known if key in papers}

    def linked(match: re.Match[str]) -> str:
        wanted = [key.lstrip("@") for key in match.group(1).split("; ")]
        if not all(key in numbers for key in wanted):
            return match.group()
        marks = [f"[{numbers[key]}]({addresses[key]})" if addresses.get(key) else str(numbers[key]) for key in wanted]
        return f"\\[{', '.join(marks)}\\]"

    text = _PICTURE.sub(lambda match: f"{match.group(1)}{pictures.rstrip('/')}/", _CITATION.sub(linked, markdown))
    if not known:
        return text
    listed = "\n".join(f"{numbers[key]}. {markdown_text(references[key])}" for key in known)
    return f"{text.rstrip()}\n\n## References\n\n{listed}\n"
