//! What is found, in which order, and what of it is shown; and that a folder keeps what was put into it.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};
use index::{
    By, Change, Document, Error, Group, Index, Key, Kind, Passage, Query, SCHEMA_VERSION, Sort, Synonyms, Text,
};

fn on_day(day: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000 + day)
}

/// An invented thing; its number is also the day on which it was posted.
fn thing(kind: Kind, id: i64, title: &str, problem: &str, body: &str) -> Document {
    Document {
        key: Key { kind, id },
        title: title.to_string(),
        keywords: Vec::new(),
        problem: problem.to_string(),
        body: body.to_string(),
        owner: String::new(),
        zone: None,
        url: format!("/{kind}s/{id}"),
        posted_at: on_day(id),
        expires_at: None,
    }
}

/// A small invented park.
fn park() -> Vec<Document> {
    let mut things = vec![
        thing(
            Kind::Need,
            1,
            "柑橘皮渣提取果胶",
            "每年两万吨皮渣无处可去，希望提取高酯果胶。",
            "皮渣含水率约百分之八十，烘干成本高；现有酸法提取得率低，废水难处理。",
        ),
        thing(Kind::Need, 2, "退役锂离子电池梯次利用", "电池包拆解效率低", "需要快速检测单体健康状态，BMS 数据不全。"),
        thing(
            Kind::Offer,
            3,
            "铝合金压铸件",
            "承接ＡＤＣ１２压铸",
            "月产能三百吨，通过 IATF16949 认证，适用于家用电器外壳。",
        ),
        thing(
            Kind::Result,
            4,
            "超临界二氧化碳萃取茶油",
            "低温萃取，保留活性成分",
            "茶籽粕综合利用；果胶与茶皂素联产。",
        ),
        thing(Kind::Result, 5, "磷酸铁锂正极材料短流程再生", "", "直接再生，不经湿法。适用于退役锂电池回收的正极粉。"),
        thing(Kind::Enterprise, 6, "潇湘楠木家具厂", "智能家居与实木家具", "生产智能晾衣架、电动床。"),
        thing(Kind::Team, 7, "果蔬加工废弃物高值化团队", "", "长期研究柑橘、柚皮中的膳食纤维和果胶。"),
        thing(Kind::Event, 8, "食品加工技术对接会", "", "红茶、油茶、柑橘企业参加；PM2.5 在线监测设备展示。"),
        thing(Kind::Exhibit, 9, "碲化镉柔性薄膜样机", "", "汭玥科技自主研制。"),
    ];
    for (at, zone) in [(0, "food"), (1, "energy"), (2, "home"), (3, "food"), (4, "energy"), (5, "home"), (7, "food")] {
        things[at].zone = Some(zone.to_string());
    }
    things[0].keywords = vec!["副产物".to_string(), "pectin".to_string()];
    things[0].owner = "九嶷果业".to_string();
    things[2].owner = "冷水滩压铸".to_string();
    things[0].expires_at = Some(on_day(40));
    things[1].expires_at = Some(on_day(30));
    things[2].expires_at = Some(on_day(35));
    things
}

fn index_of(things: Vec<Document>) -> Index {
    let index = Index::in_memory().unwrap();
    index.apply(things.into_iter().map(Change::Replace).collect(), 1).unwrap();
    index
}

fn asking(text: &str) -> Query {
    Query { text: text.to_string(), per_page: 100, ..Query::default() }
}

fn ids(index: &Index, query: &Query) -> Vec<i64> {
    index.search(query).unwrap().hits.iter().map(|hit| hit.key.id).collect()
}

/// Exactly these titles, the best first.
#[track_caller]
fn check(query: &str, expected: &[&str]) {
    let page = index_of(park()).search(&asking(query)).unwrap();
    let found: Vec<String> = page.hits.iter().map(|hit| plain(&hit.title)).collect();
    assert_eq!(found, expected, "for {query:?}");
    assert_eq!(page.by, By::Words, "{query:?} had to be relaxed");
}

