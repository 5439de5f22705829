//! Enterprises: registering, the codes, rewriting, who sees what.

use yonglianhui::{
    enterprise::{
        self, NewEnterprise, Person, Size,
        register::{self, register},
        uscc::Uscc,
    },
    id::OrganisationId,
    listing::{Content, Kind},
    mail::Address,
    member::{self, Member, Role},
    organisation::{self, Verification},
};

use crate::support::{TestApp, Visitor, scene};

const CODE: &str = "91431103MA4Q00008A";

fn answers() -> Vec<(&'static str, &'static str)> {
    vec![
        ("uscc", CODE),
        ("name", "永州示例食品有限公司"),
        ("zone", "food"),
        ("industry", "1453"),
        ("industry_name", "蔬菜、水果罐头制造"),
        ("size", "small"),
        ("about", "做柚子罐头和果汁。"),
        ("products", "柚子罐头\n果汁"),
        ("contact_name", "苏一禾"),
        ("contact_title", "厂长"),
        ("contact_phone", "0746-5550101"),
    ]
}

fn with(name: &'static str, value: &'static str) -> Vec<(&'static str, &'static str)> {
    let mut answers = answers();
    answers.retain(|(each, _)| *each != name);
    answers.push((name, value));
    answers
}

async fn member_of(app: &TestApp, email: &str) -> Member {
    let email = Address::parse(email).unwrap();
    member::store::by_email(&app.app.db, &email).await.unwrap().unwrap()
}

/// Registers through the form and returns the number of the enterprise.
async fn registers(visitor: &Visitor<'_>, answers: &[(&str, &str)]) -> OrganisationId {
    let form = visitor.get("/enterprises/new").await;
    let page = visitor.submit(&form, "form#enterprise", answers).await;
    assert_eq!(page.status, 303, "{}", page.main());
    page.location().unwrap().strip_prefix("/enterprises/").unwrap().parse().unwrap()
}

#[actix_web::test]
async fn a_firm_registers_and_is_verified() {
    let app = TestApp::start().await;
    app.zone("food").await;
    let firm = app.signed_in("suyihe@firm.example").await;
    let id = registers(&firm, &answers()).await;

    let page = firm.get(&format!("/enterprises/{id}")).await;
    assert_eq!(page.text("h1"), "永州示例食品有限公司");
    assert_eq!(page.text("header.head .state"), "待核验");
    assert_eq!(page.text(".notice-title"), "等待园区核验");
    let facts = page.texts(".facts dd");
    assert_eq!(facts, [CODE, "湖南省永州市冷水滩区", "1453 蔬菜、水果罐头制造", "小型"]);

    let member = member_of(&app, "suyihe@firm.example").await;
    assert_eq!(
        (member.name.as_str(), member.title.as_str(), member.phone.as_str()),
        ("苏一禾", "厂长", "0746-5550101")
    );

    let staff = app.staff(Role::Curator).await;
    let desk = staff.get(&format!("/desk/organisations/{id}")).await;
    let done = staff.submit(&desk, "form#verify", &[]).await;
    assert_eq!(done.location().as_deref(), Some("/desk/organisations"));
    app.run_until_idle().await;
    let letters = app.mails_to("suyihe@firm.example");
    assert_eq!(
        letters.iter().map(|each| each.subject.as_str()).collect::<Vec<_>>(),
        ["永州示例食品有限公司已通过核验"]
    );
    let page = app.visitor().get(&format!("/enterprises/{id}")).await;
    assert_eq!(page.text("header.head .state"), "已核验 · 2026年11月2日");
}

