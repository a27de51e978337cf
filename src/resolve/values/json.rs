//! Values as JSON: objects with the keys that their kind has, in the order of the alphabet.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::{Temporal, Value};

/// Write a key that is left out where there is nothing.
fn put<M: SerializeMap>(map: &mut M, key: &str, value: Option<impl Serialize>) -> Result<(), M::Error> {
    value.map_or(Ok(()), |value| map.serialize_entry(key, &value))
}

fn put_temporal<M: SerializeMap>(map: &mut M, kind: &str, time: &Temporal) -> Result<(), M::Error> {
    put(map, "age", time.age.then_some(true))?;
    map.serialize_entry("calendar", time.calendar)?;
    map.serialize_entry("edtf", &time.edtf)?;
    map.serialize_entry("end", &time.end)?;
    put(map, "hijri", time.hijri.as_ref())?;
    put(map, "iso", time.iso.as_ref())?;
    map.serialize_entry("kind", kind)?;
    map.serialize_entry("mod", &time.modifier)?;
    put(map, "needs", time.needs)?;
    put(map, "part", time.part)?;
    put(map, "range", time.range.as_ref())?;
    map.serialize_entry("start", &time.start)
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(time) = self.temporal() {
            put_temporal(&mut map, self.kind(), time)?;
            return map.end();
        }
        if let Self::Money { assumed, currency, .. } | Self::Currency { assumed, currency, .. } = self {
            map.serialize_entry("assumed", assumed)?;
            map.serialize_entry("currency", currency)?;
        }
        map.serialize_entry("kind", self.kind())?;
        if let Self::Number { number, range }
        | Self::Percent { number, range }
        | Self::Quantity { number, range, .. }
        | Self::Money { number, range, .. } = self
        {
            map.serialize_entry("number", number)?;
            put(&mut map, "range", range.as_ref())?;
        }
        if let Self::Ordinal { number } = self {
            map.serialize_entry("number", number)?;
        }
        if let Self::Quantity { unit, .. } | Self::Unit { unit } = self {
            map.serialize_entry("unit", unit)?;
        }
        map.end()
    }
}
