//! The pack: one file of named, aligned, checksummed sections that is mapped without copying.
//!
//! Layout: `MARSADPK`, version, number of sections, then a directory (name, offset, length, checksum) and the
//! sections, each on a 64-byte boundary. Integers are little-endian.

use std::collections::BTreeMap;
use std::path::Path;

use crate::base::{Bytes, hash64};
use crate::error::{Error, ErrorKind, Result};

const MAGIC: &[u8; 8] = b"MARSADPK";
const VERSION: u32 = 4;
const ALIGN: usize = 64;
const NAME: usize = 32;
const ENTRY: usize = NAME + 24;

/// An open pack.
#[derive(Clone, Debug, Default)]
pub struct Pack {
    sections: BTreeMap<String, Bytes>,
}

fn corrupt(what: impl Into<String>) -> Error {
    Error::new(ErrorKind::PackCorrupt, what)
}

impl Pack {
    /// Map a file and check every section.
    pub fn open(path: &Path) -> Result<Self> {
        let shown = path.display();
        let file = std::fs::File::open(path).map_err(|e| Error::io(format!("cannot open the pack {shown}"), e))?;
        // SAFETY: the pack is read only; Marsad replaces packs by renaming, never by writing into them.
        let map =
            unsafe { memmap2::Mmap::map(&file) }.map_err(|e| Error::io(format!("cannot map the pack {shown}"), e))?;
        Self::from_bytes(Bytes::mapped(map)).map_err(|e| Error::new(e.kind(), format!("{shown}: {e}")))
    }

    /// Read a pack from bytes, aligned to 8.
    pub fn from_bytes(bytes: Bytes) -> Result<Self> {
        let number = |at: usize, len: usize| -> Option<u64> {
            let mut raw = [0u8; 8];
            raw[..len].copy_from_slice(bytes.get(at..at + len)?);
            Some(u64::from_le_bytes(raw))
        };
        if bytes.get(..8) != Some(MAGIC) {
            return Err(corrupt("not a Marsad pack"));
        }
        let version = number(8, 4).ok_or_else(|| corrupt("the header is cut off"))?;
        if version != u64::from(VERSION) {
            return Err(Error::new(
                ErrorKind::PackVersion,
                format!("the pack has format {version}, this Marsad reads format {VERSION}; build it again"),
            ));
        }
        let count = number(12, 4).ok_or_else(|| corrupt("the header is cut off"))?;
        let mut sections = BTreeMap::new();
        for index in 0..usize::try_from(count).unwrap_or(usize::MAX) {
            let at = 16 + index.saturating_mul(ENTRY);
            let entry = bytes.get(at..at.saturating_add(ENTRY)).ok_or_else(|| corrupt("the directory is cut off"))?;
            let name = entry.get(..NAME).unwrap_or(&[]);
            let name = name.split(|b| *b == 0).next().unwrap_or(&[]);
            let name = std::str::from_utf8(name).map_err(|_| corrupt("a section's name is damaged"))?;
            let field = |i: usize| number(at + NAME + 8 * i, 8).unwrap_or(u64::MAX);
            let start = usize::try_from(field(0)).unwrap_or(usize::MAX);
            let length = usize::try_from(field(1)).unwrap_or(usize::MAX);
            let section = bytes
                .slice(start..start.saturating_add(length))
                .ok_or_else(|| corrupt(format!("section {name:?} is cut off")))?;
            if hash64(&section, 0) != field(2) {
                return Err(corrupt(format!("section {name:?} is damaged: its checksum differs")));
            }
            sections.insert(name.to_owned(), section);
        }
        Ok(Self { sections })
    }

    /// A section by name.
    pub fn get(&self, name: &str) -> Option<&Bytes> {
        self.sections.get(name)
    }

    /// A section that must be there.
    pub fn need(&self, name: &str) -> Result<Bytes> {
        self.get(name).cloned().ok_or_else(|| corrupt(format!("section {name:?} is missing")))
    }

    /// Names of the sections in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.sections.keys().map(String::as_str)
    }

    /// A pack with a section added or replaced.
    pub fn with(mut self, name: &str, bytes: &[u8]) -> Self {
        self.sections.insert(name.to_owned(), Bytes::copy(bytes));
        self
    }

    /// The bytes of the file.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let too_long = |_| Error::new(ErrorKind::BadData, "too many sections");
        let mut out = Vec::new();
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(&VERSION.to_le_bytes());
        out.extend_from_slice(&u32::try_from(self.sections.len()).map_err(too_long)?.to_le_bytes());
        let mut at = (16 + self.sections.len() * ENTRY).next_multiple_of(ALIGN);
        for (name, section) in &self.sections {
            if name.len() > NAME {
                return Err(Error::new(ErrorKind::BadData, format!("the section name {name:?} is too long")));
            }
            let mut padded = [0u8; NAME];
            padded[..name.len()].copy_from_slice(name.as_bytes());
            out.extend_from_slice(&padded);
            for field in [at as u64, section.len() as u64, hash64(section, 0)] {
                out.extend_from_slice(&field.to_le_bytes());
            }
            at = (at + section.len()).next_multiple_of(ALIGN);
        }
        for section in self.sections.values() {
            out.resize(out.len().next_multiple_of(ALIGN), 0);
            out.extend_from_slice(section);
        }
        Ok(out)
    }

    /// Write the file, whole or not at all.
    pub fn write(&self, path: &Path) -> Result<()> {
        write_whole(path, &self.to_bytes()?)
    }
}

/// Write a file under a temporary name, then rename it: no partial file is ever seen. What is no plain file, such as a
/// device, is written to, never replaced.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let told = |e| Error::io(format!("cannot write {}", path.display()), e);
    if path.exists() && !path.is_file() {
        return std::fs::write(path, bytes).map_err(told);
    }
    let part = path.with_extension("part");
    std::fs::write(&part, bytes).map_err(told)?;
    std::fs::rename(&part, path).map_err(told)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_file_is_never_replaced() {
        let folder = std::env::temp_dir().join(format!("marsad-whole-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        assert!(write_whole(&folder, b"text").unwrap_err().to_string().contains("cannot write"));
        assert!(folder.is_dir() && !folder.with_extension("part").exists());
        write_whole(&folder.join("a"), b"text").unwrap();
        assert_eq!(std::fs::read(folder.join("a")).unwrap(), b"text");
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn reads_back_and_notices_damage() {
        let pack = Pack::default().with("one", b"first").with("two", &[7; 100]);
        let bytes = pack.to_bytes().unwrap();
        let again = Pack::from_bytes(Bytes::copy(&bytes)).unwrap();
        assert_eq!(&again.need("one").unwrap()[..], b"first");
        for at in 0..bytes.len() {
            let mut bad = bytes.clone();
            bad[at] ^= 1;
            let _ = Pack::from_bytes(Bytes::copy(&bad));
            let _ = Pack::from_bytes(Bytes::copy(&bytes[..at]));
        }
        let mut bad = bytes.clone();
        let last = bad.len() - 1;
        bad[last] ^= 1;
        assert_eq!(Pack::from_bytes(Bytes::copy(&bad)).unwrap_err().kind(), ErrorKind::PackCorrupt);
    }
}
