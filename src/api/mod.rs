//! The JSON API: what everybody may read, for programs.
//!
//! Every public list is here, with the same content as its page and nothing more; searching and
//! suggestions as JSON live beside their pages. `openapi.json` describes all of it.
//!
//! **Invariant:** the description names exactly the routes that there are, and the fields that
//! they answer with (`the_api_is_as_it_is_described`).
//! **Invariant:** an anonymous need names nobody (`the_lists_name_nobody_who_is_anonymous`).

pub mod lists;

use actix_web::{HttpResponse, http::header::ContentType};

use crate::web::Answer;

/// `GET /api/v1/openapi.json`.
pub async fn describe() -> Answer {
    Ok(HttpResponse::Ok().content_type(ContentType::json()).body(include_str!("openapi.json")))
}
