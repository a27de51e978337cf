//! The words of the grammars, and what each means.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::script::fold_to_string;

use super::{Calendar, Count, DayPart, Mod, Num, Shift, Term, Unit};

/// A unit of measure.
#[derive(Debug)]
pub struct Measure {
    /// Its UCUM code; a feddan and a dunam have none and stand in braces.
    pub ucum: &'static str,
    /// Its names.
    names: &'static str,
    /// A name of one or two letters that means it only after a number.
    pub short: bool,
}

const fn measure(ucum: &'static str, names: &'static str) -> Measure {
    Measure { ucum, names, short: false }
}

const fn short(ucum: &'static str, names: &'static str) -> Measure {
    Measure { ucum, names, short: true }
}

/// Units of measure.
pub static MEASURES: &[Measure] = &[
    measure("km", "كيلومتر كيلومترا كيلومترات كيلومترين كلم كيلومترٍ km"),
    short("km", "كم"),
    measure("m", "متر مترا أمتار مترين متران امتار"),
    short("m", "م m"),
    measure("cm", "سنتيمتر سنتيمترا سنتيمترات سنتمتر سنتمترا سنتمترات سنتم cm"),
    short("cm", "سم"),
    measure("mm", "ملم ميليمتر ميليمترا مليمتر مليمترا مليمترات ملليمتر ملليمترا ملليمترات ميليمترات mm"),
    short("mm", "مم"),
    measure("[mi_i]", "ميل ميلا أميال ميلين"),
    measure("[nmi_i]", ""),
    measure("[ft_i]", "قدم قدما أقدام قدمين"),
    measure("[yd_i]", "ياردة ياردات"),
    measure("[in_i]", "بوصة بوصات إنش"),
    measure("har", "هكتار هكتارا هكتارات هكتارين"),
    short("har", "هك"),
    measure("{feddan}", "فدان فدانا أفدنة فدانين"),
    measure("{dunam}", "دونم دونما دونمات دونمين"),
    measure("kg", "كيلوغرام كيلوغراما كيلوغرامات كيلوجرام كيلوجراما كيلوجرامات كلغ كلج كجم kg"),
    short("kg", "كغ كغم كيلو كيلا"),
    measure("g", "غرام غراما غرامات جرام جراما جرامات غرامين"),
    short("g", "غ غم"),
    measure("mg", "ملغ ميلليغرام ميليغرام ملليغرام مليغرام ملغم"),
    measure("t", "طن طنا أطنان طنين طنان"),
    measure("{qintar}", "قنطار قنطارا قناطير"),
    measure("[oz_av]", "أونصة أونصات أوقية أوقيات"),
    measure("[lb_av]", "رطل رطلا أرطال"),
    measure("L", "لتر لترا لترات ليتر ليترا ليترات"),
    measure("[bbl_us]", "برميل برميلا براميل برميلين"),
    measure("[gal_us]", "غالون غالونا غالونات جالون جالونا جالونات"),
    measure("deg", "درجة درجات درجتين"),
    measure("W", "واط"),
    measure("kW", "كيلوواط كيلووات"),
    measure("MW", "ميغاواط ميجاواط ميغاوات ميجاوات"),
    measure("GW", "غيغاواط جيجاواط غيغاوات جيجاوات"),
    measure("By", "بايت"),
    measure("MBy", "ميغابايت ميجابايت"),
    measure("GBy", "غيغابايت جيجابايت"),
    measure("TBy", "تيرابايت"),
    measure("Hz", "هرتز هيرتز"),
    measure("MHz", "ميغاهرتز ميجاهرتز"),
    measure("GHz", "غيغاهرتز جيجاهرتز"),
    measure("kcal", "سعرة سعرات كالوري"),
    measure("[car_Au]", "قيراط قيراطا قراريط"),
    measure("{basis point}", ""),
    measure("{percentage point}", ""),
    measure("[ly]", ""),
    measure("Cel", "مئوية"),
    measure("V", "فولت"),
    measure("bar", "بار"),
];