fn plain(passages: &[Passage]) -> String {
    passages.iter().map(|passage| passage.text.as_str()).collect()
}

fn marked(passages: &[Passage]) -> Vec<&str> {
    passages.iter().filter(|passage| passage.marked).map(|passage| passage.text.as_str()).collect()
}

const PECTIN: &str = "柑橘皮渣提取果胶";
const FRUIT_TEAM: &str = "果蔬加工废弃物高值化团队";
const TEA_OIL: &str = "超临界二氧化碳萃取茶油";
const BATTERY: &str = "退役锂离子电池梯次利用";
const CATHODE: &str = "磷酸铁锂正极材料短流程再生";
const CASTING: &str = "铝合金压铸件";
const FURNITURE: &str = "潇湘楠木家具厂";
const FAIR: &str = "食品加工技术对接会";
const FILM: &str = "碲化镉柔性薄膜样机";

#[test]
fn a_hit_in_the_title_comes_first() {
    check("果胶", &[PECTIN, TEA_OIL, FRUIT_TEAM]);
    check("果胶 柑橘", &[PECTIN, FRUIT_TEAM]);
}

#[test]
fn a_two_character_word_inside_a_longer_one_is_found() {
    check("合金", &[CASTING]);
    check("铁锂", &[CATHODE]);
    check("离子", &[BATTERY]);
    check("晾衣", &[FURNITURE]);
}

#[test]
fn a_word_that_no_dictionary_has_is_found() {
    check("汭玥", &[FILM]);
    check("碲化镉", &[FILM]);
    check("茶皂素", &[TEA_OIL]);
    check("九嶷", &[PECTIN]);
}

#[test]
fn a_single_character_is_found() {
    check("胶", &[PECTIN, TEA_OIL, FRUIT_TEAM]);
    check("镉", &[FILM]);
    check("楠", &[FURNITURE]);
}

#[test]
fn width_case_and_traditional_characters_do_not_matter() {
    check("adc12", &[CASTING]);
    check("ＡＤＣ１２", &[CASTING]);
    check("bms", &[BATTERY]);
    check("Iatf16949", &[CASTING]);
    check("鋁合金壓鑄", &[CASTING]);
    check("磷酸鐵鋰", &[CATHODE]);
    check("PECTIN", &[PECTIN]);
}

#[test]
fn words_may_stand_in_different_parts() {
    check("果胶 九嶷 pectin 废水", &[PECTIN]);
    check("退役电池回收", &[CATHODE]);
    check("茶油,果胶", &[TEA_OIL]);
}

#[test]
fn quotation_marks_ask_for_exactly_this() {
    check("柑橘企业", &[FAIR]);
    check("\"提取果胶\"", &[PECTIN]);
    check("“提取果胶”", &[PECTIN]);
    check("「果胶提取」", &[]);
    check("\"bms 数据\"", &[BATTERY]);
    check("\"数据 bms\"", &[]);
    check("pm2.5", &[FAIR]);
}

#[test]
fn a_minus_excludes() {
    check("果胶 -茶油", &[PECTIN, FRUIT_TEAM]);
    check("果胶 －“茶油”", &[PECTIN, FRUIT_TEAM]);
    check("-果胶 电池", &[BATTERY, CATHODE]);
    assert_eq!(ids(&index_of(park()), &asking("-果胶")), [9, 8, 6, 5, 3, 2]);
}

#[test]
fn rubbish_finds_nothing_and_says_so() {
    for rubbish in ["火箭发动机喷管", "zzzz", "\u{1F980}\u{1F980}果核"] {
        check(rubbish, &[]);
    }
    let page = index_of(park()).search(&asking("??? 果胶 \" --")).unwrap();
    assert_eq!(page.ignored, ["???", "\"", "--"]);
    assert_eq!(page.total, 3);
}

#[test]
fn an_empty_question_lists_everything_the_newest_first() {
    for nothing in ["", "   ", "\u{3000}", "。。。", "\"\"", "-"] {
        assert_eq!(ids(&index_of(park()), &asking(nothing)), [9, 8, 7, 6, 5, 4, 3, 2, 1], "for {nothing:?}");
    }
}

