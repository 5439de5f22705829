//! The one thing that takes time: a matrix of four-bit numbers times activations.
//!
//! Activations are rounded to sixteen bits, with one scale for each piece of text, so what they lose is nothing beside what four
//! bits have lost before. A few rows are unpacked at a time and used for every piece. Whole numbers are multiplied and added in
//! pairs, in an order that is the same on every machine; the compiler has an instruction for that on every x86 and a wider one on
//! those with AVX2, which is chosen as the program runs.

use crate::weights::{BLOCK, BLOCK_BYTES, Matrix, WIDEST};

/// How many rows are unpacked at once.
const ROWS: usize = 4;
/// How many sums are kept side by side.
const LANES: usize = 8;
/// The most blocks that a row has.
const MOST_BLOCKS: usize = WIDEST / BLOCK;

/// What is multiplied: for each piece a row of numbers and their scale.
pub(crate) struct Activations {
    numbers: Vec<[i16; BLOCK]>,
    scales: Vec<f32>,
    blocks: usize,
}

impl Activations {
    pub(crate) fn of(values: &[f32], width: usize) -> Self {
        let mut numbers = Vec::with_capacity(values.len() / BLOCK);
        let mut scales = Vec::with_capacity(values.len() / width);
        for row in values.chunks_exact(width) {
            let most = row.iter().fold(0.0_f32, |most, value| if value.abs() > most { value.abs() } else { most });
            let scale = most / f32::from(i16::MAX);
            let inverse = if scale > 0.0 { 1.0 / scale } else { 0.0 };
            let blocks = row.as_chunks::<BLOCK>().0;
            numbers.extend(blocks.iter().map(|block| block.map(|value| rounded(value * inverse))));
            scales.push(scale);
        }
        Self { numbers, scales, blocks: width / BLOCK }
    }
}

#[expect(clippy::as_conversions, reason = "a float becomes the nearest number of sixteen bits, which no From does")]
fn rounded(value: f32) -> i16 {
    (value + 0.5_f32.copysign(value)) as i16
}

/// The product of a matrix with every piece, and its bias: as many numbers for each piece as the matrix has rows.
pub(crate) fn project(matrix: &Matrix, activations: &Activations) -> Vec<f32> {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        #[expect(unsafe_code, reason = "the processor was asked and has the instructions")]
        // SAFETY: safe code that is compiled for processors with AVX2; this one has it.
        return unsafe { avx2::multiply(matrix, activations) };
    }
    everywhere::multiply(matrix, activations)
}

/// For every processor.
mod everywhere {
    use super::{Activations, LANES, MOST_BLOCKS, ROWS, half};
    use crate::weights::{BLOCK, BLOCK_BYTES, Matrix};

    pub(super) fn multiply(matrix: &Matrix, activations: &Activations) -> Vec<f32> {
        let blocks = activations.blocks;
        let height = matrix.bias.len();
        let mut product = vec![0.0; activations.scales.len() * height];
        let mut unpacked = [[([0_i16; BLOCK], 0.0_f32); ROWS]; MOST_BLOCKS];
        let groups = matrix.rows.chunks_exact(ROWS * blocks * BLOCK_BYTES).zip(matrix.bias.as_chunks::<ROWS>().0);
        for (group, (rows, bias)) in groups.enumerate() {
            for (row, packed) in rows.chunks_exact(blocks * BLOCK_BYTES).enumerate() {
                for (to, block) in unpacked.iter_mut().zip(packed.as_chunks::<BLOCK_BYTES>().0) {
                    to[row] = unpack(block);
                }
            }
            let pieces = activations.numbers.chunks_exact(blocks).zip(&activations.scales);
            for ((numbers, scale), product) in pieces.zip(product.chunks_exact_mut(height)) {
                let mut sums = [[0.0_f32; LANES]; ROWS];
                for (block, rows) in numbers.iter().zip(&unpacked) {
                    for (sums, (row, scale)) in sums.iter_mut().zip(rows) {
                        for (sum, product) in sums.iter_mut().zip(block_product(block, row)) {
                            *sum += product * scale;
                        }
                    }
                }
                super::put(product, group, sums, *scale, bias);
            }
        }
        product
    }

    /// The products of a block, summed by fours into lanes. The sums are below 2^24, so a float holds them exactly.
    #[expect(clippy::as_conversions, reason = "a whole number below 2^24 is a float, which no From says")]
    fn block_product(one: &[i16; BLOCK], other: &[i16; BLOCK]) -> [f32; LANES] {
        let product = |at: usize| i32::from(one[at]) * i32::from(other[at]);
        std::array::from_fn(|lane| {
            let (low, high) = (2 * lane, 2 * lane + 2 * LANES);
            (product(low) + product(low + 1) + product(high) + product(high + 1)) as f32
        })
    }

