//! What the house holds to and no compiler checks. The floors go one way: a file uses its own floor and those below, and
//! only `python/` names PyO3. Words that are compared with folded words are written folded.

#![allow(clippy::unwrap_used, reason = "a test may fail so")]

use std::fs;
use std::path::{Path, PathBuf};

use marsad::script::fold_to_string;

/// Floors from the ground up; what shares a number may use each other.
const FLOORS: &[(&str, u8)] = &[
    ("error", 0),
    ("base", 0),
    ("pack", 0),
    ("script", 1),
    ("segment", 2),
    ("detect", 3),
    ("resolve", 4),
    ("doc", 5),
    ("pipeline", 6),
    ("batch", 7),
    ("table", 7),
    ("train", 8),
    ("python", 9),
];

fn floor(room: &str) -> Option<u8> {
    FLOORS.iter().find(|(name, _)| *name == room).map(|(_, floor)| *floor)
}

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

/// The rooms that a line of code names: `crate::room` and each of `crate::{room, room::…}`.
fn rooms(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for part in code.split("crate::").skip(1) {
        let word = |s: &str| s.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
        match part.strip_prefix('{') {
            Some(list) => {
                let mut depth = 0;
                let mut name = String::new();
                for c in list.chars() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => found.push(word(std::mem::take(&mut name).trim())),
                        c if depth == 0 => name.push(c),
                        _ => {}
                    }
                }
                found.push(word(name.trim()));
            }
            None => found.push(word(part)),
        }
    }
    found
}

/// The code without its comments, and without the tests at its end.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_reader_of_this_test_sees_every_room() {
    assert_eq!(rooms("use crate::base::Span;"), ["base"]);
    assert_eq!(rooms("use crate::{base::{A, B}, script};"), ["base", "script"]);
}

#[test]
fn no_file_climbs_a_floor() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut all = Vec::new();
    files(&src, &mut all);
    let mut climbed = Vec::new();
    let mut seen = 0;
    for path in all {
        let inside = path.strip_prefix(&src).unwrap().to_string_lossy().replace('\\', "/");
        let room = inside.split('/').next().unwrap().trim_end_matches(".rs");
        if matches!(room, "lib" | "bin") {
            continue;
        }
        let own = floor(room).unwrap_or_else(|| panic!("{inside}: no floor is known for {room}"));
        let code = code(&fs::read_to_string(&path).unwrap());
        for used in rooms(&code) {
            seen += 1;
            if floor(&used).is_some_and(|floor| floor > own) {
                climbed.push(format!("{inside} (floor {own}) uses {used}"));
            }
        }
        if room != "python" && code.contains("pyo3") {
            climbed.push(format!("{inside} names pyo3"));
        }
    }
    assert!(seen > 50, "only {seen} uses found: the test reads too little");
    assert!(climbed.is_empty(), "{}", climbed.join("\n"));
}

/// Where Arabic words are written as the press writes them, and folded later or never.
const WRITTEN: &[&str] = &["detect/rules/terms/", "resolve/values/spell.rs"];

/// The Arabic words between quotation marks in a line of code.
fn literals(line: &str) -> impl Iterator<Item = &str> {
    let inside = line.split('"').skip(1).step_by(2);
    inside.filter(|text| {
        !text.is_empty() && text.chars().all(|c| matches!(c, '\u{621}'..='\u{63A}' | '\u{641}'..='\u{64A}' | ' '))
    })
}

#[test]
fn words_of_lists_are_folded() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut all = Vec::new();
    for folder in ["detect/rules", "detect/lexicon", "resolve"] {
        files(&src.join(folder), &mut all);
    }
    let (mut seen, mut unfolded) = (0, Vec::new());
    for path in all {
        let inside = path.strip_prefix(&src).unwrap().to_string_lossy().replace('\\', "/");
        if WRITTEN.iter().any(|written| inside.starts_with(written)) {
            continue;
        }
        for word in code(&fs::read_to_string(&path).unwrap()).lines().flat_map(literals) {
            seen += 1;
            if fold_to_string(word) != word {
                unfolded.push(format!("{inside}: {word} is never met, {} is", fold_to_string(word)));
            }
        }
    }
    assert!(seen > 500, "only {seen} words found: the test reads too little");
    assert!(unfolded.is_empty(), "{}", unfolded.join("\n"));
}
