//! Text → what is compared: one way of writing, cut three ways.
//!
//! 1. **Normalised**: NFKC (so full-width letters become half-width), lower case, traditional characters to simplified ones,
//!    invisible characters and loose accents dropped. Every normalised character remembers the bytes that it came from.
//! 2. **Cut into words** by jieba in search mode ([`words`]),
//! 3. **into pairs** of neighbouring characters ([`pairs`]), so that a word that the dictionary lacks is still found: a phrase is a
//!    chain of pairs at consecutive positions, and the last character of a run stands alone at its end, and
//! 4. **into characters** ([`characters`]), for questions of one character and for comparing texts.
//!
//! A run of letters and digits is one token in all three. Traditional characters are mapped one by one, the same way on both sides, so
//! the few that have two simplified forms (乾, 著) meet under the commoner one.
//!
//! **Invariant:** no token is empty and every offset lies on a character border of the text as given
//! (`tests/properties.rs::every_token_is_real_text_of_the_source`).
//! **Invariant:** a text and its NFKC form are cut the same (`tests/properties.rs::every_unicode_form_is_cut_the_same`).

use std::cell::RefCell;
use std::collections::HashSet;
use std::ops::Range;
use std::rc::Rc;
use std::sync::OnceLock;

use jieba_rs::Jieba;
use tantivy::tokenizer::{Token as IndexToken, TokenStream, Tokenizer};
use unicode_normalization::char::{canonical_combining_class, decompose_compatible};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// The longest token of letters and digits, in characters; a longer run is cut into pieces of this length.
const LONGEST_RUN: usize = 64;

/// The name under which the index knows [`WordTokenizer`].
pub(crate) const WORDS: &str = "words";
/// The name under which the index knows [`PairTokenizer`].
pub(crate) const PAIRS: &str = "pairs";
/// The name under which the index knows [`CharacterTokenizer`].
pub(crate) const CHARACTERS: &str = "characters";

/// The name under which the index knows [`SoundTokenizer`].
pub(crate) const SOUNDS: &str = "sounds";

/// One cut piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// The normalised characters.
    pub text: String,
    /// The bytes of the text as given that this came from.
    pub bytes: Range<usize>,
    /// Its place in the chain of tokens.
    pub position: usize,
}

/// Cuts a text into words: jieba's search mode for Chinese, whole runs for letters and digits.
#[must_use]
pub fn words(text: &str) -> Vec<Token> {
    tokens(text, Cut::Words)
}

/// Cuts a text into pairs of neighbouring characters; runs of letters and digits stay whole.
#[must_use]
pub fn pairs(text: &str) -> Vec<Token> {
    tokens(text, Cut::Pairs)
}

/// Cuts a text into characters; runs of letters and digits stay whole.
#[must_use]
pub fn characters(text: &str) -> Vec<Token> {
    tokens(text, Cut::Characters)
}

fn tokens(text: &str, cut: Cut) -> Vec<Token> {
    let normal = Normal::of(text);
    cut.pieces(&normal).iter().enumerate().map(|(position, chars)| normal.token(chars, position)).collect()
}

/// The pairs of a part of a text, as [`pairs`] cuts them.
pub(crate) fn pairs_of(normal: &Normal) -> Vec<Token> {
    Cut::Pairs.pieces(normal).iter().enumerate().map(|(position, chars)| normal.token(chars, position)).collect()
}

/// One of the ways of cutting.
#[derive(Clone, Copy, Debug)]
enum Cut {
    Words,
    Pairs,
    Characters,
}

impl Cut {
    /// Which characters each token is made of; its place in the list is its place in the chain.
    fn pieces(self, normal: &Normal) -> Vec<Range<usize>> {
        let mut pieces = Vec::with_capacity(normal.chars.len());
        for run in normal.runs() {
            let all = run.chars;
            match (run.kind, self) {
                (Script::Latin, _) => {
                    let starts = all.clone().step_by(LONGEST_RUN);
                    pieces.extend(starts.map(|at| at..(at + LONGEST_RUN).min(all.end)));
                }
                (Script::Chinese, Self::Words) => {
                    let text = normal.text_of(&all);
                    let cuts = jieba().cut_for_search(&text, true);
                    pieces.extend(cuts.iter().map(|cut| all.start + cut.start..all.start + cut.end));
                }
                (Script::Chinese, Self::Pairs) => {
                    pieces.extend(all.clone().map(|at| at..(at + 2).min(all.end)));
                }
                (Script::Chinese, Self::Characters) => pieces.extend(all.map(|at| at..at + 1)),
            }
        }
        pieces
    }
}