/// The number of the unit of a UCUM code.
pub fn measure_of(ucum: &str) -> Option<u8> {
    MEASURES.iter().position(|m| m.ucum == ucum).and_then(|i| u8::try_from(i).ok())
}

/// A currency by its noun: the currency of each nation that has one so called, or the one that is meant by itself.
#[derive(Debug)]
pub struct Currency {
    names: &'static str,
    /// The ISO 4217 code when no nation is named.
    pub alone: Option<&'static str>,
    /// Country and ISO 4217 code.
    pub of: &'static [(&'static str, &'static str)],
    /// A part of the currency: how many make one.
    pub parts: u16,
}

const fn currency(
    names: &'static str,
    alone: Option<&'static str>,
    of: &'static [(&'static str, &'static str)],
) -> Currency {
    Currency { names, alone, of, parts: 1 }
}

/// Currencies.
pub static CURRENCIES: &[Currency] = &[
    currency(
        "دولار دولارا دولارات دولارين $",
        Some("USD"),
        &[("US", "USD"), ("CA", "CAD"), ("AU", "AUD"), ("HK", "HKD"), ("SG", "SGD"), ("NZ", "NZD"), ("TW", "TWD")],
    ),
    currency("يورو أورو €", Some("EUR"), &[("EU", "EUR")]),
    currency(
        "جنيه جنيها جنيهات جنيهين £",
        None,
        &[("EG", "EGP"), ("GB", "GBP"), ("SD", "SDG"), ("SS", "SSP"), ("LB", "LBP"), ("SY", "SYP")],
    ),
    currency("ليرة ليرات ليرتين", None, &[("SY", "SYP"), ("LB", "LBP"), ("TR", "TRY"), ("IT", "ITL")]),
    currency(
        "دينار دينارا دنانير دينارين دينارات",
        None,
        &[
            ("LY", "LYD"),
            ("TN", "TND"),
            ("DZ", "DZD"),
            ("IQ", "IQD"),
            ("JO", "JOD"),
            ("KW", "KWD"),
            ("BH", "BHD"),
            ("RS", "RSD"),
        ],
    ),
    currency("درهم درهما دراهم درهمين", None, &[("AE", "AED"), ("MA", "MAD")]),
    currency(
        "ريال ريالا ريالات ريالين",
        None,
        &[("SA", "SAR"), ("QA", "QAR"), ("OM", "OMR"), ("YE", "YER"), ("IR", "IRR"), ("BR", "BRL")],
    ),
    currency("شيكل شيكلا شيكلات شواكل شيقل شيكلين ₪", Some("ILS"), &[("IL", "ILS")]),
    currency("روبل روبلا روبلات", Some("RUB"), &[("RU", "RUB"), ("BY", "BYN")]),
    currency("ين ¥", Some("JPY"), &[("JP", "JPY")]),
    currency("يوان يوانا", Some("CNY"), &[("CN", "CNY")]),
    currency("روبية روبيات ربية", None, &[("IN", "INR"), ("PK", "PKR"), ("ID", "IDR"), ("LK", "LKR")]),
    currency("فرنك فرنكا فرنكات", None, &[("CH", "CHF"), ("FR", "FRF"), ("BE", "BEF"), ("XO", "XOF")]),
    currency("كرونة كرونات كرون", None, &[("SE", "SEK"), ("NO", "NOK"), ("DK", "DKK"), ("CZ", "CZK")]),
    currency("وون", Some("KRW"), &[("KR", "KRW"), ("KP", "KPW")]),
    currency("بيزو", None, &[("MX", "MXN"), ("AR", "ARS"), ("CL", "CLP"), ("CO", "COP"), ("PH", "PHP")]),
    currency("راند", Some("ZAR"), &[("ZA", "ZAR")]),
    currency("رنمينبي", Some("CNY"), &[]),
    currency("تومان تومانا", Some("IRR"), &[("IR", "IRR")]),
    currency("نايرا", Some("NGN"), &[("NG", "NGN")]),
    currency("دج", Some("DZD"), &[]),
    currency("مارك ماركا", Some("DEM"), &[("DE", "DEM")]),
    currency("استرليني إسترليني", Some("GBP"), &[]),
    Currency {
        names: "سنت سنتا سنتات", alone: Some("USD"), of: &[("US", "USD"), ("EU", "EUR")], parts: 100
    },
    Currency { names: "قرش قرشا قروش", alone: None, of: &[("EG", "EGP"), ("SD", "SDG")], parts: 100 },
    Currency {
        names: "فلس فلسا فلوس", alone: None, of: &[("KW", "KWD"), ("JO", "JOD"), ("IQ", "IQD")], parts: 1000
    },
    Currency {
        names: "سنتيم سنتيما سنتيمات", alone: None, of: &[("DZ", "DZD"), ("MA", "MAD")], parts: 100
    },
];

