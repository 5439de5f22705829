//! What every page shares and no page owns: routes, the visitor, forms, rendering, errors.

pub mod error;
pub mod form;
pub mod health;
pub mod limit;
pub mod list;
pub mod metrics;
pub mod page;
pub mod routes;
pub mod visitor;

mod bound;
mod guard;
mod statics;

pub use bound::bound;
pub use error::WebError;
pub use form::{FieldErrors, Fields, FormView, Posted};
pub use guard::guard;
pub use page::Page;
pub use statics::statics;
pub use visitor::{Administrator, Broker, Curator, Member, Staff, Visitor};

/// What a handler answers.
pub type Answer = Result<actix_web::HttpResponse, WebError>;