#[actix_web::test]
async fn what_is_wrong_with_a_code_is_said_in_the_words_of_the_journey() {
    let app = TestApp::start().await;
    app.zone("food").await;
    let firm = app.signed_in("suyihe@firm.example").await;
    let form = firm.get("/enterprises/new").await;
    for (typed, said) in [
        ("", "填写营业执照上的 18 位统一社会信用代码"),
        ("91431103MA4Q00008", "统一社会信用代码是 18 位，现在是 17 位"),
        ("9143110OMA4Q00008A", "第 8 位的“O”不会出现在代码里，多半是“0”。代码中没有 I O Z S V"),
        ("V1431103MA4Q00008A", "第 1 位的“V”不会出现在代码里，请对照营业执照核对。代码中没有 I O Z S V"),
        ("91431103MA4Q00008B", "第 18 位校验不符,请核对(常见:0/O、1/I、2/Z、8/B;代码中没有 I O Z S V)"),
    ] {
        let page = firm.submit(&form, "form#enterprise", &with("uscc", typed)).await;
        assert_eq!(page.status, 422, "{typed}");
        assert_eq!(page.errors(), [said]);
        assert!(page.text("#uscc-error").ends_with(said));
        assert!(page.text("title").starts_with("错误："));
    }
}

#[actix_web::test]
async fn a_refused_form_keeps_every_answer_and_shows_the_region() {
    let app = TestApp::start().await;
    app.zone("food").await;
    let firm = app.signed_in("suyihe@firm.example").await;
    let form = firm.get("/enterprises/new").await;
    let mut typed = with("industry", "14530");
    typed.retain(|(name, _)| *name != "zone" && *name != "contact_name");
    let page = firm.submit(&form, "form#enterprise", &typed).await;
    assert_eq!(page.status, 422);
    assert_eq!(page.errors(), ["选择所在的展区", "行业小类是 4 位数字，例如 1453；不清楚可以不填", "填写联系人姓名"]);
    for (name, value) in typed {
        assert_eq!(page.value(name), value, "{name}");
    }
    assert_eq!(page.text("#region"), "登记地：湖南省永州市冷水滩区");
    assert!(firm.get("/enterprises").await.main().contains("共 0 家企业"));
}

#[actix_web::test]
async fn a_code_is_looked_at_while_it_is_typed() {
    let app = TestApp::start().await;
    let firm = app.enterprise("a").await;
    let known = enterprise::store::by_id(&app.app.db, firm.id).await.unwrap().unwrap().uscc.unwrap();
    let member = app.signed_in("suyihe@firm.example").await;
    let says = async |typed: &str| member.get(&format!("/enterprises/code?uscc={typed}")).await.texts("p").join(" ");
    assert_eq!(says(CODE).await, "登记地：湖南省永州市冷水滩区");
    assert_eq!(
        says("91431103MA4Q00008B").await,
        "第 18 位校验不符,请核对(常见:0/O、1/I、2/Z、8/B;代码中没有 I O Z S V)"
    );
    assert_eq!(says(known.as_str()).await, "该企业已有账号，登记后会告诉你怎样加入 登记地：湖南省永州市冷水滩区");
    assert_eq!(says("").await, "");
    assert_eq!(says("%3Cscript%3E").await, "统一社会信用代码是 18 位，现在是 8 位");
    assert_eq!(app.visitor().get("/enterprises/code").await.status, 303);
    app.run_until_idle().await;
}

#[actix_web::test]
async fn codes_of_abolished_and_unknown_regions_are_taken() {
    let app = TestApp::start().await;
    app.zone("food").await;
    let firm = app.signed_in("suyihe@firm.example").await;
    for (code, region) in [("91431121MA4Q000085", "祁阳县"), ("91990000MA4Q000087", "")] {
        let body = &code[..17];
        let good = ('0'..='9').chain('A'..='Y').map(|last| format!("{body}{last}"));
        let code = good.filter_map(|each| Uscc::parse(&each).ok()).next().unwrap();
        let mut typed = answers();
        typed.retain(|(name, _)| *name != "uscc");
        typed.push(("uscc", code.as_str()));
        let id = registers(&firm, &typed).await;
        let page = firm.get(&format!("/enterprises/{id}")).await;
        assert!(page.texts(".facts dd")[1].contains(region), "{code}");
    }
    app.leave_rest();
}

#[actix_web::test]
async fn the_same_form_sent_twice_makes_one_enterprise() {
    let app = TestApp::start().await;
    app.zone("food").await;
    let firm = app.signed_in("suyihe@firm.example").await;
    let form = firm.get("/enterprises/new").await;
    let first = firm.submit(&form, "form#enterprise", &answers()).await;
    let second = firm.submit(&form, "form#enterprise", &answers()).await;
    assert_eq!((first.status, second.status), (303, 303));
    assert_eq!(first.location(), second.location());
    assert_eq!(organisation::store::pending(&app.app.db).await.unwrap().len(), 1);
    app.leave_rest();
}