/// The readings of a Chinese character in pinyin, without tones, `ü` written `v`.
#[must_use]
pub fn readings(c: char) -> Vec<String> {
    crate::sound::readings_of(c).into_iter().collect()
}

/// Where the dictionary cuts a text, and where runs begin and end; indices into its characters.
pub(crate) fn borders(normal: &Normal) -> HashSet<usize> {
    let mut borders = HashSet::new();
    for run in normal.runs() {
        borders.extend([run.chars.start, run.chars.end]);
        if run.kind == Script::Chinese {
            let text = normal.text_of(&run.chars);
            borders.extend(jieba().cut(&text, true).iter().map(|cut| run.chars.start + cut.end));
        }
    }
    borders
}

/// The one dictionary of the process; it takes a tenth of a second to load and 100 MB to hold twice.
pub(crate) fn jieba() -> &'static Jieba {
    static JIEBA: OnceLock<Jieba> = OnceLock::new();
    JIEBA.get_or_init(Jieba::new)
}

/// What a character is cut as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Script {
    /// Written without spaces between words: Han, kana, hangul.
    Chinese,
    /// Letters and digits of every other script: a run is a word.
    Latin,
}

pub(crate) fn script_of(c: char) -> Option<Script> {
    let chinese = matches!(u32::from(c),
        0x2E80..=0x2FDF | 0x3005..=0x3007 | 0x3021..=0x3029 | 0x3040..=0x30FF | 0x3100..=0x312F | 0x31A0..=0x31BF
        | 0x31F0..=0x31FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xAC00..=0xD7AF | 0xF900..=0xFAFF | 0x2_0000..=0x3_FFFF);
    // A letter of hangul that found no syllable is nothing that anybody can ask for.
    if matches!(u32::from(c), 0x1100..=0x11FF | 0xA960..=0xA97F | 0xD7B0..=0xD7FF) {
        return None;
    }
    // The middle dot and the double hyphen of kana separate words.
    if chinese && !matches!(c, '\u{30FB}' | '\u{30A0}') {
        Some(Script::Chinese)
    } else if c.is_alphanumeric() {
        Some(Script::Latin)
    } else {
        None
    }
}

/// Characters that nobody sees.
fn is_invisible(c: char) -> bool {
    matches!(u32::from(c),
        0x00AD | 0x061C | 0x180B..=0x180F | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x206F | 0xFE00..=0xFE0F | 0xFEFF
        | 0xE_0000..=0xE_0FFF)
}

/// Accents that no letter has taken up.
fn is_accent(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036F}')
}

/// A maximal stretch of one script; indices into the characters of a [`Normal`].
#[derive(Clone, Debug)]
pub(crate) struct Run {
    /// How it is cut.
    pub(crate) kind: Script,
    /// Which characters.
    pub(crate) chars: Range<usize>,
}

/// A text in the one way of writing in which texts are compared.
#[derive(Clone, Debug, Default)]
pub(crate) struct Normal {
    /// Each character with the bytes of the source that it came from.
    pub(crate) chars: Vec<(char, Range<usize>)>,
}

impl Normal {
    /// Normalises a text.
    pub(crate) fn of(text: &str) -> Self {
        let mut chars = Vec::with_capacity(text.len() / 2);
        let mut rest = text.char_indices().peekable();
        let mut cluster = String::new();
        while let Some((from, first)) = rest.next() {
            // Nothing melts into these, and they into nothing: no need to ask the tables of Unicode.
            if is_plain(first) && rest.peek().is_none_or(|(_, next)| is_plain(*next)) {
                chars.push((simplified(first.to_ascii_lowercase()), from..from + first.len_utf8()));
                continue;
            }
            cluster.clear();
            cluster.push(first);
            let mut to = from + first.len_utf8();
            while let Some((at, next)) = rest.next_if(|(_, next)| joins_previous(*next) || is_invisible(*next)) {
                if !is_invisible(next) {
                    cluster.push(next);
                    to = at + next.len_utf8();
                }
            }
            let dropped = |c: &char| is_invisible(*c) || is_accent(*c);
            for composed in cluster.nfkc().filter(|c| !dropped(c)) {
                for lower in composed.to_lowercase().filter(|c| !dropped(c)) {
                    chars.push((simplified(lower), from..to));
                }
            }
        }
        Self { chars }
    }

