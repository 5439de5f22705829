//! One press each: send, pause, show again, renew, resolve, withdraw, put away.

use actix_web::web::Path;

use crate::{
    listing::{
        ask, close, form,
        pages::{Of, Seen, exchanged, own, seen, show_refused, write},
        store, submit,
    },
    web::{Answer, Member, Page, Posted, WebError},
};

fn done(page: &Page, seen: &Seen, came: Result<(), close::Error>, key: &'static str) -> Answer {
    let url = seen.listing.url();
    match came {
        Ok(()) => page.go_saying(url, key),
        Err(close::Error::NotYours) => Err(WebError::NotFound),
        Err(close::Error::NotNow(_) | close::Error::LinkUsed) => page.go_saying(url, "listing-step-late"),
        Err(close::Error::NotYet) => page.go_saying(url, "listing-renewed-already"),
        Err(close::Error::OwnerNotVerified) => page.go_saying(url, "listing-step-unverified"),
        Err(close::Error::Fault(fault)) => Err(fault.into()),
    }
}

/// `POST /needs/{id}/submission`: what is saved, or what an unfinished form left behind.
pub async fn submit(page: Page, Member(member): Member, Of(kind): Of, id: Path<String>, Posted(_): Posted) -> Answer {
    let seen = own(&page, kind, &id).await?;
    let listing = &seen.listing;
    let left = store::unfinished(&page.app.db, listing.id).await?;
    if let Some(fields) = form::retyped(&left.typed).filter(|_| listing.state.is_editable()) {
        return write::send(page, member.id, seen, fields).await;
    }
    match submit::submit(&page.app, member.id, listing.id).await {
        Ok(()) => page.go_saying(listing.url(), "listing-submitted"),
        Err(submit::Error::NotYours) => Err(WebError::NotFound),
        Err(submit::Error::NotNow(_)) => page.go_saying(listing.url(), "listing-step-late"),
        Err(submit::Error::Incomplete) => {
            let errors = form::missing(kind, &listing.content);
            write::again(page, seen, None, &errors).await
        }
        Err(submit::Error::Fault(fault)) => Err(fault.into()),
    }
}

/// `POST /needs/{id}/undo`: back from staff, for some minutes after it was sent.
pub async fn undo(page: Page, Member(member): Member, Of(kind): Of, id: Path<String>, Posted(_): Posted) -> Answer {
    let seen = own(&page, kind, &id).await?;
    let came = close::undo(&page.app, member.id, seen.listing.id).await;
    done(&page, &seen, came, "listing-undone-done")
}

/// `POST /needs/{id}/pause`.
pub async fn pause(page: Page, Member(member): Member, Of(kind): Of, id: Path<String>, Posted(_): Posted) -> Answer {
    let seen = own(&page, kind, &id).await?;
    let came = close::pause(&page.app, member.id, seen.listing.id).await;
    done(&page, &seen, came, "listing-paused-done")
}

/// `POST /needs/{id}/resumption`.
pub async fn resume(page: Page, Member(member): Member, Of(kind): Of, id: Path<String>, Posted(_): Posted) -> Answer {
    let seen = own(&page, kind, &id).await?;
    let came = close::resume(&page.app, member.id, seen.listing.id).await;
    done(&page, &seen, came, "listing-resumed-done")
}

/// `POST /needs/{id}/renewal`.
pub async fn renew(page: Page, Member(member): Member, Of(kind): Of, id: Path<String>, Posted(_): Posted) -> Answer {
    let seen = own(&page, kind, &id).await?;
    let came = close::renew(&page.app, member.id, seen.listing.id).await;
    done(&page, &seen, came, "listing-renewed-done")
}

/// `POST /needs/{id}/closure`: how it was solved.
pub async fn resolve(
    page: Page,
    Member(member): Member,
    Of(kind): Of,
    id: Path<String>,
    Posted(fields): Posted,
) -> Answer {
    let seen = own(&page, kind, &id).await?;
    let known: Vec<String> = exchanged(&page, &seen.listing).await?.into_iter().map(|each| each.value).collect();
    match form::ending(&fields, &known) {
        Ok(ending) => {
            let came = close::resolve_as(&page.app, member.id, seen.listing.id, &ending).await;
            done(&page, &seen, came, "listing-resolved-done")
        }
        Err(errors) => show_refused(page, &seen, &fields, &errors).await,
    }
}

/// `POST /needs/{id}/confirmation`: somebody asks the owner whether what has expired still holds.
pub async fn confirm(page: Page, Member(member): Member, Of(kind): Of, id: Path<String>, Posted(_): Posted) -> Answer {
    let seen = seen(&page, kind, &id).await?;
    let url = seen.listing.url();
    match ask::ask(&page.app, member.id, seen.listing.id).await {
        Ok(()) => page.go_saying(url, "listing-asked-done"),
        Err(ask::Error::NoSuch) => Err(WebError::NotFound),
        Err(ask::Error::NotExpired(_) | ask::Error::Own) => page.go_saying(url, "listing-step-late"),
        Err(ask::Error::NotVerified) => page.go_saying(url, "listing-asked-unverified"),
        Err(ask::Error::Fault(fault)) => Err(fault.into()),
    }
}

/// `POST /needs/{id}/withdrawal`.
pub async fn withdraw(page: Page, Member(member): Member, Of(kind): Of, id: Path<String>, Posted(_): Posted) -> Answer {
    let seen = own(&page, kind, &id).await?;
    let came = close::withdraw(&page.app, member.id, seen.listing.id).await;
    done(&page, &seen, came, "listing-withdrawn-done")
}

/// `POST /needs/{id}/archive`.
pub async fn archive(page: Page, Member(member): Member, Of(kind): Of, id: Path<String>, Posted(_): Posted) -> Answer {
    let seen = own(&page, kind, &id).await?;
    let came = close::archive(&page.app, member.id, seen.listing.id).await;
    done(&page, &seen, came, "listing-archived-done")
}
