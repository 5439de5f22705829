//! Builders that set the scene: a zone, firms and teams with people, listings that are live. They
//! call the same verbs as the pages do; what a test is about goes through the pages.

use yonglianhui::{
    enterprise::{self, NewEnterprise, Person, Size, uscc::Uscc},
    exhibit::{self, Exhibit, NewExhibit},
    id::{ExhibitId, ListingId, MemberId, OrganisationId, ZoneId},
    listing::{self, Budget, Content, Cooperation, Kind, NeedType, Scores, Target, Verdict},
    mail::Address,
    member::Role,
    organisation,
    team::{self, Lead, NewTeam, NewUniversity},
    zone::{self, NewZone},
};

use super::TestApp;

/// An organisation and the person who speaks for it.
#[derive(Debug, Clone)]
pub(crate) struct Party {
    pub(crate) id: OrganisationId,
    pub(crate) name: String,
    pub(crate) member: MemberId,
    pub(crate) email: String,
    pub(crate) phone: String,
}

/// A code whose check digits are right, different for every number.
pub(crate) fn uscc(number: u32) -> String {
    const LETTERS: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    let mut code = format!("91431103MA{number:06}");
    let own: u32 = code[8..16]
        .bytes()
        .zip([3, 7, 9, 10, 5, 8, 4, 2])
        .map(|(each, weight)| {
            (if each.is_ascii_digit() { u32::from(each - b'0') } else { u32::from(each - b'A') + 10 }) * weight
        })
        .sum();
    code.push(match 11 - own % 11 {
        10 => 'X',
        11 => '0',
        digit => char::from_digit(digit, 10).unwrap(),
    });
    let mut weight = 1;
    let mut sum = 0;
    for each in code.bytes() {
        sum += LETTERS.iter().position(|letter| *letter == each).unwrap() * weight;
        weight = weight * 3 % 31;
    }
    code.push(char::from(LETTERS[(31 - sum % 31) % 31]));
    code
}

/// What a need says when a test does not care.
pub(crate) fn need_content(title: &str) -> Content {
    Content {
        need_type: Some(NeedType::Technical),
        title: title.to_owned(),
        teaser: format!("{title},求可行的工艺办法。"),
        problem: format!("现用工艺做不好:{title}。试过调整参数,效果不稳定。"),
        targets: vec![Target { name: "合格率".into(), now: "82".into(), target: "95".into(), unit: "%".into() }],
        budget: Some(Budget::From20To50),
        cooperation: vec![Cooperation::Development],
        trl: Some((5, 8)),
        industry: "1453".to_owned(),
        ..Content::default()
    }
}

/// What a result says when a test does not care.
pub(crate) fn result_content(title: &str) -> Content {
    Content {
        title: title.to_owned(),
        teaser: format!("{title}的成套办法。"),
        problem: format!("解决{title}中的常见问题,已在中试线上做过三批。"),
        advantage: "合格率由82%升到96%".to_owned(),
        trl: Some((6, 6)),
        cooperation: vec![Cooperation::Development, Cooperation::Service],
        industry: "1453".to_owned(),
        ..Content::default()
    }
}

impl TestApp {
    /// The zone with this slug, made if need be.
    pub(crate) async fn zone(&self, slug: &str) -> ZoneId {
        let new = NewZone {
            slug: slug.to_owned(),
            name: [format!("{slug}展区"), slug.to_owned()],
            about: [String::new(), String::new()],
            colour: "#335544".to_owned(),
        };
        zone::create::create(&self.app, &new).await.unwrap()
    }

    /// A verified enterprise in the zone `food`, with a person `<key>@firm.example`.
    pub(crate) async fn enterprise(&self, key: &str) -> Party {
        let party = self.pending_enterprise(key).await;
        organisation::verify::verify(&self.app, party.id).await.unwrap();
        party
    }

    /// An enterprise that staff have not looked at yet.
    pub(crate) async fn pending_enterprise(&self, key: &str) -> Party {
        let zone = self.zone("food").await;
        let number = self.next_number();
        let (email, phone) = (format!("{key}@firm.example"), format!("0746-5551{number:03}"));
        let person = format!("企业联系人{key}");
        let member = self.member(&email, &person, &phone).await;
        let name = format!("示例企业{key}");
        let new = NewEnterprise {
            uscc: Some(Uscc::parse(&uscc(number)).unwrap()),
            name: name.clone(),
            zone,
            region: "431103".to_owned(),
            industry: "1453".to_owned(),
            industry_name: String::new(),
            size: Size::Small,
            about: format!("{name}做水果加工。"),
            products: vec!["柚子罐头".to_owned()],
            contact: Person { name: person, title: String::new(), phone: phone.clone() },
            import_key: None,
        };
        let id = enterprise::register::register(&self.app, member, new, "").await.unwrap();
        Party { id, name, member, email, phone }
    }

