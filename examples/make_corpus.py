"""Write a folder of Arabic news items to try Marsad on: invented events and invented people in real places.

    python examples/make_corpus.py out/news --articles 60

The same seed gives the same articles. File names begin with the day of publication, as `marsad report` reads it.
"""

from __future__ import annotations

import argparse
import random
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

MONTHS = "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر".split()
DAYS = "الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد".split()

# A country, its adjective, its towns, its currency.
COUNTRIES = [
    ("ليبيا", "الليبية", ["طرابلس", "بنغازي", "مصراتة", "سبها", "طبرق", "درنة"], "دينار ليبي"),
    ("تونس", "التونسية", ["تونس العاصمة", "صفاقس", "سوسة", "القيروان", "بنزرت"], "دينار تونسي"),
    ("مصر", "المصرية", ["القاهرة", "الإسكندرية", "أسوان", "بورسعيد", "المنصورة"], "جنيه مصري"),
    ("الأردن", "الأردنية", ["عمان", "إربد", "الزرقاء", "العقبة"], "دينار أردني"),
    ("العراق", "العراقية", ["بغداد", "البصرة", "الموصل", "أربيل", "كركوك"], "دينار عراقي"),
    ("المغرب", "المغربية", ["الرباط", "الدار البيضاء", "فاس", "مراكش", "طنجة"], "درهم مغربي"),
    ("الجزائر", "الجزائرية", ["وهران", "قسنطينة", "عنابة", "تلمسان"], "دينار جزائري"),
    ("لبنان", "اللبنانية", ["بيروت", "صيدا", "زحلة", "بعلبك"], "ليرة لبنانية"),
    ("السودان", "السودانية", ["الخرطوم", "بورتسودان", "كسلا", "عطبرة"], "جنيه سوداني"),
    ("موريتانيا", "الموريتانية", ["نواكشوط", "نواذيبو", "كيفة"], "أوقية"),
]
GIVEN = (
    "سليم نادر هيثم رامي عادل منير جمال فؤاد بسام طارق وليد كمال نبيل شريف أنور زياد ليلى سلمى هالة نجوى منى رانيا هدى سعاد كريمة نوال"
).split()
FAMILY = (
    "الشواهدي البرقاوي الزنتاني الحلواني القصبي الرفاعي المهدوي الغرياني الدرويش الصقلي البكوش العطار النجار الحداد السنوسي الورفلي الكيلاني "
    "التليلي الصباغ المنصوري"
).split()
MINISTRIES = [
    "وزارة الصحة",
    "وزارة النقل",
    "وزارة الزراعة",
    "وزارة التعليم",
    "وزارة الداخلية",
    "وزارة الموارد المائية",
    "وزارة الثقافة",
]
WORLD = [
    "الأمم المتحدة",
    "منظمة الصحة العالمية",
    "اليونسكو",
    "البنك الدولي",
    "الاتحاد الأوروبي",
    "الاتحاد الأفريقي",
    "جامعة الدول العربية",
    "اليونيسف",
]
OUTLETS = ["وكالة رويترز", "وكالة الأنباء الفرنسية", "صحيفة «الشرق الأوسط»", "قناة الجزيرة", "وكالة أسوشيتد برس"]
ABROAD = ["جنيف", "باريس", "روما", "لندن", "بروكسل", "أنقرة", "برلين", "مدريد"]


@dataclass(frozen=True)
class Article:
    """One news item."""

    id: str
    published: str
    title: str
    body: str

    @property
    def text(self) -> str:
        """Title and body."""
        return f"{self.title}\n\n{self.body}\n"


