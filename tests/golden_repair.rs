//! Page repair: golden cases, and laws on any text.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::collections::BTreeSet;

use marsad::base::{Snap, Span};
use marsad::script::repair::{Join, PieceKind, Repairs, repair, scan};
use proptest::prelude::*;

fn cases() -> Vec<toml::Table> {
    let file: toml::Table = include_str!("golden/repair.toml").parse().unwrap();
    file["case"].as_array().unwrap().iter().map(|case| case.as_table().unwrap().clone()).collect()
}

#[test]
fn golden() {
    let mut names = BTreeSet::new();
    let mut wrong = String::new();
    for case in cases() {
        let field = |name: &str| case.get(name).and_then(|v| v.as_str());
        let list = |name: &str| -> Vec<String> {
            let items = case.get(name).and_then(|v| v.as_array());
            items.into_iter().flatten().map(|v| v.as_str().unwrap().to_owned()).collect()
        };
        let name = field("name").unwrap();
        assert!(names.insert(name.to_owned()), "two cases are named {name:?}");
        let text = field("text").unwrap();
        let clean = repair(text).text;
        let expected = field("clean").unwrap_or(text);
        if clean != expected {
            wrong += &format!("{name}\n  wanted {expected:?}\n  got    {clean:?}\n");
        }
        let mut repairs = Repairs::default();
        scan(text, &mut repairs);
        for (key, kind) in [("headings", PieceKind::Heading), ("embeds", PieceKind::Embed)] {
            let got: Vec<_> =
                repairs.pieces.iter().filter(|p| p.kind == kind).map(|p| p.span.slice(text).to_owned()).collect();
            if got != list(key) {
                wrong += &format!("{name}: {key}\n  wanted {:?}\n  got    {got:?}\n", list(key));
            }
        }
        let again = repair(&clean).text;
        if again != clean {
            wrong += &format!("{name}: a second repair changes\n  {clean:?}\n  to {again:?}\n");
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// Text of the parts that the rules look for, in any order.
fn page() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        Just("و".to_owned()),
        Just("\n".to_owned()),
        Just("\n\n".to_owned()),
        Just("\r\n\n\n".to_owned()),
        Just(" ".to_owned()),
        Just(" ،".to_owned()),
        Just(".".to_owned()),
        Just("؟".to_owned()),
        Just("، ".to_owned()),
        Just("بحسب".to_owned()),
        Just("https://example.org/a".to_owned()),
        Just("<p>".to_owned()),
        Just("&nbsp;".to_owned()),
        Just("&#x648;".to_owned()),
        Just("هذه جملة طويلة فيها عشر كلمات على الأقل كي تعد نصا".to_owned()),
        Just("\u{2028}".to_owned()),
        "\\PC{0,6}",
    ];
    prop::collection::vec(part, 0..40).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn pieces_cover_the_text(text in page()) {
        let mut repairs = Repairs::default();
        scan(&text, &mut repairs);
        let mut done = 0;
        for piece in &repairs.pieces {
            prop_assert!(piece.span.start >= done && !piece.span.is_empty());
            prop_assert!(piece.span.of(&text).is_some());
            let between = &text[done as usize..piece.span.start as usize];
            prop_assert!(between.chars().all(|c| c.is_whitespace() || "\u{200B}\u{200E}\u{200F}\u{202A}\u{202B}\u{202C}\u{202D}\u{202E}\u{2066}\u{2067}\u{2068}\u{2069}\u{FEFF}\u{61C}".contains(c)), "{:?}", between);
            done = piece.span.end;
        }
        for pair in repairs.pieces.windows(2) {
            if pair[1].join != Join::New {
                prop_assert!(pair.iter().all(|p| p.kind == PieceKind::Paragraph));
            }
        }
        if let Some(first) = repairs.pieces.first() {
            prop_assert_eq!(first.join, Join::New);
        }
        let mut done = 0;
        for fix in &repairs.fixes {
            prop_assert!(fix.span.start >= done && fix.span.of(&text).is_some());
            done = fix.span.end;
        }
    }

    #[test]
    fn kept_text_maps_to_itself(text in page()) {
        let repaired = repair(&text);
        let (clean, map) = (&repaired.text, &repaired.map);
        prop_assert_eq!(clean == &text, repaired.changes.is_empty());
        for span in repaired.headings.iter().chain(&repaired.embeds) {
            let line = span.of(clean).unwrap();
            prop_assert_eq!(line.trim(), line);
        }
        for change in &repaired.changes {
            prop_assert!(change.span.of(&text).is_some());
        }
        prop_assert_eq!(map.original_len() as usize, text.len());
        prop_assert_eq!(map.normalized_len() as usize, clean.len());
        let changed: Vec<_> = map.edits().collect();
        // A kept unit is the same character, or a break that became a space.
        let same = |a: &str, b: &str| a.len() == b.len() && a.chars().zip(b.chars()).all(|(x, y)| x == y || (x.is_whitespace() && y == ' '));
        let (mut a, mut b) = (0, 0);
        for edit in changed {
            prop_assert!(same(&text[a..edit.original_start as usize], &clean[b..edit.normalized_start as usize]));
            (a, b) = (edit.original_end as usize, edit.normalized_end as usize);
        }
        prop_assert!(same(&text[a..], &clean[b..]));
        for (at, c) in clean.char_indices() {
            let at = u32::try_from(at).unwrap();
            let end = at + u32::try_from(c.len_utf8()).unwrap();
            for snap in [Snap::Inner, Snap::Outer] {
                prop_assert!(map.to_original(Span::new(at, end), snap).of(&text).is_some());
            }
        }
    }
}
