//! What the site knows of a member: the words about it for everybody, and for himself his consents to
//! take back, everything as a file, and the end of his account.

use actix_web::{
    HttpResponse,
    cookie::{Cookie, SameSite, time},
    http::header,
    web::Path,
};
use serde::Serialize;

use crate::{
    id::{ConsentId, IntroductionId},
    introduction::retract,
    member,
    my::{export, leave},
    organisation,
    web::{Answer, FieldErrors, Fields, FormView, Member, Page, Posted, WebError, visitor},
    words::Say,
};

#[derive(Serialize)]
struct PrivacyView {
    days: u32,
    operator: String,
    contact: String,
}

/// `GET /privacy`: which field has which purpose, who sees it and how long it is kept.
pub async fn show(page: Page) -> Answer {
    let config = &page.app.config;
    let view = PrivacyView {
        days: config.backup_weeks * 7,
        operator: config.operator.clone(),
        contact: config.complaint_contact.clone(),
    };
    page.show("my/privacy.html", &view)
}

#[derive(Serialize)]
struct ConsentsView {
    consents: Vec<ConsentView>,
    disclosures: Vec<Disclosed>,
}

#[derive(Serialize)]
struct ConsentView {
    text: String,
    fields: String,
    given: String,
    withdrawn: String,
    url: String,
    action: String,
}

#[derive(Serialize)]
struct Disclosed {
    recipient: String,
    fields: String,
    when: String,
}

/// `GET /my/consents`: what I agreed to, with a button to take it back, and who received my contact.
pub async fn consents(page: Page, Member(me): Member) -> Answer {
    let db = &page.app.db;
    let fields = |fields: &[member::Field]| {
        let words: Vec<String> =
            fields.iter().map(|field| page.word(&format!("member-field-{}", field.as_str()))).collect();
        words.join(&page.word("my-and"))
    };
    let disclosures = member::store::disclosures(db, me.id).await?;
    let recipients: Vec<_> = disclosures.iter().map(|each| each.recipient).collect();
    let recipients = organisation::store::by_ids(db, &recipients).await?;
    let name = |id| recipients.iter().find(|each| each.id == id).map_or_else(String::new, |each| each.name.clone());
    let view = ConsentsView {
        consents: member::store::consents(db, me.id)
            .await?
            .iter()
            .map(|each| ConsentView {
                // The words that were agreed to: they name the recipient as far as he was named then.
                text: each.text.clone(),
                fields: fields(&each.fields),
                given: page.moment(each.given_at),
                withdrawn: each.withdrawn_at.map_or_else(String::new, |at| page.moment(at)),
                url: each
                    .about
                    .strip_prefix("introduction:")
                    .and_then(|id| id.parse::<IntroductionId>().ok())
                    .map_or_else(String::new, |id| format!("/my/introductions/{id}")),
                action: format!("/my/consents/{}/withdrawal", each.id),
            })
            .collect(),
        disclosures: disclosures
            .iter()
            .map(|each| Disclosed {
                recipient: name(each.recipient),
                fields: fields(&each.fields),
                when: page.moment(each.made_at),
            })
            .collect(),
    };
    page.show("my/consents.html", &view)
}

/// `POST /my/consents/{id}/withdrawal`.
pub async fn withdraw(page: Page, Member(me): Member, id: Path<i64>, Posted(_): Posted) -> Answer {
    match retract::retract(&page.app, me.id, ConsentId(*id)).await {
        Ok(()) => page.go_saying("/my/consents", "privacy-consent-withdrawn"),
        Err(retract::Error::NotYours) => Err(WebError::NotFound),
        Err(retract::Error::Fault(fault)) => Err(fault.into()),
    }
}

/// `GET /my/export`: everything that is mine, as a file.
pub async fn download(page: Page, Member(me): Member) -> Answer {
    let own = export::export(&page.app, me.id).await?.ok_or(WebError::NotFound)?;
    let body = serde_json::to_string_pretty(&own).map_err(crate::fault::Fault::from)?;
    Ok(HttpResponse::Ok()
        .content_type("application/json; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"yonglianhui-my-data.json\""))
        .body(body))
}

#[derive(Serialize)]
struct LeavingView {
    form: FormView,
    email: String,
    days: u32,
}

/// `GET /my/leaving`: what deleting the account does, and the form that does it.
pub async fn leaving(page: Page, Member(me): Member) -> Answer {
    let view = leaving_view(&page, me.id, &Fields::blank(), &FieldErrors::default()).await?;
    page.show("my/leaving.html", &view)
}

async fn leaving_view(
    page: &Page,
    me: crate::id::MemberId,
    fields: &Fields,
    errors: &FieldErrors,
) -> Result<LeavingView, WebError> {
    let own = member::store::by_id(&page.app.db, me).await?.ok_or(WebError::NotFound)?;
    let days = page.app.config.backup_weeks * 7;
    Ok(LeavingView { form: page.form(fields, errors), email: own.email.to_string(), days })
}

/// `POST /my/leaving`.
pub async fn leave(page: Page, Member(me): Member, Posted(fields): Posted) -> Answer {
    let wrong = match leave::leave(&page.app, me.id, &fields.line("email")).await {
        Ok(()) => {
            let mut answer = page.go_saying("/", "privacy-left")?;
            let https = page.app.config.is_https();
            let cookie = Cookie::build(visitor::cookie_name(https), "").path("/").http_only(true);
            let cookie = cookie.same_site(SameSite::Lax).secure(https).max_age(time::Duration::ZERO).finish();
            if let Err(error) = answer.add_cookie(&cookie) {
                tracing::error!(%error, "the session's cookie could not be taken away");
            }
            return Ok(answer);
        }
        Err(leave::Error::NotTheAddress) => "privacy-leaving-not-the-address",
        Err(leave::Error::LastAdministrator) => "privacy-leaving-last-administrator",
        Err(leave::Error::Fault(fault)) => return Err(fault.into()),
    };
    let errors = FieldErrors::one("email", Say::new(wrong));
    let view = leaving_view(&page, me.id, &fields, &errors).await?;
    page.refuse("my/leaving.html", &view)
}