    /// The stretches that are cut, in order; everything between them separates.
    pub(crate) fn runs(&self) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        let mut joined = false;
        for (at, (c, _)) in self.chars.iter().enumerate() {
            let Some(kind) = script_of(*c) else {
                joined = false;
                continue;
            };
            match runs.last_mut() {
                Some(run) if joined && run.kind == kind => run.chars.end = at + 1,
                _ => runs.push(Run { kind, chars: at..at + 1 }),
            }
            joined = true;
        }
        runs
    }

    /// The normalised characters of a range.
    pub(crate) fn text_of(&self, chars: &Range<usize>) -> String {
        self.slice(chars).iter().map(|(c, _)| *c).collect()
    }

    /// The bytes of the source that a range of characters came from.
    pub(crate) fn bytes_of(&self, chars: &Range<usize>) -> Range<usize> {
        match self.slice(chars) {
            [] => 0..0,
            [(_, only)] => only.clone(),
            [(_, first), .., (_, last)] => first.start..last.end,
        }
    }

    fn slice(&self, chars: &Range<usize>) -> &[(char, Range<usize>)] {
        self.chars.get(chars.clone()).unwrap_or_default()
    }

    fn token(&self, chars: &Range<usize>, position: usize) -> Token {
        Token { text: self.text_of(chars), bytes: self.bytes_of(chars), position }
    }
}

/// ASCII, and the common Chinese characters and signs that NFKC leaves alone.
fn is_plain(c: char) -> bool {
    c.is_ascii() || matches!(c, '\u{4E00}'..='\u{9FFF}' | '、' | '。' | '“' | '”' | '《' | '》')
}

/// Whether a character may melt into the one before it under NFKC, or change its order with it.
fn joins_previous(c: char) -> bool {
    if c.is_ascii() || matches!(c, '\u{4E00}'..='\u{9FFF}') {
        return false;
    }
    let mut first = None;
    decompose_compatible(c, |part| {
        first.get_or_insert(part);
    });
    first.is_some_and(|part| {
        canonical_combining_class(part) != 0 || is_nfkc_quick(std::iter::once(part)) == IsNormalized::Maybe
    })
}

/// The first character of the table of simplified forms.
const FIRST_FORM: char = '\u{3400}';

/// The simplified form of a traditional character; any other character is itself.
fn simplified(c: char) -> char {
    static FORMS: OnceLock<Vec<char>> = OnceLock::new();
    if !matches!(c, FIRST_FORM..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}') {
        return c;
    }
    let place = |c: char| usize::try_from(u32::from(c).saturating_sub(u32::from(FIRST_FORM))).unwrap_or(usize::MAX);
    let forms = FORMS.get_or_init(|| {
        let single = |traditional: char| {
            let converted = hanconv::t2s(traditional.to_string());
            let mut chars = converted.chars();
            chars.next().filter(|_| chars.next().is_none()).unwrap_or(traditional)
        };
        (FIRST_FORM..='\u{9FFF}').map(single).collect()
    });
    // A form that is itself simplified further would make two passes differ from one.
    let form = forms.get(place(c)).copied().unwrap_or(c);
    forms.get(place(form)).copied().unwrap_or(form)
}

/// Words so common in the language that sharing them says nothing and asking for them asks for everything.
pub(crate) fn is_stop(word: &str) -> bool {
    static STOP: OnceLock<HashSet<&'static str>> = OnceLock::new();
    STOP.get_or_init(|| STOP_WORDS.split_whitespace().collect()).contains(word)
}

/// Words that half of all needs and results have: never the reason why two of them belong together.
pub(crate) fn is_generic(word: &str) -> bool {
    static GENERIC: OnceLock<HashSet<&'static str>> = OnceLock::new();
    GENERIC.get_or_init(|| GENERIC_WORDS.split_whitespace().collect()).contains(word)
}

/// Numbers and shares written in characters (百分之, 二十, 零点): as little a reason as digits.
pub(crate) fn is_number(word: &str) -> bool {
    word.chars().all(|c| "〇零一二三四五六七八九十百千万亿两双半几点分之第成倍".contains(c) || c.is_ascii_digit())
}

const GENERIC_WORDS: &str = "技术 研究 开发 研发 研制 应用 系统 方法 产品 企业 公司 项目 生产 工艺 设备 材料 问题 需求 要求 解决 提高 降低 减少 实现     设计 分析 制备 利用 使用 关键 新型 性能 质量 效率 成本 功能 结构 过程 影响 基于 相关 主要 进行 达到 目标 内容 情况 方案 指标 参数 条件     优化 改进 改善 提升 控制 测试 试验 实验 检测 加工 处理 制造 装置 工程 行业 领域 市场 国内 国外 国际 合作 单位 高校 专家 团队 成果 转化     推广 服务 管理 建设 发展 创新 水平 能力 效果 特点 优势 现有 目前 难题 希望 寻求 提供 支持 投入 万元 技术难题 关键技术 技术需求 核心技术     生产线 生产工艺 需要 工作 基础 信息 数据 软件 硬件 平台 核心 环境 资源 动力 显示 变化 作用 越来越 全球 持续 多个 产业 产业化 比较 \
    反应 原料 装备 工具 基地 集成 采集 面向 人员 时间 数量 规模 标准 规范 模式 形式 类型 特性 特征 科技 有限公司 system method research technology based using study";