/// Nations by the stem of their adjective (`-ي`, `-ية`), as the currencies need them.
pub static NATIONS: &[(&str, &str)] = &[
    ("US", "أمريكي أميركي"),
    ("CA", "كندي"),
    ("AU", "أسترالي استرالي"),
    ("HK", "هونغكونغي"),
    ("SG", "سنغافوري"),
    ("NZ", "نيوزيلندي نيوزلندي"),
    ("TW", "تايواني"),
    ("EU", "أوروبي"),
    ("EG", "مصري"),
    ("GB", "بريطاني استرليني إسترليني أسترليني"),
    ("SD", "سوداني"),
    ("LB", "لبناني"),
    ("SY", "سوري"),
    ("TR", "تركي"),
    ("IT", "إيطالي"),
    ("LY", "ليبي"),
    ("TN", "تونسي"),
    ("DZ", "جزائري"),
    ("IQ", "عراقي"),
    ("JO", "أردني"),
    ("KW", "كويتي"),
    ("BH", "بحريني"),
    ("RS", "صربي"),
    ("AE", "إماراتي"),
    ("MA", "مغربي"),
    ("SA", "سعودي"),
    ("QA", "قطري"),
    ("OM", "عماني"),
    ("YE", "يمني"),
    ("IR", "إيراني"),
    ("BR", "برازيلي"),
    ("IL", "إسرائيلي"),
    ("RU", "روسي"),
    ("BY", "بيلاروسي"),
    ("JP", "ياباني"),
    ("CN", "صيني"),
    ("IN", "هندي"),
    ("PK", "باكستاني"),
    ("ID", "إندونيسي"),
    ("LK", "سريلانكي"),
    ("CH", "سويسري"),
    ("FR", "فرنسي"),
    ("BE", "بلجيكي"),
    ("XO", "إفريقي أفريقي"),
    ("SE", "سويدي"),
    ("NO", "نرويجي"),
    ("DK", "دنماركي دانماركي"),
    ("CZ", "تشيكي"),
    ("KR", "كوري"),
    ("MX", "مكسيكي"),
    ("AR", "أرجنتيني"),
    ("CL", "تشيلي"),
    ("CO", "كولومبي"),
    ("PH", "فلبيني"),
    ("ZA", "جنوب"),
    ("NG", "نيجيري"),
    ("DE", "ألماني"),
    ("OT", "عثماني"),
];

/// Which spelling of a stem a row is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum With {
    /// With ال or without.
    Any,
    /// Only with ال.
    Article,
    /// Only without.
    Bare,
}