#[test]
fn a_long_question_that_nothing_answers_whole_finds_what_answers_half() {
    let page = index_of(park()).search(&asking("柑橘皮渣里的果胶怎么用超声波提取")).unwrap();
    assert_eq!(page.by, By::Half);
    assert_eq!(page.hits[0].key.id, 1);
    let strict = index_of(park()).search(&asking("\"柑橘皮渣里的果胶怎么用超声波提取\"")).unwrap();
    assert_eq!((strict.total, strict.by), (0, By::Words));
}

#[test]
fn a_name_is_found_by_its_pinyin() {
    let names = ["绿硕果业", "九嶷果业", "长沙重工", "永州(零陵)茶油厂"];
    let things = names.iter().zip(1..).map(|(name, id)| thing(Kind::Enterprise, id, name, "", "")).collect();
    let index = index_of(things);
    for (typed, found) in [
        ("lvshuo", vec![1]),
        ("lüshuo", vec![1]),
        ("Lv Shuo", vec![1]),
        ("lvshuoguoye", vec![1]),
        ("guoye", vec![1, 2]),
        ("lsgy", vec![1]),
        ("ls", vec![1]),
        ("jy", vec![2]),
        ("changsha", vec![3]),
        ("zhangsha", vec![3]),
        ("zhonggong", vec![3]),
        ("chonggong", vec![3]),
        ("yongzhoulingling", vec![4]),
        ("yzll", vec![4]),
        ("xyz", vec![]),
    ] {
        assert_eq!(ids(&index, &asking(typed)), found, "for {typed:?}");
    }
    let by = |typed: &str| index.search(&asking(typed)).unwrap().by;
    assert_eq!((by("lvshuo"), by("ls"), by("lv")), (By::Words, By::Sound, By::Sound));
    assert_eq!(ids(&index, &asking("lvshuo 果业")), [1]);
    assert_eq!(ids(&index, &asking("guoye -九嶷")), [1]);
}

#[test]
fn letters_that_stand_in_a_thing_are_no_spelling() {
    let things = vec![thing(Kind::Offer, 1, "ls 型水泵", "", ""), thing(Kind::Enterprise, 2, "绿硕果业", "", "")];
    assert_eq!(ids(&index_of(things), &asking("ls")), [1]);
}

#[test]
fn synonyms_count_from_the_next_question_on() {
    let index = index_of(park());
    assert_eq!(ids(&index, &asking("电池管理系统")), Vec::<i64>::new());
    let same = |words: &[&str]| Group::Same(words.iter().map(ToString::to_string).collect());
    index.use_synonyms(Synonyms::of(&[same(&["BMS", "电池管理系统"]), same(&["果胶", "pectin", "胶质"])], 1));
    let page = index.search(&asking("电池管理系统")).unwrap();
    assert_eq!((page.hits[0].key.id, page.also), (2, vec!["BMS".to_string()]));
    assert_eq!(marked(&page.hits[0].snippet), ["BMS"]);
    assert_eq!(ids(&index, &asking("pectin")), [1, 4, 7], "the word itself first");
    assert_eq!(ids(&index, &asking("\"pectin\"")), [1], "a quotation means what it says");
    assert_eq!(ids(&index, &asking("胶质 -茶油")), [1, 7]);
    assert_eq!(ids(&index, &asking("柑橘胶质")), [1, 7]);
    let towards = Group::Towards(vec!["新能源".to_string()], vec!["锂电池".to_string()]);
    index.use_synonyms(Synonyms::of(&[towards], 2));
    assert_eq!(ids(&index, &asking("新能源")), [5]);
    assert_eq!(ids(&index, &asking("锂电池")), [5]);
    index.use_synonyms(Synonyms::default());
    assert_eq!(ids(&index, &asking("新能源")), Vec::<i64>::new());
}