    /// A verified team of 示例大学 in the zone `food`, with a lead `<key>@lab.example` and time for
    /// three introductions a month.
    pub(crate) async fn team(&self, key: &str) -> Party {
        self.team_with(key, 3).await
    }

    /// A team with time for `capacity` introductions a month.
    pub(crate) async fn team_with(&self, key: &str, capacity: u32) -> Party {
        let zone = self.zone("food").await;
        let number = self.next_number();
        let (email, phone) = (format!("{key}@lab.example"), format!("0746-5552{number:03}"));
        let name = format!("示例团队{key}");
        let new = NewTeam {
            university: NewUniversity {
                name: "示例大学".to_owned(),
                region: "430100".to_owned(),
                office_name: "科研院".to_owned(),
                office_email: Address::parse("office@lab.example"),
            },
            name: name.clone(),
            zone,
            lead: Some(Lead {
                name: format!("负责人{key}"),
                title: "教授".to_owned(),
                email: Address::parse(&email).unwrap(),
                phone: phone.clone(),
            }),
            office_email: Address::parse(&format!("office-{key}@lab.example")),
            capacity,
            about: format!("{name}做食品工程。"),
            fields: vec!["果胶".to_owned()],
            import_key: None,
        };
        let id = self.app.db.write(async |tx| team::enter::enter_in(tx, &self.app, &new).await).await.unwrap();
        let member = self.member(&email, &format!("负责人{key}"), &phone).await;
        Party { id, name, member, email, phone }
    }

    /// A published exhibit of `owner` in the zone `food`.
    pub(crate) async fn exhibit(&self, owner: &Party, name: &str) -> Exhibit {
        let id = self.exhibit_draft(owner, name).await;
        exhibit::publish::publish(&self.app, id).await.unwrap();
        exhibit::store::by_id(&self.app.db, id).await.unwrap().unwrap()
    }

    /// An exhibit that is not published.
    pub(crate) async fn exhibit_draft(&self, owner: &Party, name: &str) -> ExhibitId {
        let new = NewExhibit {
            zone: self.zone("food").await,
            organisation: owner.id,
            name: [name.to_owned(), format!("{name} in English")],
            about: ["介绍".to_owned(), String::new()],
            facts: ["一", "二", "三"].map(|fact| [format!("事实{fact}"), String::new()]).into(),
            stand: "A-01".to_owned(),
            opens_on: None,
            closes_on: None,
        };
        let curator = self.appointed(Role::Curator).await;
        exhibit::write::create(&self.app, curator, &new, "").await.unwrap()
    }

    /// A live need of `owner`.
    pub(crate) async fn live_need(&self, owner: &Party, title: &str) -> ListingId {
        self.live(owner, Kind::Need, need_content(title)).await
    }

    /// A live result of `owner`.
    pub(crate) async fn live_result(&self, owner: &Party, title: &str) -> ListingId {
        self.live(owner, Kind::Result, result_content(title)).await
    }

    /// A draft of `owner`, in the zone `food` unless `content` names another.
    pub(crate) async fn draft(&self, owner: &Party, kind: Kind, mut content: Content) -> ListingId {
        if content.zone.is_none() {
            content.zone = Some(self.zone("food").await);
        }
        listing::draft::create(&self.app, owner.member, owner.id, kind, &content, "").await.unwrap()
    }

    /// A listing that waits for staff.
    pub(crate) async fn submitted(&self, owner: &Party, kind: Kind, content: Content) -> ListingId {
        let id = self.draft(owner, kind, content).await;
        listing::submit::submit(&self.app, owner.member, id).await.unwrap();
        id
    }

    /// A live listing of `owner`. Its letter of publication is left queued; run the worker.
    pub(crate) async fn live(&self, owner: &Party, kind: Kind, content: Content) -> ListingId {
        let id = self.submitted(owner, kind, content).await;
        let scores = Scores { clarity: 4, measurability: 4, feasibility: 4, completeness: 4 };
        let staff = self.member("scene@park.example", "布景", "").await;
        listing::review::review(&self.app, staff, id, Verdict::Publish, scores, "").await.unwrap();
        id
    }

    /// A broker, an administrator or a curator without a browser.
    pub(crate) async fn appointed(&self, role: Role) -> MemberId {
        let address = Address::parse(&format!("{}@park.example", role.as_str())).unwrap();
        yonglianhui::member::appoint::appoint(&self.app, &address, role.as_str(), role).await.unwrap()
    }
}