    /// The numbers of a block and their scale.
    pub(super) fn unpack(block: &[u8; BLOCK_BYTES]) -> ([i16; BLOCK], f32) {
        let [low, high, packed @ ..] = block;
        let mut numbers = [0; BLOCK];
        for (at, byte) in packed.iter().enumerate() {
            numbers[at] = i16::from(byte & 0x0F) - 8;
            numbers[at + BLOCK / 2] = i16::from(byte >> 4) - 8;
        }
        (numbers, half(u16::from_le_bytes([*low, *high])))
    }
}

/// For processors with AVX2: the same sums in the same order.
#[cfg(target_arch = "x86_64")]
mod avx2 {
    use std::arch::x86_64::{
        __m256, __m256i, _mm_and_si128, _mm_set_epi64x, _mm_set1_epi8, _mm_srli_epi16, _mm256_add_epi32, _mm256_add_ps,
        _mm256_cvtepi32_ps, _mm256_cvtepu8_epi16, _mm256_madd_epi16, _mm256_mul_ps, _mm256_set1_epi16, _mm256_set1_ps,
        _mm256_setr_epi16, _mm256_setzero_ps, _mm256_setzero_si256, _mm256_sub_epi16,
    };

    use super::{Activations, LANES, MOST_BLOCKS, ROWS, half};
    use crate::weights::{BLOCK_BYTES, Matrix};

    #[target_feature(enable = "avx2")]
    pub(super) fn multiply(matrix: &Matrix, activations: &Activations) -> Vec<f32> {
        let blocks = activations.blocks;
        let height = matrix.bias.len();
        let mut product = vec![0.0; activations.scales.len() * height];
        let all: Vec<[__m256i; 2]> = activations.numbers.iter().map(|block| load(block)).collect();
        let mut unpacked = [[(_mm256_setzero_si256(), _mm256_setzero_si256(), 0.0_f32); ROWS]; MOST_BLOCKS];
        let groups = matrix.rows.chunks_exact(ROWS * blocks * BLOCK_BYTES).zip(matrix.bias.as_chunks::<ROWS>().0);
        for (group, (rows, bias)) in groups.enumerate() {
            for (row, packed) in rows.chunks_exact(blocks * BLOCK_BYTES).enumerate() {
                for (to, block) in unpacked.iter_mut().zip(packed.as_chunks::<BLOCK_BYTES>().0) {
                    to[row] = unpack(block);
                }
            }
            let pieces = all.chunks_exact(blocks).zip(&activations.scales);
            for ((numbers, scale), product) in pieces.zip(product.chunks_exact_mut(height)) {
                let mut sums = [_mm256_setzero_ps(); ROWS];
                for ([low, high], rows) in numbers.iter().zip(&unpacked) {
                    for (sum, (first, second, scale)) in sums.iter_mut().zip(rows) {
                        let four = _mm256_add_epi32(_mm256_madd_epi16(*low, *first), _mm256_madd_epi16(*high, *second));
                        let scaled = _mm256_mul_ps(_mm256_cvtepi32_ps(four), _mm256_set1_ps(*scale));
                        *sum = _mm256_add_ps(*sum, scaled);
                    }
                }
                super::put(product, group, sums.map(|sum| lanes(sum)), *scale, bias);
            }
        }
        product
    }

    #[target_feature(enable = "avx2")]
    fn load(n: &[i16; 32]) -> [__m256i; 2] {
        let (first, second) = n.split_at(16);
        [first, second].map(|n| {
            _mm256_setr_epi16(
                n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8], n[9], n[10], n[11], n[12], n[13], n[14], n[15],
            )
        })
    }

    #[target_feature(enable = "avx2")]
    fn unpack(block: &[u8; BLOCK_BYTES]) -> (__m256i, __m256i, f32) {
        let [a, b, packed @ ..] = block;
        let (low, high) = packed.split_at(8);
        let word = |bytes: &[u8]| i64::from_le_bytes(std::array::from_fn(|at| bytes[at]));
        let bytes = _mm_set_epi64x(word(high), word(low));
        let (mask, eight) = (_mm_set1_epi8(0x0F), _mm256_set1_epi16(8));
        let below = _mm256_cvtepu8_epi16(_mm_and_si128(bytes, mask));
        let above = _mm256_cvtepu8_epi16(_mm_and_si128(_mm_srli_epi16::<4>(bytes), mask));
        (_mm256_sub_epi16(below, eight), _mm256_sub_epi16(above, eight), half(u16::from_le_bytes([*a, *b])))
    }

    #[target_feature(enable = "avx2")]
    fn lanes(sum: __m256) -> [f32; LANES] {
        use std::arch::x86_64::{_mm_extract_ps, _mm256_extractf128_ps};
        let (low, high) = (_mm256_extractf128_ps::<0>(sum), _mm256_extractf128_ps::<1>(sum));
        [
            _mm_extract_ps::<0>(low),
            _mm_extract_ps::<1>(low),
            _mm_extract_ps::<2>(low),
            _mm_extract_ps::<3>(low),
            _mm_extract_ps::<0>(high),
            _mm_extract_ps::<1>(high),
            _mm_extract_ps::<2>(high),
            _mm_extract_ps::<3>(high),
        ]
        .map(|bits| f32::from_bits(bits.cast_unsigned()))
    }
}