#[test]
fn a_likely_mistake_is_put_right() {
    let index = index_of(park());
    for (typed, meant, first) in [
        ("pectn", "pectin", 1),
        ("pcetin", "pectin", 1),
        ("iatd16949", "iatf16949", 3),
        ("果交", "果胶", 1),
        ("果交 柑橘", "果胶 柑橘", 1),
        ("柑桔皮渣提取果胶", "柑橘皮渣提取果胶", 1),
        ("铝合金压珠件", "铝合金压铸件", 3),
        ("智能凉衣架", "智能晾衣架", 6),
        ("铝合金压铸零件", "铝合金压铸件", 3),
    ] {
        let page = index.search(&asking(typed)).unwrap();
        assert_eq!(page.by, By::Correction(meant.to_string()), "for {typed:?}");
        assert_eq!(page.hits[0].key.id, first, "for {typed:?}");
    }
    for typed in ["果胶", "zzzz", "x", "\"果交\"", "adc13", "火箭发动机喷管"] {
        let page = index.search(&asking(typed)).unwrap();
        assert!(!matches!(page.by, By::Correction(_)), "{typed:?} became {:?}", page.by);
    }
}

#[test]
fn what_is_typed_so_far_is_suggested() {
    let index = index_of(park());
    let titles = |typed: &str| {
        let found = index.suggest(typed, 8).unwrap();
        found.iter().map(|each| plain(&each.title)).collect::<Vec<_>>()
    };
    assert_eq!(titles("柑"), [PECTIN]);
    assert_eq!(titles("柑橘皮"), [PECTIN]);
    assert_eq!(titles("果胶"), [PECTIN]);
    assert_eq!(titles("锂"), [BATTERY, CATHODE]);
    assert_eq!(titles("果"), [FRUIT_TEAM, PECTIN], "what begins so comes first");
    assert_eq!(titles("楠木家具厂"), [FURNITURE]);
    assert_eq!(titles("xiaoxiang"), [FURNITURE]);
    assert_eq!(titles("xiaox"), [FURNITURE]);
    assert_eq!(titles("xxnm"), [FURNITURE]);
    for nothing in ["", " ", "?", "x", "\"", "没有这样的东西"] {
        assert_eq!(titles(nothing), Vec::<String>::new(), "for {nothing:?}");
    }
    let found = index.suggest("柑橘", 1).unwrap();
    assert_eq!((found[0].key.to_string(), found[0].url.as_str()), ("need:1".to_string(), "/needs/1"));
    assert_eq!(marked(&found[0].title), ["柑橘"]);
    let letters = index_of(vec![thing(Kind::Offer, 1, "BMS 采集板 STM32", "", "")]);
    assert_eq!(letters.suggest("bm", 8).unwrap().len(), 1);
    assert_eq!(letters.suggest("采集板 st", 8).unwrap().len(), 1);
    assert_eq!(letters.suggest("采集板 sx", 8).unwrap().len(), 0);
    let same = (0..20).map(|id| thing(Kind::Offer, id, "同样的果干", "", "")).collect();
    assert_eq!(index_of(same).suggest("果干", 8).unwrap().len(), 1, "equal titles once");
}

#[test]
fn things_that_were_found_another_way_are_shown_as_hits() {
    let index = index_of(park());
    let key = |kind, id| Key { kind, id };
    let keys = [key(Kind::Team, 7), key(Kind::Need, 99), key(Kind::Need, 1)];
    let hits = index.shown("果胶得率", &keys).unwrap();
    assert_eq!(
        hits.iter().map(|hit| hit.key.id).collect::<Vec<_>>(),
        [7, 1],
        "in the order given, without what is gone"
    );
    assert_eq!(marked(&hits[1].snippet), ["果胶"]);
    assert!(index.shown("果胶", &[]).unwrap().is_empty());
}

#[test]
fn equal_hits_come_in_the_order_of_their_keys() {
    let same = |id| Document { posted_at: on_day(0), ..thing(Kind::Offer, id, "同样的果干", "", "") };
    let things: Vec<Document> = [5, 3, 9, 1, 7].into_iter().map(same).collect();
    for sort in Sort::ALL {
        let index = index_of(things.clone());
        assert_eq!(ids(&index, &Query { sort, ..asking("果干") }), [1, 3, 5, 7, 9]);
    }
}

