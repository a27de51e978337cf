//! JSON lines: `{"text": …, "entities": [{"start", "end", "label"}]}`, offsets in code points. The list may also be
//! called `spans`, `mentions`, `labels` or `label`, and its items may be `[start, end, label]`; a `score` is a probability.

use serde_json::{Value, json};

use crate::base::{CharIndex, CharSpan, LabelSet};
use crate::error::{Error, ErrorKind, Result};

use super::{Document, Gold, Reader};

fn item(value: &Value) -> Option<(u32, u32, &str)> {
    let number = |v: &Value| v.as_u64().and_then(|n| u32::try_from(n).ok());
    match value {
        Value::Array(parts) => Some((number(parts.first()?)?, number(parts.get(1)?)?, parts.get(2)?.as_str()?)),
        _ => Some((number(&value["start"])?, number(&value["end"])?, value["label"].as_str()?)),
    }
}

fn one(name: String, value: &Value, reader: &mut Reader) -> Result<()> {
    let bad = |what: String| Error::new(ErrorKind::BadData, what);
    let known = reader.texts.get(reader.documents.len()).cloned();
    let text = value["text"].as_str().or(known.as_deref()).ok_or_else(|| bad("no \"text\"".to_owned()))?;
    let index = CharIndex::new(text);
    let list = ["entities", "spans", "mentions", "labels", "label"].iter().find_map(|key| value[*key].as_array());
    let (mut mentions, mut scores) = (Vec::new(), Vec::new());
    for entity in list.into_iter().flatten() {
        let (start, end, label) =
            item(entity).ok_or_else(|| bad(format!("{entity} is no entity with a start, an end and a label")))?;
        let span = index
            .to_bytes(text, CharSpan { start, end })
            .filter(|_| start < end)
            .ok_or_else(|| bad(format!("{entity} lies outside the text")))?;
        #[allow(clippy::cast_possible_truncation, reason = "a probability")]
        scores.extend(entity["score"].as_f64().map(|score| score as f32));
        mentions.push(Gold { span, label: reader.label(label)? });
    }
    reader.push(Document { name, text: text.to_owned(), mentions, scores, ..Document::default() });
    Ok(())
}

pub(super) fn read(name: &str, text: &str, reader: &mut Reader) -> Result<()> {
    if let Ok(value) = serde_json::from_str::<Value>(text) {
        return match &value {
            Value::Array(items) => {
                items.iter().enumerate().try_for_each(|(i, v)| one(format!("{name}#{}", i + 1), v, reader))
            }
            _ => one(name.to_owned(), &value, reader),
        };
    }
    for (i, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let at = |e: &dyn std::fmt::Display| Error::new(ErrorKind::BadData, format!("line {}: {e}", i + 1));
        let value = serde_json::from_str(line).map_err(|e| at(&format!("no JSON: {e}")))?;
        one(format!("{name}:{}", i + 1), &value, reader).map_err(|e| at(&e))?;
    }
    Ok(())
}

/// A document as a line of JSON, in the form that this reads.
pub fn to_json(document: &Document, labels: &LabelSet) -> Value {
    let index = CharIndex::new(&document.text);
    let mention = |gold: &Gold| {
        let span = index.to_chars(&document.text, gold.span);
        let text = gold.span.slice(&document.text);
        json!({"start": span.start, "end": span.end, "label": labels.name(gold.label), "text": text})
    };
    let entities: Vec<Value> = document.mentions.iter().map(mention).collect();
    json!({"id": document.name, "text": document.text, "entities": entities})
}
