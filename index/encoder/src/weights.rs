//! The file of weights, read where it lies.
//!
//! All numbers are little-endian. After the magic and the SHA-256 of all that follows: the sizes; the scores and bytes of the
//! pieces, sorted by bytes; what characters are written as; then the rows of the words, the places, and layer by layer the
//! matrices and vectors of the network. A matrix is rows of blocks: a scale of sixteen bits, then 32 numbers of four bits, of which
//! byte `j` holds number `j` below and number `j + 16` above, each with 8 added.

use sha2::{Digest, Sha256};

use crate::{DIMENSIONS, Error};

const MAGIC: &[u8; 8] = b"YLHE5\0\0\x01";
/// How many numbers a block has.
pub(crate) const BLOCK: usize = 32;
/// How many bytes.
pub(crate) const BLOCK_BYTES: usize = 18;
/// The row that begins a text.
pub(crate) const BEGIN: u32 = 0;
/// The row that ends it.
pub(crate) const END: u32 = 1;
/// The row of what no piece is for.
pub(crate) const UNKNOWN: u32 = 2;
/// The row of the first piece.
pub(crate) const FIRST: u32 = 3;
/// The widest row of a matrix that the kernel has room for.
pub(crate) const WIDEST: usize = 1536;

/// A matrix in blocks of four bits, and what is added to its product.
pub(crate) struct Matrix {
    pub(crate) rows: &'static [u8],
    pub(crate) width: usize,
    pub(crate) bias: Vec<f32>,
}

/// What brings a vector back to size.
pub(crate) struct Norm {
    pub(crate) scale: Vec<f32>,
    pub(crate) shift: Vec<f32>,
}

/// One of the twelve.
pub(crate) struct Layer {
    pub(crate) query: Matrix,
    pub(crate) key: Matrix,
    pub(crate) value: Matrix,
    pub(crate) out: Matrix,
    pub(crate) out_norm: Norm,
    pub(crate) widen: Matrix,
    pub(crate) narrow: Matrix,
    pub(crate) narrow_norm: Norm,
}