#[test]
fn sorting_by_time() {
    let index = index_of(park());
    assert_eq!(ids(&index, &Query { sort: Sort::Newest, ..asking("果胶") }), [7, 4, 1]);
    assert_eq!(ids(&index, &Query { sort: Sort::Expiring, ..asking("") })[..3], [2, 3, 1]);
    for sort in Sort::ALL {
        assert_eq!(Sort::parse(sort.as_str()), Some(sort));
    }
}

#[test]
fn every_page_of_a_list_is_the_list() {
    let index = index_of(park());
    let whole = ids(&index, &asking(""));
    let mut paged = Vec::new();
    for page in 1..=5 {
        let answer = index.search(&Query { page, per_page: 2, ..asking("") }).unwrap();
        assert_eq!(answer.total, 9);
        paged.extend(answer.hits.iter().map(|hit| hit.key.id));
    }
    assert_eq!(paged, whole);
}

#[test]
fn a_page_beyond_the_end_is_empty_and_still_counts() {
    let index = index_of(park());
    for page in [6, 1_000, usize::MAX] {
        let answer = index.search(&Query { page, per_page: 2, ..asking("") }).unwrap();
        assert_eq!((answer.total, answer.hits.len()), (9, 0));
    }
    let answer = index.search(&Query { page: 0, per_page: 0, ..asking("") }).unwrap();
    assert_eq!((answer.total, answer.hits.len()), (9, 1));
    let many = index_of((0..150).map(|id| thing(Kind::Offer, id, "果干", "", "")).collect());
    assert_eq!(many.search(&Query { per_page: 1_000, ..asking("果干") }).unwrap().hits.len(), 100);
}

#[test]
fn facets_equal_a_recount() {
    let index = index_of(park());
    let count = |text: &str, kinds: &[Kind], zone: Option<&str>| {
        let query = Query { kinds: kinds.to_vec(), zone: zone.map(str::to_string), ..asking(text) };
        index.search(&query).unwrap().total
    };
    for text in ["", "果胶", "柑橘", "电池", "-果胶"] {
        for kinds in [vec![], vec![Kind::Need], vec![Kind::Need, Kind::Result]] {
            for zone in [None, Some("food"), Some("nowhere")] {
                let zone_owned = zone.map(str::to_string);
                let page = index.search(&Query { kinds: kinds.clone(), zone: zone_owned, ..asking(text) }).unwrap();
                for kind in Kind::ALL {
                    let shown =
                        page.kinds.iter().find(|facet| facet.value == kind.as_str()).map_or(0, |facet| facet.count);
                    assert_eq!(shown, count(text, &[kind], zone), "{kind} for {text:?} in {zone:?}");
                }
                for slug in ["food", "energy", "home"] {
                    let shown = page.zones.iter().find(|facet| facet.value == slug).map_or(0, |facet| facet.count);
                    assert_eq!(shown, count(text, &kinds, Some(slug)), "{slug} for {text:?} among {kinds:?}");
                }
            }
        }
    }
}

#[test]
fn the_words_are_marked_where_they_stand() {
    let index = index_of(park());
    let page = index.search(&asking("果胶 ＢＭＳ -电池")).unwrap();
    assert_eq!(page.total, 0);
    let page = index.search(&asking("果胶")).unwrap();
    assert_eq!(marked(&page.hits[0].title), ["果胶"]);
    assert_eq!(plain(&page.hits[0].snippet), "每年两万吨皮渣无处可去，希望提取高酯果胶。");
    assert_eq!(marked(&page.hits[0].snippet), ["果胶"]);
    assert_eq!(marked(&page.hits[1].snippet), ["果胶"]);
    let page = index.search(&asking("adc12 合金")).unwrap();
    assert_eq!(marked(&page.hits[0].title), ["合金"]);
    assert_eq!(marked(&page.hits[0].snippet), ["ＡＤＣ１２"]);
}

