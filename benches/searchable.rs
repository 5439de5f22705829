//! How long after its commit a listing can be found, with the worker running as it does in `serve`.
//!
//! `cargo bench --bench searchable` publishes 200 needs one after the other on an empty site and on
//! one that holds 2,000 listings, and prints the median, the 95th of a hundred and the worst. The
//! figure to hold it against stands beside it: how long the commit itself takes.

#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on has failed")]

use std::time::{Duration, Instant};

use yonglianhui::{
    app::App,
    clock::Clock,
    config::Config,
    enterprise::{self, NewEnterprise, Person, Size},
    id::{ListingId, MemberId, OrganisationId},
    listing::{self, Content, Kind, NeedType, Scores, Verdict},
    mail::Address,
    member, organisation,
    words::Language,
    worker::{Parts, Worker},
    zone::{self, NewZone},
};

const ROUNDS: usize = 200;

struct Owner {
    id: OrganisationId,
    member: MemberId,
    zone: yonglianhui::id::ZoneId,
}

#[actix_web::main]
async fn main() {
    println!("commit to searchable, {ROUNDS} needs each (milliseconds)");
    for held in [0, 2_000] {
        let folder = tempfile::tempdir().unwrap();
        let app = App::open(Config::plain(folder.path().to_owned()).unwrap(), Clock::Machine).await.unwrap();
        let owner = owner(&app).await;
        for number in 0..held {
            publish(&app, &owner, &format!("已有的需求第{number}号")).await;
        }
        let worker = Worker::start(&app, Parts::All).unwrap();
        while app.index.count() < held {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let (mut commits, mut waits) = (Vec::new(), Vec::new());
        for round in 0..ROUNDS {
            let word = format!("测量{held}甲{round}乙");
            let begun = Instant::now();
            publish(&app, &owner, &word).await;
            commits.push(begun.elapsed());
            let committed = Instant::now();
            let query = index::Query { text: format!("\"{word}\""), ..index::Query::default() };
            while app.index.search(&query).unwrap().total == 0 {
                assert!(committed.elapsed() < Duration::from_secs(10), "{word} is never found");
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            waits.push(committed.elapsed());
        }
        println!(
            "{held:>5} listings held: found after {}; the three commits of posting and publishing take {}",
            told(&mut waits),
            told(&mut commits)
        );
        tokio::task::spawn_blocking(move || worker.stop()).await.unwrap();
    }
}

fn told(times: &mut [Duration]) -> String {
    times.sort_unstable();
    let ms = |place: usize| times[place.min(times.len() - 1)].as_secs_f64() * 1000.0;
    format!(
        "median {:.1}, 95 % {:.1}, worst {:.1}",
        ms(times.len() / 2),
        ms(times.len() * 95 / 100),
        ms(times.len() - 1)
    )
}

async fn owner(app: &App) -> Owner {
    let zone = NewZone {
        slug: "food".to_owned(),
        name: ["食品加工".to_owned(), "Food".to_owned()],
        about: [String::new(), String::new()],
        colour: "#335544".to_owned(),
    };
    let zone = zone::create::create(app, &zone).await.unwrap();
    let email = Address::parse("bench@firm.example").unwrap();
    let now = app.clock.now();
    let member = app.db.write(async |tx| member::store::meet(tx, &email, Language::Chinese, now).await).await.unwrap();
    let new = NewEnterprise {
        uscc: None,
        name: "测量企业".to_owned(),
        zone,
        region: String::new(),
        industry: String::new(),
        industry_name: String::new(),
        size: Size::Unsaid,
        about: String::new(),
        products: Vec::new(),
        contact: Person::default(),
        import_key: None,
    };
    let id = enterprise::register::register(app, member.id, new, "").await.unwrap();
    organisation::verify::verify(app, id).await.unwrap();
    Owner { id, member: member.id, zone }
}

async fn publish(app: &App, owner: &Owner, title: &str) -> ListingId {
    let content = Content {
        need_type: Some(NeedType::Technical),
        zone: Some(owner.zone),
        title: title.to_owned(),
        teaser: "求可行的工艺办法".to_owned(),
        problem: "现用工艺得率低、废水多，试过调整温度和时间，效果不稳定，希望找到一起做中试的团队。".to_owned(),
        ..Content::default()
    };
    let id = listing::draft::create(app, owner.member, owner.id, Kind::Need, &content, "").await.unwrap();
    listing::submit::submit(app, owner.member, id).await.unwrap();
    let scores = Scores { clarity: 4, measurability: 4, feasibility: 4, completeness: 4 };
    listing::review::review(app, owner.member, id, Verdict::Publish, scores, "").await.unwrap();
    id
}
