//! The colour of a zone, made legible: what a curator picks is a hue; how dark or light it must be
//! to be read on the page's paper follows from the paper.
//!
//! **Invariant:** a zone's name is read at a contrast of 4.5 or more, whatever colour was picked
//! (`every_colour_becomes_legible`).

use crate::zone::Zone;

/// What the light and the dark pages are read on, at their least favourable (site.css: `--paper`, `--surface`).
const LIGHT: [u8; 3] = [0xf6, 0xf8, 0xf6];
const DARK: [u8; 3] = [0x19, 0x22, 0x1f];
/// WCAG 2.2, 1.4.3, with a hair to spare for rounding.
const CONTRAST: f64 = 4.6;

/// The style sheet that gives each zone its colour, in light and in dark.
pub(super) fn sheet(zones: &[Zone]) -> String {
    let rules = |paper| zones.iter().filter_map(move |zone| rule(zone, paper)).collect::<String>();
    format!("{}@media (prefers-color-scheme: dark) {{\n{}}}\n", rules(LIGHT), rules(DARK))
}

fn rule(zone: &Zone, paper: [u8; 3]) -> Option<String> {
    let [red, green, blue] = legible(parse(&zone.colour)?, paper);
    Some(format!(".zone-{} {{ --zone: #{red:02x}{green:02x}{blue:02x} }}\n", zone.slug))
}

fn parse(colour: &str) -> Option<[u8; 3]> {
    let digits = colour.strip_prefix('#').filter(|digits| digits.len() == 6)?;
    let part = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
    Some([part(0)?, part(2)?, part(4)?])
}

/// `colour`, moved away from the paper in small steps until it can be read on it.
fn legible(colour: [u8; 3], paper: [u8; 3]) -> [u8; 3] {
    let away = if luminance(paper) > 0.5 { 0.0 } else { 255.0 };
    (0..=50)
        .map(|step| f64::from(step) / 50.0)
        .map(|part| colour.map(|each| byte(f64::from(each) * (1.0 - part) + away * part)))
        .find(|mixed| contrast(*mixed, paper) >= CONTRAST)
        .unwrap_or([byte(away); 3])
}

#[expect(clippy::as_conversions, reason = "the number is brought between 0 and 255 first")]
fn byte(value: f64) -> u8 {
    value.round().clamp(0.0, 255.0) as u8
}

/// The ratio of WCAG: from 1, the same, to 21, black on white.
fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Relative luminance, as WCAG defines it for sRGB.
fn luminance(colour: [u8; 3]) -> f64 {
    let [red, green, blue] = colour.map(|each| {
        let part = f64::from(each) / 255.0;
        if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_as_the_standard_says() {
        assert!((contrast([0; 3], [255; 3]) - 21.0).abs() < 1e-9);
        // The standard's own example: #777 on white just fails.
        assert!((contrast([0x77; 3], [255; 3]) - 4.478).abs() < 1e-3);
    }

    #[test]
    fn every_colour_becomes_legible() {
        let levels = (0..=255).step_by(51).map(|level| u8::try_from(level).unwrap()).collect::<Vec<_>>();
        for &red in &levels {
            for &green in &levels {
                for &blue in &levels {
                    for paper in [LIGHT, DARK] {
                        let mended = legible([red, green, blue], paper);
                        assert!(contrast(mended, paper) >= 4.5, "#{red:02x}{green:02x}{blue:02x}: {mended:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_colour_that_can_be_read_stays_what_it_is() {
        assert_eq!(legible([0x1f, 0x6f, 0x54], LIGHT), [0x1f, 0x6f, 0x54]);
        assert_eq!(legible([0xff, 0xe0, 0x80], DARK), [0xff, 0xe0, 0x80]);
    }
}
