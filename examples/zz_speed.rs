use marsad::segment::scan::Scanner;
use marsad::segment::*;
struct Instant(f64);
impl Instant {
    fn now() -> Self {
        let s = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
        Instant(s.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e9)
    }
    fn elapsed(&self) -> D {
        D(Self::now().0 - self.0)
    }
}
struct D(f64);
impl D {
    fn as_secs_f64(&self) -> f64 {
        self.0
    }
}
fn main() {
    let w = marsad::Pack::open(std::path::Path::new("/tmp/packs/words.pack")).unwrap().words().unwrap();
    let texts: Vec<String> = std::env::args().skip(1).map(|f| std::fs::read_to_string(f).unwrap()).collect();
    let bytes: usize = texts.iter().map(|t| t.len()).sum();
    let mut s = Segmenter::default();
    let mut l = Layout::default();
    for round in 0..4 {
        let t = Instant::now();
        let mut n = 0;
        for x in &texts {
            s.segment(x, &w, &mut l);
            n += l.tokens.len();
        }
        let d = t.elapsed().as_secs_f64();
        println!("segment {round}: {:.1} MB/s {:.2} M tokens/s", bytes as f64 / 1e6 / d, n as f64 / 1e6 / d);
    }
    let t = Instant::now();
    let mut n = 0;
    for x in &texts {
        n += Scanner::new(x).count();
    }
    let d = t.elapsed().as_secs_f64();
    println!("scan: {:.1} MB/s {:.2} M tokens/s", bytes as f64 / 1e6 / d, n as f64 / 1e6 / d);
    let mut r = marsad::script::repair::Repairs::default();
    let t = Instant::now();
    for x in &texts {
        marsad::script::repair::pieces(x, &mut r);
    }
    let d = t.elapsed().as_secs_f64();
    println!("pieces: {:.1} MB/s", bytes as f64 / 1e6 / d);
    let mut k = String::new();
    let t = Instant::now();
    for x in &texts {
        k.clear();
        marsad::script::fold_into(x, &mut k);
    }
    let d = t.elapsed().as_secs_f64();
    println!("fold: {:.1} MB/s", bytes as f64 / 1e6 / d);
    let t = Instant::now();
    let mut n = 0;
    for x in &texts {
        let mut s = Segmenter::default();
        s.segment(x, &w, &mut l);
        n += l.tokens.len();
    }
    let d = t.elapsed().as_secs_f64();
    println!("cold memo: {:.1} MB/s {:.2} M tokens/s", bytes as f64 / 1e6 / d, n as f64 / 1e6 / d);
}