#[actix_web::test]
async fn a_second_entry_with_the_same_code_makes_no_second_enterprise() {
    let app = TestApp::start().await;
    app.zone("food").await;
    let first = app.signed_in("suyihe@firm.example").await;
    let id = registers(&first, &answers()).await;
    let other = app.signed_in("other@firm.example").await;
    let form = other.get("/enterprises/new").await;
    let mut typed = with("contact_name", "程知夏");
    typed.retain(|(name, _)| *name != "contact_phone");
    let page = other.submit(&form, "form#enterprise", &typed).await;
    assert_eq!(page.status, 422);
    assert_eq!(page.text("#taken .notice-title"), "该企业已有账号");
    let said = page.text("#taken");
    assert!(said.contains("负责人：苏**") && said.contains("申请加入") && said.contains("联系园区"), "{said}");
    assert!(!page.html.contains("苏一禾") && !page.html.contains("0746-5550101"));
    assert_eq!(page.value("contact_name"), "程知夏");
    assert_eq!(organisation::store::pending(&app.app.db).await.unwrap().len(), 1);

    // Those who speak for it are shown the way to it.
    let form = first.get("/enterprises/new").await;
    let page = first.submit(&form, "form#enterprise", &answers()).await;
    assert_eq!(page.attributes("#taken a", "href"), [format!("/enterprises/{id}")]);
    app.leave_rest();
}

#[actix_web::test]
async fn two_who_enter_the_same_code_at_the_same_moment_make_one_enterprise() {
    let app = TestApp::start().await;
    let zone = app.zone("food").await;
    let new = NewEnterprise {
        uscc: Uscc::parse(CODE).ok(),
        name: "永州示例食品有限公司".to_owned(),
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
    for round in 0..10 {
        let (one, other) = (
            app.member(&format!("one{round}@firm.example"), "", "").await,
            app.member(&format!("other{round}@firm.example"), "", "").await,
        );
        let code = Uscc::parse(&scene::uscc(900 + round)).ok();
        let new = NewEnterprise { uscc: code, ..new.clone() };
        let enter = |member| register(&app.app, member, new.clone(), "the same key");
        let (first, second) = futures_util::future::join(enter(one), enter(other)).await;
        let (id, refused) = match (first, second) {
            (Ok(id), Err(refused)) | (Err(refused), Ok(id)) => (id, refused),
            both => panic!("{both:?}"),
        };
        assert!(matches!(refused, register::Error::Taken(taken) if taken == id), "{refused:?}");
    }
    assert_eq!(organisation::store::pending(&app.app.db).await.unwrap().len(), 10);
    app.leave_rest();
}

#[actix_web::test]
async fn a_colleague_asks_to_join_and_is_let_in() {
    let app = TestApp::start().await;
    app.zone("food").await;
    let first = app.signed_in("suyihe@firm.example").await;
    let id = registers(&first, &answers()).await;
    let other = app.signed_in("other@firm.example").await;
    let form = other.get("/enterprises/new").await;
    let taken = other.submit(&form, "form#enterprise", &answers()).await;
    let asked = other.submit(&taken, "#taken form", &[]).await;
    assert_eq!(asked.status, 303);
    // Asking again changes nothing, and the page says that it waits.
    other.submit(&taken, "#taken form", &[]).await;
    let form = other.get("/enterprises/new").await;
    let again = other.submit(&form, "form#enterprise", &answers()).await;
    assert!(again.text("#taken").contains("你的申请已经送达，等待答复。"));
    assert!(!again.has("#taken form"));
    app.run_until_idle().await;
    let letters = app.mails_to("suyihe@firm.example");
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].subject, "有人申请加入永州示例食品有限公司");
    assert!(letters[0].text.contains("ot***@firm.example") && !letters[0].text.contains("other@firm.example"));
    assert_eq!(other.get(&format!("/enterprises/{id}")).await.status, 404);

    let page = first.get(&format!("/enterprises/{id}")).await;
    let granted = first.submit(&page, "#askers form", &[("answer", "grant")]).await;
    assert_eq!(granted.status, 303);
    assert_eq!(other.get(&format!("/enterprises/{id}")).await.status, 200);
    app.run_until_idle().await;
    assert_eq!(app.mails_to("other@firm.example").len(), 1);
    // Answered once.
    assert_eq!(first.submit(&page, "#askers form", &[("answer", "refuse")]).await.status, 404);
    assert_eq!(other.get(&format!("/enterprises/{id}/edit")).await.status, 200);
}

