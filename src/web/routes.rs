//! Every URL of the site, on one screen, with who may call it.
//!
//! The same lines configure the server and make the table that the tests walk: each route is
//! tried as each kind of visitor, on his own things, on others' and on things that do not exist
//! (`every_route_answers_each_visitor_as_the_table_says`).

use actix_web::{FromRequest, Handler, Responder, http::Method, middleware::from_fn, web};

use crate::{
    api, calendar, chain, enterprise, exhibit, feed, introduction, listing, matching, member, my, organisation, search,
    staff, synonym, team, web as site, zone,
};

/// Who may call a route. The handler's argument types enforce it; this says it to the reader and
/// to the test that compares the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Who {
    /// Everybody.
    Anyone,
    /// Everybody who is signed in.
    Members,
    /// Those who speak for the thing in the path, and staff; it does not exist for others.
    Owners,
    /// The holder of a link from a letter.
    Holders,
    /// Park staff of any role.
    Staff,
    /// Curators and administrators.
    Curators,
    /// Brokers and administrators.
    Brokers,
    /// Administrators.
    Administrators,
}

/// One route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path, with `{names}` for what varies.
    pub path: &'static str,
    /// Who may call it.
    pub who: Who,
}

/// Draws the routes, into a server's configuration, a table, or both.
struct Map<'a> {
    server: Option<&'a mut web::ServiceConfig>,
    table: Vec<Route>,
}

