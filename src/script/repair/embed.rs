//! Lines that are no text: bare URLs and photo credits.

const SCHEMES: [&str; 5] = ["http://", "https://", "www.", "pic.twitter.com/", "t.co/"];

fn starts_with_no_case(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix))
}

fn is_url(word: &str) -> bool {
    let word = word.trim_matches(['(', ')', '<', '>', '"', '[', ']']);
    if SCHEMES.iter().any(|scheme| starts_with_no_case(word, scheme)) {
        return word.len() > 8;
    }
    // A bare domain with a path: example.org/page
    let Some((host, path)) = word.split_once('/') else { return false };
    host.contains('.')
        && host.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-')
        && host.rsplit('.').next().is_some_and(|tld| tld.len() >= 2 && tld.bytes().all(|b| b.is_ascii_alphabetic()))
        && !path.is_empty()
}

/// What a credit begins with.
const CREDITS: [&str; 20] = [
    "صورة:",
    "الصورة:",
    "الصور:",
    "صور:",
    "تصوير:",
    "تصوير :",
    "مصدر الصورة",
    "مصدر الصور",
    "المصور:",
    "عدسة:",
    "حقوق الصورة",
    "photo:",
    "photo by",
    "photo credit",
    "image:",
    "image credit",
    "picture:",
    "credit:",
    "©",
    "(c) ",
];

/// Houses that sign photographs with their name alone.
const HOUSES: [&str; 12] = [
    "getty images",
    "gettyimages",
    "getty",
    "afp",
    "reuters",
    "ap",
    "epa",
    "shutterstock",
    "istock",
    "anadolu",
    "flickr",
    "wikimedia commons",
];

fn is_credit(body: &str, words: usize) -> bool {
    if words > 12 || body.ends_with('.') {
        return false;
    }
    if CREDITS.iter().any(|start| starts_with_no_case(body, start)) {
        return true;
    }
    // "AFP", "(Reuters)", "AFP / Getty Images", "Name Surname/AFP"
    let bare = body.trim_matches(['(', ')', '[', ']', ' ', '-', '–']);
    if bare.is_empty() || !bare.is_ascii() {
        return false;
    }
    bare.rsplit(['/', '|', ',', '-'])
        .next()
        .map(str::trim)
        .is_some_and(|last| HOUSES.iter().any(|house| last.eq_ignore_ascii_case(house)))
}

/// Whether a line of so many words, without surrounding white space, is a bare URL or a credit.
pub(super) fn is_embed(body: &str, words: usize) -> bool {
    words <= 9 && body.split_whitespace().all(is_url) || is_credit(body, words)
}
