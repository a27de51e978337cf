//! A warm thread allocates for what it finds, never for what it reads.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::path::Path;

use marsad::pipeline::{Options, Scratch};
use marsad::{Doc, Pack, Pipeline};

/// The system's allocator, with a count of the calls of each thread that take or move memory.
struct Counting;

thread_local! {
    static CALLS: Cell<usize> = const { Cell::new(0) };
}

fn count() {
    let _ = CALLS.try_with(|calls| calls.set(calls.get() + 1));
}

// SAFETY: every call is passed on to the system's allocator as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }
    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const PLAIN: &[&str] = &[
    "كان الطقس جميلا ثم تغير بعد ذلك",
    "خرج الناس من بيوتهم وهم يغنون",
    "لم يكن في الطريق شيء غريب سوى شجرة تميل مع الريح",
    "عاد كل منهم إلى بيته بعد أن تعب من المشي",
];
const NAMED: &[&str] = &[
    "وقال وزير الخارجية الليبي محمد الطاهر سيالة في طرابلس",
    "زار الرئيس التونسي الباجي قايد السبسي مدينة بنغازي يوم الاثنين",
    "وأعلنت الأمم المتحدة مقتل 15 شخصا في معركة سرت",
];

/// A text of so many sentences of plain words, after so many with names.
fn text(named: usize, plain: usize) -> String {
    let named = (0..named).map(|i| format!("{}.", NAMED[i % NAMED.len()]));
    let plain = (0..plain).map(|i| format!("{}.", PLAIN[i % PLAIN.len()]));
    named.chain(plain).collect::<Vec<_>>().join(" ")
}

/// How many calls the analysis of a text takes, and what it gives.
fn calls(pipeline: &Pipeline, scratch: &mut Scratch, text: &str) -> (usize, Doc) {
    let before = CALLS.get();
    let doc = pipeline.run_with(text, &Options::default(), scratch).unwrap();
    (CALLS.get() - before, doc)
}

#[test]
fn tokens_cost_no_allocation() {
    let pack = Pack::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("python/marsad/data/core.marsad")).unwrap();
    let pipeline = Pipeline::new(&pack).unwrap();
    let mut scratch = Scratch::default();
    let texts = [(3, 40), (3, 80), (3, 640), (6, 40)].map(|(named, plain)| text(named, plain));
    for text in texts.iter().chain(&texts) {
        calls(&pipeline, &mut scratch, text);
    }
    let [one, two, many, named] = texts.each_ref().map(|text| calls(&pipeline, &mut scratch, text));
    let tokens = |doc: &Doc| doc.layout().tokens.len();
    assert!(tokens(&two.1) > tokens(&one.1) * 3 / 2 && tokens(&many.1) > 5 * tokens(&two.1));
    assert_eq!(one.1.mentions().len(), many.1.mentions().len(), "the plain words name something");
    // The same calls, some of which take more memory; a list that doubles may do so at most twice as the text doubles.
    for other in [&two, &many] {
        let doublings = (tokens(&other.1) / tokens(&one.1)).ilog2() as usize + 1;
        let told = format!("{} calls for {} tokens, {} for {}", one.0, tokens(&one.1), other.0, tokens(&other.1));
        assert!(other.0 <= one.0 + 2 * doublings, "{told}");
    }
    // What is found costs: a mention owns its value, its group and its link.
    let more = named.1.mentions().len() - one.1.mentions().len();
    assert!(more >= 5);
    assert!(named.0 - one.0 < 8 * more, "{} calls more for {more} mentions more", named.0 - one.0);
}