#[actix_web::test]
async fn a_stranger_is_not_let_in_and_cannot_let_himself_in() {
    let app = TestApp::start().await;
    let firm = app.enterprise("a").await;
    let stranger = app.signed_in("stranger@mail.example").await;
    let csrf = stranger.get("/enterprises/new").await.value("csrf");
    let joinings = format!("/enterprises/{}/joinings", firm.id);
    assert_eq!(stranger.post(&joinings, &[("csrf", &csrf)]).await.status, 303);
    let member = member_of(&app, "stranger@mail.example").await.id;
    let answer = format!("{joinings}/{member}");
    assert_eq!(stranger.post(&answer, &[("csrf", &csrf), ("answer", "grant")]).await.status, 404);

    let staff = app.staff(Role::Curator).await;
    let desk = staff.get("/desk/organisations").await;
    assert_eq!(desk.texts("#askers tbody tr").len(), 1);
    assert_eq!(staff.submit(&desk, "#askers form", &[("answer", "refuse")]).await.status, 303);
    app.run_until_idle().await;
    assert_eq!(app.mails_to("stranger@mail.example").len(), 1);
    assert!(!organisation::store::speaks_for(&app.app.db, member, firm.id).await.unwrap());
    assert_eq!(stranger.get(&format!("/enterprises/{}/edit", firm.id)).await.status, 404);
    let nobody = stranger.post("/enterprises/999999/joinings", &[("csrf", &csrf)]).await;
    assert_eq!(nobody.status, 404);
}

#[actix_web::test]
async fn an_enterprise_is_public_when_it_is_verified() {
    let app = TestApp::start().await;
    let pending = app.pending_enterprise("p").await;
    let path = format!("/enterprises/{}", pending.id);
    let stranger = app.signed_in("stranger@mail.example").await;
    assert_eq!(app.visitor().get(&path).await.status, 404);
    assert_eq!(stranger.get(&path).await.status, 404);
    assert_eq!(app.signed_in(&pending.email).await.get(&path).await.status, 200);
    assert_eq!(app.staff(Role::Broker).await.get(&path).await.status, 200);
    assert!(!app.visitor().get("/enterprises").await.html.contains(&pending.name));
    assert!(!app.visitor().get("/zones/food").await.html.contains(&pending.name));

    organisation::verify::verify(&app.app, pending.id).await.unwrap();
    for visitor in [app.visitor(), stranger] {
        let page = visitor.get(&path).await;
        assert_eq!(page.status, 200);
        assert!(
            !page.html.contains(&pending.phone)
                && !page.html.contains(&pending.email)
                && !page.html.contains("企业联系人")
        );
        assert!(!page.has("a[href$='/edit']"));
    }
    assert!(app.visitor().get("/enterprises").await.html.contains(&pending.name));
    app.run_until_idle().await;
}

