//! Exact numbers: a fraction of two integers, so that 1.24 billion and a third are what they say.

use std::fmt;

/// An exact number.
///
/// ```
/// use marsad::detect::rules::number::Ratio;
/// let n = Ratio::parse_decimal("1.24").unwrap().times(Ratio::power_of_ten(9)).unwrap();
/// assert_eq!(n.to_string(), "1240000000");
/// assert_eq!(Ratio::new(2, 3).unwrap().to_string(), "2/3");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ratio {
    num: i128,
    den: i128,
}

fn gcd(a: i128, b: i128) -> i128 {
    if b == 0 { a.abs().max(1) } else { gcd(b, a % b) }
}

impl Ratio {
    /// A fraction in lowest terms; `None` when `den` is not positive.
    pub fn new(num: i128, den: i128) -> Option<Self> {
        (den > 0).then(|| {
            let d = gcd(num, den);
            Self { num: num / d, den: den / d }
        })
    }
    /// A whole number.
    pub const fn whole(n: u64) -> Self {
        Self { num: n as i128, den: 1 }
    }
    /// Ten to a power.
    pub fn power_of_ten(power: u8) -> Self {
        Self { num: 10i128.checked_pow(u32::from(power)).unwrap_or(i128::MAX), den: 1 }
    }
    /// ASCII digits with at most one point.
    pub fn parse_decimal(text: &str) -> Option<Self> {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let places = u32::try_from(part.len()).ok()?;
        if whole.len() + part.len() > 30 || whole.is_empty() {
            return None;
        }
        let all = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if !all(whole) || !all(part) {
            return None;
        }
        let den = 10i128.checked_pow(places)?;
        let part: i128 = if part.is_empty() { 0 } else { part.parse().ok()? };
        Self::new(whole.parse::<i128>().ok()?.checked_mul(den)?.checked_add(part)?, den)
    }
    /// The product.
    pub fn times(self, other: Self) -> Option<Self> {
        Self::new(self.num.checked_mul(other.num)?, self.den.checked_mul(other.den)?)
    }
    /// The sum.
    pub fn plus(self, other: Self) -> Option<Self> {
        let num = self.num.checked_mul(other.den)?.checked_add(other.num.checked_mul(self.den)?)?;
        Self::new(num, self.den.checked_mul(other.den)?)
    }
    /// Itself as an unsigned whole number, if it is one.
    pub fn to_u64(self) -> Option<u64> {
        if self.den == 1 { u64::try_from(self.num).ok() } else { None }
    }
}

/// A decimal where the fraction ends, otherwise `numerator/denominator`.
impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mut den, mut places) = (self.den, 0usize);
        while den % 10 == 0 {
            den /= 10;
            places += 1;
        }
        let mut num = self.num;
        for (factor, other) in [(2, 5), (5, 2)] {
            while den % factor == 0 && places < 30 {
                den /= factor;
                places += 1;
                match num.checked_mul(other) {
                    Some(n) => num = n,
                    None => return write!(f, "{}/{}", self.num, self.den),
                }
            }
        }
        if den != 1 {
            return write!(f, "{}/{}", self.num, self.den);
        }
        let digits = format!("{:0>1$}", num.abs(), places + 1);
        let (whole, part) = digits.split_at(digits.len() - places);
        let part = part.trim_end_matches('0');
        let sign = if num < 0 { "-" } else { "" };
        if part.is_empty() { write!(f, "{sign}{whole}") } else { write!(f, "{sign}{whole}.{part}") }
    }
}
