//! What one handler may cost others: its time is limited, and its panic is its own.
//!
//! It stands around each route, behind the router, and not around the whole site as
//! [`super::guard()`] does: once the router has passed a request on, a copy of it may be kept, and the
//! page for what went wrong is drawn from that.
//!
//! **Invariant:** a request is answered within ten seconds, whatever the database does
//! (`a_database_that_hangs_keeps_nobody_waiting`). A handler that is dropped on the way has committed
//! all of its transaction or nothing.
//! **Invariant:** a panic in a handler is an error page to one visitor and nothing to the others
//! (`a_panic_in_a_handler_hurts_nobody_else`).

use std::{
    panic::AssertUnwindSafe,
    time::{Duration, Instant},
};

use actix_web::{
    HttpMessage,
    body::BoxBody,
    dev::{ServiceRequest, ServiceResponse},
    middleware::Next,
};
use futures_util::FutureExt;
use tokio::time::timeout;

use crate::{fault::Fault, web::WebError};

/// How long an answer may take, from the first look at the request; ten seconds less the drawing of the page that says so.
const LONGEST: Duration = Duration::from_secs(9);

/// When an answer must be there; the guard attaches it to the request.
#[derive(Debug, Clone, Copy)]
pub(super) struct Deadline(Instant);

impl Deadline {
    /// From now on.
    pub(super) fn begin() -> Self {
        Self(Instant::now() + LONGEST)
    }

    /// `work`, or a fault when the time is over.
    pub(super) async fn keep<T>(self, work: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
        timeout(self.left(), work).await.unwrap_or_else(|_| Err(Fault::late()))
    }

    fn left(self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }
}

/// The middleware of every route.
pub async fn bound(request: ServiceRequest, next: Next<BoxBody>) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let plain = request.request().clone();
    let deadline = request.extensions().get::<Deadline>().copied().unwrap_or_else(Deadline::begin);
    let fault = match timeout(deadline.left(), AssertUnwindSafe(next.call(request)).catch_unwind()).await {
        Ok(Ok(answer)) => return answer,
        Ok(Err(_)) => Fault::other("a handler panicked"),
        Err(_) => Fault::late(),
    };
    Ok(ServiceResponse::from_err(WebError::Fault(fault), plain))
}
