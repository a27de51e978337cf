"""The words of charts and reports, in English and Arabic."""

from __future__ import annotations

LANGUAGES = ("en", "ar")

WORDS: dict[str, tuple[str, str]] = {
    "article": ("article", "المقال"),
    "articles": ("Articles", "المقالات"),
    "count": ("mentions", "عدد المرات"),
    "sentence": ("sentence", "الجملة"),
    "name": ("name", "الاسم"),
    "latin": ("in Latin letters", "بالحروف اللاتينية"),
    "type": ("type", "النوع"),
    "date": ("date", "التاريخ"),
    "period": ("period", "الفترة"),
    "published": ("published", "تاريخ النشر"),
    "country": ("country", "البلد"),
    "shared": ("together", "معًا"),
    "position": ("position in the text, %", "الموضع في النص، ٪"),
    "term": ("term", "المصطلح"),
    "words": ("in its words", "كما ورد"),
    "mentions_of": ("mentions", "المرات"),
    "share": ("share of all mentions, %", "النسبة من جميع المرات، ٪"),
    "here": ("here", "هنا"),
    "there": ("there", "هناك"),
    "likelihood": ("log-likelihood", "معامل الاحتمال"),
    "difference": ("%DIFF", "نسبة الفرق"),
    "ratio": ("log ratio", "لوغاريتم النسبة"),
    "more_in": ("more frequent in", "أكثر ورودًا في"),
    "first": ("in the first corpus", "في المدونة الأولى"),
    "second": ("in the second corpus", "في المدونة الثانية"),
    "timeline": ("When: dated mentions by name", "متى: التواريخ المذكورة حسب الأسماء"),
    "map": ("Where: places by mentions", "أين: الأماكن حسب عدد المرات"),
    "network": ("Together: names that share a {}", "معًا: أسماء تجتمع في {}"),
    "frequency": ("Most frequent names", "أكثر الأسماء ورودًا"),
    "frequency_label": ("Mentions by type", "المرات حسب النوع"),
    "trend": ("Mentions by date of publication", "المرات حسب تاريخ النشر"),
    "heatmap": ("Who with where", "من وأين"),
    "keyness": ("Key words: the two corpora compared", "الكلمات المفتاحية: مقارنة بين المدونتين"),
    "dispersion": ("Where the terms stand", "مواضع المصطلحات"),
    "kwic": ("In context: {}", "في السياق: {}"),
    "unit_sentence": ("sentence", "جملة"),
    "unit_paragraph": ("paragraph", "فقرة"),
    "unit_document": ("document", "مقال"),
    "nothing": ("Nothing to show: {}", "لا شيء للعرض: {}"),
    "no_dates": ("no mention has a date on the calendar", "لا تواريخ معروفة في النص"),
    "no_places": ("no place with known coordinates", "لا أماكن معروفة الإحداثيات"),
    "no_pairs": ("no two names stand together", "لا أسماء مجتمعة"),
    "no_names": ("no names", "لا أسماء"),
    "no_published": ("no document says when it was published", "لا تاريخ نشر للمقالات"),
    "no_words": ("no word differs enough", "لا كلمات مختلفة بما يكفي"),
    "no_terms": ("the terms do not occur", "المصطلحات غير واردة"),
}

LABEL_NAMES: dict[str, tuple[str, str]] = {
    "PERS": ("person", "شخص"),
    "OCC": ("title or post", "منصب أو لقب"),
    "NORP": ("people or community", "جماعة أو شعب"),
    "ORG": ("organization", "هيئة أو منظمة"),
    "GPE": ("country, city, town", "بلد أو مدينة"),
    "LOC": ("other place", "مكان آخر"),
    "FAC": ("building or site", "منشأة"),
    "EVENT": ("event", "حدث"),
    "LAW": ("law or agreement", "قانون أو اتفاق"),
    "PRODUCT": ("product", "منتج"),
    "LANGUAGE": ("language", "لغة"),
    "DATE": ("date or period", "تاريخ أو فترة"),
    "TIME": ("time of day", "وقت"),
    "CARDINAL": ("number", "عدد"),
    "ORDINAL": ("rank", "رتبة"),
    "PERCENT": ("percentage", "نسبة مئوية"),
    "QUANTITY": ("quantity", "كمية"),
    "UNIT": ("unit", "وحدة"),
    "MONEY": ("sum of money", "مبلغ"),
    "CURR": ("currency", "عملة"),
    "WEBSITE": ("address", "عنوان"),
}


def word(key: str, lang: str) -> str:
    """A word of the interface."""
    return WORDS[key][LANGUAGES.index(lang)]


def label_name(label: str, lang: str) -> str:
    """What a type is called."""
    return LABEL_NAMES[label][LANGUAGES.index(lang)] if label in LABEL_NAMES else label
