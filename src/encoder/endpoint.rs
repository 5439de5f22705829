//! An OpenAI-compatible endpoint instead of the encoder inside the program.
//!
//! It may be away: then texts are compared by their words alone, staff are told, and after a pause
//! it is asked again. Every model spreads its products differently, so the first answer is preceded
//! by a dozen sentences of our own, related in pairs; how far related and unrelated ones lie apart
//! here and there says how the endpoint's products are to be read.
//!
//! **Invariant:** an endpoint that fails delays nothing but its own next answer
//! (`an_endpoint_that_fails_leaves_words_and_comes_back`).

use std::{
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::{Duration, Instant},
};

use sentences::{Encoder, Side, Vector};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::encoder::Error;

/// How long one call may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long an endpoint that failed is left alone.
const PAUSE: Duration = Duration::from_secs(5);
/// How many texts one call carries.
const AT_ONCE: usize = 32;
/// The most that is read of an answer: 32 vectors of 4,096 numbers, written out.
const LONGEST_ANSWER: u64 = 16 * 1024 * 1024;

/// Questions and what answers them; every other answer is unrelated.
const PAIRS: [(&str, &str); 6] = [
    ("竹材在梅雨季节发霉怎么办", "竹集成材防霉处理工艺"),
    ("柚子皮里的果胶提取得率太低", "酶法提取柑橘果胶"),
    ("锂电池隔膜高温收缩引起短路", "隔膜耐热陶瓷涂层"),
    ("罐头封口处漏气", "金属罐密封性在线检测"),
    ("照明灯具散热不好", "大功率光源的导热结构"),
    ("工业废水里的重金属超标", "含铬废水吸附处理"),
];

/// Where an endpoint is, and how it is doing.
#[derive(Debug, Clone)]
pub struct Endpoint {
    url: String,
    model: String,
    agent: ureq::Agent,
    scale: Arc<OnceLock<Scale>>,
    trouble: Arc<Mutex<Option<(Instant, String)>>>,
}

/// How products of the endpoint are read as those of the encoder inside the program.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Scale {
    /// The mean product of unrelated texts there,
    unrelated: f64,
    /// and of related ones.
    related: f64,
    /// The same here.
    own: (f64, f64),
}

#[derive(Serialize)]
struct Question<'a> {
    model: &'a str,
    input: &'a [&'a str],
    encoding_format: &'static str,
    /// Not of OpenAI; models that tell questions from answers want it, others pass over it.
    input_type: &'static str,
}

#[derive(Deserialize)]
struct Answer {
    data: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    index: usize,
    embedding: Vec<f32>,
}

impl Endpoint {
    /// The endpoint at an address: of the server, of its `/v1`, or of its `/v1/embeddings`.
    pub fn at(address: &str, model: &str) -> Option<Self> {
        let url = Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
        let base = url.as_str().trim_end_matches('/');
        let url = match base {
            _ if base.ends_with("/embeddings") => base.to_owned(),
            _ if base.ends_with("/v1") => format!("{base}/embeddings"),
            _ => format!("{base}/v1/embeddings"),
        };
        let agent = ureq::Agent::config_builder().timeout_global(Some(PATIENCE)).max_redirects(0).build().new_agent();
        Some(Self { url, model: model.to_owned(), agent, scale: Arc::default(), trouble: Arc::default() })
    }

    /// Names the model and where it is.
    pub fn name(&self) -> String {
        format!("{} at {}", self.model, self.url)
    }

    /// What the last call failed with, unless one has been answered since.
    pub fn trouble(&self) -> Option<String> {
        self.kept().as_ref().map(|(_, what)| what.clone())
    }

