//! A need finds a team, and both agree to meet: an enterprise, a member of staff and a professor,
//! each in a browser profile of their own, with mails read from a mail server on loopback.

use std::time::Duration;

use crate::{
    sink::{Parsed, Sink},
    support::{Driver, Person, Site},
};

const FIRM: &str = "zhao@zhuyuan.example";
const PROFESSOR: &str = "qian@yunhe.example";

/// The newest mail for somebody whose subject holds `words`; waits for the worker to send it.
async fn mail(sink: &Sink, to: &str, words: &str) -> Parsed {
    for _ in 0..400 {
        let mails = sink.mails_to(to);
        if let Some(mail) =
            mails.iter().rev().map(crate::sink::Received::parsed).find(|mail| mail.subject.contains(words))
        {
            return mail;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let subjects: Vec<String> = sink.mails_to(to).iter().map(|mail| mail.parsed().subject).collect();
    panic!("no mail for {to} says {words:?}; there are {subjects:?}");
}

/// Signs in with the six digits of the letter, as somebody does who reads mail on a telephone.
async fn sign_in(person: &Person, sink: &Sink, email: &str) {
    person.open("/sign-in").await;
    person.fill("email", email).await;
    person.press("寄登录信").await;
    let letter = mail(sink, email, "登录").await;
    let digits: String = letter
        .text
        .split(|each: char| !each.is_ascii_digit())
        .find(|part| part.len() == 6)
        .expect("six digits")
        .to_owned();
    person.looks("code").await;
    person.fill("code", &digits).await;
    person.press("登录").await;
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one story, told in the order in which it happens")]
async fn a_need_finds_a_team_and_both_agree_to_meet() {
    let Some(driver) = Driver::start() else {
        eprintln!("skipped: YLH_TEST_BROWSER and YLH_TEST_DRIVER are not set");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let sink = Sink::start().await;
    let site = Site::new(folder.path(), &sink.url());
    let link = site.run(&["admin", "broker@park.example"]);
    let _running = site.serve();
    let staff = driver.person(folder.path(), "staff", &site).await;
    let firm = driver.person(folder.path(), "firm", &site).await;
    let professor = driver.person(folder.path(), "professor", &site).await;

    // Staff open a zone and enter a team.
    staff.open(link.trim()).await;
    staff.press("登录").await;
    staff.open("/desk/zones").await;
    for (name, value) in [
        ("slug", "food"),
        ("name_zh", "食品加工"),
        ("name_en", "Food"),
        ("about_zh", "柚、油茶与预制菜"),
        ("colour", "#7a4b12"),
    ] {
        staff.fill(name, value).await;
    }
    staff.looks("zones").await;
    staff.press("保存展区").await;
    staff.open("/desk/teams/new").await;
    for (name, value) in [
        ("new_university", "云河理工大学"),
        ("name", "天然产物提取团队"),
        ("zone", "food"),
        ("lead_name", "钱教授"),
        ("lead_title", "教授"),
        ("lead_email", PROFESSOR),
        ("lead_phone", "0746-5559002"),
        ("capacity", "3"),
        ("office_email", "office@yunhe.example"),
        ("about", "研究果胶、精油等天然产物的绿色提取,有中试线。"),
        ("fields", "果胶提取\n柑橘综合利用"),
    ] {
        staff.fill(name, value).await;
    }
    staff.looks("team").await;
    staff.press("录入").await;

    // The professor lists a result.
    sign_in(&professor, &sink, PROFESSOR).await;
    professor.looks("my").await;
    professor.open("/results/new").await;
    for (name, value) in [
        ("title", "柚皮果胶超声辅助绿色提取"),
        ("teaser", "不用强酸,从柚皮里提取果胶,得率提高三成"),
        ("zone", "food"),
        ("problem", "柚皮提取果胶多用强酸,得率低、废水多。本成果用超声辅助草酸铵提取柚皮果胶,提高得率,减少酸性废水。"),
        ("advantage", "得率由 12% 提高到 17%"),
        ("trl", "6"),
        ("keywords", "柚皮 果胶 提取 超声"),
        ("industry", "1453"),
    ] {
        professor.fill(name, value).await;
    }
    professor.fill("cooperation", "development").await;
    professor.looks("result-form").await;
    professor.press("提交审核").await;
    review(&staff, "柚皮果胶超声辅助绿色提取").await;

    // The firm registers, a wrong digit first, and is verified.
    sign_in(&firm, &sink, FIRM).await;
    firm.open("/enterprises/new").await;
    for (name, value) in [
        ("uscc", "91431103MA4Q00008B"),
        ("name", "永州竹园果业有限公司"),
        ("zone", "food"),
        ("industry", "1453"),
        ("about", "柚子罐头与果脯。"),
        ("contact_name", "赵厂长"),
        ("contact_phone", "0746-5559001"),
    ] {
        firm.fill(name, value).await;
    }
    firm.press("登记").await;
    firm.expects("第 18 位校验不符").await;
    firm.looks("register-wrong").await;
    firm.fill("uscc", "91431103MA4Q00008A").await;
    firm.press("登记").await;
    staff.open("/desk/organisations").await;
    staff.press("永州竹园果业有限公司").await;
    staff.looks("verify").await;
    staff.press("核验通过").await;
    mail(&sink, FIRM, "核验").await;

    // It posts a need; staff publish it; everybody finds it.
    firm.open("/needs/new").await;
    for (name, value) in [
        ("title", "柚皮提取果胶得率低"),
        ("teaser", "每年八百吨柚皮,提取果胶得率只有一成"),
        ("zone", "food"),
        ("problem", "现用盐酸提取柚皮果胶,得率约 10%,酸性废水多,胶凝度不稳。试过延长提取时间,颜色变深。"),
        ("targets", "果胶得率 | 10 | 15 | %\n废水量 | 30 | 12 | 吨/吨"),
        ("deadline", "6个月"),
        ("budget", "20_50"),
        ("industry", "1453"),
        ("trl_min", "5"),
        ("trl_max", "8"),
    ] {
        firm.fill(name, value).await;
    }
    firm.fill("cooperation", "development").await;
    firm.looks("need-form").await;
    firm.press("提交审核").await;
    review(&staff, "柚皮提取果胶得率低").await;
    mail(&sink, FIRM, "柚皮提取果胶得率低").await;
    found(&firm, "/search?q=果胶", "柚皮提取果胶得率低").await;
    firm.looks("search").await;
    firm.press("柚皮提取果胶得率低").await;
    firm.looks("need").await;

    // The team is suggested with reasons; the firm asks; staff pass it on.
    let need = firm.path().await;
    found(&firm, &format!("{need}/matches"), "天然产物提取团队").await;
    firm.expects("柚皮").await;
    firm.looks("matches").await;
    firm.press("请求对接").await;
    firm.fill("reason", "您的成果正是柚皮果胶提取,得率高、不用强酸,我们有原料和中试场地,想请您来厂里看看。").await;
    firm.looks("ask").await;
    firm.press("发送请求").await;
    firm.looks("asked").await;
    staff.open("/desk").await;
    staff.looks("desk").await;
    staff.press("柚皮提取果胶得率低").await;
    staff.looks("pass").await;
    staff.press("转给团队").await;

    // The professor follows the mailed link: opening it answers nothing, pressing does.
    let asked = mail(&sink, PROFESSOR, "请教您").await;
    assert!(!asked.text.contains(FIRM) && !asked.text.contains("0746-5559001"), "{}", asked.text);
    let link = asked.link("/introductions/");
    professor.open(&link).await;
    professor.looks("question").await;
    let time = chrono::Local::now() + chrono::TimeDelta::days(7);
    professor.fill("times", &time.format("%Y-%m-%dT10:00").to_string()).await;
    professor.fill("show_phone", "yes").await;
    professor.press("接受并发送时间").await;
    professor.expects("请勾选同意").await;
    professor.looks("question-wrong").await;
    professor.fill("consent", "yes").await;
    professor.press("接受并发送时间").await;
    professor.looks("accepted").await;

    // The firm takes a time: only now both get the other's contact.
    let offered = mail(&sink, FIRM, "愿意就").await;
    assert!(!offered.text.contains(PROFESSOR) && !offered.text.contains("0746-5559002"), "{}", offered.text);
    firm.open(&offered.link("/introductions/")).await;
    firm.looks("times").await;
    firm.choose_first("times").await;
    firm.fill("show_phone", "yes").await;
    firm.fill("consent", "yes").await;
    firm.press("就选这个时间，交换联系方式").await;
    firm.looks("exchanged").await;
    let to_firm = with_calendar(&sink, FIRM).await;
    let to_professor = with_calendar(&sink, PROFESSOR).await;
    assert!(to_firm.text.contains(PROFESSOR), "{}", to_firm.text);
    assert!(to_professor.text.contains(FIRM) && to_professor.text.contains("0746-5559001"), "{}", to_professor.text);

    professor.open("/my").await;
    professor.looks("my-after").await;
    staff.open("/desk/mails").await;
    staff.looks("mails").await;
    for person in [staff, firm, professor] {
        person.leaves().await;
    }
}

/// Staff give full marks and publish.
async fn review(staff: &Person, title: &str) {
    staff.open("/desk/listings").await;
    staff.press(title).await;
    for score in ["clarity", "measurability", "feasibility", "completeness"] {
        staff.fill(score, "4").await;
    }
    staff.looks("review").await;
    staff.press("发布").await;
}

/// Opens a page until it says `words`: what was committed a moment ago is worked off by the worker.
async fn found(person: &Person, path: &str, words: &str) {
    for _ in 0..200 {
        person.open(path).await;
        if person.reads().await.contains(words) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{path} never says {words:?}:\n{}", person.reads().await);
}

async fn with_calendar(sink: &Sink, to: &str) -> Parsed {
    for _ in 0..400 {
        let mails = sink.mails_to(to);
        if let Some(mail) = mails.iter().map(crate::sink::Received::parsed).find(|mail| mail.calendar.is_some()) {
            return mail;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("no mail with a calendar file reached {to}");
}
