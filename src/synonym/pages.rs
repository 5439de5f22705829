//! The desk's page of synonyms: the groups, one form, and who changed what.

use std::collections::HashMap;

use actix_web::web::Path;
use serde::Serialize;

use crate::{
    id::{MemberId, SynonymId},
    member,
    synonym::{Deed, NewSynonym, form, keep, store},
    web::{Answer, FieldErrors, Fields, FormView, Page, Posted, Staff, WebError},
    words::Say,
};

/// How many changes are shown.
const CHANGES: u64 = 20;

#[derive(Serialize)]
struct Row {
    words: String,
    way: String,
    url: String,
    removal: String,
}

#[derive(Serialize)]
struct ChangeRow {
    at: String,
    by: String,
    deed: String,
    words: String,
}

#[derive(Serialize)]
struct View {
    title: String,
    form: FormView,
    action: String,
    is_new: bool,
    rows: Vec<Row>,
    changes: Vec<ChangeRow>,
}

/// `GET /desk/synonyms`.
pub async fn index(page: Page, _: Staff) -> Answer {
    let view = view(&page, &Fields::blank(), &FieldErrors::default(), None).await?;
    page.show("synonym/index.html", &view)
}

/// `POST /desk/synonyms`.
pub async fn create(page: Page, Staff(me): Staff, Posted(fields): Posted) -> Answer {
    let group = form::group(&fields);
    let kept = keep::add(&page.app, me.id, &group).await;
    answer(page, kept, &fields, &group, None).await
}

/// `GET /desk/synonyms/{id}`.
pub async fn edit(page: Page, _: Staff, id: Path<SynonymId>) -> Answer {
    let all = store::all(&page.app.db).await?;
    let there = all.iter().find(|each| each.id == *id).ok_or(WebError::NotFound)?;
    let view = view(&page, &form::filled(&there.group), &FieldErrors::default(), Some(*id)).await?;
    page.show("synonym/index.html", &view)
}

/// `POST /desk/synonyms/{id}`.
pub async fn update(page: Page, Staff(me): Staff, id: Path<SynonymId>, Posted(fields): Posted) -> Answer {
    let group = form::group(&fields);
    let kept = keep::change(&page.app, me.id, *id, &group).await;
    answer(page, kept, &fields, &group, Some(*id)).await
}

/// `POST /desk/synonyms/{id}/removal`.
pub async fn remove(page: Page, Staff(me): Staff, id: Path<SynonymId>, Posted(fields): Posted) -> Answer {
    let kept = keep::remove(&page.app, me.id, *id).await;
    answer(page, kept, &fields, &NewSynonym::default(), None).await
}

async fn answer(
    page: Page,
    kept: Result<(), keep::Error>,
    fields: &Fields,
    group: &NewSynonym,
    id: Option<SynonymId>,
) -> Answer {
    match kept {
        Ok(()) => page.go_saying("/desk/synonyms", "synonym-saved"),
        Err(keep::Error::Flawed(flaw)) => {
            let view = view(&page, fields, &form::told(&flaw, group), id).await?;
            page.refuse("synonym/index.html", &view)
        }
        Err(keep::Error::Gone) => Err(WebError::NotFound),
        Err(keep::Error::Fault(fault)) => Err(fault.into()),
    }
}

/// The words of a group in one line.
fn line(group: &NewSynonym) -> String {
    let words = group.words.join(" = ");
    if group.towards.is_empty() {
        words
    } else {
        format!("{} → {}", group.words.join(" / "), group.towards.join(" / "))
    }
}

async fn view(page: &Page, fields: &Fields, errors: &FieldErrors, id: Option<SynonymId>) -> Result<View, WebError> {
    let all = store::all(&page.app.db).await?;
    let changes = store::changes(&page.app.db, CHANGES).await?;
    let people: Vec<MemberId> = changes.iter().map(|change| change.by).collect();
    let people = member::store::by_ids(&page.app.db, &people).await?;
    let names: HashMap<MemberId, String> =
        people.iter().map(|each| (each.id, member::SignedIn::from(each).name)).collect();
    let rows = all.into_iter().map(|each| Row {
        way: page.word(if each.group.towards.is_empty() { "synonym-both-ways" } else { "synonym-one-way" }),
        words: line(&each.group),
        url: format!("/desk/synonyms/{}", each.id),
        removal: format!("/desk/synonyms/{}/removal", each.id),
    });
    let changes = changes.into_iter().map(|change| ChangeRow {
        at: page.moment(change.at),
        by: names.get(&change.by).cloned().unwrap_or_default(),
        deed: page.word(match change.deed {
            Deed::Added => "synonym-added",
            Deed::Changed => "synonym-changed",
            Deed::Removed => "synonym-removed",
        }),
        words: line(&change.group),
    });
    Ok(View {
        title: page.tell(&Say::new("synonym-title")),
        form: page.form(fields, errors),
        action: id.map_or_else(|| "/desk/synonyms".to_owned(), |id| format!("/desk/synonyms/{id}")),
        is_new: id.is_none(),
        rows: rows.collect(),
        changes: changes.collect(),
    })
}
