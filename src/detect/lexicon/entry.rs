//! What the lexicon knows of a thing: records mapped from the pack, and the view that reads them.

use bytemuck::{Pod, Zeroable};

use crate::base::Label;

use super::Lexicon;

/// Stands for "no coordinate".
pub(super) const NOWHERE: i32 = i32::MIN;

/// An entry as it lies in the pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub(super) struct Record {
    pub name: u32,
    pub latin: u32,
    pub geonames: u32,
    pub population: u32,
    /// Millionths of a degree.
    pub lat: i32,
    pub lon: i32,
    pub name_len: u16,
    pub latin_len: u16,
    pub kind: u16,
    pub country: [u8; 2],
    pub label: u8,
    pub source: u8,
    /// Of a title: 1 when it wants a complement (وزير, not الشيخ). Of a place: its region, counted from 1. Of a person:
    /// the entry of the title, counted from 1.
    pub more: u16,
}

/// A region as it lies in the pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub(super) struct RegionRecord {
    pub code: u32,
    pub latin: u32,
    pub arabic: u32,
    pub code_len: u16,
    pub latin_len: u16,
    pub arabic_len: u16,
    pub pad: u16,
}

/// A governorate, province or state of a country.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region<'a> {
    /// Its code at geonames.org, such as `LY.70`.
    pub code: &'a str,
    /// Its English name, or the empty string.
    pub latin: &'a str,
    /// Its Arabic name, or the empty string.
    pub arabic: &'a str,
}

/// A thing of the lexicon.
#[derive(Clone, Copy)]
pub struct Entry<'a> {
    pub(super) lexicon: &'a Lexicon,
    pub(super) record: &'a Record,
    /// The number of the entry, as in the `detail` of a candidate.
    pub id: u32,
}

impl<'a> Entry<'a> {
    /// Its type.
    pub fn label(&self) -> Label {
        Label(self.record.label)
    }
    /// The canonical name as a newspaper prints it.
    pub fn name(&self) -> &'a str {
        self.lexicon.string(self.record.name, self.record.name_len)
    }
    /// The name in Latin letters, or the empty string.
    pub fn latin(&self) -> &'a str {
        self.lexicon.string(self.record.latin, self.record.latin_len)
    }
    /// Bytes of its names, which whoever reads many entries may ask for first, so that they wait for memory together.
    pub(crate) fn first_bytes(&self) -> u32 {
        let byte = |at: u32| self.lexicon.strings.get(at as usize).map_or(0, |byte| u32::from(*byte));
        byte(self.record.name) ^ byte(self.record.latin)
    }
    /// The country's ISO 3166 code of two letters.
    pub fn country(&self) -> Option<&'a str> {
        std::str::from_utf8(&self.record.country).ok().filter(|code| !code.starts_with('\0'))
    }
    /// What kind of thing it is within its type, such as `armed_group`; may be empty.
    pub fn kind(&self) -> &'a str {
        self.lexicon.kinds.get(usize::from(self.record.kind)).map_or("", |kind| kind)
    }
    /// Inhabitants; 0 when not known.
    pub fn population(&self) -> u32 {
        self.record.population
    }
    /// Latitude and longitude in degrees.
    pub fn coordinates(&self) -> Option<(f64, f64)> {
        let degrees = |millionths: i32| f64::from(millionths) / 1e6;
        (self.record.lat != NOWHERE && self.record.lon != NOWHERE)
            .then(|| (degrees(self.record.lat), degrees(self.record.lon)))
    }
    /// The number of the place at geonames.org.
    pub fn geonames(&self) -> Option<u32> {
        (self.record.geonames != 0).then_some(self.record.geonames)
    }
    /// The first-level region of its country that a place lies in.
    pub fn region(&self) -> Option<Region<'a>> {
        let record = self.region_record()?;
        let string = |at, length| self.lexicon.string(at, length);
        Some(Region {
            code: string(record.code, record.code_len),
            latin: string(record.latin, record.latin_len),
            arabic: string(record.arabic, record.arabic_len),
        })
    }
    /// The English name of its [region](Self::region), or the empty string.
    pub fn admin(&self) -> Option<&'a str> {
        self.region_record().map(|record| self.lexicon.string(record.latin, record.latin_len))
    }
    fn region_record(&self) -> Option<&'a RegionRecord> {
        let at = usize::from(self.record.more).checked_sub(1);
        self.lexicon.regions.get(at.filter(|_| !matches!(self.label(), Label::OCC | Label::PERS))?)
    }
    /// Where the entry comes from.
    pub fn source(&self) -> &'a str {
        self.lexicon.sources.get(usize::from(self.record.source)).map_or("", |source| source)
    }
    /// The entry of the title with which a person is known by one name: الملك of الملك فهد.
    pub fn title(&self) -> Option<u32> {
        self.record.more.checked_sub(1).filter(|_| self.label() == Label::PERS).map(u32::from)
    }
    /// Whether a title wants a complement: وزير (الداخلية), not الشيخ.
    pub fn takes_complement(&self) -> bool {
        self.label() == Label::OCC && self.record.more == 1
    }
}

impl std::fmt::Debug for Entry<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Entry({} {} {:?})", self.id, self.label(), self.name())
    }
}
