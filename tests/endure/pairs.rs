//! Enterprises and teams of which each team has been asked, so that two yeses are left to say.

use std::path::Path;

use yonglianhui::{
    app::App,
    clock::Clock,
    config::Config,
    enterprise::{self, NewEnterprise, Person, Size},
    introduction::{pass, propose},
    listing::{self, Budget, Content, Cooperation, Kind, NeedType, Scores, Target, Verdict},
    mail::Address,
    member::{self, Role},
    organisation,
    team::{self, Lead, NewTeam, NewUniversity},
    words::Language,
    zone::{self, NewZone},
};

/// An enterprise that asked a team, and what must not be known before both say yes.
#[derive(Debug, Clone)]
pub(crate) struct Pair {
    pub(crate) introduction: i64,
    pub(crate) firm: String,
    pub(crate) firm_phone: String,
    pub(crate) lead: String,
    pub(crate) lead_phone: String,
}

/// The app of a test's own, beside the processes.
pub(crate) async fn app(folder: &Path, database: &str) -> App {
    let mut config = Config::plain(folder.to_owned()).unwrap();
    database.clone_into(&mut config.database_url);
    App::beside(config, Clock::Machine).await.unwrap()
}

/// The secret that all processes of a test share.
pub(crate) fn secret(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("secret")).unwrap().trim().to_owned()
}

/// So many pairs; the letters that ask the teams are queued.
pub(crate) async fn pairs(app: &App, many: usize) -> Vec<Pair> {
    let new = NewZone {
        slug: "food".to_owned(),
        name: ["食品展区".to_owned(), "Food".to_owned()],
        about: [String::new(), String::new()],
        colour: "#335544".to_owned(),
    };
    let zone = zone::create::create(app, &new).await.unwrap();
    let broker = Address::parse("broker@park.example").unwrap();
    let broker = member::appoint::appoint(app, &broker, "经纪人", Role::Broker).await.unwrap();
    let mut pairs = Vec::new();
    for number in 0..many {
        let (firm, lead) = (format!("firm{number}@firm.example"), format!("lead{number}@lab.example"));
        let (firm_phone, lead_phone) = (format!("0746-61{number:05}"), format!("0746-62{number:05}"));
        let person = meet(app, &firm, "赵丽", &firm_phone).await;
        let new = NewEnterprise {
            uscc: None,
            name: format!("示例果业{number}"),
            zone,
            region: "431103".to_owned(),
            industry: "1453".to_owned(),
            industry_name: String::new(),
            size: Size::Small,
            about: "水果加工。".to_owned(),
            products: vec!["柚子罐头".to_owned()],
            contact: Person { name: "赵丽".to_owned(), title: String::new(), phone: firm_phone.clone() },
            import_key: None,
        };
        let enterprise = enterprise::register::register(app, person, new, "").await.unwrap();
        organisation::verify::verify(app, enterprise).await.unwrap();
        let new = NewTeam {
            university: NewUniversity {
                name: "示例大学".to_owned(),
                region: "430100".to_owned(),
                office_name: "科研院".to_owned(),
                office_email: None,
            },
            name: format!("示例团队{number}"),
            zone,
            lead: Some(Lead {
                name: "李教授".to_owned(),
                title: "教授".to_owned(),
                email: Address::parse(&lead).unwrap(),
                phone: lead_phone.clone(),
            }),
            office_email: None,
            capacity: 3,
            about: "食品工程。".to_owned(),
            fields: vec!["果胶".to_owned()],
            import_key: None,
        };
        let team = app.db.write(async |tx| team::enter::enter_in(tx, app, &new).await).await.unwrap();
        meet(app, &lead, "李教授", &lead_phone).await;
        let content = Content {
            need_type: Some(NeedType::Technical),
            title: format!("柚皮提取果胶得率低之{number}"),
            teaser: "求可行的工艺办法。".to_owned(),
            problem: "现用工艺做不好。试过调整参数,效果不稳定。".to_owned(),
            targets: vec![Target { name: "得率".into(), now: "12".into(), target: "18".into(), unit: "%".into() }],
            budget: Some(Budget::From20To50),
            cooperation: vec![Cooperation::Development],
            trl: Some((5, 8)),
            industry: "1453".to_owned(),
            zone: Some(zone),
            ..Content::default()
        };
        let need = listing::draft::create(app, person, enterprise, Kind::Need, &content, "").await.unwrap();
        listing::submit::submit(app, person, need).await.unwrap();
        let scores = Scores { clarity: 4, measurability: 4, feasibility: 4, completeness: 4 };
        listing::review::review(app, broker, need, Verdict::Publish, scores, "").await.unwrap();
        let reason = "我们每年处理三千吨柚皮,愿意开放罐体和原料,想先做一次放大试验。";
        let introduction = propose::propose(app, person, need, team, reason, "").await.unwrap();
        pass::pass(app, broker, introduction).await.unwrap();
        pairs.push(Pair { introduction: introduction.0, firm, firm_phone, lead, lead_phone });
    }
    pairs
}

async fn meet(app: &App, email: &str, name: &str, phone: &str) -> yonglianhui::id::MemberId {
    let address = Address::parse(email).unwrap();
    app.db
        .write(async |tx| {
            let member = member::store::meet(tx, &address, Language::Chinese, app.clock.now()).await?;
            member::store::describe(tx, member.id, name, "", phone).await?;
            Ok::<_, yonglianhui::fault::Fault>(member.id)
        })
        .await
        .unwrap()
}