class Writer:
    """Fills templates; people keep their posts from article to article."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        names = [f"{given} {family}" for given in GIVEN for family in FAMILY]
        self.random.shuffle(names)
        self.people = {}
        for country, adjective, towns, _ in COUNTRIES:
            minister, doctor, expert, witness = (names.pop() for _ in range(4))
            self.people[country] = [
                (f"المتحدث باسم {self.random.choice(MINISTRIES)} {adjective}", minister),
                (f"رئيس بلدية {self.random.choice(towns)}", doctor),
                (f"الباحث في جامعة {towns[0]}", expert),
                ("المهندس", witness),
            ]

    def day(self, published: date) -> str:
        """A day before the publication, in one of the ways of the press."""
        back = self.random.randint(1, 6)
        day = published - timedelta(days=back)
        month = MONTHS[day.month - 1]
        return self.random.choice(
            [
                f"{DAYS[day.weekday()]} الماضي",
                f"يوم {DAYS[day.weekday()]} {day.day} {month}",
                f"في {day.day} {month} {day.year}",
                "أمس",
            ]
        )

    def past(self, published: date) -> str:
        """An earlier month or year."""
        year = published.year - self.random.randint(1, 9)
        return self.random.choice(
            [
                f"منذ عام {year}",
                f"في {self.random.choice(MONTHS)} {year}",
                f"منذ {self.random.choice(MONTHS)} {year}",
                "في العام الماضي",
            ]
        )

    def article(self, number: int, published: date) -> Article:
        """One item."""
        pick = self.random.choice
        country, adjective, towns, currency = pick(COUNTRIES)
        town, other = self.random.sample(towns, 2)
        ministry = f"{pick(MINISTRIES)} {adjective}"
        body, person = pick(self.people[country])
        body2, person2 = pick([p for p in self.people[country] if p[1] != person])
        world, outlet, abroad = pick(WORLD), pick(OUTLETS), pick(ABROAD)
        neighbor = pick([c[0] for c in COUNTRIES if c[0] != country])
        figure = self.random.randint(12, 950)
        title, lead, middle = pick(
            [
                (
                    f"سيول في {town} تعزل قرى وتقطع طريق {other}",
                    f"أعلنت {ministry} {self.day(published)} أن السيول التي ضربت {town} عزلت سبع قرى وقطعت الطريق المؤدية إلى {other}.",
                    f"وبلغت كمية الأمطار {figure % 90 + 20} ملم خلال يومين، وهي الأعلى {self.past(published)}. وأجلت فرق الدفاع المدني {figure} شخصا.",
                ),
                (
                    f"افتتاح محطة لتحلية المياه في {town}",
                    f"افتتحت {ministry} {self.day(published)} محطة لتحلية مياه البحر في {town} بتمويل من {world}.",
                    f"وكلف المشروع {figure} مليون دولار، وستغذي المحطة {town} و{other} بنحو {figure % 70 + 10} ألف متر مكعب في اليوم. وقد توقف العمل فيها {self.past(published)}.",
                ),
                (
                    f"مؤتمر في {abroad} يبحث التعاون مع {country}",
                    f"استضافت {abroad} {self.day(published)} مؤتمرا عن التعاون بين {country} و{world} شارك فيه ممثلون عن {neighbor}.",
                    f"واتفق المشاركون على برنامج تدريب يستفيد منه {figure} موظفا في {town} و{other}، على أن يبدأ قبل نهاية العام الجاري.",
                ),
                (
                    f"الكشف عن لوحة فسيفساء قرب {town}",
                    f"كشفت بعثة أثرية من {abroad} {self.day(published)} عن لوحة فسيفساء قرب {town}، بحسب ما أفادت {ministry}.",
                    f"وتعود اللوحة إلى القرن الثالث، وتبلغ مساحتها {figure % 60 + 9} مترا مربعا. وستعرض في متحف {other} بعد ترميمها بمساعدة {world}.",
                ),
                (
                    f"ارتفاع أسعار القمح في أسواق {town}",
                    f"ارتفعت أسعار القمح في أسواق {town} {self.day(published)} بنسبة {figure % 20 + 3} في المئة بعد تأخر سفينة قادمة من {neighbor}.",
                    f"وبلغ سعر الطن {figure} {currency}، في حين حذر تجار في {other} من نقص {self.past(published)} لم تعرفه السوق.",
                ),
                (
                    f"حملة تلقيح في {town} و{other}",
                    f"بدأت {ministry} {self.day(published)} حملة لتلقيح الأطفال في {town} و{other} بدعم من {world}.",
                    f"وتشمل الحملة {figure} ألف طفل دون الخامسة، وتستمر عشرة أيام. وكانت حملة مماثلة قد جرت {self.past(published)}.",
                ),
            ]
        )
        quote = pick(
            [
                "لن نغادر المكان قبل أن نصل إلى آخر بيت فيه",
                "هذه خطوة أولى، وأمامنا عمل كثير في الأشهر المقبلة",
                "كنا ننتظر هذا اليوم، والناس هنا يعرفون ما الذي تغير",
                "الأرقام تتحدث عن نفسها، ولا نحتاج إلى وعود جديدة",
                "ما رأيناه يستحق أن يدرس وأن يروى",
            ]
        )
        second = pick(
            [
                f"ونقلت {outlet} عن {body2} {person2} أن العمل في {other} يسير ببطء بسبب نقص الوقود.",
                f"وذكرت {outlet} أن وفدا من {world} سيزور {town} خلال الأسبوع المقبل للاطلاع على الأوضاع.",
                f"وفي {other} حذر {body2} {person2} من تكرار ما حدث، مشيرا إلى أن {neighbor} عرضت المساعدة.",
                f"وبحسب {outlet} فإن {figure % 40 + 5}% من السكان في {country} يعيشون في مناطق مشابهة.",
            ]
        )
        last = pick(
            [
                f"يذكر أن {country} وقعت مع {world} اتفاقا للتعاون {self.past(published)}.",
                f"ومن المنتظر أن يناقش مجلس الوزراء الملف {DAYS[(published.weekday() + 3) % 7]} المقبل.",
                f"ويقع الموقع على بعد {figure % 180 + 15} كيلومترا من {other}، على الطريق إلى {neighbor}.",
            ]
        )
        paragraphs = [lead, f"وقال {body} {person}: «{quote}». {middle}", second, last]
        return Article(f"{published}-{number:03}", published.isoformat(), title, "\n\n".join(paragraphs))


def articles(count: int = 60, *, seed: int = 1, start: date = date(2025, 1, 6)) -> list[Article]:
    """So many articles, two or three days apart."""
    writer = Writer(seed)
    found, day = [], start
    for number in range(1, count + 1):
        found.append(writer.article(number, day))
        day += timedelta(days=writer.random.choice([0, 1, 2, 3]))
    return found


def main() -> None:
    """Write them."""
    parser = argparse.ArgumentParser(description="Write a folder of Arabic news items, one file each.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--articles", type=int, default=60, metavar="N")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    for article in articles(args.articles, seed=args.seed):
        (args.folder / f"{article.id}.txt").write_text(article.text, encoding="utf-8")
    print(f"{args.articles} articles in {args.folder}")


if __name__ == "__main__":
    main()
