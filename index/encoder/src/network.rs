//! Twelve layers over the pieces of some texts, and the mean of what comes out.
//!
//! The pieces of all texts lie one after the other, so that every matrix is read once for all of them; only in the attention do the
//! pieces of a text see each other and no others.

use std::sync::OnceLock;

use crate::kernel::{self, Activations};
use crate::weights::{BLOCK, BLOCK_BYTES, Layer, Norm, Weights};
use crate::{DIMENSIONS, Vector};

/// The vectors of some texts, each given as the rows of its pieces.
pub(crate) fn run(weights: &Weights, texts: &[&[u32]]) -> Vec<Vector> {
    let mut states = Vec::with_capacity(texts.iter().map(|text| text.len()).sum::<usize>() * DIMENSIONS);
    for text in texts {
        for (piece, place) in text.iter().zip(weights.places.chunks_exact(DIMENSIONS)) {
            let start = states.len();
            states.extend_from_slice(place);
            add_word(weights, *piece, states.get_mut(start..).unwrap_or_default());
        }
    }
    normalise(&mut states, &weights.first_norm, weights.epsilon);
    let lengths: Vec<usize> = texts.iter().map(|text| text.len()).collect();
    for layer in &weights.layers {
        pass(weights, layer, &lengths, &mut states);
    }
    let mut rest = states.as_slice();
    lengths
        .iter()
        .map(|length| {
            let (own, others) = rest.split_at(length * DIMENSIONS);
            rest = others;
            mean(own)
        })
        .collect()
}

/// Adds the row of a piece to its place.
fn add_word(weights: &Weights, piece: u32, state: &mut [f32]) {
    let length = DIMENSIONS / BLOCK * BLOCK_BYTES;
    let from = usize::try_from(piece).map_or(0, |piece| piece * length);
    kernel::add_row(weights.words.get(from..from + length).unwrap_or_default(), state);
}

fn pass(weights: &Weights, layer: &Layer, lengths: &[usize], states: &mut [f32]) {
    let seen = Activations::of(states, DIMENSIONS);
    let queries = kernel::project(&layer.query, &seen);
    let keys = kernel::project(&layer.key, &seen);
    let values = kernel::project(&layer.value, &seen);
    let mut mixed = vec![0.0; states.len()];
    let mut at = 0;
    for length in lengths {
        let own = at..at + length * DIMENSIONS;
        at = own.end;
        if let (Some(queries), Some(keys), Some(values), Some(mixed)) =
            (queries.get(own.clone()), keys.get(own.clone()), values.get(own.clone()), mixed.get_mut(own))
        {
            attend(weights.heads, queries, keys, values, mixed);
        }
    }
    add(states, &kernel::project(&layer.out, &Activations::of(&mixed, DIMENSIONS)));
    normalise(states, &layer.out_norm, weights.epsilon);
    let mut wide = kernel::project(&layer.widen, &Activations::of(states, DIMENSIONS));
    wide.iter_mut().for_each(|value| *value = bend(*value));
    add(states, &kernel::project(&layer.narrow, &Activations::of(&wide, layer.narrow.width)));
    normalise(states, &layer.narrow_norm, weights.epsilon);
}

/// What each piece takes from each other piece of its text.
fn attend(heads: usize, queries: &[f32], keys: &[f32], values: &[f32], mixed: &mut [f32]) {
    let width = DIMENSIONS / heads;
    let scale = 1.0 / f32::from(u16::try_from(width).unwrap_or(1)).sqrt();
    let mut shares = Vec::with_capacity(keys.len() / DIMENSIONS);
    for (query, mixed) in queries.chunks_exact(DIMENSIONS).zip(mixed.chunks_exact_mut(DIMENSIONS)) {
        for (head, (query, mixed)) in query.chunks_exact(width).zip(mixed.chunks_exact_mut(width)).enumerate() {
            let part = head * width..(head + 1) * width;
            shares.clear();
            shares.extend(
                keys.chunks_exact(DIMENSIONS)
                    .map(|key| key.get(part.clone()).map_or(0.0, |key| kernel::dot(query, key) * scale)),
            );
            let most = shares.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            let mut sum = 0.0;
            for share in &mut shares {
                *share = exp(*share - most);
                sum += *share;
            }
            for (share, value) in shares.iter().zip(values.chunks_exact(DIMENSIONS)) {
                let share = share / sum;
                for (mixed, value) in mixed.iter_mut().zip(value.get(part.clone()).unwrap_or_default()) {
                    *mixed += share * value;
                }
            }
        }
    }
}

/// e to the power of a number that is not above 0, to seven digits; nothing far below.
#[expect(clippy::as_conversions, reason = "a whole power between -126 and 0 becomes the exponent of a float")]
#[inline]
fn exp(x: f32) -> f32 {
    if x < -87.0 {
        return 0.0;
    }
    let power = (x * std::f32::consts::LOG2_E).floor();
    // e^rest by its series; the rest is below ln 2.
    let rest = x - power * std::f32::consts::LN_2;
    let terms = [1.0 / 5040.0, 1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0];
    let series = terms.iter().fold(0.0_f32, |sum, term| sum * rest + term);
    series * f32::from_bits(((power + 127.0) as u32) << 23)
}

fn add(states: &mut [f32], more: &[f32]) {
    for (state, more) in states.iter_mut().zip(more) {
        *state += more;
    }
}

/// Each row to mean 0 and variance 1, then as the model has learned it.
fn normalise(states: &mut [f32], norm: &Norm, epsilon: f32) {
    const WIDTH: f32 = 384.0;
    for row in states.chunks_exact_mut(DIMENSIONS) {
        let mean = row.iter().sum::<f32>() / WIDTH;
        row.iter_mut().for_each(|value| *value -= mean);
        let inverse = 1.0 / (kernel::dot(row, row) / WIDTH + epsilon).sqrt();
        for ((value, scale), shift) in row.iter_mut().zip(&norm.scale).zip(&norm.shift) {
            *value = *value * inverse * scale + shift;
        }
    }
}

/// The mean of the rows, at length 1.
fn mean(rows: &[f32]) -> Vector {
    let mut sum = vec![0.0_f32; DIMENSIONS];
    for row in rows.chunks_exact(DIMENSIONS) {
        add(&mut sum, row);
    }
    let length = kernel::dot(&sum, &sum).sqrt().max(1e-12);
    sum.iter_mut().for_each(|value| *value /= length);
    Vector(sum)
}

/// From here on GELU is nothing or the number itself.
const ENDS: f32 = 8.0;
/// Steps of the table for each 1.
const STEPS: f32 = 512.0;

/// GELU, read off a table between whose points it is as good as straight.
#[expect(clippy::as_conversions, reason = "a place in the table is a small number that is not negative")]
fn bend(value: f32) -> f32 {
    if value <= -ENDS {
        return 0.0;
    }
    if value >= ENDS {
        return value;
    }
    let place = (value + ENDS) * STEPS;
    let at = place as usize;
    let part = place - place.floor();
    match table().get(at..at + 2) {
        Some([low, high]) => low + (high - low) * part,
        _ => value,
    }
}

fn table() -> &'static [f32] {
    static TABLE: OnceLock<Vec<f32>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let points = 0_u16..=8193;
        points
            .map(|point| {
                let x = f32::from(point) / STEPS - ENDS;
                0.5 * x * (1.0 + libm::erff(x * std::f32::consts::FRAC_1_SQRT_2))
            })
            .collect()
    })
}
