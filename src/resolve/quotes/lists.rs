//! Words around what people say, folded, a space between two.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

/// أن and its like with pronouns, folded.
pub(super) static THAT: List =
    List::new(|| of("ان انه انها انهم انهما انني اني اننا انا بان بانه بانها بانهم بانهما بانني باننا"));
/// Prepositions that begin what is reported after some words: أعلن عن, حذر من, دعا إلى, ندد بـ.
pub(super) static ABOUT: List = List::new(|| of("عن من الي"));
/// Words whose report begins with a preposition, by their first letters without أ: (word, preposition).
pub(super) const PREPOSITIONS: &[(&str, &str)] = &[
    ("اعلن", "عن"),
    ("يعلن", "عن"),
    ("تعلن", "عن"),
    ("كشف", "عن"),
    ("يكشف", "عن"),
    ("تكشف", "عن"),
    ("حذر", "من"),
    ("يحذر", "من"),
    ("تحذر", "من"),
    ("محذر", "من"),
    ("دعا", "الي"),
    ("دعت", "الي"),
    ("دعوا", "الي"),
    ("يدعو", "الي"),
    ("تدعو", "الي"),
    ("داعي", "الي"),
];
/// Folded words that a title in quotes follows.
pub(super) static TITLED: List = List::new(|| {
    of("بعنوان عنوان عنوانه عنوانها شعار مسمي اسم باسم يسمي تسمي المسمي المسماه فيلم كتاب كتابه روايه مسلسل \
    برنامج صحيفه وكاله قناه موقع مجله جريده عمليه وسم هاشتاغ هاشتاق كلمه عباره مصطلح")
});
/// Words of the table of reporting verbs that report only what stands in quotes or after أن right behind them: they
/// are common words otherwise.
pub(super) static WEAK: List = List::new(|| {
    of("بين رد امر حمل القي نشر يعد تبين ظهر يظهر تظهر اظهر اظهرت واصل واصلت يواصل تابع بث سرد عبر قدر تقدر \
    يقدر طلب وعد ختم رفض مجددا كتب حث عبرت تبني ذكرا نقلا اثبت يثبت مقدر حكي شرح فسر اصر علق وافق ايد")
});

/// Nouns that report, with a pronoun: نقل عن فلان قوله.
pub(super) static NOUNS: List = List::new(|| of("قوله قولها قولهم قولهن قولهما تعبيره تعبيرها تعبيرهم"));

/// Prepositions and adverbs that name the source of what is said.
pub(super) static SOURCES: List = List::new(|| of("بحسب حسب وفقا وفق نقلا استنادا طبقا تبعا حسبما لسان"));

/// Nouns for those who speak without a name, folded, without their article.
pub(super) static PEOPLE: List = List::new(|| {
    of(
        "مصدر مصادر مصدران مصدرين مسوول مسوولون مسوولين مسووله مسيول مسيولون مسيولين مسيوله شاهد شهود ناشط ناشطون ناشطين نشطاء ناشطه متحدث متحدثون متحدثه ناطق ناطقه خبير خبراء محلل محللون محللين مراقب مراقبون مراقبين \
    دبلوماسي دبلوماسيون دبلوماسيين قيادي قياديون ضابط ضباط جندي جنود سكان اهالي طبيب اطباء محامي محامون تقرير تقارير صحف \
    وسائل بيان باحث باحثون مقرب مقربون نائب نواب وزير وزراء عضو اعضاء",
    )
});

/// Prepositions before somebody who does not speak.
pub(super) static OBJECT: List = List::new(|| of("من مع الي ضد بين علي لدي"));

/// What may follow a verb whose subject is not said again.
pub(super) static ALONE: List = List::new(|| {
    of("ان انه انها انهم انهما انني اننا بان بانه بانها بانهم الي في خلال ايضا كذلك قائلا قائله عن من بانني \
    علي ردا")
});

/// Words, looked up by the thousand.
pub(super) type List = LazyLock<FxHashSet<&'static str>>;

/// The words of a text, a space between two.
fn of(words: &'static str) -> FxHashSet<&'static str> {
    words.split(' ').collect()
}

/// Whether a word is in a list.
pub(super) fn listed(words: &List, word: &str) -> bool {
    words.contains(word)
}
