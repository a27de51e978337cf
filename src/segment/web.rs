//! Addresses of the net: URLs, bare domains, e-mail.

use super::TokenKind;

/// Top-level domains of more than two letters that news texts print.
const GENERIC: &[&str] = &[
    "com", "org", "net", "info", "gov", "edu", "mil", "int", "biz", "news", "online", "site", "press", "agency",
    "media", "live", "app", "dev", "blog", "xyz", "club", "shop", "store", "tech", "world", "today", "network",
    "digital", "cloud", "video", "audio", "radio", "museum", "asia", "mobi", "name", "pro",
];

/// Country domains, one space apart.
const COUNTRY: &str = " ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz \
ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga gd ge gf gg \
gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky \
kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np \
nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sk sl sm sn so sr ss st su sv sx \
sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw ";

fn is_top_level(label: &str) -> bool {
    let mut lower = [0u8; 9];
    let Some(lower) = lower.get_mut(1..=label.len()) else { return false };
    let mixed = label.bytes().any(|b| b.is_ascii_lowercase()) && label.bytes().any(|b| b.is_ascii_uppercase());
    lower.copy_from_slice(label.as_bytes());
    lower.make_ascii_lowercase();
    let lower = std::str::from_utf8(lower).unwrap_or("");
    !mixed
        && if lower.len() == 2 {
            COUNTRY.as_bytes().chunks_exact(3).any(|c| c.get(1..) == Some(lower.as_bytes()))
        } else {
            GENERIC.contains(&lower)
        }
}

/// The length of the domain that begins `run`, 0 for none; `run` has only letters, digits and `._%+-`.
fn domain(run: &str) -> usize {
    let body = run.trim_end_matches(['.', '_', '%', '+', '-']);
    let mut labels = body.rsplit('.');
    let top = labels.next().unwrap_or("");
    let mut letters = false;
    let mut count = 0;
    for label in labels {
        if label.is_empty() || label.starts_with('-') || label.bytes().any(|b| matches!(b, b'%' | b'+')) {
            return 0;
        }
        letters |= label.bytes().any(|b| b.is_ascii_alphabetic());
        count += 1;
    }
    if count > 0 && letters && is_top_level(top) { body.len() } else { 0 }
}

fn starts_with_no_case(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix))
}

/// The end of a URL of which the first `host` bytes are sure.
fn url_end(text: &str, host: usize) -> usize {
    let mut end = host;
    let (mut path, mut before) = (false, ' ');
    for (i, c) in text.char_indices().skip_while(|(i, _)| *i < host) {
        let takes = if c.is_ascii() {
            c.is_ascii_graphic() && !matches!(c, '<' | '>' | '"' | '{' | '}' | '|' | '\\' | '^' | '`')
        } else {
            // Letters of other scripts stand in paths, never right after a Latin word: there the next word begins.
            path && c.is_alphanumeric() && (!before.is_ascii() || matches!(before, '/' | '_' | '-' | '=' | '%'))
        };
        if !takes {
            break;
        }
        path |= c == '/';
        before = c;
        end = i + c.len_utf8();
    }
    let url = text.get(..end).unwrap_or("");
    let excess = |open: char, close: char| {
        let count = |c: char| url.chars().filter(|x| *x == c).count();
        count(close).saturating_sub(count(open))
    };
    let (mut round, mut square) = (excess('(', ')'), excess('[', ']'));
    let take = |left: &mut usize| std::mem::replace(left, left.saturating_sub(1)) > 0;
    let body = url.trim_end_matches(|c| match c {
        '.' | ',' | ':' | ';' | '!' | '?' | '\'' | '*' => true,
        ')' => take(&mut round),
        ']' => take(&mut square),
        _ => false,
    });
    body.len().max(host)
}

/// The address that begins `text`, with its length in bytes; or how many bytes hold none for sure.
pub(super) fn address(text: &str) -> (usize, Option<TokenKind>) {
    for scheme in ["http://", "https://", "ftp://"] {
        if starts_with_no_case(text, scheme) {
            let end = url_end(text, scheme.len());
            if end > scheme.len() {
                return (end, Some(TokenKind::Url));
            }
        }
    }
    let is_local = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'%' | b'+' | b'-');
    let extent = |from: usize| {
        let rest = text.as_bytes().get(from..).unwrap_or(&[]);
        from + rest.iter().position(|b| !is_local(*b)).unwrap_or(rest.len())
    };
    let run = extent(0);
    if text.as_bytes().get(run) == Some(&b'@') {
        let host = domain(text.get(run + 1..extent(run + 1)).unwrap_or(""));
        if host > 0 {
            return (run + 1 + host, Some(TokenKind::Email));
        }
    }
    let name = text.get(..run).unwrap_or("");
    let mut host = domain(name);
    if host == 0 && starts_with_no_case(text, "www.") && run > 4 {
        host = name.trim_end_matches(['.', '-', '_', '%', '+']).len();
    }
    let tail = text.as_bytes().get(host).copied().unwrap_or(b' ');
    if host == 0 || (host <= 4 && tail != b'/') {
        return (run.max(1), None);
    }
    let end = if host == run && matches!(tail, b'/' | b'?' | b':') { url_end(text, host) } else { host };
    (end, Some(TokenKind::Url))
}
