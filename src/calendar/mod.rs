//! Working days of the park: the Chinese holiday calendar, which staff can edit.