#[actix_web::test]
async fn a_speaker_rewrites_all_but_name_and_code_of_a_verified_enterprise() {
    let app = TestApp::start().await;
    let firm = app.enterprise("a").await;
    app.zone("digital").await;
    let known = enterprise::store::by_id(&app.app.db, firm.id).await.unwrap().unwrap();
    let speaker = app.signed_in(&firm.email).await;
    let form = speaker.get(&format!("/enterprises/{}/edit", firm.id)).await;
    assert!(!form.has("[name=uscc]") && !form.has("[name=name]"));
    let extra = [
        ("about", "新的介绍"),
        ("zone", "digital"),
        ("contact_title", "总经理"),
        ("uscc", CODE),
        ("name", "另一家公司"),
        ("verification", "refused"),
        ("owner_id", "1"),
        ("role", "administrator"),
        ("region", "110000"),
        ("id", "1"),
    ];
    let page = speaker.submit(&form, "form#enterprise", &extra).await;
    assert_eq!(page.location(), Some(format!("/enterprises/{}", firm.id)));
    let now = enterprise::store::by_id(&app.app.db, firm.id).await.unwrap().unwrap();
    assert_eq!((&now.organisation.name, &now.uscc), (&known.organisation.name, &known.uscc));
    assert_eq!(now.organisation.about, "新的介绍");
    assert_ne!(now.organisation.zone, known.organisation.zone);
    assert_eq!(now.organisation.verification, Verification::Verified);
    assert_eq!(now.organisation.region, known.organisation.region);
    let member = member::store::by_id(&app.app.db, firm.member).await.unwrap().unwrap();
    assert_eq!((member.title.as_str(), member.role), ("总经理", Role::Member));
    app.run_until_idle().await;
}

#[actix_web::test]
async fn fields_that_are_not_asked_are_not_taken_when_registering() {
    let app = TestApp::start().await;
    app.zone("food").await;
    let firm = app.signed_in("suyihe@firm.example").await;
    let mut typed = answers();
    typed.extend([
        ("verification", "verified"),
        ("role", "administrator"),
        ("owner_id", "1"),
        ("kind", "team"),
        ("region", "110000"),
    ]);
    let id = registers(&firm, &typed).await;
    let known = organisation::store::by_id(&app.app.db, id).await.unwrap().unwrap();
    assert_eq!(known.verification, Verification::Pending);
    assert_eq!(known.region, "431103");
    assert_eq!(member_of(&app, "suyihe@firm.example").await.role, Role::Member);
    app.leave_rest();
}

#[actix_web::test]
async fn others_neither_see_the_form_of_an_enterprise_nor_write_in_it() {
    let app = TestApp::start().await;
    let (mine, theirs) = (app.enterprise("mine").await, app.enterprise("theirs").await);
    let me = app.signed_in(&mine.email).await;
    let form = me.get(&format!("/enterprises/{}/edit", mine.id)).await;
    let csrf = form.value("csrf");
    for id in [theirs.id.to_string(), "999999".to_owned(), "0".to_owned(), "-1".to_owned(), "x".to_owned()] {
        assert_eq!(me.get(&format!("/enterprises/{id}/edit")).await.status, 404, "{id}");
        assert_eq!(
            me.post(&format!("/enterprises/{id}"), &[("csrf", &csrf), ("zone", "food")]).await.status,
            404,
            "{id}"
        );
    }
    let nobody = app.visitor();
    assert_eq!(nobody.get(&format!("/enterprises/{}/edit", mine.id)).await.status, 303);
    assert_eq!(nobody.get("/enterprises/new").await.location().as_deref(), Some("/sign-in?next=%2Fenterprises%2Fnew"));
    let page = me.submit(&form, "form#enterprise", &[("csrf", "wrong")]).await;
    assert_eq!(page.status, 403);
    app.run_until_idle().await;
}

#[actix_web::test]
async fn staff_correct_name_and_code_but_not_to_a_code_that_is_taken() {
    let app = TestApp::start().await;
    let (one, other) = (app.enterprise("one").await, app.enterprise("other").await);
    let taken = enterprise::store::by_id(&app.app.db, other.id).await.unwrap().unwrap().uscc.unwrap();
    let staff = app.staff(Role::Curator).await;
    let form = staff.get(&format!("/enterprises/{}/edit", one.id)).await;
    assert!(!form.has("[name=contact_name]"));
    let page = staff.submit(&form, "form#enterprise", &[("uscc", taken.as_str())]).await;
    assert_eq!(page.status, 422);
    assert_eq!(page.errors(), ["这个代码已经登记在另一家企业名下，请核对"]);
    let page = staff.submit(&form, "form#enterprise", &[("uscc", CODE), ("name", "改名后的公司")]).await;
    assert_eq!(page.status, 303);
    let now = enterprise::store::by_id(&app.app.db, one.id).await.unwrap().unwrap();
    assert_eq!((now.organisation.name.as_str(), now.uscc.unwrap().as_str()), ("改名后的公司", CODE));
    app.run_until_idle().await;
}

