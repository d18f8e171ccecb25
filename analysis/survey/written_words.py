"""Keywords as papers write them: VQA and GPT-4V rather than vqa and gpt-4v."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

# a word that begins a sentence has its capital from there
_BEGINS = re.compile(r"(?:^|[.!?:]\s+|\n)$")


def written_words(words: Iterable[str], texts: Sequence[str]) -> dict[str, str]:
    """Return how running text writes each word: its commonest form that does not begin a sentence.

    Parameters
    ----------
    words : iterable of str
        Lower-case words and phrases.
    texts : sequence of str
        Abstracts; titles have capitals of their own.

    Returns
    -------
    dict of word to form
        Words that no text holds are left out.

    Examples
    --------
    >>> written_words(["vqa", "bees"], ["Bees do VQA. Most bees like vqa; VQA is hard."])
    {'vqa': 'VQA', 'bees': 'bees'}
    """
    wanted = list(dict.fromkeys(words))
    if not wanted:
        return {}
    parts = (re.escape(word).replace(r"\ ", r"[\s-]") for word in sorted(wanted, key=len, reverse=True))
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE)
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    for text in texts:
        for match in pattern.finditer(text):
            form = match.group()
            if form[1:].islower() and _BEGINS.search(text, max(0, match.start() - 3), match.start()):
                form = form.lower()
            forms[" ".join(form.split()).lower()][" ".join(form.split())] += 1
    # a form with a hyphen is that of the phrase without one
    plain = {word: forms[word] + forms[word.replace(" ", "-")] for word in wanted}
    return {word: min(counts, key=lambda form: (-counts[form], form)) for word, counts in plain.items() if counts}
