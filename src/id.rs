//! Numbers that name rows, one type for each kind of thing, so that they cannot be mixed up.

/// Defines one id type: a number of the database that prints as itself and parses from a URL.
macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::num::ParseIntError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

ids! {
    /// A theme zone.
    ZoneId,
    /// A person who signs in.
    MemberId,
    /// An enterprise or a team.
    OrganisationId,
    /// A university.
    UniversityId,
    /// A need, an offer or a result.
    ListingId,
    /// Something shown in the hall.
    ExhibitId,
    /// What a visitor asked about it.
    EnquiryId,
    /// An industry chain.
    ChainId,
    /// A node of a chain.
    NodeId,
    /// An introduction.
    IntroductionId,
    /// A request that waits for a full team.
    QueuedId,
    /// A letter with a row in the outbox.
    MailId,
    /// A group of synonyms.
    SynonymId,
    /// A recorded consent.
    ConsentId,
}