#[actix_web::test]
async fn an_anonymous_need_is_not_on_the_page_of_its_enterprise() {
    let app = TestApp::start().await;
    let firm = app.enterprise("a").await;
    app.live_need(&firm, "柚皮果胶提取").await;
    let content = Content { anonymous: true, ..scene::need_content("废水脱色") };
    app.live(&firm, Kind::Need, content).await;
    app.run_until_idle().await;
    let path = format!("/enterprises/{}", firm.id);
    let page = app.visitor().get(&path).await;
    assert_eq!(page.texts(".rows h3"), ["柚皮果胶提取"]);
    let own = app.signed_in(&firm.email).await.get(&path).await;
    assert_eq!(own.texts(".rows h3").len(), 2);
}

#[actix_web::test]
async fn the_list_of_enterprises_reads_as_many_rows_in_as_few_queries() {
    let app = TestApp::start().await;
    app.enterprise("one").await;
    let visitor = app.visitor();
    let (one, page) = app.statements(visitor.get("/enterprises")).await;
    assert_eq!(page.texts(".rows h3"), ["示例企业one"]);
    for key in ["two", "three"] {
        app.enterprise(key).await;
    }
    let (three, page) = app.statements(visitor.get("/enterprises")).await;
    assert_eq!(page.texts(".rows h3").len(), 3);
    assert_eq!(one, three);
    let firm = app.enterprise("four").await;
    app.live_need(&firm, "一").await;
    let path = format!("/enterprises/{}", firm.id);
    let (one, _) = app.statements(visitor.get(&path)).await;
    app.live_need(&firm, "二").await;
    app.live_need(&firm, "三").await;
    let (three, page) = app.statements(visitor.get(&path)).await;
    assert_eq!(page.texts(".rows h3").len(), 3);
    assert_eq!(one, three);
    app.run_until_idle().await;
}

#[actix_web::test]
async fn the_list_is_paged_and_narrowed_by_zone() {
    let app = TestApp::start().await;
    app.zone("digital").await;
    for number in 0..21 {
        app.enterprise(&format!("{number:02}")).await;
    }
    let visitor = app.visitor();
    let first = visitor.get("/enterprises?zone=food").await;
    assert_eq!(first.texts(".rows h3").len(), 20);
    assert_eq!(first.text(".toolbar p"), "共 21 家企业");
    let next = first.attributes(".pager a[rel=next]", "href");
    assert_eq!(next, ["/enterprises?zone=food&page=2"]);
    assert_eq!(visitor.get(&next[0]).await.texts(".rows h3"), ["示例企业20"]);
    assert_eq!(visitor.get("/enterprises?zone=digital").await.text(".empty-title"), "这里还没有企业");
    for (path, status) in [
        ("/enterprises?page=3", 404),
        ("/enterprises?page=0", 400),
        ("/enterprises?page=x", 400),
        ("/enterprises?zone=none", 404),
        ("/enterprises/0", 404),
        ("/enterprises/x", 404),
        ("/enterprises/99999999999999999999", 404),
    ] {
        assert_eq!(visitor.get(path).await.status, status, "{path}");
    }
    app.leave_rest();
}

#[actix_web::test]
async fn every_page_of_an_enterprise_is_there_in_english() {
    let app = TestApp::start().await;
    let firm = app.enterprise("a").await;
    let speaker = app.signed_in(&firm.email).await;
    speaker.reads("en");
    for (path, title) in [
        ("/enterprises".to_owned(), "Enterprises"),
        (format!("/enterprises/{}", firm.id), "示例企业a"),
        (format!("/enterprises/{}/edit", firm.id), "Edit the enterprise"),
        ("/enterprises/new".to_owned(), "Register an enterprise"),
    ] {
        // The member's own language is Chinese; the address chooses.
        let page = speaker.get(&format!("{path}?lang=en")).await;
        assert_eq!((page.status, page.text("h1").as_str()), (200, title), "{path}");
    }
    app.run_until_idle().await;
}