type Row = (Term, With, &'static str);

use With::{Any, Article, Bare};

const fn greg(n: u8, sure: bool) -> Term {
    Term::Month(Calendar::Gregorian, n, sure)
}
const fn hijri(n: u8, sure: bool) -> Term {
    Term::Month(Calendar::Hijri, n, sure)
}
const fn unit(n: u8) -> Term {
    Term::Num(Num::Unit(n))
}
const fn tens(n: u8) -> Term {
    Term::Num(Num::Tens(n))
}
const fn hundred(n: u16) -> Term {
    Term::Num(Num::Hundred(n))
}
const fn scale(n: u8, count: Count) -> Term {
    Term::Num(Num::Scale(n, count))
}
const fn time(unit: Unit, count: Count) -> Term {
    Term::Unit(unit, count)
}

const NUMBERS: &[Row] = &[
    (Term::Num(Num::OneOf), Any, "أحد إحدى حادي حادية"),
    (unit(1), Any, "واحد واحدة واحدا"),
    (unit(2), Any, "اثنان اثنين اثنتان اثنتين اثنا اثني اثنتا اثنتي إثنان إثنين إثنا إثني"),
    (unit(3), Any, "ثلاث ثلاثة ثلاثا"),
    (unit(4), Any, "أربع أربعة أربعا"),
    (unit(5), Any, "خمس خمسة خمسا"),
    (unit(6), Any, "ست ستة"),
    (unit(7), Any, "سبع سبعة سبعا"),
    (unit(8), Any, "ثمان ثماني ثمانية ثمانيا"),
    (unit(9), Any, "تسع تسعة تسعا"),
    (Term::Num(Num::Ten), Any, "عشر عشرة"),
    (tens(20), Any, "عشرون عشرين"),
    (tens(30), Any, "ثلاثون ثلاثين"),
    (tens(40), Any, "أربعون أربعين"),
    (tens(50), Any, "خمسون خمسين"),
    (tens(60), Any, "ستون ستين"),
    (tens(70), Any, "سبعون سبعين"),
    (tens(80), Any, "ثمانون ثمانين"),
    (tens(90), Any, "تسعون تسعين"),
    (hundred(100), Any, "مئة مائة"),
    (hundred(200), Any, "مئتان مئتين مائتان مائتين مائتي مئتي مائتا مئتا"),
    (hundred(300), Any, "ثلاثمئة ثلاثمائة"),
    (hundred(400), Any, "أربعمئة أربعمائة"),
    (hundred(500), Any, "خمسمئة خمسمائة"),
    (hundred(600), Any, "ستمئة ستمائة"),
    (hundred(700), Any, "سبعمئة سبعمائة"),
    (hundred(800), Any, "ثمانمئة ثمانمائة ثمانيمئة ثمانيمائة"),
    (hundred(900), Any, "تسعمئة تسعمائة"),
    (Term::Num(Num::Hundreds), Any, "مئات"),
    (Term::Num(Num::Vague), Any, "عشرات بضع بضعة عدة"),
    (scale(3, Count::One), Any, "ألف"),
    (scale(3, Count::Two), Any, "ألفان ألفين"),
    (scale(3, Count::TwoOf), Any, "ألفي"),
    (scale(3, Count::Many), Any, "آلاف ألوف"),
    (scale(3, Count::Counted), Bare, "ألفا"),
    (scale(6, Count::One), Any, "مليون ميلون"),
    (scale(6, Count::Two), Any, "مليونان مليونين"),
    (scale(6, Count::TwoOf), Any, "مليوني"),
    (scale(6, Count::Many), Any, "ملايين"),
    (scale(6, Count::Counted), Bare, "مليونا"),
    (scale(9, Count::One), Any, "مليار بليون"),
    (scale(9, Count::Two), Any, "ملياران مليارين بليونان بليونين"),
    (scale(9, Count::TwoOf), Any, "ملياري بليوني"),
    (scale(9, Count::Many), Any, "مليارات بلايين"),
    (scale(9, Count::Counted), Bare, "مليارا بليونا"),
    (scale(12, Count::One), Any, "تريليون ترليون"),
    (scale(12, Count::Two), Any, "تريليونان تريليونين ترليونان ترليونين"),
    (scale(12, Count::TwoOf), Any, "تريليوني ترليوني"),
    (scale(12, Count::Many), Any, "تريليونات ترليونات"),
    (scale(12, Count::Counted), Bare, "تريليونا ترليونا"),
    (scale(15, Count::One), Any, "كوادريليون"),
    (scale(15, Count::Two), Any, "كوادريليونان كوادريليونين"),
    (scale(15, Count::Many), Any, "كوادريليونات"),
    (scale(15, Count::Counted), Bare, "كوادريليونا"),
    (Term::Num(Num::Part(1, 2)), Any, "نصف"),
    (Term::Num(Num::Part(1, 3)), Any, "ثلث"),
    (Term::Num(Num::Part(2, 3)), Any, "ثلثا ثلثي ثلثين ثلثان"),
    (Term::Num(Num::Part(1, 4)), Any, "ربع"),
    (Term::Num(Num::Part(1, 6)), Any, "سدس"),
    (Term::Num(Num::Parts(4)), Any, "أرباع"),
    (Term::Num(Num::Parts(5)), Any, "أخماس"),
    (Term::Ord(1), Any, "أول أولى أولين أوليين"),
    (Term::Ord(2), Any, "ثاني ثانية ثان ثانيا"),
    (Term::Ord(3), Any, "ثالث ثالثة ثالثا"),
    (Term::Ord(4), Any, "رابع رابعة رابعا"),
    (Term::Ord(5), Any, "خامس خامسة خامسا"),
    (Term::Ord(6), Any, "سادس سادسة سادسا"),
    (Term::Ord(7), Any, "سابع سابعة سابعا"),
    (Term::Ord(8), Any, "ثامن ثامنة ثامنا"),
    (Term::Ord(9), Any, "تاسع تاسعة تاسعا"),
    (Term::Ord(10), Any, "عاشر عاشرة عاشرا"),
    (Term::Last, Any, "أخير أخيرة"),
    (Term::Percent, Bare, "% ٪ بالمئة بالمائة %؜"),
];

const MONTHS: &[Row] = &[
    (greg(1, true), Bare, "يناير جانفي ينايـر"),
    (greg(2, true), Bare, "فبراير شباط فيفري فبرايـر"),
    (greg(3, true), Bare, "آذار"),
    (greg(3, false), Bare, "مارس"),
    (greg(4, true), Bare, "أبريل إبريل نيسان أفريل أپريل"),
    (greg(5, true), Bare, "مايو أيار"),
    (greg(5, false), Bare, "ماي"),
    (greg(6, true), Bare, "يونيو حزيران يونية يونيه"),
    (greg(6, false), Bare, "جوان"),
    (greg(7, true), Bare, "يوليو تموز جويلية يوليوز يولية يوليه"),
    (greg(8, true), Bare, "أغسطس غشت اوغسطس"),
    (greg(8, false), Bare, "آب أوت"),
    (greg(9, true), Bare, "سبتمبر أيلول شتنبر"),
    (greg(10, true), Bare, "أكتوبر اكتوبـر"),
    (greg(11, true), Bare, "نوفمبر نونبر نوفمير"),
    (greg(12, true), Bare, "ديسمبر دجنبر دسمبر"),
    (hijri(1, false), Any, "محرم"),
    (hijri(2, false), Bare, "صفر"),
    (hijri(7, false), Bare, "رجب"),
    (hijri(8, false), Bare, "شعبان"),
    (hijri(9, false), Bare, "رمضان"),
    (hijri(10, true), Bare, "شوال"),
    (Term::MonthHead('ك'), Bare, "كانون"),
    (Term::MonthHead('ت'), Bare, "تشرين"),
    (Term::MonthHead('ج'), Bare, "جمادى جماد"),
    (Term::MonthHead('ذ'), Bare, "ذو ذي ذا"),
];

const TIMES: &[Row] = &[
    (Term::Weekday(0), Article, "سبت"),
    (Term::Weekday(1), Article, "أحد"),
    (Term::Weekday(2), Article, "اثنين إثنين اتنين"),
    (Term::Weekday(3), Article, "ثلاثاء ثلاثا"),
    (Term::Weekday(4), Article, "أربعاء إربعاء"),
    (Term::Weekday(5), Article, "خميس"),
    (Term::Weekday(6), Article, "جمعة"),
    (time(Unit::Second, Count::Many), Any, "ثوان ثواني"),
    (time(Unit::Second, Count::Two), Any, "ثانيتين ثانيتان"),
    (time(Unit::Minute, Count::One), Any, "دقيقة"),
    (time(Unit::Minute, Count::Two), Any, "دقيقتين دقيقتان"),
    (time(Unit::Minute, Count::Many), Any, "دقائق"),
    (time(Unit::Hour, Count::One), Any, "ساعة"),
    (time(Unit::Hour, Count::Two), Any, "ساعتين ساعتان"),
    (time(Unit::Hour, Count::Many), Any, "ساعات"),
    (Term::Deictic(0), Article, "يوم"),
    (time(Unit::Day, Count::One), Bare, "يوم"),
    (time(Unit::Day, Count::Counted), Bare, "يوما"),
    (time(Unit::Day, Count::Two), Any, "يومين يومان"),
    (time(Unit::Day, Count::TwoOf), Bare, "يومي"),
    (time(Unit::Day, Count::Many), Any, "أيام"),
    (time(Unit::Night, Count::One), Any, "ليلة"),
    (time(Unit::Night, Count::Two), Any, "ليلتين ليلتان"),
    (time(Unit::Night, Count::Many), Any, "ليالي ليال"),
    (time(Unit::Week, Count::One), Any, "أسبوع"),
    (time(Unit::Week, Count::Counted), Bare, "أسبوعا"),
    (time(Unit::Week, Count::Two), Any, "أسبوعين أسبوعان"),
    (time(Unit::Week, Count::Many), Any, "أسابيع"),
    (time(Unit::Month, Count::One), Any, "شهر"),
    (time(Unit::Month, Count::Counted), Bare, "شهرا"),
    (time(Unit::Month, Count::Two), Any, "شهرين شهران"),
    (time(Unit::Month, Count::TwoOf), Bare, "شهري"),
    (time(Unit::Month, Count::Many), Any, "أشهر شهور"),
    (time(Unit::Year, Count::One), Any, "عام سنة"),
    (time(Unit::Year, Count::Counted), Bare, "عاما"),
    (time(Unit::Year, Count::Two), Any, "عامين عامان سنتين سنتان"),
    (time(Unit::Year, Count::TwoOf), Bare, "عامي سنتي عامى"),
    (time(Unit::Year, Count::Many), Any, "أعوام سنوات سنين سنون"),
    (time(Unit::Decade, Count::One), Any, "عقد"),
    (time(Unit::Decade, Count::Counted), Bare, "عقدا"),
    (time(Unit::Decade, Count::Two), Any, "عقدين عقدان"),
    (time(Unit::Decade, Count::Many), Any, "عقود"),
    (time(Unit::Century, Count::One), Any, "قرن"),
    (time(Unit::Century, Count::Counted), Bare, "قرنا"),
    (time(Unit::Century, Count::Two), Any, "قرنين قرنان"),
    (time(Unit::Century, Count::Many), Any, "قرون"),
    (time(Unit::Millennium, Count::One), Any, "ألفية"),
    (Term::Period, Article, "فترة آونة مدة"),
    (Term::Shift(Shift::Past), Any, "ماضي ماضية ماضيين ماضيان ماضيتين ماض"),
    (
        Term::Shift(Shift::Past),
        Article,
        "فائت فائتة فائتين منصرم منصرمة منصرمين فارط فارطة فارطين منقضي منقضية منقضيين",
    ),
    (Term::Shift(Shift::This), Article, "جاري جارية حالي حالية راهن راهنة"),
    (Term::Shift(Shift::Next), Any, "مقبل مقبلة مقبلين قادم قادمة قادمين"),
    (Term::Shift(Shift::Next), Article, "آتي آتية مقبلتين قادمتين"),
    (Term::Shift(Shift::Latest), Article, "أخيرين أخيرتين"),
    (Term::Shift(Shift::Same), Any, "نفسه نفسها ذاته ذاتها عينه عينها"),
    (Term::Shift(Shift::Same), Article, "تالي تالية سابق سابقة سابقين لاحق لاحقة موالي موالية"),
    (Term::Mod(Mod::Start), Bare, "مطلع بداية بدايات أوائل مستهل مطالع"),
    (Term::Mod(Mod::Mid), Bare, "منتصف أواسط"),
    (Term::Mod(Mod::End), Bare, "أواخر أوخر نهاية نهايات ختام متم"),
    (Term::DayPart(DayPart::Dawn), Any, "فجر"),
    (Term::DayPart(DayPart::Morning), Any, "صباح صبيحة"),
    (Term::DayPart(DayPart::Morning), Bare, "صباحا"),
    (Term::DayPart(DayPart::Dawn), Bare, "فجرا"),
    (Term::DayPart(DayPart::Noon), Any, "ظهر"),
    (Term::DayPart(DayPart::Noon), Bare, "ظهرا"),
    (Term::DayPart(DayPart::Afternoon), Article, "زوال"),
    (Term::DayPart(DayPart::LateAfternoon), Any, "عصر"),
    (Term::DayPart(DayPart::LateAfternoon), Bare, "عصرا"),
    (Term::DayPart(DayPart::Evening), Any, "مساء عشية"),
    (Term::DayPart(DayPart::Night), Any, "ليل"),
    (Term::DayPart(DayPart::Night), Bare, "ليلا"),
    (Term::DayPart(DayPart::Daytime), Any, "نهار"),
    (Term::DayPart(DayPart::Daytime), Bare, "نهارا"),
    (Term::Season(22), Any, "صيف"),
    (Term::Season(24), Any, "شتاء"),
    (Term::Season(21), Any, "ربيع"),
    (Term::Season(23), Any, "خريف"),
    (Term::Decade(20), Any, "عشرينيات عشرينات"),
    (Term::Decade(30), Any, "ثلاثينيات ثلاثينات"),
    (Term::Decade(40), Any, "أربعينيات أربعينات"),
    (Term::Decade(50), Any, "خمسينيات خمسينات"),
    (Term::Decade(60), Any, "ستينيات ستينات"),
    (Term::Decade(70), Any, "سبعينيات سبعينات"),
    (Term::Decade(80), Any, "ثمانينيات ثمانينات"),
    (Term::Decade(90), Any, "تسعينيات تسعينات"),
    (Term::Deictic(-1), Bare, "أمس"),
    (Term::Deictic(-1), Article, "أمس بارحة"),
    (Term::Deictic(1), Any, "غد"),
    (Term::Deictic(1), Bare, "غدا"),
    (Term::This, Any, "هذا هذه هذين هاتين"),
    (Term::That, Any, "ذلك تلك نفس ذات"),
    (
        Term::TimePrep,
        Bare,
        "منذ قبل بعد خلال حتى في لمدة مدة مدى طوال طيلة مهلة غضون حوالي نحو إلى بحلول عبر لغاية حدود بين من كل عقب فى طبعة موسم",
    ),
    (
        Term::EventHead,
        Any,
        "حرب ثورة انتفاضة نكبة نكسة انتخابات مونديال أولمبياد بطولة دورة اتفاق اتفاقية أحداث حدود دستور موازنة ميزانية انقلاب هزيمة هجمات كأس حراك احتجاجات مجزرة عدوان اجتياح زلزال",
    ),
    (Term::FeastHead, Bare, "عيد عاشوراء رأس المولد"),
    (Term::HijriEra, Any, "ه هجري هجرية للهجرة هج"),
    (Term::CommonEra, Any, "ميلادي ميلادية للميلاد ميلاديا"),
    (Term::BeforeEra, Bare, "ق.م"),
    (Term::Power(2), Any, "مربع مربعا مربعة مربعين ²"),
    (Term::Power(3), Any, "مكعب مكعبا مكعبة مكعبين ³"),
    (Term::Power(1), Any, "بحري بحريا بحرية"),
];

/// Whether a word looks like a letter and a term but is another word.
pub fn is_trap(key: &str) -> bool {
    matches!(key, "لست" | "بعد" | "بين" | "لماض" | "كميه" | "وكميه" | "وفلس")
}

/// Whether the fold hides another word: آلين is not الين, لئلا not ليلا, التحقيق الأولي not الأولى.
pub fn is_misread(term: &Term, article: bool, surface: &str) -> bool {
    let preliminary = *term == Term::Ord(1) && surface.contains('أ') && surface.ends_with('ي');
    // وأحد is و + أحد, أثنى a verb.
    let other = matches!(term, Term::Num(Num::Unit(1))) && surface.contains('أ')
        || matches!(term, Term::Num(Num::Unit(2))) && surface.starts_with('أ');
    preliminary
        || other
        || article && surface.starts_with('آ')
        || matches!(term, Term::DayPart(_)) && surface.contains('ئ')
}

/// Whether a month's word, as it is spelt, can be nothing else: آب is not أب.
pub fn is_sure_spelling(surface: &str) -> bool {
    surface.starts_with('آ')
}

#[derive(Default)]
struct Entry {
    bare: Option<Term>,
    article: Option<Term>,
}

/// The entries by key, and a sketch of the keys that turns most other words away without a look-up.
struct Table {
    entries: FxHashMap<String, Entry>,
    sketch: [u64; SKETCH / 64],
}

const SKETCH: usize = 1 << 15;

/// Where a key stands in the sketch: its length, first two letters and last letter.
fn place(key: &[u8]) -> usize {
    let byte = |i: usize| key.get(i).copied().map_or(0, usize::from);
    let last = key.last().copied().map_or(0, usize::from);
    let mixed = (byte(1) << 16 ^ byte(3) << 8 ^ last ^ (byte(0) & 7) << 24).wrapping_mul(0x9E37_79B1) ^ key.len() << 3;
    (mixed ^ mixed >> 13) & (SKETCH - 1)
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table: FxHashMap<String, Entry> = FxHashMap::default();
    let mut add = |term: Term, with: With, words: &str| {
        for word in words.split_whitespace() {
            let entry = table.entry(fold_to_string(word)).or_default();
            if with != Article && entry.bare.is_none() {
                entry.bare = Some(term);
            }
            if with != Bare && entry.article.is_none() {
                entry.article = Some(term);
            }
        }
    };
    for (term, with, words) in TIMES.iter().chain(MONTHS).chain(NUMBERS) {
        add(*term, *with, words);
    }
    let numbered = |i: usize| u8::try_from(i).unwrap_or(u8::MAX);
    for (i, currency) in CURRENCIES.iter().enumerate() {
        add(Term::Currency(numbered(i)), Any, currency.names);
    }
    for (i, measure) in MEASURES.iter().enumerate() {
        add(Term::Measure(numbered(i)), Any, measure.names);
    }
    for (i, (_, stems)) in NATIONS.iter().enumerate() {
        for stem in stems.split_whitespace() {
            for ending in ["", "ة", "ا"] {
                add(Term::Nation(numbered(i)), Any, &format!("{stem}{ending}"));
            }
        }
    }
    let mut sketch = [0; SKETCH / 64];
    for key in table.keys() {
        let at = place(key.as_bytes());
        sketch[at / 64] |= 1 << (at % 64);
    }
    Table { entries: table, sketch }
});

/// The term of a folded stem without its article.
pub fn lookup(stem: &str, article: bool) -> Option<Term> {
    let table = &*TABLE;
    let at = place(stem.as_bytes());
    if table.sketch[at / 64] >> (at % 64) & 1 == 0 {
        return None;
    }
    let entry = table.entries.get(stem)?;
    if article { entry.article } else { entry.bare }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sketch_hides_no_word() {
        for (key, entry) in &TABLE.entries {
            assert_eq!(lookup(key, false), entry.bare, "{key}");
            assert_eq!(lookup(key, true), entry.article, "{key}");
        }
        let set: u32 = TABLE.sketch.iter().map(|w| w.count_ones()).sum();
        assert!(set < 2000, "{set} places are taken");
    }
}
