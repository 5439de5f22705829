//! What visitors asked: an exhibitor sees what concerns its exhibits, staff see all. A visitor's
//! contact is shown to the exhibitor only if he ticked that; staff answer in his stead otherwise.

use std::collections::HashMap;

use actix_web::web::Path;
use serde::Serialize;

use crate::{
    exhibit::{Enquiry, Exhibit, answer, form, store},
    id::{EnquiryId, ExhibitId, MemberId, OrganisationId},
    organisation,
    web::{Answer, FieldErrors, Fields, FormView, Member, Page, Posted, Staff, WebError, list::Row},
};

/// How many the desk shows.
const NEWEST: u64 = 200;

/// Who reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reader {
    Exhibitor,
    Desk,
}

impl Reader {
    fn list(self) -> &'static str {
        match self {
            Self::Exhibitor => "/my/enquiries",
            Self::Desk => "/desk/enquiries",
        }
    }
}

#[derive(Serialize)]
struct IndexView {
    home: String,
    home_url: &'static str,
    waiting: usize,
    rows: Vec<Row>,
}

fn wish(page: &Page, enquiry: &Enquiry) -> String {
    page.word(&format!("exhibit-wish-{}", enquiry.content.wish.as_str()))
}

fn index(page: &Page, reader: Reader, enquiries: &[Enquiry], exhibits: &[Exhibit]) -> Answer {
    let exhibits: HashMap<ExhibitId, &Exhibit> = exhibits.iter().map(|each| (each.id, each)).collect();
    let row = |enquiry: &Enquiry| {
        let name = exhibits.get(&enquiry.exhibit).map(|each| each.content.name_in(page.language()));
        let is_open = enquiry.answer.is_empty();
        Row {
            url: format!("{}/{}", reader.list(), enquiry.id),
            title: format!("{} · {}", wish(page, enquiry), name.unwrap_or_default()),
            teaser: crate::web::list::opening(&enquiry.content.text, 90),
            state_label: page.word(if is_open { "exhibit-enquiry-waits" } else { "exhibit-enquiry-answered" }),
            state_tone: if is_open { "wait" } else { "good" },
            meta: format!("{} · {}", enquiry.number, page.moment(enquiry.made_at)),
            ..Row::default()
        }
    };
    let (home, home_url) = match reader {
        Reader::Exhibitor => (page.word("layout-my"), "/my"),
        Reader::Desk => (page.word("layout-desk"), "/desk"),
    };
    let view = IndexView {
        home,
        home_url,
        waiting: enquiries.iter().filter(|each| each.answer.is_empty()).count(),
        rows: enquiries.iter().map(row).collect(),
    };
    page.show("exhibit/enquiries.html", &view)
}

#[derive(Serialize)]
struct ShowView {
    list_url: &'static str,
    number: String,
    wish: String,
    text: String,
    exhibit: String,
    exhibit_url: String,
    at: String,
    contact: String,
    /// Why there is no contact, or for whom it is.
    silent: String,
    answered_at: String,
    action: String,
    form: FormView,
}

fn view(
    page: &Page,
    reader: Reader,
    enquiry: &Enquiry,
    exhibit: &Exhibit,
    fields: &Fields,
    errors: &FieldErrors,
) -> ShowView {
    let content = &enquiry.content;
    let given = [&content.name, &content.phone, &content.email];
    let given = given.into_iter().filter(|each| !each.is_empty()).cloned().collect::<Vec<_>>().join(" · ");
    let may_read = reader == Reader::Desk || content.consented;
    let silent = match (given.is_empty(), content.consented, may_read) {
        (true, ..) => page.word("exhibit-no-contact"),
        (false, true, _) => String::new(),
        (false, false, true) => page.word("exhibit-contact-for-park"),
        (false, false, false) => page.word("exhibit-contact-with-park"),
    };
    ShowView {
        list_url: reader.list(),
        number: enquiry.number.clone(),
        wish: wish(page, enquiry),
        text: content.text.clone(),
        exhibit: exhibit.content.name_in(page.language()).to_owned(),
        exhibit_url: exhibit.url(),
        at: page.moment(enquiry.made_at),
        contact: if may_read { given } else { String::new() },
        silent,
        answered_at: enquiry.answered_at.map(|at| page.moment(at)).unwrap_or_default(),
        action: format!("{}/{}", reader.list(), enquiry.id),
        form: page.form(fields, errors),
    }
}

