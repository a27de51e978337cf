//! The normalizer: golden cases, and laws on any text with any steps.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::ops::Range;

use marsad::base::{Alignment, AlignmentBuilder, Snap, Span};
use marsad::script::normalize::{
    Digits, Form, Hamza, Normalizer, Options, PRESETS, Punctuation, UnitScratch, Units, Whitespace, Yeh,
};
use marsad::script::{CharClass, class_of};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

#[test]
fn golden() {
    let file: toml::Table = include_str!("golden/normalize.toml").parse().unwrap();
    let mut wrong = String::new();
    for case in file["case"].as_array().unwrap() {
        let normalizer = match case.get("preset") {
            Some(name) => Normalizer::preset(name.as_str().unwrap()).unwrap(),
            None => Normalizer::new(case["steps"].clone().try_into().unwrap()),
        };
        let (name, text, clean) = (&case["name"], case["text"].as_str().unwrap(), case["clean"].as_str().unwrap());
        let got = normalizer.normalize(text);
        if got != clean {
            wrong += &format!("{name}\n  wanted {clean:?}\n  got    {got:?}\n");
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn presets_are_named_and_readable() {
    for name in PRESETS {
        let preset = Normalizer::preset(name).unwrap();
        assert_eq!(preset.name(), format!("{name}/1"));
        assert_eq!(Normalizer::preset(preset.name()).unwrap(), preset);
        assert_eq!(Normalizer::from_json(&preset.to_json()).unwrap(), preset);
        assert_eq!(Normalizer::new(preset.options().clone()).name(), preset.name());
    }
    let error = Normalizer::preset("searh").unwrap_err().to_string();
    assert!(error.contains("light, standard, search"), "{error}");
    assert!(Normalizer::from_json(r#"{"steps":{"elongation":7}}"#).is_err());
    assert!(Normalizer::from_json(r#"{"steps":{"tashkil":true}}"#).is_err());
}

fn options() -> impl Strategy<Value = Options> {
    let form = prop_oneof![Just(Form::Keep), Just(Form::Nfc), Just(Form::Nfkc)];
    let hamza = prop_oneof![Just(Hamza::Keep), Just(Hamza::Carrier), Just(Hamza::Bare)];
    let yeh = prop_oneof![Just(Yeh::Keep), Just(Yeh::Yeh), Just(Yeh::FinalYeh), Just(Yeh::FinalMaqsura)];
    let digits = prop_oneof![Just(Digits::Keep), Just(Digits::Ascii), Just(Digits::Arabic), Just(Digits::Extended)];
    let punctuation = prop_oneof![Just(Punctuation::Keep), Just(Punctuation::Ascii), Just(Punctuation::Arabic)];
    let whitespace = prop_oneof![Just(Whitespace::Keep), Just(Whitespace::Spaces), Just(Whitespace::Collapse)];
    let switches = prop::collection::vec(any::<bool>(), 11);
    (form, hamza, yeh, digits, punctuation, whitespace, 0u8..3, switches).prop_map(
        |(unicode, hamza, yeh, digits, punctuation, whitespace, elongation, on)| Options {
            unicode,
            hamza,
            yeh,
            digits,
            punctuation,
            whitespace,
            elongation,
            presentation: on[0],
            tashkeel: on[1],
            quranic: on[2],
            superscript_alef: on[3],
            tatweel: on[4],
            alef: on[5],
            teh_marbuta: on[6],
            lookalikes: on[7],
            foreign: on[8],
            controls: on[9],
            lowercase: on[10],
            // A chain that was never meant to be run twice; it has cases of its own.
            arabert: false,
        },
    )
}

/// Text of the characters that the steps look for.
fn text() -> impl Strategy<Value = String> {
    let telling: Vec<char> = "ااالللييىىأإآٱؤئءةهوکیہۀەپگ  \t\n\u{A0}\u{2028}ـ\u{64E}\u{651}\u{654}\u{653}\u{670}\u{6D6}\u{656}،,.؟?%«“…٠5۵1\u{200F}\u{FEFF}ﻻﷺﷲﺔﻲﻯﱞﹰ\u{FE77}aÉ½\u{301}ﬁ😀𞸀\u{212B}\u{344}가"
        .chars()
        .collect();
    let one = prop_oneof![
        8 => prop::sample::select(telling),
        1 => any::<char>(),
        1 => prop::char::range('\u{600}', '\u{6FF}'),
        1 => prop::char::range('\u{FB50}', '\u{FEFF}'),
    ];
    let short = prop::collection::vec(one.clone(), 0..30).prop_map(String::from_iter);
    // Long enough for the fast loops, with few characters that stop them.
    let plain = prop::sample::select(vec![
        "قال ",
        "مدينة ",
        "الوَزِير ",
        "أحمد، ",
        "2016 ",
        "abc ",
        "ـ",
        "ًّ",
        "ا",
        "ل",
        "ى",
        "ي",
        " ",
    ]);
    let mostly = prop_oneof![15 => plain.prop_map(str::to_owned), 1 => one.prop_map(String::from)];
    let long = prop::collection::vec(mostly, 20..90).prop_map(|parts| parts.concat());
    prop_oneof![2 => short, 1 => long]
}

/// A character with the code points of the source that it stands for.
type Piece = (char, Range<u32>);

/// The twin: each step goes over the whole text, letter by letter, and all again until nothing changes.
fn slow(text: &str, o: &Options) -> Vec<Piece> {
    let mut now: Vec<Piece> = (0..).zip(text.chars()).map(|(i, c)| (c, i..i + 1)).collect();
    for _ in 0..20 {
        let next = slow_round(&now, o);
        if next == now {
            break;
        }
        now = next;
    }
    now
}

fn is_ws(c: char) -> bool {
    c.is_whitespace() || ('\u{1C}'..='\u{1F}').contains(&c)
}

fn goes(c: char, o: &Options) -> bool {
    match c {
        '\u{64B}'..='\u{652}' => o.tashkeel,
        '\u{653}'..='\u{655}' => o.alef && o.hamza == Hamza::Carrier,
        '\u{670}' => o.superscript_alef,
        'ـ' => o.tatweel,
        '\u{610}'..='\u{61A}'
        | '\u{656}'..='\u{65F}'
        | '\u{6D6}'..='\u{6DC}'
        | '\u{6DF}'..='\u{6E8}'
        | '\u{6EA}'..='\u{6ED}'
        | '\u{8D3}'..='\u{8E1}'
        | '\u{8E3}'..='\u{8FF}' => o.quranic,
        '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{206F}'
        | '\u{FEFF}'
        | '\u{61C}'
        | '\u{AD}'
        | '\u{180E}' => o.controls,
        _ => false,
    }
}

fn letter(c: char, o: &Options) -> char {
    // The presets that fold nothing else give these two steps by themselves.
    let only = |lookalikes, foreign| Normalizer::new(Options { lookalikes, foreign, ..Options::default() });
    thread_local! { static FOLDS: std::cell::OnceCell<[Normalizer; 4]> = const { std::cell::OnceCell::new() }; }
    let c = FOLDS.with(|folds| {
        let folds = folds.get_or_init(|| [only(false, false), only(true, false), only(false, true), only(true, true)]);
        let at = usize::from(o.lookalikes) + 2 * usize::from(o.foreign);
        folds[at].normalize(c.encode_utf8(&mut [0; 4])).chars().next().unwrap()
    });
    let c = match c {
        'أ' | 'إ' | 'آ' | 'ٱ' if o.alef => 'ا',
        'ؤ' if o.hamza == Hamza::Carrier => 'و',
        'ئ' if o.hamza == Hamza::Carrier => 'ي',
        'ۂ' if o.hamza == Hamza::Carrier => 'ہ',
        'ۀ' if o.hamza == Hamza::Carrier => 'ە',
        'ۓ' if o.hamza == Hamza::Carrier => 'ے',
        'ؤ' | 'ئ' if o.hamza == Hamza::Bare => 'ء',
        'ى' if o.yeh == Yeh::Yeh => 'ي',
        'ة' if o.teh_marbuta => 'ه',
        c => c,
    };
    let value = [0x30, 0x660, 0x6F0].iter().find_map(|z| u32::from(c).checked_sub(*z).filter(|v| *v < 10));
    let zero = [None, Some(0x30), Some(0x660), Some(0x6F0)][o.digits as usize];
    if let (Some(value), Some(zero)) = (value, zero) {
        return char::from_u32(zero + value).unwrap();
    }
    let small: Vec<char> = c.to_lowercase().collect();
    if o.lowercase && c.is_uppercase() && small.len() == 1 { small[0] } else { c }
}

fn slow_round(input: &[Piece], o: &Options) -> Vec<Piece> {
    // Presentation forms.
    let forms = Normalizer::new(Options { presentation: true, ..Options::default() });
    let mut now: Vec<Piece> = input
        .iter()
        .flat_map(|(c, at)| {
            let spelled = if o.presentation { forms.normalize(&c.to_string()).into_owned() } else { c.to_string() };
            spelled.chars().map(|c| (c, at.clone())).collect::<Vec<_>>()
        })
        .collect();
    // The Unicode form, the whole text at once; origins by pieces that do not touch each other.
    if o.unicode != Form::Keep {
        let form = |s: &str| -> String { if o.unicode == Form::Nfc { s.nfc().collect() } else { s.nfkc().collect() } };
        let whole: String = now.iter().map(|(c, _)| c).collect();
        let mut pieces: Vec<Piece> = Vec::new();
        let mut from = 0;
        for cut in 1..=now.len() {
            let text = |range: Range<usize>| now[range].iter().map(|(c, _)| c).collect::<String>();
            let apart = cut == now.len() || {
                let (left, right) = (form(&text(from..cut)), form(&text(cut..now.len())));
                left.clone() + &right == form(&text(from..now.len())) && {
                    let first = right.chars().next().unwrap();
                    unicode_normalization::char::canonical_combining_class(first) == 0
                        && unicode_normalization::is_nfc_quick(std::iter::once(first))
                            != unicode_normalization::IsNormalized::Maybe
                }
            };
            if apart {
                let (before, at) = (text(from..cut), now[from].1.start..now[cut - 1].1.end);
                let after = form(&before);
                if after == before {
                    pieces.extend_from_slice(&now[from..cut]);
                } else {
                    pieces.extend(after.chars().map(|c| (c, at.clone())));
                }
                from = cut;
            }
        }
        assert_eq!(pieces.iter().map(|(c, _)| c).collect::<String>(), form(&whole));
        now = pieces;
    }
    // Letters, and what goes.
    now.retain(|(c, _)| !goes(*c, o));
    now.iter_mut().for_each(|(c, _)| *c = letter(*c, o));
    now.retain(|(c, _)| !goes(*c, o));
    let next = |now: &[Piece], i: usize, in_word: bool| {
        now[i + 1..].iter().map(|(c, _)| *c).find(|c| !in_word || class_of(*c) != CharClass::Mark)
    };
    let arabic = |c: char| class_of(c) == CharClass::Arabic;
    for i in 0..now.len() {
        let last = !next(&now, i, true).is_some_and(arabic);
        now[i].0 = match (now[i].0, o.yeh, last) {
            ('ى', Yeh::FinalYeh, true) => 'ي',
            ('ي', Yeh::FinalMaqsura, true) => 'ى',
            (c, ..) => c,
        };
    }
    // Punctuation.
    let mut done: Vec<Piece> = Vec::new();
    for i in 0..now.len() {
        let (c, at) = now[i].clone();
        let digit = |c: char| matches!(c, '0'..='9' | '٠'..='٩' | '۰'..='۹');
        let put = match (o.punctuation, c) {
            (Punctuation::Ascii, '…') => "...".to_owned(),
            (Punctuation::Ascii, c) => match c {
                '،' | '٬' => ',',
                '؛' => ';',
                '؟' => '?',
                '٪' => '%',
                '٫' | '۔' => '.',
                '«' | '»' | '“' | '”' | '„' | '‟' => '"',
                '‘' | '’' | '‚' | '‛' | '‹' | '›' => '\'',
                '\u{2010}'..='\u{2015}' | '−' => '-',
                c => c,
            }
            .to_string(),
            (Punctuation::Arabic, ',') => {
                let within = done.last().is_some_and(|(c, _)| digit(*c)) && next(&now, i, false).is_some_and(digit);
                if within { "," } else { "،" }.to_owned()
            }
            (Punctuation::Arabic, ';') => "؛".to_owned(),
            (Punctuation::Arabic, '?') => "؟".to_owned(),
            (Punctuation::Arabic, '%') => "٪".to_owned(),
            (Punctuation::Arabic, '“') => "«".to_owned(),
            (Punctuation::Arabic, '”') => "»".to_owned(),
            (_, c) => c.to_string(),
        };
        done.extend(put.chars().map(|c| (c, at.clone())));
    }
    // Elongation and white space.
    let mut out: Vec<Piece> = Vec::new();
    let mut i = 0;
    while i < done.len() {
        let c = done[i].0;
        let run = done[i..].iter().take_while(|(other, _)| *other == c).count();
        let keep = if o.elongation > 0 && run >= 3 && arabic(c) { usize::from(o.elongation) } else { run };
        out.extend_from_slice(&done[i..i + keep]);
        i += run;
    }
    let inner = |c: char| {
        is_ws(c)
            && !matches!(c, '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{1C}'..='\u{1F}' | '\u{85}' | '\u{2028}' | '\u{2029}')
    };
    let folds: &dyn Fn(char) -> bool = match o.whitespace {
        Whitespace::Keep => return out,
        Whitespace::Spaces => &inner,
        Whitespace::Collapse => &is_ws,
    };
    let mut spaced: Vec<Piece> = Vec::new();
    for (c, at) in out {
        if !folds(c) {
            spaced.push((c, at));
        } else if spaced.last().is_none_or(|(c, _)| *c != ' ') {
            spaced.push((' ', at));
        }
    }
    if o.whitespace == Whitespace::Collapse {
        while spaced.last().is_some_and(|(c, _)| *c == ' ') {
            spaced.pop();
        }
        if spaced.first().is_some_and(|(c, _)| *c == ' ') {
            spaced.remove(0);
        }
    }
    spaced
}

/// The alignment that the twin's pieces amount to.
fn slow_map(pieces: &[Piece], len: u32) -> Alignment {
    let mut builder = AlignmentBuilder::default();
    let mut done = 0;
    for group in pieces.chunk_by(|a, b| a.1 == b.1) {
        let at = &group[0].1;
        builder.replace(at.start - done, 0);
        builder.replace(at.end - at.start, u32::try_from(group.len()).unwrap());
        done = at.end;
    }
    builder.replace(len - done, 0);
    builder.finish()
}

fn chars(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap()
}

proptest! {
    #[test]
    fn equals_its_slow_twin(text in text(), options in options()) {
        let normalizer = Normalizer::new(options.clone());
        let pieces = slow(&text, &options);
        let wanted: String = pieces.iter().map(|(c, _)| c).collect();
        let (clean, map) = normalizer.align(&text);
        prop_assert_eq!(&clean, &wanted);
        prop_assert_eq!(normalizer.normalize(&text), wanted);
        // Ligatures may need a second round, which joins changes that touch.
        let rounds = options.presentation
            && (options.elongation > 0 || options.whitespace != Whitespace::Keep || options.yeh != Yeh::Keep);
        if options.unicode == Form::Keep && !rounds {
            prop_assert_eq!(map.in_chars(&text, &clean), slow_map(&pieces, chars(&text)));
        }
    }

    #[test]
    fn idempotent(text in text(), options in options(), preset in prop::sample::select(PRESETS[..4].to_vec())) {
        for normalizer in [Normalizer::new(options), Normalizer::preset(preset).unwrap()] {
            let once = normalizer.normalize(&text);
            prop_assert_eq!(&normalizer.normalize(&once), &once);
            prop_assert!(matches!(normalizer.normalize(&once), std::borrow::Cow::Borrowed(_)));
        }
    }

    #[test]
    fn maps_are_monotone_and_on_boundaries(text in text(), options in options()) {
        let (clean, map) = Normalizer::new(options).align(&text);
        prop_assert_eq!(map.original_len() as usize, text.len());
        prop_assert_eq!(map.normalized_len() as usize, clean.len());
        for snap in [Snap::Inner, Snap::Outer] {
            let mut last = (0, 0);
            for (at, c) in clean.char_indices() {
                let at = u32::try_from(at).unwrap();
                let span = map.to_original(Span::new(at, at + u32::try_from(c.len_utf8()).unwrap()), snap);
                prop_assert!(span.of(&text).is_some());
                prop_assert!(span.start >= last.0 && span.end >= last.1);
                last = (span.start, span.end);
            }
            for (at, c) in text.char_indices() {
                let at = u32::try_from(at).unwrap();
                let span = map.to_normalized(Span::new(at, at + u32::try_from(c.len_utf8()).unwrap()), snap);
                prop_assert!(span.of(&clean).is_some());
            }
        }
    }

    #[test]
    fn all_encodings_agree(text in text(), options in options()) {
        let normalizer = Normalizer::new(options);
        let (clean, map) = normalizer.align(&text);
        let map = map.in_chars(&text, &clean);
        let wide: Vec<u32> = text.chars().map(u32::from).collect();
        let two: Option<Vec<u16>> = wide.iter().map(|u| u16::try_from(*u).ok()).collect();
        let one: Option<Vec<u8>> = wide.iter().map(|u| u8::try_from(*u).ok()).collect();
        let mut scratch = UnitScratch::default();
        let mut inputs = vec![Units::Ucs4(&wide)];
        inputs.extend(two.as_deref().map(Units::Ucs2));
        inputs.extend(one.as_deref().map(Units::Latin1));
        for input in inputs {
            let mut got_map = Alignment::identity(chars(&text));
            let with_map = normalizer.units(input, &mut scratch, Some(&mut got_map)).map(to_string);
            prop_assert_eq!(with_map.as_deref().unwrap_or(&text), &clean);
            prop_assert_eq!(&got_map, &map);
            let without = normalizer.units(input, &mut scratch, None).map(to_string);
            prop_assert_eq!(without, with_map);
        }
    }

    #[test]
    fn the_loops_for_this_processor_agree_with_the_others(text in text(), options in options()) {
        let narrow = Normalizer::new(options).narrow();
        let units: Vec<u16> = text.chars().map(|c| u16::try_from(u32::from(c)).unwrap_or(0xD8FF)).collect();
        let run = |normalizer: &Normalizer| {
            let mut map = Alignment::identity(chars(&text));
            let clean = normalizer.units(Units::Ucs2(&units), &mut UnitScratch::default(), Some(&mut map)).map(to_units);
            (clean, map)
        };
        for wide in narrow.ways() {
            prop_assert_eq!(wide.align(&text), narrow.align(&text));
            prop_assert_eq!(wide.normalize(&text), narrow.normalize(&text));
            prop_assert_eq!(run(&wide), run(&narrow));
        }
    }

    #[test]
    fn lone_surrogates_pass(units in prop::collection::vec(prop_oneof![0xD800u16..0xE000, 0x600u16..0x700, Just(0x20)], 0..20), options in options()) {
        let surrogates = |units: &[u16]| units.iter().filter(|u| (0xD800..0xE000).contains(*u)).copied().collect::<Vec<_>>();
        let mut scratch = UnitScratch::default();
        let normalizer = Normalizer::new(options);
        match normalizer.units(Units::Ucs2(&units), &mut scratch, None) {
            None => {}
            Some(Units::Ucs2(clean)) => prop_assert_eq!(surrogates(clean), surrogates(&units)),
            Some(other) => prop_assert!(false, "{:?}", other),
        }
    }
}

fn to_units(units: Units<'_>) -> Vec<u32> {
    match units {
        Units::Latin1(u) => u.iter().map(|u| u32::from(*u)).collect(),
        Units::Ucs2(u) => u.iter().map(|u| u32::from(*u)).collect(),
        Units::Ucs4(u) => u.to_vec(),
    }
}

fn to_string(units: Units<'_>) -> String {
    to_units(units).into_iter().map(|u| char::from_u32(u).unwrap()).collect()
}
