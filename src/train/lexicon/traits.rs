//! Classes of words, from the rows that name them.

use crate::base::Label;
use crate::detect::lexicon::{Row, keys, spellings};
use crate::segment::words::WordsBuilder;
use crate::segment::{Layout, Trait, Words};

/// Collects words and their traits.
pub(super) struct Lexemes<'a> {
    pub builder: WordsBuilder,
    pub known: &'a Words,
    pub layout: Layout,
}

impl Lexemes<'_> {
    pub fn mark(&mut self, key: &str, class: Trait) {
        self.builder.entry(key).traits |= class.0;
    }

    /// The key of a form of one word.
    fn single(&mut self, form: &str) -> Option<String> {
        let mut keys = keys(form, &mut self.layout);
        if keys.len() == 1 { keys.pop() } else { None }
    }

    /// Mark every form of one word.
    pub fn mark_forms(&mut self, row: &Row, class: Trait) {
        for (form, ambiguous) in row.forms() {
            if let Some(key) = self.single(form) {
                self.mark(&key, if ambiguous { class.with(Trait::AMBIGUOUS) } else { class });
            } else if matches!(class, Trait::MONTH | Trait::CURRENCY) {
                // كانون الثاني, درهم إماراتي: the first word tells.
                if let Some(first) = keys(form, &mut self.layout).first() {
                    self.mark(first, class);
                }
            } else if matches!(class, Trait::GIVEN) {
                // عبد الرحمن: likewise, and the joined spelling is one word.
                for spelling in spellings(form, Label::PERS, &mut self.layout) {
                    match spelling.as_slice() {
                        [one] => self.mark(one, class),
                        [first, ..] if first == "عبد" => self.mark(first, class),
                        _ => {}
                    }
                }
            }
        }
    }

    /// The adjective of a nationality in all its forms, from `adj=ليبي,ليبية`.
    pub fn mark_nationality(&mut self, row: &Row) {
        self.mark_forms(row, Trait::PEOPLE);
        for adjective in row.fact("adj").unwrap_or("").split(',').map(str::trim).filter(|a| !a.is_empty()) {
            let Some(key) = self.single(adjective) else { continue };
            let bare = key.strip_prefix("ال").filter(|rest| rest.chars().count() > 3).unwrap_or(&key);
            let collides = self.known.traits(self.known.get(bare)).any(Trait::AMBIGUOUS) || adjective.ends_with('?');
            let class = if collides { Trait::ADJ_NATION.with(Trait::AMBIGUOUS) } else { Trait::ADJ_NATION };
            let mut forms = vec![bare.to_owned()];
            if bare.ends_with('ي') {
                forms.extend(["ون", "ين", "ه", "تين", "تان", "ان", "ات"].map(|ending| format!("{bare}{ending}")));
            }
            for form in forms {
                let people =
                    if form.ends_with("ون") || form.ends_with("ين") { Trait::PEOPLE } else { Trait::default() };
                self.mark(&form, class.with(people));
                self.mark(&format!("ال{form}"), class.with(people));
            }
        }
    }

    /// The first and the last word of a person's name, when no other class claims them.
    pub fn mark_person(&mut self, row: &Row) {
        let keys = keys(row.canonical(), &mut self.layout);
        let other = Trait::STOP.with(Trait::TITLE).with(Trait::PARTICLE).with(Trait::ADJ_NATION);
        let [first, middle @ .., last] = keys.as_slice() else { return };
        if middle.len() > 2 {
            return;
        }
        for (key, class) in [(first, Trait::GIVEN), (last, Trait::FAMILY)] {
            let plain = key.chars().count() > 2 && !matches!(key.as_str(), "الله" | "الدين" | "ابو" | "ابن" | "عبد");
            if plain && !Trait(self.builder.entry(key).traits).any(other) {
                self.mark(key, class);
            }
        }
    }
}
