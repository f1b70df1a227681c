"""In which language a question is asked, with a leaning towards Italian."""

from __future__ import annotations

from functools import lru_cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from chatbot.words.pack import LANGUAGES

MIN_LETTERS = 12  # shorter questions in Latin letters say little
MARGIN = 0.8  # of py3langid's probabilities: what another language must reach
# In so few letters: of 9,073 beginnings of Italian sentences that short, two reach it.
SHORT_MARGIN = 0.97


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(LANGUAGES))
    identifier._full_model = None  # 28 MB, kept to change languages again: never done here
    return identifier


def detect_language(text: str, otherwise: str = "it") -> str:
    """One of LANGUAGES; `otherwise`, the asker's own, where the text does not tell."""
    if any("\u0600" <= c <= "\u06ff" for c in text):
        return "ar"
    if any("\u0400" <= c <= "\u04ff" for c in text):
        return "uk"
    short = sum(c.isalpha() for c in text) < MIN_LETTERS
    if short and len(text.split()) < 2:
        return otherwise
    language, probability = _identifier().classify(text)
    return str(language) if probability >= (SHORT_MARGIN if short else MARGIN) else otherwise
