//! What must stand before a test begins, set up through the verbs.

use std::path::Path;

use yonglianhui::{
    app::App,
    clock::Clock,
    config::Config,
    enterprise::{self, NewEnterprise, Person, Size, uscc::Uscc},
    fault::Fault,
    id::OrganisationId,
    mail::Address,
    member, organisation,
    secret::Secret,
    words::Language,
    zone::{self, NewZone},
};

/// A verified enterprise; returns it and a path that signs in its person.
pub(crate) async fn enterprise(folder: &Path, database: &str) -> (OrganisationId, String) {
    enterprise_with(folder, database, None).await
}

/// [`enterprise`], on a site with a secret of its own.
pub(crate) async fn enterprise_with(folder: &Path, database: &str, secret: Option<&str>) -> (OrganisationId, String) {
    let mut config = Config::plain(folder.to_owned()).unwrap();
    database.clone_into(&mut config.database_url);
    if let Some(secret) = secret {
        config.secret = Secret::new(secret);
    }
    let app = App::open(config, Clock::Machine).await.unwrap();
    let new = NewZone {
        slug: "food".to_owned(),
        name: ["食品展区".to_owned(), "Food".to_owned()],
        about: [String::new(), String::new()],
        colour: "#335544".to_owned(),
    };
    let zone = zone::create::create(&app, &new).await.unwrap();
    let email = Address::parse("zhao@jinfeng.example").unwrap();
    let person = app
        .db
        .write(async |tx| Ok::<_, Fault>(member::store::meet(tx, &email, Language::Chinese, app.clock.now()).await?.id))
        .await
        .unwrap();
    let new = NewEnterprise {
        uscc: Some(Uscc::parse("91431103MA4Q00008A").unwrap()),
        name: "示例果业".to_owned(),
        zone,
        region: "431103".to_owned(),
        industry: "1453".to_owned(),
        industry_name: String::new(),
        size: Size::Small,
        about: "水果加工。".to_owned(),
        products: vec!["柚子罐头".to_owned()],
        contact: Person { name: "赵丽".to_owned(), title: String::new(), phone: "0746-5551001".to_owned() },
        import_key: None,
    };
    let id = enterprise::register::register(&app, person, new, "").await.unwrap();
    organisation::verify::verify(&app, id).await.unwrap();
    let link = member::sign_in::link_for(&app, &email).await.unwrap();
    let path = link.splitn(4, '/').nth(3).unwrap();
    (id, format!("/{path}"))
}
