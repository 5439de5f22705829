//! The few kinds of column that the tables are made of, spelled once.

use sea_orm_migration::prelude::*;

/// `id`: numbered by the database.
pub(crate) fn id() -> ColumnDef {
    ColumnDef::new("id").big_integer().not_null().auto_increment().primary_key().take()
}

/// Text that must be there.
pub(crate) fn text(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).text().not_null().take()
}

/// Text that is empty until somebody writes it.
pub(crate) fn words(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).text().not_null().default("").take()
}

/// Text that may be unknown.
pub(crate) fn maybe_text(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).text().null().take()
}

/// One of a closed list of words; both engines refuse any other.
pub(crate) fn one_of(name: &'static str, words: &'static [&'static str]) -> ColumnDef {
    ColumnDef::new(name).text().not_null().check(Expr::col(name).is_in(words.iter().copied())).take()
}

/// One of a closed list of words, or not said.
pub(crate) fn maybe_one_of(name: &'static str, words: &'static [&'static str]) -> ColumnDef {
    ColumnDef::new(name).text().null().check(Expr::col(name).is_in(words.iter().copied())).take()
}

/// A moment in UTC.
pub(crate) fn at(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).timestamp_with_time_zone().not_null().take()
}

/// A moment in UTC that may not have come yet.
pub(crate) fn maybe_at(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).timestamp_with_time_zone().null().take()
}

/// A number.
pub(crate) fn number(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).big_integer().not_null().default(0).take()
}

/// A number that may be unknown; also a reference that may be absent.
pub(crate) fn maybe_number(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).big_integer().null().take()
}

/// A reference that must be there.
pub(crate) fn key(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).big_integer().not_null().take()
}

/// Yes or no, no by default.
pub(crate) fn flag(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).boolean().not_null().default(false).take()
}

/// A foreign key from `column` to the id of `table`.
pub(crate) fn reference(
    from: &'static str,
    column: &'static str,
    table: &'static str,
    to: &'static str,
) -> ForeignKeyCreateStatement {
    ForeignKey::create().from(from, column).to(table, to).to_owned()
}

/// An index of `table` over `columns`, named after both.
pub(crate) fn index(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(format!("{table}_{}", columns.join("_"))).table(table);
    for column in columns {
        index.col(*column);
    }
    index
}
