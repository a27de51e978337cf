//! CoNLL columns: a token a line, then one or many tags (`O`, `B-X`, `I-X`; also `S-`/`U-`, `E-`/`L-`), a blank line
//! between sentences. Tokens are joined by spaces, sentences by line breaks.

use std::fmt::Write as _;

use crate::base::{Label, LabelSet, Span, Src};
use crate::error::{Error, ErrorKind, Result};

use super::inline::span;
use super::{Document, Gold, Reader};

/// Sentences are gathered into documents of about so many tokens, for the sake of the document pass.
const TOKENS: usize = 800;

fn split(line: &str) -> Option<(&str, &str)> {
    let (token, rest) = line.split_once('\t').or_else(|| line.split_once(' '))?;
    Some((token, rest.trim()))
}

fn is_tag(word: &str) -> bool {
    word == "O"
        || word
            .split_once('-')
            .is_some_and(|(part, label)| matches!(part, "B" | "I" | "E" | "L" | "S" | "U") && !label.is_empty())
}

/// Whether the first lines are a token with its tags.
pub(super) fn looks_like(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty()).take(5).peekable();
    lines.peek().is_some() && lines.all(|line| split(line).is_some_and(|(_, tags)| tags.split_whitespace().any(is_tag)))
}

#[derive(Default)]
struct Open {
    document: Document,
    /// The mention that each label has open: its start.
    open: Vec<(Label, u32)>,
}

impl Open {
    fn close(&mut self, keep: impl Fn(Label) -> bool) {
        let end = self.document.tokens.last().map_or(0, |t| t.0.end);
        let mentions = &mut self.document.mentions;
        self.open.retain(|&(label, start)| {
            let kept = keep(label);
            if !kept {
                mentions.push(Gold { span: Span::new(start, end), label });
            }
            kept
        });
    }
}

pub(super) fn read(name: &str, text: &str, reader: &mut Reader) -> Result<()> {
    let mut now = Open::default();
    let mut number = 0;
    let mut flush = |now: &mut Open, reader: &mut Reader| {
        now.close(|_| false);
        let mut document = std::mem::take(&mut now.document);
        if !document.tokens.is_empty() {
            number += 1;
            document.name = format!("{name}#{number}");
            reader.push(document);
        }
    };
    for (i, line) in text.lines().enumerate() {
        let line = line.trim_end_matches(['\r', ' ']);
        let start = line.starts_with("-DOCSTART-");
        if line.trim().is_empty() || start {
            now.close(|_| false);
            if let Some(last) = now.document.tokens.last_mut() {
                last.1 = true;
            }
            if start || now.document.tokens.len() >= TOKENS {
                flush(&mut now, reader);
            }
            continue;
        }
        let bad = |what: &str| Error::new(ErrorKind::BadData, format!("line {}: {what}", i + 1));
        let (token, tags) = split(line).ok_or_else(|| bad("a token without a tag"))?;
        let mut labels = Vec::new();
        for tag in tags.split_whitespace().filter(|tag| is_tag(tag)) {
            if let Some((part, label)) = tag.split_once('-') {
                labels.push((
                    matches!(part, "B" | "S" | "U"),
                    matches!(part, "S" | "U" | "E" | "L"),
                    reader.label(label)?,
                ));
            }
        }
        if labels.is_empty() && !tags.split_whitespace().any(|tag| tag == "O") {
            return Err(bad("no tag such as O or B-PERS after the token"));
        }
        now.close(|label| labels.iter().any(|(begins, _, l)| *l == label && !begins));
        let document = &mut now.document;
        if let Some((_, ends)) = document.tokens.last() {
            document.text.push(if *ends { '\n' } else { ' ' });
        }
        let from = document.text.len();
        document.text.push_str(token);
        let at = span(from, document.text.len());
        document.tokens.push((at, false));
        for (_, _, label) in &labels {
            if !now.open.iter().any(|(open, _)| open == label) {
                now.open.push((*label, at.start));
            }
        }
        now.close(|label| !labels.iter().any(|(_, ends, l)| *l == label && *ends));
    }
    flush(&mut now, reader);
    Ok(())
}

/// The tokens of a document with the tags of its mentions: a column for each depth of nesting, at least one.
/// A mention covers every token that it touches.
pub fn to_conll(document: &Document, labels: &LabelSet, mentions: &[Gold]) -> String {
    let tokens = &document.tokens;
    let mut columns: Vec<Vec<String>> = vec![vec!["O".to_owned(); tokens.len()]];
    let mut sorted: Vec<Gold> = mentions.to_vec();
    sorted.sort();
    for gold in sorted {
        let touched: Vec<usize> = (0..tokens.len()).filter(|&i| tokens[i].0.overlaps(gold.span)).collect();
        let Some((first, rest)) = touched.split_first() else { continue };
        let free = |column: &Vec<String>| touched.iter().all(|&i| column[i] == "O");
        let at = match columns.iter().position(free) {
            Some(at) => at,
            None => {
                columns.push(vec!["O".to_owned(); tokens.len()]);
                columns.len() - 1
            }
        };
        let name = labels.name(gold.label);
        columns[at][*first] = format!("B-{name}");
        for &i in rest {
            columns[at][i] = format!("I-{name}");
        }
    }
    let mut out = String::new();
    for (i, (token, ends)) in tokens.iter().enumerate() {
        out.push_str(slice(&document.text, *token));
        for column in &columns {
            let _ = write!(out, "\t{}", column[i]);
        }
        out.push_str(if *ends { "\n\n" } else { "\n" });
    }
    out
}

fn slice(text: &str, span: Span<Src>) -> &str {
    span.slice(text)
}