/// Numbers of four bytes, read where they lie.
#[derive(Clone, Copy)]
pub(crate) struct Numbers(&'static [[u8; 4]]);

impl Numbers {
    pub(crate) fn len(self) -> usize {
        self.0.len()
    }

    pub(crate) fn get(self, at: usize) -> Option<u32> {
        self.0.get(at).map(|bytes| u32::from_le_bytes(*bytes))
    }

    /// The part between two neighbouring ends.
    pub(crate) fn part(self, at: usize) -> Option<(usize, usize)> {
        Some((usize::try_from(self.get(at)?).ok()?, usize::try_from(self.get(at + 1)?).ok()?))
    }

    /// How many of the first numbers, which are sorted, are below one.
    pub(crate) fn below(self, number: u32) -> usize {
        self.0.partition_point(|bytes| u32::from_le_bytes(*bytes) < number)
    }

    pub(crate) fn floats(self) -> Vec<f32> {
        self.0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()
    }
}

/// All of it.
pub(crate) struct Weights {
    pub(crate) heads: usize,
    pub(crate) epsilon: f32,
    pub(crate) unknown_score: f32,
    pub(crate) scores: Vec<f32>,
    pub(crate) ends: Numbers,
    pub(crate) pieces: &'static [u8],
    pub(crate) mapped: Numbers,
    pub(crate) mapped_ends: Numbers,
    pub(crate) mapped_to: Numbers,
    pub(crate) words: &'static [u8],
    pub(crate) places: Vec<f32>,
    pub(crate) first_norm: Norm,
    pub(crate) layers: Vec<Layer>,
}

impl Weights {
    pub(crate) fn read(file: &'static [u8]) -> Result<Self, Error> {
        let (head, body) = file.split_at_checked(40).ok_or(Error::Form)?;
        let (magic, checksum) = head.split_at(8);
        if magic != MAGIC {
            return Err(Error::Form);
        }
        if Sha256::digest(body).as_slice() != checksum {
            return Err(Error::Checksum);
        }
        let mut reader = Reader(body);
        let hidden = reader.size()?;
        let layers = reader.size()?;
        let heads = reader.size()?;
        let middle = reader.size()?;
        let positions = reader.size()?;
        let count = reader.size()?;
        if hidden != DIMENSIONS
            || middle > WIDEST
            || heads == 0
            || hidden % heads != 0
            || positions < crate::MOST_PIECES + 2
        {
            return Err(Error::Form);
        }
        let epsilon = reader.float()?;
        let unknown_score = reader.float()?;
        let scores = reader.numbers(count)?.floats();
        let ends = reader.numbers(count + 1)?;
        let last =
            |ends: Numbers| ends.get(ends.len() - 1).and_then(|last| usize::try_from(last).ok()).ok_or(Error::Form);
        let pieces = reader.bytes(last(ends)?)?;
        let mapped_count = reader.size()?;
        let mapped = reader.numbers(mapped_count)?;
        let mapped_ends = reader.numbers(mapped_count + 1)?;
        let mapped_to = reader.numbers(last(mapped_ends)?)?;
        let words = reader.bytes((count + 3) * hidden / BLOCK * BLOCK_BYTES)?;
        let places = reader.numbers(positions * hidden)?.floats();
        let first_norm = reader.norm(hidden)?;
        let mut all = Vec::with_capacity(layers);
        for _ in 0..layers {
            all.push(Layer {
                query: reader.matrix(hidden, hidden)?,
                key: reader.matrix(hidden, hidden)?,
                value: reader.matrix(hidden, hidden)?,
                out: reader.matrix(hidden, hidden)?,
                out_norm: reader.norm(hidden)?,
                widen: reader.matrix(middle, hidden)?,
                narrow: reader.matrix(hidden, middle)?,
                narrow_norm: reader.norm(hidden)?,
            });
        }
        if !reader.0.is_empty() {
            return Err(Error::Form);
        }
        Ok(Self {
            heads,
            epsilon,
            unknown_score,
            scores,
            ends,
            pieces,
            mapped,
            mapped_ends,
            mapped_to,
            words,
            places,
            first_norm,
            layers: all,
        })
    }

    /// The bytes of a piece.
    pub(crate) fn piece(&self, at: usize) -> &'static [u8] {
        self.ends.part(at).and_then(|(from, to)| self.pieces.get(from..to)).unwrap_or_default()
    }
}

/// What is left to read.
struct Reader(&'static [u8]);

impl Reader {
    fn bytes(&mut self, length: usize) -> Result<&'static [u8], Error> {
        let (taken, left) = self.0.split_at_checked(length).ok_or(Error::Form)?;
        self.0 = left;
        Ok(taken)
    }

    fn numbers(&mut self, count: usize) -> Result<Numbers, Error> {
        let bytes = self.bytes(count.checked_mul(4).ok_or(Error::Form)?)?;
        Ok(Numbers(bytes.as_chunks().0))
    }

    fn size(&mut self) -> Result<usize, Error> {
        self.numbers(1)?.get(0).and_then(|number| usize::try_from(number).ok()).ok_or(Error::Form)
    }

    fn float(&mut self) -> Result<f32, Error> {
        self.numbers(1)?.floats().first().copied().ok_or(Error::Form)
    }

    fn norm(&mut self, width: usize) -> Result<Norm, Error> {
        Ok(Norm { scale: self.numbers(width)?.floats(), shift: self.numbers(width)?.floats() })
    }

    fn matrix(&mut self, rows: usize, width: usize) -> Result<Matrix, Error> {
        Ok(Matrix { rows: self.bytes(rows * width / BLOCK * BLOCK_BYTES)?, width, bias: self.numbers(rows)?.floats() })
    }
}
