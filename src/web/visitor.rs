//! Who is asking. A handler that names [`Member`], [`Staff`], [`Curator`], [`Broker`] or [`Administrator`] in
//! its arguments cannot run for anybody else: the type is the permission.

use std::{cell::Cell, rc::Rc};

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload};

use crate::{
    app::App,
    id::MemberId,
    member::{Role, SignedIn},
    web::WebError,
    words::Language,
};

/// The name of the visitor's cookie.
pub fn cookie_name(is_https: bool) -> &'static str {
    if is_https { "__Host-ylh" } else { "ylh" }
}

/// What the guard found out about a request before any handler saw it.
pub struct Visit {
    /// The number of this request in the log.
    pub request_id: String,
    /// The value of the visitor's cookie; fresh when the browser sent none.
    pub cookie: String,
    /// Whether the cookie must be sent back: it is fresh and a form was drawn that needs it.
    pub cookie_needed: Cell<bool>,
    /// Whether the browser sent the cookie.
    pub cookie_known: bool,
    /// The language of pages for this visitor.
    pub language: Language,
    /// The member who is signed in with this cookie.
    pub member: Option<SignedIn>,
    /// The words key to show once on the next page.
    pub flash: Option<String>,
}

impl Visit {
    /// The visit that the guard attached to `request`.
    pub fn of(request: &HttpRequest) -> Result<Rc<Self>, WebError> {
        request
            .extensions()
            .get::<Rc<Self>>()
            .cloned()
            .ok_or_else(|| WebError::Fault(crate::fault::Fault::other("a request passed by the guard")))
    }

    /// The token that every form of this visitor carries.
    pub fn csrf(&self, app: &App) -> String {
        self.cookie_needed.set(true);
        app.config.secret.sign("csrf", &self.cookie)
    }
}

/// Anybody.
pub struct Visitor(pub Option<SignedIn>);

/// Somebody who is signed in.
pub struct Member(pub SignedIn);

/// Park staff of any role.
pub struct Staff(pub SignedIn);

/// A curator or an administrator.
pub struct Curator(pub SignedIn);

/// A broker or an administrator.
pub struct Broker(pub SignedIn);

/// An administrator.
pub struct Administrator(pub SignedIn);

impl Visitor {
    /// The member's number, when signed in.
    pub fn id(&self) -> Option<MemberId> {
        self.0.as_ref().map(|member| member.id)
    }

    /// Whether the visitor is park staff.
    pub fn is_staff(&self) -> bool {
        self.0.as_ref().is_some_and(|member| member.role.is_staff())
    }
}

fn member(request: &HttpRequest) -> Result<SignedIn, WebError> {
    Visit::of(request)?.member.clone().ok_or(WebError::SignIn)
}

/// Staff for whom `may` holds. To others than staff the desk does not exist; staff of another
/// role are told that it is not theirs.
fn staff(request: &HttpRequest, may: fn(Role) -> bool) -> Result<SignedIn, WebError> {
    let member = member(request)?;
    if !member.role.is_staff() {
        Err(WebError::NotFound)
    } else if !may(member.role) {
        Err(WebError::Forbidden)
    } else {
        Ok(member)
    }
}

macro_rules! extract {
    ($name:ident, $find:expr) => {
        impl FromRequest for $name {
            type Error = WebError;
            type Future = std::future::Ready<Result<Self, WebError>>;
            fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
                let find: fn(&HttpRequest) -> Result<_, WebError> = $find;
                std::future::ready(find(request).map(Self))
            }
        }
    };
}

extract!(Visitor, |request| Ok(Visit::of(request)?.member.clone()));
extract!(Member, member);
extract!(Staff, |request| staff(request, Role::is_staff));
extract!(Curator, |request| staff(request, Role::curates));
extract!(Broker, |request| staff(request, Role::brokers));
extract!(Administrator, |request| staff(request, Role::administers));
