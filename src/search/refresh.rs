//! Keeping this process's index up with the database, by following the change marks.

use std::path::Path;

use index::Index;

use crate::fault::Fault;

/// Opens the index folder of this process; a damaged or outdated one is put aside and begun anew.
pub fn open_index(folder: &Path) -> Result<Index, Fault> {
    match Index::open(folder) {
        Ok(index) => Ok(index),
        Err(error @ index::Error::Damaged { .. }) => {
            tracing::warn!(%error, "the index is damaged and will be built again from the database");
            Ok(Index::rebuild(folder)?)
        }
        Err(error) => Err(error.into()),
    }
}