    /// Whether it failed a moment ago and is left alone.
    pub fn rests(&self) -> bool {
        self.kept().as_ref().is_some_and(|(since, _)| since.elapsed() < PAUSE)
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Option<(Instant, String)>> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A product of this endpoint as the encoder inside the program would have it; nothing before
    /// the endpoint has answered once.
    pub fn near(&self, product: f64) -> Option<f64> {
        self.scale.get().map(|scale| scale.read(product))
    }

    /// What texts mean, in their order.
    pub fn encode(&self, side: Side, texts: &[&str]) -> Result<Vec<Vector>, Error> {
        if let Some(what) = self.trouble().filter(|_| self.rests()) {
            return Err(Error::Endpoint(what));
        }
        let found = self.measure().and_then(|()| self.ask(side, texts));
        *self.kept() = found.as_ref().err().map(|error| (Instant::now(), error.to_string()));
        found
    }

    /// Asks it for the first time, or does nothing when it has answered once.
    pub fn call(&self) -> Result<(), Error> {
        if self.scale.get().is_some() { Ok(()) } else { self.encode(Side::Query, &[]).map(drop) }
    }

    /// Finds out how its products are to be read, once.
    fn measure(&self) -> Result<(), Error> {
        if self.scale.get().is_some() {
            return Ok(());
        }
        let (asked, answers) = PAIRS.into_iter().unzip::<_, _, Vec<_>, Vec<_>>();
        let (unrelated, related) = spread(&self.ask(Side::Query, &asked)?, &self.ask(Side::Passage, &answers)?);
        let own = Encoder::shipped()?;
        let own = spread(&own.encode(Side::Query, &asked), &own.encode(Side::Passage, &answers));
        if related <= unrelated {
            return Err(Error::Endpoint("its vectors do not tell related texts from others".to_owned()));
        }
        self.scale.get_or_init(|| Scale { unrelated, related, own });
        Ok(())
    }

    fn ask(&self, side: Side, texts: &[&str]) -> Result<Vec<Vector>, Error> {
        let mut vectors = Vec::with_capacity(texts.len());
        for input in texts.chunks(AT_ONCE) {
            let input_type = match side {
                Side::Query => "query",
                Side::Passage => "passage",
            };
            let question = Question { model: &self.model, input, encoding_format: "float", input_type };
            let question = serde_json::to_string(&question).map_err(|error| Error::Endpoint(error.to_string()))?;
            let request = self.agent.post(&self.url).header("content-type", "application/json");
            let said = request
                .send(question)
                .and_then(|mut answer| answer.body_mut().with_config().limit(LONGEST_ANSWER).read_to_string())
                .map_err(|error| Error::Endpoint(error.to_string()))?;
            vectors.extend(read(&said, input.len()).map_err(Error::Endpoint)?);
        }
        Ok(vectors)
    }
}

impl PartialEq for Endpoint {
    fn eq(&self, other: &Self) -> bool {
        (&self.url, &self.model) == (&other.url, &other.model)
    }
}

impl Eq for Endpoint {}

/// The vectors of an answer, in the order of the question, each of length 1.
fn read(said: &str, count: usize) -> Result<Vec<Vector>, String> {
    let answer: Answer = serde_json::from_str(said).map_err(|error| format!("its answer cannot be read: {error}"))?;
    let mut rows = answer.data;
    rows.sort_by_key(|row| row.index);
    let in_order = rows.iter().enumerate().all(|(at, row)| row.index == at);
    let length = rows.first().map_or(0, |row| row.embedding.len());
    let whole = rows.iter().all(|row| row.embedding.len() == length && row.embedding.iter().all(|n| n.is_finite()));
    if rows.len() != count || !in_order || length == 0 || !whole {
        return Err(format!("its answer does not hold {count} vectors of one length"));
    }
    let unit = |row: Row| {
        let vector = Vector(row.embedding);
        let length = vector.dot(&vector).sqrt();
        let usable = length.is_normal();
        usable.then(|| Vector(vector.0.iter().map(|number| number / length).collect()))
    };
    rows.into_iter().map(unit).collect::<Option<_>>().ok_or_else(|| "its answer holds an empty vector".to_owned())
}

/// The mean product of texts that do not belong together, and of those that do.
fn spread(asked: &[Vector], answers: &[Vector]) -> (f64, f64) {
    let (mut unrelated, mut related) = (Vec::new(), Vec::new());
    for (at, one) in asked.iter().enumerate() {
        for (to, other) in answers.iter().enumerate() {
            let product = f64::from(one.dot(other));
            if at == to { related.push(product) } else { unrelated.push(product) }
        }
    }
    let mean = |products: Vec<f64>| {
        let count = f64::from(u32::try_from(products.len()).unwrap_or(1).max(1));
        products.into_iter().sum::<f64>() / count
    };
    (mean(unrelated), mean(related))
}

impl Scale {
    fn read(self, product: f64) -> f64 {
        let (unrelated, related) = self.own;
        unrelated + (product - self.unrelated) * (related - unrelated) / (self.related - self.unrelated)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_may_be_of_the_server_or_of_the_endpoint() {
        let url = |address: &str| Endpoint::at(address, "m").map(|endpoint| endpoint.url);
        let whole = Some("http://127.0.0.1:8000/v1/embeddings".to_owned());
        for address in ["http://127.0.0.1:8000", "http://127.0.0.1:8000/v1/", "http://127.0.0.1:8000/v1/embeddings"] {
            assert_eq!(url(address), whole);
        }
        assert_eq!(url("everything"), None);
        assert_eq!(url("ftp://127.0.0.1/"), None);
    }

    #[test]
    fn answers_are_read_in_the_order_of_the_question() {
        let said = r#"{"data": [{"index": 1, "embedding": [0, 2]}, {"index": 0, "embedding": [3, 4]}]}"#;
        assert_eq!(read(said, 2), Ok(vec![Vector(vec![0.6, 0.8]), Vector(vec![0.0, 1.0])]));
        for wrong in [
            "",
            "{}",
            r#"{"data": []}"#,
            r#"{"data": [{"index": 0, "embedding": [1]}, {"index": 0, "embedding": [1]}]}"#,
            r#"{"data": [{"index": 0, "embedding": [1]}, {"index": 1, "embedding": [1, 2]}]}"#,
            r#"{"data": [{"index": 0, "embedding": [0]}, {"index": 1, "embedding": [1]}]}"#,
        ] {
            assert!(read(wrong, 2).is_err(), "{wrong}");
        }
    }

    #[test]
    fn products_are_read_on_the_scale_of_the_program() {
        let scale = Scale { unrelated: 0.2, related: 0.6, own: (0.8, 0.9) };
        assert!((scale.read(0.2) - 0.8).abs() < 1e-9 && (scale.read(0.6) - 0.9).abs() < 1e-9);
        assert!((scale.read(0.4) - 0.85).abs() < 1e-9);
    }
}
