//! Writing the repaired text.

use crate::base::{Alignment, AlignmentBuilder, Norm, Snap, Span, Src, offset};

use super::{FixKind, Join, PieceKind, Repairs, scan};

/// The small damage first: tags may hide line breaks that the second step must see.
fn apply_fixes(text: &str, repairs: &Repairs) -> (String, Alignment) {
    let (mut out, mut map, mut done) = (String::with_capacity(text.len()), AlignmentBuilder::default(), 0);
    for fix in &repairs.fixes {
        let kept = text.get(done..fix.span.start as usize).unwrap_or("");
        out.push_str(kept);
        map.keep(offset(kept.len()));
        let before = out.len();
        out.extend(fix.with);
        map.replace(fix.span.len(), offset(out.len() - before));
        done = fix.span.end as usize;
    }
    let rest = text.get(done..).unwrap_or("");
    out.push_str(rest);
    map.keep(offset(rest.len()));
    (out, map.finish())
}

/// Join the pieces; between blocks stays what stood there, with two blank lines or more made one.
fn apply_joins(text: &str, repairs: &Repairs) -> Repaired {
    let mut out = Repaired { text: String::with_capacity(text.len()), ..Repaired::default() };
    let (mut map, mut done) = (AlignmentBuilder::default(), 0);
    for (i, piece) in repairs.pieces.iter().enumerate() {
        let (start, end) = (piece.span.start as usize, piece.span.end as usize);
        let between = text.get(done..start).unwrap_or("");
        let (with, kind) = match piece.join {
            Join::Space if i > 0 => (" ", ChangeKind::Joined),
            Join::Glue if i > 0 => ("", ChangeKind::Joined),
            _ if i > 0 && !between.contains(BREAKS) => ("\n\n", ChangeKind::Split),
            _ => (squeezed(between), ChangeKind::BlankLines),
        };
        out.between(&mut map, done, between, with, kind);
        let at = offset(out.text.len());
        out.text.push_str(text.get(start..end).unwrap_or(""));
        map.keep(piece.span.len());
        let span = Span::new(at, offset(out.text.len()));
        match piece.kind {
            PieceKind::Heading => out.headings.push(span),
            PieceKind::Embed => out.embeds.push(span),
            PieceKind::Paragraph => {}
        }
        done = end;
    }
    let rest = text.get(done..).unwrap_or("");
    out.between(&mut map, done, rest, squeezed(rest), ChangeKind::BlankLines);
    out.map = map.finish();
    out
}

const BREAKS: [char; 4] = ['\n', '\r', '\u{2028}', '\u{2029}'];

impl Repaired {
    /// Write `with` for `was`, which stands at `at`.
    fn between(&mut self, map: &mut AlignmentBuilder, at: usize, was: &str, with: &str, kind: ChangeKind) {
        self.text.push_str(with);
        if was == with {
            return map.keep(offset(was.len()));
        }
        map.replace(offset(was.len()), offset(with.len()));
        self.changes.push(Change { span: Span::new(offset(at), offset(at + was.len())), kind, with: with.to_owned() });
    }
}

/// What stands between two blocks, with at most one blank line.
fn squeezed(between: &str) -> &str {
    if between.matches('\n').count() > 2 { "\n\n" } else { between }
}

/// What was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ChangeKind {
    /// Two pieces of a paragraph were joined.
    Joined,
    /// A و at the end of a paragraph went to the next.
    Split,
    /// Several blank lines became one.
    BlankLines,
    /// A space before a comma went.
    SpaceBeforeComma,
    /// A space after a comma came.
    SpaceAfterComma,
    /// A tag of HTML went.
    Tag,
    /// An entity of HTML became its character.
    Entity,
}

impl ChangeKind {
    /// A short name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Joined => "joined",
            Self::Split => "split",
            Self::BlankLines => "blank_lines",
            Self::SpaceBeforeComma => "space_before_comma",
            Self::SpaceAfterComma => "space_after_comma",
            Self::Tag => "tag",
            Self::Entity => "entity",
        }
    }
}

impl From<FixKind> for ChangeKind {
    fn from(kind: FixKind) -> Self {
        match kind {
            FixKind::SpaceBeforeComma => Self::SpaceBeforeComma,
            FixKind::SpaceAfterComma => Self::SpaceAfterComma,
            FixKind::Tag => Self::Tag,
            FixKind::Entity => Self::Entity,
        }
    }
}

/// A change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Bytes of the original.
    pub span: Span<Src>,
    /// What was changed.
    pub kind: ChangeKind,
    /// What stands there now.
    pub with: String,
}

/// A repaired page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Repaired {
    /// The clean text.
    pub text: String,
    /// How its bytes correspond to those of the page.
    pub map: Alignment,
    /// Titles and section headings in the clean text.
    pub headings: Vec<Span<Norm>>,
    /// Bare URLs and photo credits in the clean text.
    pub embeds: Vec<Span<Norm>>,
    /// What was done, in the order of the page.
    pub changes: Vec<Change>,
}

/// The page repaired. Nothing to repair: the same text.
///
/// ```
/// use marsad::base::{Snap, Span};
/// use marsad::script::repair::repair;
/// let page = "عادت الحافلات إلى العمل ،بعد انقطاع.و\n\nأعلنت\n\nالبلدية أن الخطوط الجديدة تبدأ غدا.";
/// let clean = repair(page);
/// assert_eq!(clean.text, "عادت الحافلات إلى العمل، بعد انقطاع.\n\nوأعلنت البلدية أن الخطوط الجديدة تبدأ غدا.");
/// let at = u32::try_from(clean.text.find("البلدية").unwrap()).unwrap();
/// assert_eq!(clean.map.to_original(Span::new(at, at + 14), Snap::Inner).of(page), Some("البلدية"));
/// ```
pub fn repair(text: &str) -> Repaired {
    let mut repairs = Repairs::default();
    scan(text, &mut repairs);
    if repairs.fixes.is_empty() {
        return apply_joins(text, &repairs);
    }
    let (fixed, first) = apply_fixes(text, &repairs);
    super::pieces(&fixed, &mut repairs);
    let mut out = apply_joins(&fixed, &repairs);
    for change in &mut out.changes {
        change.span = first.to_original(Span::new(change.span.start, change.span.end), Snap::Outer);
    }
    // A tag within a break that was changed went with it.
    let mut wider = out.changes.clone().into_iter().peekable();
    for fix in &repairs.fixes {
        while wider.next_if(|change| change.span.end <= fix.span.start && change.span.start < fix.span.start).is_some()
        {
        }
        if wider.peek().is_some_and(|change| change.span.contains(fix.span) && !fix.span.is_empty()) {
            continue;
        }
        let with = fix.with.map(String::from).unwrap_or_default();
        out.changes.push(Change { span: fix.span, kind: fix.kind.into(), with });
    }
    out.changes.sort_by_key(|change| (change.span.start, change.kind));
    match first.then(&out.map) {
        Ok(both) => Repaired { map: both, ..out },
        Err(_) => {
            Repaired { text: text.to_owned(), map: Alignment::identity(offset(text.len())), ..Repaired::default() }
        }
    }
}
