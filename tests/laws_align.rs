//! Laws of the alignment, against a twin that holds one number for every unit.

use marsad::base::{Alignment, AlignmentBuilder, Snap};
use proptest::prelude::*;

/// Pieces: `(removed, added)`; equal lengths of one are kept units.
fn pieces() -> impl Strategy<Value = Vec<(u32, u32)>> {
    let piece = prop_oneof![
        4 => Just((1, 1)),
        2 => (1u32..4).prop_map(|n| (n, 0)),
        1 => (1u32..4).prop_map(|n| (0, n)),
        2 => (1u32..4, 1u32..4),
        1 => Just((70_000, 1)),
    ];
    prop::collection::vec(piece, 0..120)
}

fn build(pieces: &[(u32, u32)]) -> Alignment {
    let mut builder = AlignmentBuilder::default();
    for &(removed, added) in pieces {
        if removed == added && removed <= 1 {
            builder.keep(removed);
        } else if (removed, added) == (1, 0) {
            builder.keep_or_drop(1);
        } else {
            builder.replace(removed, added);
        }
    }
    builder.finish()
}

/// The least and greatest counterpart of every position, worked out piece by piece.
fn slow_bounds(pieces: &[(u32, u32)], at: u32, from_original: bool) -> (u32, u32) {
    let (mut here, mut there) = (0, 0);
    let (mut low, mut high) = (u32::MAX, 0);
    let mut add = |x: u32| {
        low = low.min(x);
        high = high.max(x);
    };
    if at == 0 {
        add(0);
    }
    for &(removed, added) in pieces {
        let (mine, other) = if from_original { (removed, added) } else { (added, removed) };
        if here == at {
            add(there);
        }
        if here < at && at < here + mine {
            add(there);
            add(there + other);
        }
        here += mine;
        there += other;
        if here == at {
            add(there);
        }
    }
    (low, high)
}

proptest! {
    #[test]
    fn equals_its_slow_twin(pieces in pieces(), picks in prop::collection::vec((any::<u32>(), any::<u32>()), 8)) {
        let map = build(&pieces);
        for (a, b) in picks {
            for from_original in [true, false] {
                let len = if from_original { map.original_len() } else { map.normalized_len() };
                let (a, b) = (a % (len + 1), b % (len + 1));
                let (start, end) = (a.min(b), a.max(b));
                let ((low_s, high_s), (low_e, high_e)) =
                    (slow_bounds(&pieces, start, from_original), slow_bounds(&pieces, end, from_original));
                let ask = |snap| if from_original {
                    map.normalized_range(start, end, snap)
                } else {
                    map.original_range(start, end, snap)
                };
                prop_assert_eq!(ask(Snap::Outer), (low_s, high_e));
                prop_assert_eq!(ask(Snap::Inner), (high_s.min(low_e), low_e));
            }
        }
    }

    #[test]
    fn monotone_and_nested(pieces in pieces()) {
        let map = build(&pieces);
        let mut last = [(0, 0); 2];
        for at in 0..=map.normalized_len().min(300) {
            for (slot, snap) in [Snap::Inner, Snap::Outer].into_iter().enumerate() {
                let range = map.original_range(at, at + 1, snap);
                prop_assert!(range.0 >= last[slot].0 && range.1 >= last[slot].1 && range.0 <= range.1);
                last[slot] = range;
            }
            prop_assert!(last[1].0 <= last[0].0 && last[0].1 <= last[1].1);
        }
        prop_assert_eq!(map.original_range(0, map.normalized_len(), Snap::Outer), (0, map.original_len()));
    }

    #[test]
    fn composition_keeps_what_both_keep(
        pieces in pieces(), seed in prop::collection::vec((0u32..5, 0u32..5), 0..80), at in any::<u32>(),
    ) {
        let first = build(&pieces);
        let middle = first.normalized_len();
        let mut builder = AlignmentBuilder::default();
        let mut used = 0;
        for (removed, added) in seed {
            if used + removed + 1 > middle {
                break;
            }
            builder.replace(removed, added);
            builder.keep(1);
            used += removed + 1;
        }
        builder.keep(middle - used);
        let second = builder.finish();
        let both = first.then(&second).unwrap();
        prop_assert_eq!(both.original_len(), first.original_len());
        prop_assert_eq!(both.normalized_len(), second.normalized_len());
        // A unit that both steps kept is kept by the composition, or lies within one of its changes.
        for start in at % (both.normalized_len() + 1)..both.normalized_len().min(at % (both.normalized_len() + 1) + 40) {
            let one = |map: &Alignment, at: u32| {
                let (a, b) = map.original_range(at, at + 1, Snap::Inner);
                let changed = map.edits().any(|e| e.normalized_start < at + 1 && at < e.normalized_end);
                (b == a + 1 && !changed).then_some(a)
            };
            if let Some(original) = one(&second, start).and_then(|middle| one(&first, middle)) {
                let outer = both.original_range(start, start + 1, Snap::Outer);
                prop_assert!(outer.0 <= original && original < outer.1, "{} {:?}", original, outer);
                if let Some(kept) = one(&both, start) {
                    prop_assert_eq!(kept, original);
                }
            }
        }
    }

    #[test]
    fn composing_with_identity_changes_nothing(pieces in pieces()) {
        let map = build(&pieces);
        prop_assert_eq!(&map.then(&Alignment::identity(map.normalized_len())).unwrap(), &map);
        prop_assert_eq!(&Alignment::identity(map.original_len()).then(&map).unwrap(), &map);
    }
}

#[test]
fn composing_strangers_is_an_error() {
    let error = Alignment::identity(3).then(&Alignment::identity(4)).unwrap_err();
    assert!(error.to_string().contains("not of the same text"));
}
