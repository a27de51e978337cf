//! A judgement as JSON, for those who show it.

use serde_json::{Value, json};

use crate::base::CharIndex;

use super::corpus::{Corpus, Gold};
use super::evaluate::{Counts, Interval, Kind, Report, Row, Touch};

impl Kind {
    /// The name that users see.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Missed => "missed",
            Kind::Invented => "invented",
            Kind::Bounds => "bounds",
            Kind::Type => "type",
            Kind::Both => "bounds and type",
        }
    }
}

fn counts(c: &Counts) -> Value {
    json!({
        "gold": c.gold, "predicted": c.predicted, "hits": c.hits,
        "precision": c.precision(), "recall": c.recall(), "f1": c.f1(),
    })
}

fn touch(c: &Touch) -> Value {
    json!({
        "gold": c.gold, "predicted": c.predicted, "found": c.found, "right": c.right,
        "precision": c.precision(), "recall": c.recall(), "f1": c.f1(),
    })
}

fn row(label: &str, row: &Row) -> Value {
    json!({
        "label": label,
        "exact": counts(&row.exact),
        "overlap": counts(&row.overlap),
        "type_only": touch(&row.type_only),
        "set": counts(&row.set),
    })
}

impl Report {
    /// All of it, offsets in code points: rows by falling frequency, CORE, ALL, spans whatever their type, intervals
    /// from so many bootstrap samples, the confusion of the labels in use, the mistakes in their order.
    pub fn to_json(&self, gold: &Corpus, samples: usize, seed: u64) -> Value {
        let names = self.labels.names();
        let used = |i: &usize| self.rows[*i].exact.gold + self.rows[*i].exact.predicted > 0;
        let mut order: Vec<usize> = (0..names.len()).filter(used).collect();
        order.sort_by(|a, b| {
            let gold = |i: usize| self.rows[i].exact.gold;
            gold(*b).cmp(&gold(*a)).then(names[*a].cmp(&names[*b]))
        });
        let rows: Vec<Value> = order.iter().map(|&i| row(&names[i], &self.rows[i])).collect();
        let mut cells = order.clone();
        cells.push(names.len());
        let confusion: Vec<Vec<u64>> =
            cells.iter().map(|&g| cells.iter().map(|&p| self.confusion[g][p]).collect()).collect();
        let (all, core) = self.bootstrap(samples, seed);
        let interval = |i: Interval| json!([i.low, i.high]);
        let mut index: Option<(usize, CharIndex)> = None;
        let mut mistakes = Vec::new();
        for mistake in &self.mistakes {
            let document = &gold.documents[mistake.document];
            if index.as_ref().is_none_or(|(at, _)| *at != mistake.document) {
                index = Some((mistake.document, CharIndex::new(&document.text)));
            }
            let mention = |gold: Option<Gold>| {
                let (gold, (_, index)) = (gold?, index.as_ref()?);
                let span = index.to_chars(&document.text, gold.span);
                let text = gold.span.slice(&document.text);
                Some(json!({"start": span.start, "end": span.end, "label": self.labels.name(gold.label), "text": text}))
            };
            mistakes.push(json!({
                "document": document.name,
                "kind": mistake.kind.name(),
                "gold": mention(mistake.gold),
                "predicted": mention(mistake.predicted),
                "context": mistake.context,
            }));
        }
        json!({
            "documents": gold.documents.len(),
            "rows": rows,
            "core": row("CORE", &self.core),
            "all": row("ALL", &self.all),
            "spans": counts(&self.all.untyped),
            "interval": {"all": interval(all), "core": interval(core)},
            "confusion": {
                "labels": order.iter().map(|&i| names[i].as_str()).collect::<Vec<_>>(),
                "counts": confusion,
            },
            "reliability": self.reliability.iter().map(|r| json!({"mentions": r.mentions, "right": r.right, "said": r.said})).collect::<Vec<_>>(),
            "mistakes": mistakes,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::corpus::read_str;
    use super::super::evaluate::evaluate;

    #[test]
    fn says_what_was_found_and_what_was_not() {
        let gold =
            read_str("a.xml", "زار <PERS>كامل <GPE>بيروت</GPE></PERS> و<GPE>صور</GPE> و<ORG>الهلال</ORG>").unwrap();
        let found =
            read_str("a.xml", "زار <PERS>كامل</PERS> <GPE>بيروت</GPE> و<LOC>صور</LOC> و<ORG>الهلال</ORG>").unwrap();
        let report = evaluate(&gold, &found).unwrap().to_json(&gold, 100, 1);
        assert_eq!(report["all"]["exact"]["hits"], 2);
        assert_eq!(report["all"]["overlap"]["hits"], 3);
        assert_eq!(report["all"]["type_only"]["found"], 3);
        assert_eq!(report["spans"]["hits"], 4);
        assert_eq!(report["confusion"]["labels"][0], "GPE");
        let kinds: Vec<&str> =
            report["mistakes"].as_array().unwrap().iter().map(|m| m["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["bounds", "type"]);
        assert_eq!(report["mistakes"][1]["gold"]["start"], 16);
    }
}