/// Adds up the lanes of some rows for a piece, in pairs of pairs, and puts them to their place.
#[inline(always)]
fn put(product: &mut [f32], group: usize, sums: [[f32; LANES]; ROWS], scale: f32, bias: &[f32; ROWS]) {
    if let Some(product) = product.get_mut(group * ROWS..(group + 1) * ROWS) {
        for ((to, [a, b, c, d, e, f, g, h]), bias) in product.iter_mut().zip(sums).zip(bias) {
            *to = (((a + e) + (b + f)) + ((c + g) + (d + h))) * scale + bias;
        }
    }
}

/// Adds the numbers of a row of blocks to what is there.
pub(crate) fn add_row(row: &[u8], to: &mut [f32]) {
    let blocks = row.as_chunks::<BLOCK_BYTES>().0.iter().map(everywhere::unpack);
    for ((numbers, scale), to) in blocks.zip(to.as_chunks_mut::<BLOCK>().0) {
        for (to, number) in to.iter_mut().zip(numbers) {
            *to += f32::from(number) * scale;
        }
    }
}

/// A float of sixteen bits.
#[inline]
fn half(bits: u16) -> f32 {
    let sign = u32::from(bits >> 15) << 31;
    let (exponent, fraction) = (u32::from(bits >> 10) & 0x1F, u32::from(bits) & 0x3FF);
    if exponent == 0 {
        let small = f32::from(bits & 0x3FF) / 16_777_216.0;
        return if sign == 0 { small } else { -small };
    }
    // No weight is infinite or no number, so an exponent of 31 is read as one more power.
    f32::from_bits(sign | (exponent + 112) << 23 | fraction << 13)
}

/// The sum of the products of two rows, always in the same order.
pub(crate) fn dot(one: &[f32], other: &[f32]) -> f32 {
    let mut sums = [0.0_f32; 2 * LANES];
    let (one, left) = one.as_chunks::<{ 2 * LANES }>();
    let (other, right) = other.as_chunks::<{ 2 * LANES }>();
    for (one, other) in one.iter().zip(other) {
        for ((sum, one), other) in sums.iter_mut().zip(one).zip(other) {
            *sum += one * other;
        }
    }
    let tail: f32 = left.iter().zip(right).map(|(one, other)| one * other).sum();
    sums.iter().sum::<f32>() + tail
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A matrix of pseudo-random blocks.
    fn matrix(height: usize, width: usize) -> Matrix {
        let mut state = 7_u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state.to_le_bytes()[3]
        };
        let mut rows = Vec::new();
        for _ in 0..height * width / BLOCK {
            // Scales between 1/64 and 1/16, of both signs.
            rows.extend([next(), 0x24 + next() % 8 + (next() & 0x80)]);
            rows.extend((0..BLOCK / 2).map(|_| next()));
        }
        let bias = (0..height).map(|_| f32::from(next()) / 100.0).collect();
        Matrix { rows: rows.leak(), width, bias }
    }

    #[test]
    fn every_processor_finds_the_same_bits() {
        let values: Vec<f32> = (0..3 * 384_u16).map(|at| f32::from(at * 37 % 1000) / 100.0 - 5.0).collect();
        let (matrix, activations) = (matrix(8, 384), Activations::of(&values, 384));
        let bits = |product: Vec<f32>| product.into_iter().map(f32::to_bits).collect::<Vec<_>>();
        assert_eq!(bits(project(&matrix, &activations)), bits(everywhere::multiply(&matrix, &activations)));
    }

    #[test]
    fn the_product_is_that_of_the_plain_numbers() {
        let values: Vec<f32> = (0..384_u16).map(|at| f32::from(at * 37 % 1000) / 100.0 - 5.0).collect();
        let matrix = matrix(8, 384);
        let product = project(&matrix, &Activations::of(&values, 384));
        for ((row, bias), found) in matrix.rows.chunks_exact(384 / BLOCK * BLOCK_BYTES).zip(&matrix.bias).zip(product) {
            let mut plain = vec![0.0; 384];
            add_row(row, &mut plain);
            let expected: f32 = plain.iter().zip(&values).map(|(a, b)| a * b).sum::<f32>() + bias;
            assert!((expected - found).abs() < 0.01, "{expected} {found}");
        }
    }

    #[test]
    fn halves_are_read() {
        for (bits, value) in [(0x3C00, 1.0), (0xC000, -2.0), (0x3555, 0.333_251_95), (0x0001, 5.960_464_5e-8), (0, 0.0)]
        {
            assert!((half(bits) - value).abs() < 1e-12);
        }
    }
}