/// The exhibits of the organisations that this member speaks for.
async fn own(page: &Page, member: MemberId) -> Result<Vec<Exhibit>, WebError> {
    let owners = organisation::store::of_member(&page.app.db, member).await?;
    let owners: Vec<OrganisationId> = owners.into_iter().map(|each| each.id).collect();
    Ok(if owners.is_empty() { Vec::new() } else { store::of_owners(&page.app.db, &owners).await? })
}

/// One enquiry and its exhibit; to those who do not speak for the exhibitor it does not exist.
async fn one(page: &Page, reader: Reader, member: MemberId, id: &str) -> Result<(Enquiry, Exhibit), WebError> {
    let id: EnquiryId = id.parse().ok().ok_or(WebError::NotFound)?;
    let enquiry = store::enquiry(&page.app.db, id).await?.ok_or(WebError::NotFound)?;
    let exhibit = store::by_id(&page.app.db, enquiry.exhibit).await?.ok_or(WebError::NotFound)?;
    let is_theirs = match reader {
        Reader::Desk => true,
        Reader::Exhibitor => {
            organisation::store::speaks_for(&page.app.db, member, exhibit.content.organisation).await?
        }
    };
    if is_theirs { Ok((enquiry, exhibit)) } else { Err(WebError::NotFound) }
}

async fn show(page: Page, reader: Reader, member: MemberId, id: &str) -> Answer {
    let (enquiry, exhibit) = one(&page, reader, member, id).await?;
    let fields = Fields::blank().with("answer", &enquiry.answer);
    page.show("exhibit/enquiry.html", &view(&page, reader, &enquiry, &exhibit, &fields, &FieldErrors::default()))
}

async fn settle(page: Page, reader: Reader, member: MemberId, id: &str, fields: Fields) -> Answer {
    let (enquiry, exhibit) = one(&page, reader, member, id).await?;
    match form::answer(&fields) {
        Ok(text) => {
            answer::answer(&page.app, member, enquiry.id, &text).await?;
            page.go_saying(reader.list(), "exhibit-answered")
        }
        Err(errors) => {
            let view = view(&page, reader, &enquiry, &exhibit, &fields, &errors);
            page.refuse("exhibit/enquiry.html", &view)
        }
    }
}

/// `GET /my/enquiries`.
pub async fn mine(page: Page, Member(me): Member) -> Answer {
    let exhibits = own(&page, me.id).await?;
    let ids: Vec<ExhibitId> = exhibits.iter().map(|each| each.id).collect();
    let enquiries = if ids.is_empty() { Vec::new() } else { store::enquiries_about(&page.app.db, &ids).await? };
    index(&page, Reader::Exhibitor, &enquiries, &exhibits)
}

/// `GET /my/enquiries/{id}`.
pub async fn show_mine(page: Page, Member(me): Member, id: Path<String>) -> Answer {
    show(page, Reader::Exhibitor, me.id, &id).await
}

/// `POST /my/enquiries/{id}`.
pub async fn answer_mine(page: Page, Member(me): Member, id: Path<String>, Posted(fields): Posted) -> Answer {
    settle(page, Reader::Exhibitor, me.id, &id, fields).await
}

/// `GET /desk/enquiries`.
pub async fn desk(page: Page, _: Staff) -> Answer {
    let enquiries = store::newest_enquiries(&page.app.db, NEWEST).await?;
    let exhibits = store::all(&page.app.db).await?;
    index(&page, Reader::Desk, &enquiries, &exhibits)
}

/// `GET /desk/enquiries/{id}`.
pub async fn show_at_desk(page: Page, Staff(me): Staff, id: Path<String>) -> Answer {
    show(page, Reader::Desk, me.id, &id).await
}

/// `POST /desk/enquiries/{id}`.
pub async fn answer_at_desk(page: Page, Staff(me): Staff, id: Path<String>, Posted(fields): Posted) -> Answer {
    settle(page, Reader::Desk, me.id, &id, fields).await
}