impl Map<'_> {
    fn get<H, A>(&mut self, path: &'static str, who: Who, handler: H)
    where
        H: Handler<A>,
        A: FromRequest + 'static,
        H::Output: Responder + 'static,
    {
        // HEAD is GET without its body; the server leaves the body out.
        self.route(Method::GET, path, who, web::get().to(handler.clone()));
        if let Some(server) = &mut self.server {
            server.route(path, web::head().to(handler).wrap(from_fn(site::bound)));
        }
    }

    fn post<H, A>(&mut self, path: &'static str, who: Who, handler: H)
    where
        H: Handler<A>,
        A: FromRequest + 'static,
        H::Output: Responder + 'static,
    {
        self.route(Method::POST, path, who, web::post().to(handler));
    }

    fn route(&mut self, method: Method, path: &'static str, who: Who, route: actix_web::Route) {
        self.table.push(Route { method, path, who });
        if let Some(server) = &mut self.server {
            server.route(path, route.wrap(from_fn(site::bound)));
        }
    }
}

/// Adds every route to a server.
pub fn configure(server: &mut web::ServiceConfig) {
    draw(&mut Map { server: Some(server), table: Vec::new() });
    server.default_service(web::to(not_found));
}

/// Every route.
pub fn table() -> Vec<Route> {
    let mut map = Map { server: None, table: Vec::new() };
    draw(&mut map);
    map.table
}

async fn not_found() -> site::Answer {
    Err(site::WebError::NotFound)
}

/// The routes of needs, offers and results, which are alike.
macro_rules! listings {
    ($map:ident, $path:literal) => {
        $map.get($path, Who::Anyone, listing::pages::index);
        $map.post($path, Who::Members, listing::pages::write::create);
        $map.get(concat!($path, "/new"), Who::Members, listing::pages::write::new);
        $map.get(concat!($path, "/{id}"), Who::Anyone, listing::pages::show);
        $map.post(concat!($path, "/{id}"), Who::Owners, listing::pages::write::update);
        $map.get(concat!($path, "/{id}/edit"), Who::Owners, listing::pages::write::edit);
        $map.get(concat!($path, "/{id}/preview"), Who::Owners, listing::pages::write::preview);
        $map.post(concat!($path, "/{id}/submission"), Who::Owners, listing::pages::steps::submit);
        $map.post(concat!($path, "/{id}/undo"), Who::Owners, listing::pages::steps::undo);
        $map.post(concat!($path, "/{id}/pause"), Who::Owners, listing::pages::steps::pause);
        $map.post(concat!($path, "/{id}/resumption"), Who::Owners, listing::pages::steps::resume);
        $map.post(concat!($path, "/{id}/renewal"), Who::Owners, listing::pages::steps::renew);
        $map.post(concat!($path, "/{id}/closure"), Who::Owners, listing::pages::steps::resolve);
        $map.post(concat!($path, "/{id}/withdrawal"), Who::Owners, listing::pages::steps::withdraw);
        $map.post(concat!($path, "/{id}/archive"), Who::Owners, listing::pages::steps::archive);
        $map.post(concat!($path, "/{id}/confirmation"), Who::Members, listing::pages::steps::confirm);
    };
}

#[expect(clippy::too_many_lines, reason = "every URL, on one screen")]
fn draw(map: &mut Map<'_>) {
    use Who::{Administrators, Anyone, Brokers, Curators, Holders, Members, Owners, Staff};
    map.get("/healthz", Anyone, site::health::healthz);
    map.get("/readyz", Anyone, site::health::readyz);
    map.get("/static/zones.css", Anyone, zone::pages::colours);
    map.get("/metrics", Anyone, site::metrics::metrics);
    map.get("/static/{path:.*}", Anyone, site::statics);

    // Home and zones.
    map.get("/", Anyone, zone::pages::home);
    map.get("/zones/{slug}", Anyone, zone::pages::show);

    // Enterprises and teams.
    map.get("/enterprises", Anyone, enterprise::pages::index);
    map.post("/enterprises", Members, enterprise::pages::create);
    map.get("/enterprises/new", Members, enterprise::pages::new);
    map.get("/enterprises/code", Members, enterprise::pages::code);
    map.get("/enterprises/{id}", Anyone, enterprise::pages::show);
    map.post("/enterprises/{id}", Owners, enterprise::pages::update);
    map.get("/enterprises/{id}/edit", Owners, enterprise::pages::edit);
    map.post("/enterprises/{id}/joinings", Members, organisation::pages::ask);
    map.post("/enterprises/{id}/joinings/{member}", Owners, organisation::pages::answer);
    map.get("/teams", Anyone, team::pages::index);
    map.get("/teams/{id}", Anyone, team::pages::show);
    map.post("/teams/{id}", Owners, team::pages::update);
    map.get("/teams/{id}/edit", Owners, team::pages::edit);
    map.post("/teams/{id}/pause", Owners, team::pages::rest);
    map.get("/desk/organisations", Staff, organisation::pages::index);
    map.get("/desk/organisations/{id}", Staff, organisation::pages::show);
    map.post("/desk/organisations/{id}/verification", Staff, organisation::pages::settle);
    map.post("/desk/teams", Staff, team::pages::create);
    map.get("/desk/teams/new", Staff, team::pages::new);

    // Exhibits, and what visitors ask about them.
    map.get("/exhibits", Anyone, exhibit::pages::index);
    map.get("/exhibits/{id}", Anyone, exhibit::pages::show);
    map.get("/e/{code}", Anyone, exhibit::pages::entry);
    map.post("/e/{code}", Anyone, exhibit::pages::ask);
    map.get("/e/{code}/qr.svg", Anyone, exhibit::pages::qr);
    map.get("/tour", Anyone, exhibit::pages::tour);
    map.post("/tour", Anyone, exhibit::pages::keep);
    map.get("/my/enquiries", Members, exhibit::pages::enquiries::mine);
    map.get("/my/enquiries/{id}", Owners, exhibit::pages::enquiries::show_mine);
    map.post("/my/enquiries/{id}", Owners, exhibit::pages::enquiries::answer_mine);
    map.get("/desk/enquiries", Staff, exhibit::pages::enquiries::desk);
    map.get("/desk/enquiries/{id}", Staff, exhibit::pages::enquiries::show_at_desk);
    map.post("/desk/enquiries/{id}", Staff, exhibit::pages::enquiries::answer_at_desk);
    map.get("/desk/exhibits", Curators, exhibit::pages::desk::index);
    map.post("/desk/exhibits", Curators, exhibit::pages::desk::create);
    map.get("/desk/exhibits/new", Curators, exhibit::pages::desk::new);
    map.get("/desk/exhibits/{id}", Curators, exhibit::pages::desk::edit);
    map.post("/desk/exhibits/{id}", Curators, exhibit::pages::desk::update);
    map.get("/desk/exhibits/{id}/preview", Curators, exhibit::pages::desk::preview);
    map.get("/desk/exhibits/{id}/poster", Curators, exhibit::pages::posters::one);
    map.post("/desk/exhibits/{id}/publication", Curators, exhibit::pages::desk::publish);
    map.post("/desk/exhibits/{id}/withdrawal", Curators, exhibit::pages::desk::withdraw);
    map.post("/desk/exhibits/{id}/position", Curators, exhibit::pages::desk::shift);
    map.get("/desk/posters", Curators, exhibit::pages::posters::all);

    // Industry chains.
    map.get("/chains", Anyone, chain::pages::index);
    map.get("/chains/{slug}", Anyone, chain::pages::show);
    map.get("/desk/chains", Curators, chain::pages::desk::index);
    map.post("/desk/chains", Curators, chain::pages::desk::create);
    map.get("/desk/chains/{slug}", Curators, chain::pages::desk::show);
    map.get("/desk/chains/{slug}/what-if", Staff, chain::pages::desk::what_if);
    map.post("/desk/chains/{slug}/nodes", Curators, chain::pages::desk::add_node);
    map.get("/desk/chains/{slug}/nodes/{node}", Curators, chain::pages::desk::edit_node);
    map.post("/desk/chains/{slug}/nodes/{node}", Curators, chain::pages::desk::update_node);
    map.post("/desk/chains/{slug}/nodes/{node}/removal", Curators, chain::pages::desk::remove_node);
    map.post("/desk/chains/{slug}/edges", Curators, chain::pages::desk::join);
    map.post("/desk/chains/{slug}/edges/removal", Curators, chain::pages::desk::part);
    map.post("/desk/chains/{slug}/members", Curators, chain::pages::desk::name);
    map.post("/desk/chains/{slug}/members/removal", Curators, chain::pages::desk::forget);

    // Needs, offers and results.
    listings!(map, "/needs");
    listings!(map, "/offers");
    listings!(map, "/results");
    map.get("/renewals/{token}", Holders, listing::pages::renewal::show);
    map.post("/renewals/{token}", Holders, listing::pages::renewal::update);

    // Search.
    map.get("/search", Anyone, search::pages::index);
    map.get("/api/v1/search", Anyone, search::pages::json::search);
    map.get("/api/v1/suggest", Anyone, search::pages::json::suggest);
    map.get("/api/v1/openapi.json", Anyone, api::describe);
    map.get("/api/v1/zones", Anyone, api::lists::zones);
    map.get("/api/v1/needs", Anyone, api::lists::needs);
    map.get("/api/v1/offers", Anyone, api::lists::offers);
    map.get("/api/v1/results", Anyone, api::lists::results);
    map.get("/api/v1/enterprises", Anyone, api::lists::enterprises);
    map.get("/api/v1/teams", Anyone, api::lists::teams);
    map.get("/api/v1/exhibits", Anyone, api::lists::exhibits);

    // What other machines read.
    map.get("/needs.atom", Anyone, feed::pages::needs);
    map.get("/results.atom", Anyone, feed::pages::results);
    map.get("/sitemap.xml", Anyone, feed::pages::map);
    map.get("/robots.txt", Anyone, feed::pages::robots);

    // Suggestions.
    map.get("/needs/{id}/matches", Owners, matching::pages::of_need);
    map.get("/teams/{id}/matches", Owners, matching::pages::of_team);
    map.get("/api/v1/needs/{id}/matches", Owners, matching::pages::json);

    // Introductions.
    map.get("/introductions/new", Members, introduction::pages::new);
    map.post("/introductions", Members, introduction::pages::create);
    map.get("/introductions/{token}", Holders, introduction::pages::show);
    map.post("/introductions/{token}", Holders, introduction::pages::update);
    map.post("/queue", Members, introduction::pages::queue::create);
    map.get("/queue/{token}", Holders, introduction::pages::queue::show);
    map.post("/queue/{token}", Holders, introduction::pages::queue::update);
    map.get("/my/queue/{id}", Owners, introduction::pages::queue::mine);
    map.post("/my/queue/{id}", Owners, introduction::pages::queue::answer_mine);
    map.get("/my/introductions/{id}", Owners, introduction::pages::mine);
    map.post("/my/introductions/{id}", Owners, introduction::pages::answer_mine);
    map.post("/my/introductions/{id}/withdrawal", Owners, introduction::pages::withdraw);
    map.get("/desk/introductions", Brokers, introduction::pages::desk::index);
    map.get("/desk/introductions/{id}", Brokers, introduction::pages::desk::show);
    map.post("/desk/introductions/{id}/passage", Brokers, introduction::pages::desk::pass);
    map.post("/desk/introductions/{id}/reason", Brokers, introduction::pages::desk::improve);
    map.post("/desk/introductions/{id}/stop", Brokers, introduction::pages::desk::stop);
    map.post("/desk/introductions/{id}/letter", Brokers, introduction::pages::desk::resend);

    // Members.
    map.get("/sign-in", Anyone, member::pages::new);
    map.post("/sign-in", Anyone, member::pages::create);
    map.get("/sign-in/code", Anyone, member::pages::code);
    map.get("/sign-in/{token}", Anyone, member::pages::show);
    map.post("/sign-in/{token}", Anyone, member::pages::enter);
    map.post("/sign-out", Members, member::pages::leave);
    map.post("/my/sessions/closure", Members, member::pages::leave_everywhere);
    map.get("/my/particulars", Members, member::pages::edit);
    map.post("/my/particulars", Members, member::pages::update);

    // A member's own page.
    map.get("/my", Members, my::pages::index);
    map.get("/my/mails/{id}", Members, my::pages::mail);
    map.get("/my/consents", Members, my::pages::privacy::consents);
    map.post("/my/consents/{id}/withdrawal", Members, my::pages::privacy::withdraw);
    map.get("/my/export", Members, my::pages::privacy::download);
    map.get("/my/leaving", Members, my::pages::privacy::leaving);
    map.post("/my/leaving", Members, my::pages::privacy::leave);
    map.get("/privacy", Anyone, my::pages::privacy::show);

    // The desk.
    map.get("/desk", Staff, staff::pages::index);
    map.get("/desk/design", Staff, staff::pages::design::index);
    map.get("/desk/zones", Curators, zone::pages::desk::index);
    map.post("/desk/zones", Curators, zone::pages::desk::create);
    map.get("/desk/zones/{slug}", Curators, zone::pages::desk::edit);
    map.post("/desk/zones/{slug}", Curators, zone::pages::desk::update);
    map.get("/desk/staff", Administrators, staff::pages::people);
    map.post("/desk/staff", Administrators, staff::pages::appoint);
    map.get("/desk/listings", Staff, listing::pages::desk::index);
    map.get("/desk/listings/{id}", Staff, listing::pages::desk::show);
    map.post("/desk/listings/{id}", Staff, listing::pages::desk::update);
    map.post("/desk/listings/{id}/checkup", Staff, listing::pages::desk::look_again);
    map.get("/desk/mails", Staff, staff::pages::mails::index);
    map.get("/desk/mails/{id}", Staff, staff::pages::mails::show);
    map.post("/desk/mails/{id}/resend", Brokers, staff::pages::mails::resend);
    map.post("/desk/mails/{id}/handled", Brokers, staff::pages::mails::handle);
    map.get("/desk/synonyms", Staff, synonym::pages::index);
    map.post("/desk/synonyms", Staff, synonym::pages::create);
    map.get("/desk/synonyms/{id}", Staff, synonym::pages::edit);
    map.post("/desk/synonyms/{id}", Staff, synonym::pages::update);
    map.post("/desk/synonyms/{id}/removal", Staff, synonym::pages::remove);
    map.get("/desk/holidays", Administrators, calendar::pages::index);
    map.post("/desk/holidays", Administrators, calendar::pages::create);
    map.post("/desk/holidays/{day}/removal", Administrators, calendar::pages::remove);
}
