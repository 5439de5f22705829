//! What a text means in the form in which it is kept: a byte for each number.

use crate::Vector;

/// The mean of some vectors, rounded to a byte for each number.
///
/// It is as long as the vectors agree: of vectors that point apart little is left. So the product of two meanings is the mean of the
/// products of all their vectors.
#[derive(Debug, Clone, PartialEq)]
pub struct Meaning {
    numbers: Box<[i8]>,
    scale: f32,
}

impl Meaning {
    /// The mean of vectors of one length; `None` without any.
    #[must_use]
    pub fn of(vectors: &[Vector]) -> Option<Self> {
        let length = vectors.first()?.0.len();
        let count = f32::from(u16::try_from(vectors.len()).ok()?);
        let mut mean = vec![0.0_f32; length];
        for vector in vectors {
            if vector.0.len() != length {
                return None;
            }
            for (sum, value) in mean.iter_mut().zip(&vector.0) {
                *sum += value / count;
            }
        }
        let most = mean.iter().fold(0.0_f32, |most, value| most.max(value.abs()));
        let scale = most / 127.0;
        if !scale.is_normal() {
            return None;
        }
        Some(Self { numbers: mean.iter().map(|value| rounded(value / scale)).collect(), scale })
    }

    /// The product of two meanings of one model; nothing when they cannot be of one.
    #[must_use]
    pub fn dot(&self, other: &Self) -> Option<f64> {
        if self.numbers.len() != other.numbers.len() {
            return None;
        }
        let sum: i32 = self.numbers.iter().zip(&*other.numbers).map(|(a, b)| i32::from(*a) * i32::from(*b)).sum();
        Some(f64::from(sum) * f64::from(self.scale) * f64::from(other.scale))
    }

    /// As it is stored: the scale, then the numbers.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let numbers = self.numbers.iter().map(|number| number.cast_unsigned());
        self.scale.to_le_bytes().into_iter().chain(numbers).collect()
    }

    /// As it was stored.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (scale, numbers) = bytes.split_first_chunk()?;
        let scale = f32::from_le_bytes(*scale);
        let whole = scale.is_normal() && !numbers.is_empty();
        whole.then(|| Self { numbers: numbers.iter().map(|byte| byte.cast_signed()).collect(), scale })
    }
}

#[expect(clippy::as_conversions, reason = "a number between -127 and 127 is rounded to a byte, which no From does")]
fn rounded(value: f32) -> i8 {
    value.round() as i8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_meaning_survives_being_stored() {
        let vectors = [Vector(vec![0.6, -0.8, 0.0]), Vector(vec![0.8, -0.6, 0.0])];
        let meaning = Meaning::of(&vectors).unwrap();
        assert_eq!(Meaning::from_bytes(&meaning.to_bytes()), Some(meaning.clone()));
        assert!((meaning.dot(&meaning).unwrap() - 0.98).abs() < 0.01);
    }

    #[test]
    fn nothing_is_made_of_nothing() {
        assert_eq!(Meaning::of(&[]), None);
        assert_eq!(Meaning::of(&[Vector(vec![0.0; 3])]), None);
        assert_eq!(Meaning::of(&[Vector(vec![1.0]), Vector(vec![1.0, 0.0])]), None);
        for bytes in [&[][..], &[0; 4], &[0; 400], &[1, 2]] {
            assert_eq!(Meaning::from_bytes(bytes), None);
        }
        let one = Meaning::of(&[Vector(vec![1.0])]).unwrap();
        assert_eq!(one.dot(&Meaning::of(&[Vector(vec![1.0, 0.0])]).unwrap()), None);
    }
}