#[test]
fn a_snippet_is_the_best_passage_of_a_long_text() {
    let filler = "车间里每天都在运转，工人按照排班表轮流检查。".repeat(40);
    let body = format!("{filler}\n其中 一台设备用来干燥海藻酸钠，能耗很高。{filler}");
    let index = index_of(vec![thing(Kind::Need, 1, "干燥", "<b>摘要</b>", &body)]);
    let page = index.search(&asking("海藻酸钠 干燥 能耗")).unwrap();
    let snippet = &page.hits[0].snippet;
    let text = plain(snippet);
    assert_eq!(marked(snippet), ["干燥海藻酸钠", "能耗"]);
    assert!(text.starts_with('…') && text.ends_with('…'), "{text}");
    assert!((100..=130).contains(&text.chars().count()), "{text}");
    assert!(!text.contains('\n'), "{text}");
    let page = index.search(&asking("")).unwrap();
    assert_eq!(plain(&page.hits[0].snippet), "<b>摘要</b>");
}

#[test]
fn everything_of_a_hit_comes_back() {
    let index = index_of(park());
    let page = index.search(&asking("九嶷")).unwrap();
    let hit = &page.hits[0];
    assert_eq!(hit.key.to_string(), "need:1");
    assert_eq!(Key::parse("need:1"), Some(hit.key));
    assert_eq!(Key::parse("need:x"), None);
    assert_eq!((hit.owner.as_str(), hit.zone.as_deref(), hit.url.as_str()), ("九嶷果业", Some("food"), "/needs/1"));
}

#[test]
fn a_replaced_thing_is_not_found_by_its_old_words() {
    let index = index_of(park());
    let key = Key { kind: Kind::Need, id: 1 };
    let changed = thing(Kind::Need, 1, "竹笋壳制备饲料", "", "");
    index.apply(vec![Change::Replace(changed)], 2).unwrap();
    assert_eq!(ids(&index, &asking("柑橘皮渣")), Vec::<i64>::new());
    assert_eq!(ids(&index, &asking("竹笋")), [1]);
    index.apply(vec![Change::Remove(key)], 3).unwrap();
    assert_eq!(ids(&index, &asking("竹笋")), Vec::<i64>::new());
    assert_eq!((index.count(), index.last_mark().unwrap()), (8, 3));
    assert!(!index.keys().unwrap().contains(&key));
}

#[test]
fn the_last_change_of_a_batch_wins() {
    let index = Index::in_memory().unwrap();
    let key = Key { kind: Kind::Need, id: 1 };
    let first = Change::Replace(thing(Kind::Need, 1, "第一版烟熏", "", ""));
    let second = Change::Replace(thing(Kind::Need, 1, "第二版腊制", "", ""));
    index.apply(vec![first.clone(), second.clone()], 1).unwrap();
    assert_eq!((ids(&index, &asking("烟熏")), ids(&index, &asking("腊制"))), (vec![], vec![1]));
    index.apply(vec![first, Change::Remove(key), second, Change::Remove(key)], 2).unwrap();
    assert_eq!(index.count(), 0);
}

#[test]
fn applying_the_same_changes_twice_changes_nothing() {
    let index = index_of(park());
    let before = (index.keys().unwrap(), ids(&index, &asking("果胶")));
    index.apply(park().into_iter().map(Change::Replace).collect(), 1).unwrap();
    assert_eq!((index.keys().unwrap(), ids(&index, &asking("果胶"))), before);
    assert_eq!(index.count(), 9);
}

#[test]
fn reopening_keeps_things_and_the_last_mark() {
    let dir = tempfile::tempdir().unwrap();
    let index = Index::open(dir.path()).unwrap();
    assert_eq!((index.last_mark().unwrap(), index.count()), (0, 0));
    index.apply(park().into_iter().map(Change::Replace).collect(), 41).unwrap();
    index.apply(vec![Change::Remove(Key { kind: Kind::Need, id: 2 })], 42).unwrap();
    index.verify().unwrap();
    let keys = index.keys().unwrap();
    drop(index);
    let index = Index::open(dir.path()).unwrap();
    assert_eq!((index.last_mark().unwrap(), index.keys().unwrap()), (42, keys));
    assert_eq!(ids(&index, &asking("果胶")), [1, 4, 7]);
    index.clear().unwrap();
    assert_eq!((index.last_mark().unwrap(), index.count()), (0, 0));
}

