//! The files of our own that pages use: style, scripts, drawings; built into the binary.

use actix_web::{HttpRequest, HttpResponse, http::header, web::Path};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{
    templates::Files,
    web::{Answer, WebError},
};

/// `GET /static/{path}`.
pub async fn statics(request: HttpRequest, path: Path<String>) -> Answer {
    let file = Files::get(&format!("static/{path}")).ok_or(WebError::NotFound)?;
    let tag = header::EntityTag::new_strong(URL_SAFE_NO_PAD.encode(&file.metadata.sha256_hash()[..12]));
    let known = request.headers().get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let mut answer =
        if known == Some(tag.to_string().as_str()) { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer.insert_header(header::ETag(tag)).insert_header((header::CACHE_CONTROL, "public, max-age=600"));
    if known.is_some_and(|known| known.contains(&URL_SAFE_NO_PAD.encode(&file.metadata.sha256_hash()[..12]))) {
        return Ok(answer.finish());
    }
    let kind = match path.rsplit('.').next().unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webp" => "image/webp",
        _ => "application/octet-stream",
    };
    Ok(answer.content_type(kind).body(file.data.into_owned()))
}
