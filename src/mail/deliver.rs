//! Delivery: claim due mail under a lease, hand it to the server with no transaction open, and
//! write down what came of it.

use lettre::{AsyncFileTransport, AsyncSmtpTransport, Tokio1Executor};

use crate::{config::Config, fault::Fault};

/// The way out.
#[derive(Clone)]
pub enum Post {
    /// To a mail server.
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    /// To files, one `.eml` for each mail, for development and the demo.
    Files(AsyncFileTransport<Tokio1Executor>),
}

impl Post {
    /// The way out that the settings name.
    pub fn open(config: &Config) -> Result<Self, Fault> {
        match &config.smtp_url {
            Some(url) => {
                let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
                    .map_err(|error| Fault::other(format!("YLH_SMTP_URL: {error}")))?;
                Ok(Self::Smtp(builder.build()))
            }
            None => {
                let folder = config.data_dir.join("mail");
                std::fs::create_dir_all(&folder)?;
                Ok(Self::Files(AsyncFileTransport::new(folder)))
            }
        }
    }
}
