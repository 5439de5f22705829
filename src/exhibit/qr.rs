//! A QR code as SVG: one path, drawn here so that it prints sharp at any size.

use qrcode::{Color, EcLevel, QrCode};

use crate::fault::Fault;

/// The quiet zone of the standard, in modules.
const QUIET: usize = 4;

/// The QR code of `text`, a quarter of which may be covered or torn.
pub(super) fn svg(text: &str) -> Result<String, Fault> {
    let code = QrCode::with_error_correction_level(text, EcLevel::Q)
        .map_err(|error| Fault::other(format!("a QR code of {} bytes: {error}", text.len())))?;
    let width = code.width();
    let mut path = String::new();
    for (row, line) in code.to_colors().chunks(width).enumerate() {
        let mut column = 0;
        for run in line.chunk_by(|one, next| one == next) {
            if run.first() == Some(&Color::Dark) {
                path.push_str(&format!("M{} {}h{}v1h-{}z", column + QUIET, row + QUIET, run.len(), run.len()));
            }
            column += run.len();
        }
    }
    let side = width + 2 * QUIET;
    // Black on white, in the dark as well: readers expect it.
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path d=\"{path}\"/></svg>"
    ))
}