const STOP_WORDS: &str = "的 了 和 与 及 或 在 是 为 对 等 中 上 下 以 于 从 到 由 被 把 将 使 让 向 其 该 此 这 那 并 且 而 但 也 都 就 还 又 很 \
    更 最 不 有 无 可 能 会 要 需 个 种 之 所 者 我 你 他 它 们 我们 你们 他们 它们 这个 那个 一个 一种 以及 以上 以下 通过 进行 可以 能够 \
    因为 所以 如果 但是 并且 而且 或者 同时 目前 现在 已经 没有 具有 采用 由于 根据 按照 为了 其中 其他 之间 a an and are as at be by for \
    from in is it not of on or that the this to was were with";

/// The tokenizer of the word fields.
#[derive(Clone, Debug)]
pub(crate) struct WordTokenizer;

/// The tokenizer of the pair fields.
#[derive(Clone, Debug)]
pub(crate) struct PairTokenizer;

/// The tokenizer of the character fields.
#[derive(Clone, Debug)]
pub(crate) struct CharacterTokenizer;

/// The tokenizer of the field of sounds.
#[derive(Clone, Debug)]
pub(crate) struct SoundTokenizer;

impl Tokenizer for WordTokenizer {
    type TokenStream<'a> = Stream;
    fn token_stream<'a>(&'a mut self, text: &'a str) -> Stream {
        Stream::of(text, Cut::Words)
    }
}

impl Tokenizer for PairTokenizer {
    type TokenStream<'a> = Stream;
    fn token_stream<'a>(&'a mut self, text: &'a str) -> Stream {
        Stream::of(text, Cut::Pairs)
    }
}

impl Tokenizer for CharacterTokenizer {
    type TokenStream<'a> = Stream;
    fn token_stream<'a>(&'a mut self, text: &'a str) -> Stream {
        Stream::of(text, Cut::Characters)
    }
}

impl Tokenizer for SoundTokenizer {
    type TokenStream<'a> = SoundStream;
    fn token_stream<'a>(&'a mut self, text: &'a str) -> SoundStream {
        SoundStream { rest: crate::sound::sounds(text).into_iter(), current: IndexToken::default() }
    }
}

/// The text that this thread normalised last. The fields of one part of a document come one after the other with the same text.
fn remembered(text: &str) -> Rc<Normal> {
    thread_local! {
        static LAST: RefCell<(String, Rc<Normal>)> = RefCell::default();
    }
    LAST.with_borrow_mut(|(last, normal)| {
        if last != text {
            last.clear();
            last.push_str(text);
            *normal = Rc::new(Normal::of(text));
        }
        Rc::clone(normal)
    })
}

/// Hands the tokens of a text to the index one by one.
#[derive(Debug)]
pub(crate) struct Stream {
    normal: Rc<Normal>,
    rest: std::iter::Enumerate<std::vec::IntoIter<Range<usize>>>,
    current: IndexToken,
}

impl Stream {
    fn of(text: &str, cut: Cut) -> Self {
        let normal = remembered(text);
        let rest = cut.pieces(&normal).into_iter().enumerate();
        Self { normal, rest, current: IndexToken::default() }
    }
}

impl TokenStream for Stream {
    fn advance(&mut self) -> bool {
        let Some((position, chars)) = self.rest.next() else { return false };
        let bytes = self.normal.bytes_of(&chars);
        self.current.offset_from = bytes.start;
        self.current.offset_to = bytes.end;
        self.current.position = position;
        self.current.text.clear();
        self.current.text.extend(self.normal.slice(&chars).iter().map(|(c, _)| *c));
        true
    }

    fn token(&self) -> &IndexToken {
        &self.current
    }

    fn token_mut(&mut self) -> &mut IndexToken {
        &mut self.current
    }
}

/// Hands the sounds of a name to the index.
#[derive(Debug)]
pub(crate) struct SoundStream {
    rest: std::vec::IntoIter<Token>,
    current: IndexToken,
}

impl TokenStream for SoundStream {
    fn advance(&mut self) -> bool {
        let Some(token) = self.rest.next() else { return false };
        self.current = IndexToken {
            offset_from: token.bytes.start,
            offset_to: token.bytes.end,
            position: token.position,
            text: token.text,
            position_length: 1,
        };
        true
    }

    fn token(&self) -> &IndexToken {
        &self.current
    }

    fn token_mut(&mut self) -> &mut IndexToken {
        &mut self.current
    }
}
