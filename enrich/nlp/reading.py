"""A document as the linker sees it: tokens, sentences and quotations with character offsets.

The linker works on offsets of its own and not on spaCy tokens, so it behaves the same on any tokeniser: hyphen
compounds are always split ("VW-Chef"), inclusive forms ("Leiter:in") never.
"""

from __future__ import annotations

import bisect
import itertools
import re
from typing import Final

from enrich.vocabulary_files import words

# Longer texts are cut: a page of news has 5,000 characters, this is a book.
MAX_CHARS: Final = 200_000
# A sentence without an end is cut, so that no rule looks at more than this many tokens at once.
MAX_SENTENCE: Final = 150

_TOKEN = re.compile(
    r"[^\W\d_]+(?:[:*_]|/-?|\()in(?:nen)?\b\)?"  # Leiter:in, Leiter*innen, Inhaber/-in, Leiter(in)
    r"|\d+(?:[.,]\d+)*|[^\W\d_]+(?:[’'](?=[^\W\d_])[^\W\d_]+)?|\S"
)
_ABBREVIATIONS = words(
    """dr prof dipl ing mag st str nr ca bzw inkl zzgl evtl vgl usw etc sog geb gest verh jur med phil rer nat pol oec
    hc h c a d z b u s o v l n r m e i k abs art bd co corp inc ltd mr mrs ms sen jun jr sr no vs gov rev hon lt col capt sgt
    gen kommr bgm pfr inh abt stv stellv tel prok dept est approx rd ave mt ft ex-col mio mrd tsd min max jahrh jh jan feb febr mär apr
    jun jul aug sept sep okt oct nov dez dec ges allg ev kath"""
)
_ENDERS = frozenset(".!?…")
_OPENING = frozenset("„“»«‚‘\"'”’")
_MONTHS = words(
    """januar jänner februar feber märz april mai juni juli august september oktober november dezember
    jahrhundert jahrestag geburtstag quartal bundesliga klasse platz etage stock vorsitzender vorsitzende vorsitzenden
    bürgermeister beigeordneter beigeordnete bevollmächtigter bevollmächtigte vorstand weltkrieg mal semester lehrjahr"""
)


class Reading:
    """Tokens of one text. `starts/ends/words/lowers` run in parallel; `sentence[i]` numbers the sentence of token i."""

    __slots__ = ("_quote_ranges", "bounds", "ends", "lowers", "quoted", "sentence", "starts", "text", "words")

    def __init__(self, text: str) -> None:
        self.text = text[:MAX_CHARS]
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.words: list[str] = []
        for match in _TOKEN.finditer(self.text):
            self.starts.append(match.start())
            self.ends.append(match.end())
            self.words.append(match.group())
        self.lowers = [word.lower() for word in self.words]
        self.bounds: list[tuple[int, int]] = []  # token ranges of sentences
        self.sentence: list[int] = []
        self._split()
        self.quoted = self._quotations()

    def __len__(self) -> int:
        return len(self.words)

    def token_range(self, start: int, end: int) -> tuple[int, int]:
        """Return the tokens [first, last) that touch the characters [start, end)."""
        first = bisect.bisect_right(self.ends, start)
        last = bisect.bisect_left(self.starts, end)
        return first, last

    def span_text(self, first: int, last: int) -> str:
        """Return the verbatim text of tokens [first, last)."""
        return self.text[self.starts[first] : self.ends[last - 1]] if last > first else ""

    def sentence_span(self, number: int) -> tuple[int, int]:
        """Return the character range of a sentence."""
        first, last = self.bounds[number]
        return self.starts[first], self.ends[last - 1]

    def _split(self) -> None:
        wrapped = _wrapped_lines(self.text)
        first = 0
        count = len(self.words)
        for i in range(count):
            if self._ends_sentence(i, wrapped) or i - first + 1 >= MAX_SENTENCE:
                self.bounds.append((first, i + 1))
                first = i + 1
        if first < count:
            self.bounds.append((first, count))
        for number, (begin, end) in enumerate(self.bounds):
            self.sentence.extend([number] * (end - begin))

    def _ends_sentence(self, i: int, wrapped: bool) -> bool:
        if i + 1 >= len(self.words):
            return True
        gap = self.text[self.ends[i] : self.starts[i + 1]]
        word = self.words[i]
        if "\n" in gap:
            if gap.count("\n") > 1 or not wrapped:
                return True
            return word in _ENDERS or self.words[i + 1] in "•*·"
        if not gap:
            return False
        if word not in _ENDERS:
            # A closing quote after the full stop belongs to the sentence that it ends.
            if word in _OPENING and i > 0 and self.words[i - 1] in _ENDERS and self.starts[i] == self.ends[i - 1]:
                return self._starts_sentence(i + 1)
            return False
        follower = self.words[i + 1]
        if word == "." and i > 0 and self.starts[i] == self.ends[i - 1]:
            before = self.lowers[i - 1]
            if before in _ABBREVIATIONS and not (len(before) > 1 and self._closed(i)):
                return False
            if len(before) == 1 and before.isalpha():
                return False
            if before.isdigit() and len(before) <= 2 and (follower[0].islower() or self.lowers[i + 1] in _MONTHS):
                return False
        return self._starts_sentence(i + 1)

    def _closed(self, i: int) -> bool:
        """True for abbreviations that end a name and often a sentence: "Koch & Co. Der", "Inc. He"."""
        return self.lowers[i - 1] in ("co", "inc", "ltd", "corp") and self.lowers[i + 1] in _STARTERS

    def _starts_sentence(self, i: int) -> bool:
        word = self.words[i]
        return word[0].isupper() or word[0].isdigit() or not word[0].isalnum() or word[0] in _OPENING

    def _quotations(self) -> list[bool]:
        """Mark the tokens inside quotation marks; a quotation runs at most 200 tokens and over no paragraph."""
        inside = [False] * len(self.words)
        opened = -1
        for i, word in enumerate(self.words):
            if opened >= 0 and (i - opened > 200 or self._paragraph_between(i)):
                opened = -1
            if word == "„" or (word in '»«“"' and opened < 0 and self._opens(i)):
                opened = i
            elif opened >= 0 and word in '“”«»"':
                if i - opened > 3:  # shorter ones are names in quotation marks
                    for k in range(opened + 1, i):
                        inside[k] = True
                opened = -1
        return inside

    def _opens(self, i: int) -> bool:
        after = i + 1 < len(self.words) and self.starts[i + 1] == self.ends[i]
        before = i > 0 and self.starts[i] == self.ends[i - 1] and self.words[i - 1] not in "([:,"
        return after and not before

    def _paragraph_between(self, i: int) -> bool:
        return i > 0 and "\n\n" in self.text[self.ends[i - 1] : self.starts[i]]


_STARTERS = words("der die das ein eine er sie es im in am mit für nach the a he she it in on at with after")


def _wrapped_lines(text: str) -> bool:
    """True when a text is broken into short lines in mid-sentence, as press agencies send it."""
    lines = [line.rstrip() for line in text[:20_000].split("\n")]
    broken = sum(
        1
        for line, following in itertools.pairwise(lines)
        if 45 <= len(line) <= 82 and line[-1] not in ".!?:" and following[:1].isalnum()
    )
    return broken >= 4 and broken * 3 >= sum(1 for line in lines if line)
