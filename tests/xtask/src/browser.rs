//! Chromium, its driver and a Chinese font, for the browser tests.

use std::path::PathBuf;

use crate::install::{Missing, install, program, said};
use crate::steps::Outcome;

/// Names the browser to the tests.
pub(crate) const BROWSER: &str = "YLH_TEST_BROWSER";
/// Names the WebDriver server to the tests.
pub(crate) const DRIVER: &str = "YLH_TEST_DRIVER";

/// A browser and the driver that fits it.
pub(crate) struct Browser {
    /// Chromium, or Chrome.
    pub(crate) chromium: PathBuf,
    /// ChromeDriver.
    pub(crate) driver: PathBuf,
}

/// The browser that the environment names, or the one of this machine; installs what lacks where it may.
pub(crate) fn find_or_install() -> Result<Browser, Missing> {
    let mut wanted = Vec::new();
    if find().is_none() {
        wanted.extend(["chromium", "chromium-driver"]);
    }
    // Without one, Chinese pages are drawn as empty boxes, and nobody could judge a screenshot.
    if !has_chinese_font() {
        wanted.extend(["fontconfig", "fonts-noto-cjk"]);
    }
    if !wanted.is_empty() {
        install(&wanted)?;
    }
    find()
        .ok_or_else(|| Missing("chromium is installed, but chromium or chromedriver was not found on PATH".to_owned()))
}

/// Finds the browser and says its versions.
pub(crate) fn try_out() -> Outcome {
    match find_or_install() {
        Ok(Browser { chromium, driver }) => {
            let versions = [said(chromium, &["--version"]), said(driver, &["--version"]), chinese_font()];
            Outcome::Passed(versions.into_iter().flatten().collect::<Vec<_>>().join("; "))
        }
        Err(missing) => missing.into(),
    }
}

fn find() -> Option<Browser> {
    let named = |variable: &str| std::env::var_os(variable).filter(|path| !path.is_empty()).map(PathBuf::from);
    let chromium = named(BROWSER).or_else(|| program(&["chromium", "chromium-browser", "google-chrome"]))?;
    let driver = named(DRIVER).or_else(|| program(&["chromedriver"]))?;
    Some(Browser { chromium, driver })
}

fn has_chinese_font() -> bool {
    chinese_font().is_some_and(|font| !font.is_empty())
}

fn chinese_font() -> Option<String> {
    let fonts = said("fc-list", &[":lang=zh", "family"])?;
    fonts.lines().next().map(str::to_owned)
}
