//! The demo park.

use std::collections::BTreeSet;

use yonglianhui::{introduction, listing, seed};

use crate::support::TestApp;

#[actix_web::test]
async fn the_demo_shows_every_state_and_lets_its_guests_in() {
    let app = TestApp::start_with(|config| {
        config.demo = true;
        config.smtp_url = None;
    })
    .await;
    app.leave_rest();
    seed::plant(&app.app).await.unwrap();
    let counts = listing::store::counts(&app.app.db).await.unwrap();
    let seen: BTreeSet<_> = counts.iter().map(|(_, state, _)| *state).collect();
    assert_eq!(seen, listing::State::ALL.iter().copied().collect());
    let introductions = introduction::store::open(&app.app.db, 100).await.unwrap();
    let ended = introduction::store::ended(&app.app.db, 100).await.unwrap();
    let seen: BTreeSet<&str> = introductions.iter().chain(&ended).map(|each| each.state.as_str()).collect();
    // What follows a meeting comes with deals.
    let all = introduction::State::ALL
        .iter()
        .map(|state| state.as_str())
        .filter(|state| !["met", "not_held"].contains(state));
    assert_eq!(seen, all.collect());
    assert!(
        introductions.iter().chain(&ended).all(|each| each.created_at <= app.app.clock.now()),
        "nothing lies ahead"
    );

    // A second start keeps what there is.
    let before = app.rows().await;
    seed::plant(&app.app).await.unwrap();
    assert_eq!(app.rows().await, before);

    for (role, address) in seed::guests() {
        let guest = app.visitor();
        let page = guest.get("/sign-in").await;
        let page = guest.submit(&page, "main form", &[("email", address)]).await;
        let page = guest.follow(page).await;
        let code = page.text("#demo-code");
        assert!(page.has("a#demo-link"), "{}", page.html);
        let page = guest.submit(&page, "main form", &[("code", &code)]).await;
        let home = if ["enterprise", "team"].contains(&role) { "/my" } else { "/desk" };
        assert_eq!(page.location().as_deref(), Some(home), "{role}");
        assert_eq!(guest.visit(home).await.status, 200, "{role}");
    }
}