#[test]
fn a_second_owner_is_told_that_the_folder_is_in_use() {
    let dir = tempfile::tempdir().unwrap();
    let index = Index::open(dir.path()).unwrap();
    let refused = Index::open(dir.path()).unwrap_err();
    assert!(matches!(refused, Error::Locked { .. }), "{refused}");
    assert!(refused.to_string().contains("in use by another process"), "{refused}");
    assert!(matches!(Index::rebuild(dir.path()).unwrap_err(), Error::Locked { .. }));
    drop(index);
    Index::open(dir.path()).unwrap();
}

/// A folder with the park in it, closed.
fn kept_park() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let index = Index::open(dir.path()).unwrap();
    index.apply(park().into_iter().map(Change::Replace).collect(), 42).unwrap();
    drop(index);
    let folder = dir.path().join(format!("v{SCHEMA_VERSION}"));
    (dir, folder)
}

#[track_caller]
fn is_damage_and_heals(dir: &Path) {
    let error = Index::open(dir).unwrap_err();
    assert!(matches!(error, Error::Damaged { .. }), "{error:?}");
    let index = Index::rebuild(dir).unwrap();
    assert_eq!((index.last_mark().unwrap(), index.count()), (0, 0));
    index.apply(park().into_iter().map(Change::Replace).collect(), 43).unwrap();
    assert_eq!(ids(&index, &asking("合金")), [3]);
}

#[test]
fn a_missing_list_of_segments_is_damage() {
    let (dir, folder) = kept_park();
    fs::remove_file(folder.join("meta.json")).unwrap();
    is_damage_and_heals(dir.path());
}

#[test]
fn a_garbled_list_of_segments_is_damage() {
    let (dir, folder) = kept_park();
    fs::write(folder.join("meta.json"), "{\"segments\": [").unwrap();
    is_damage_and_heals(dir.path());
}

fn segment_files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension != "json" && extension != "lock"));
    files.sort();
    files
}

#[test]
fn a_truncated_file_is_damage() {
    let (_dir, folder) = kept_park();
    for number in 0..segment_files(&folder).len() {
        let (dir, folder) = kept_park();
        let file = &segment_files(&folder)[number];
        let bytes = fs::read(file).unwrap();
        fs::write(file, &bytes[..bytes.len() / 2]).unwrap();
        is_damage_and_heals(dir.path());
    }
}

#[test]
fn a_missing_or_flipped_file_is_damage() {
    let (dir, folder) = kept_park();
    fs::remove_file(&segment_files(&folder)[0]).unwrap();
    is_damage_and_heals(dir.path());
    let (dir, folder) = kept_park();
    let file = &segment_files(&folder)[1];
    let mut bytes = fs::read(file).unwrap();
    bytes[3] ^= 0x55;
    fs::write(file, bytes).unwrap();
    is_damage_and_heals(dir.path());
}

#[test]
fn a_folder_of_another_schema_is_damage_and_one_of_an_older_release_goes() {
    let (dir, folder) = kept_park();
    // A field of another name, as after a change that forgot to count the version up.
    let meta = fs::read_to_string(folder.join("meta.json")).unwrap();
    fs::write(folder.join("meta.json"), meta.replacen("\"url\"", "\"address\"", 1)).unwrap();
    is_damage_and_heals(dir.path());

    let older = dir.path().join("v0");
    fs::create_dir_all(&older).unwrap();
    fs::write(older.join("meta.json"), "{}").unwrap();
    drop(Index::open(dir.path()).unwrap());
    assert!(!older.exists(), "nobody would ever read it again");
}

