//! What a visitor is told when there is no page to show.
//!
//! [`WebError`] is the only `ResponseError`. The guard ([`super::guard`]) turns it into a page in
//! the visitor's language; nothing of a fault's text ever reaches the visitor.

use std::fmt;

use actix_web::{HttpResponse, http::StatusCode};

use crate::fault::Fault;

/// Why there is no page.
#[derive(Debug)]
pub enum WebError {
    /// Nothing here, or nothing that this visitor may know of.
    NotFound,
    /// Staff of another role, a form without its token, a request from another site.
    Forbidden,
    /// The visitor must sign in first; GET is sent to the sign-in page, and back afterwards.
    SignIn,
    /// The request makes no sense: a page number that is no number, a body that is no form.
    BadRequest,
    /// A body larger than any form of ours.
    TooLarge,
    /// A body that does not come to its end.
    TooSlow,
    /// Too many requests; try again after so many seconds.
    TooMany(u64),
    /// Our mistake or the world's.
    Fault(Fault),
}

impl WebError {
    /// Why the request was not allowed, for the log; `None` for other errors.
    pub(super) fn refusal(&self) -> Option<&'static str> {
        match self {
            Self::Forbidden => Some("forbidden"),
            Self::TooMany(_) => Some("throttled"),
            Self::NotFound | Self::SignIn | Self::BadRequest | Self::TooLarge | Self::TooSlow | Self::Fault(_) => None,
        }
    }
}

impl fmt::Display for WebError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound => f.write_str("not found"),
            Self::Forbidden => f.write_str("forbidden"),
            Self::SignIn => f.write_str("sign in first"),
            Self::BadRequest => f.write_str("bad request"),
            Self::TooLarge => f.write_str("body too large"),
            Self::TooSlow => f.write_str("body too slow"),
            Self::TooMany(_) => f.write_str("too many requests"),
            Self::Fault(fault) => fault.fmt(f),
        }
    }
}

impl std::error::Error for WebError {}

impl<F: Into<Fault>> From<F> for WebError {
    fn from(fault: F) -> Self {
        Self::Fault(fault.into())
    }
}

impl actix_web::ResponseError for WebError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::SignIn => StatusCode::SEE_OTHER,
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Fault(fault) if fault.is_outage() => StatusCode::SERVICE_UNAVAILABLE,
            Self::Fault(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        // The guard draws the page; this bare answer is seen only if drawing it fails as well.
        HttpResponse::build(self.status_code()).content_type("text/plain; charset=utf-8").body("")
    }
}