#[test]
fn an_index_is_begun_anew_while_it_is_in_use() {
    let (dir, folder) = kept_park();
    let index = Index::open(dir.path()).unwrap();
    let clone = index.clone();
    assert_eq!(ids(&clone, &asking("合金")), [3]);
    fs::remove_file(folder.join("meta.json")).unwrap();
    assert!(matches!(index.last_mark(), Err(Error::Damaged { .. })));
    assert_eq!(ids(&clone, &asking("合金")), [3], "what is open goes on");
    index.begin_anew().unwrap();
    assert_eq!((clone.last_mark().unwrap(), clone.count()), (0, 0));
    clone.apply(park().into_iter().map(Change::Replace).collect(), 44).unwrap();
    assert_eq!((index.last_mark().unwrap(), ids(&index, &asking("合金"))), (44, vec![3]));
    assert!(matches!(Index::open(dir.path()), Err(Error::Locked { .. })), "the lock is held on");
}

#[test]
fn one_damaged_folder_is_kept_aside() {
    let (dir, folder) = kept_park();
    for round in 0..3 {
        fs::write(folder.join("meta.json"), format!("rubbish {round}")).unwrap();
        drop(Index::rebuild(dir.path()).unwrap());
    }
    let mut names: Vec<_> =
        fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names, [format!("v{SCHEMA_VERSION}"), format!("v{SCHEMA_VERSION}.damaged")]);
}

#[test]
fn deleting_the_folder_is_safe() {
    let (dir, folder) = kept_park();
    fs::remove_dir_all(&folder).unwrap();
    assert_eq!(Index::open(dir.path()).unwrap().last_mark().unwrap(), 0);
}

#[test]
fn a_text_is_most_similar_to_itself() {
    let index = index_of(park());
    for thing in park() {
        let text = Text {
            title: thing.title.clone(),
            keywords: thing.keywords.clone(),
            problem: thing.problem.clone(),
            body: thing.body.clone(),
        };
        let similar = index.similar(&text, thing.key.kind, 10).unwrap();
        assert_eq!(similar[0].key, thing.key);
        assert!((0.95..=1.0).contains(&similar[0].score), "{} {}", thing.title, similar[0].score);
        assert!(similar.iter().all(|other| (0.0..=1.0).contains(&other.score)));
    }
}

#[test]
fn shared_words_are_named() {
    let index = index_of(park());
    let text = Text {
        title: "柑橘果胶提取".to_string(),
        body: "希望与研究果胶的团队合作，解决柑橘皮渣问题。".to_string(),
        ..Text::default()
    };
    let similar = index.similar(&text, Kind::Team, 5).unwrap();
    assert_eq!(similar.len(), 1);
    let mut words = similar[0].words.clone();
    words.sort();
    assert_eq!((words, similar[0].distinctive), (vec!["果胶".to_string(), "柑橘".to_string()], 2));
    let other = index.similar(&text, Kind::Exhibit, 5).unwrap();
    assert!(other.iter().all(|found| found.distinctive == 0 && found.score < similar[0].score));
}

#[test]
fn only_one_kind_is_compared_and_only_as_many_as_asked() {
    let index = index_of(park());
    let text = Text { title: "果胶".to_string(), ..Text::default() };
    assert_eq!(index.similar(&text, Kind::Result, 1).unwrap().len(), 1);
    assert_eq!(index.similar(&text, Kind::Result, 0).unwrap(), []);
    assert_eq!(index.similar(&Text::default(), Kind::Result, 5).unwrap(), []);
    for kind in Kind::ALL {
        assert!(index.similar(&text, kind, 5).unwrap().iter().all(|found| found.key.kind == kind));
        assert_eq!(Kind::parse(kind.as_str()), Some(kind));
    }
}

#[test]
fn comparing_ignores_what_was_removed() {
    let index = index_of(park());
    index.apply(vec![Change::Remove(Key { kind: Kind::Team, id: 7 })], 2).unwrap();
    let text = Text { title: "果胶".to_string(), ..Text::default() };
    assert_eq!(index.similar(&text, Kind::Team, 5).unwrap(), []);
}
