//! Reading everything that is a member's own, for him to take along.

use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, JsonValue, Statement, Value};

use crate::{
    db::Read,
    fault::{Context, Fault},
    id::MemberId,
    mail::Address,
};

/// What belongs to a member: the name of each part and what finds its rows. `:me` is his number,
/// `:email` his address. Columns are named one by one, so that nothing of another party (its
/// number, its contact, who reviewed) comes along unnoticed.
pub(super) const PARTS: &[(&str, &str)] = &[
    (
        "member",
        "SELECT id, email, name, title, phone, role, language, created_at, signed_in_at FROM members WHERE id = :me",
    ),
    ("sessions", "SELECT created_at, seen_at, expires_at FROM sessions WHERE member_id = :me ORDER BY id"),
    (
        "sign_in_codes",
        "SELECT created_at, expires_at, used_at, tries FROM sign_in_codes WHERE email = :email ORDER BY id",
    ),
    (
        "organisations",
        "SELECT o.id, o.kind, o.name, o.region, o.about, o.verification, o.verification_note, o.created_at, \
         e.uscc, e.industry, e.industry_name, e.size, e.products, t.fields, t.capacity, \
         CASE WHEN t.lead_id = :me THEN t.lead_name END AS lead_name, \
         CASE WHEN t.lead_id = :me THEN t.lead_title END AS lead_title, m.created_at AS speaks_for_it_since \
         FROM memberships m JOIN organisations o ON o.id = m.organisation_id \
         LEFT JOIN enterprises e ON e.organisation_id = o.id LEFT JOIN teams t ON t.organisation_id = o.id \
         WHERE m.member_id = :me ORDER BY o.id",
    ),
    (
        "joinings",
        "SELECT organisation_id, state, asked_at, answered_at FROM joinings WHERE member_id = :me \
         ORDER BY organisation_id",
    ),
    (
        "listings",
        "SELECT id, kind, need_type, organisation_id, state, title, teaser, problem, targets, use_case, deadline, \
         budget, cooperation, ip, ip_note, partner, trl_min, trl_max, industry, decision_agreed, anonymous, excluded, \
         advantage, economics, evidence, keywords, outcome, outcome_note, created_at, updated_at, submitted_at, \
         published_at, expires_at, closed_at FROM listings WHERE author_id = :me \
         OR organisation_id IN (SELECT organisation_id FROM memberships WHERE member_id = :me) ORDER BY id",
    ),
    (
        "reviews",
        "SELECT r.listing_id, r.verdict, r.clarity, r.measurability, r.feasibility, r.completeness, r.reason, \
         r.made_at FROM reviews r JOIN listings l ON l.id = r.listing_id WHERE l.author_id = :me \
         OR l.organisation_id IN (SELECT organisation_id FROM memberships WHERE member_id = :me) ORDER BY r.id",
    ),
    (
        "listing_links",
        "SELECT listing_id, created_at, expires_at, used_at, revoked_at FROM listing_links WHERE member_id = :me \
         ORDER BY id",
    ),
    (
        "listing_askers",
        "SELECT listing_id, asked_at, answered_at FROM listing_askers WHERE member_id = :me ORDER BY id",
    ),
    (
        "listing_steps",
        "SELECT listing_id, step, actor, note, changes, made_at FROM listing_steps WHERE member_id = :me ORDER BY id",
    ),
    (
        "queued_requests",
        "SELECT need_id, team_id, enterprise_id, reason, state, due_at, introduction_id, created_at, closed_at \
         FROM queued_requests WHERE asked_by = :me ORDER BY id",
    ),
    (
        "synonym_changes",
        "SELECT synonym_id, words, towards, deed, made_at FROM synonym_changes WHERE member_id = :me ORDER BY id",
    ),
    (
        "introductions",
        "SELECT i.id, 'enterprise' AS side, i.need_id, i.state, i.reason, i.enterprise_answer AS my_answer, \
         i.meeting_at, i.exchanged_at, i.closed_at, i.created_at, \
         CASE WHEN c.id IS NOT NULL THEN i.enterprise_contact END AS my_contact_as_shown \
         FROM introductions i JOIN memberships m ON m.organisation_id = i.enterprise_id AND m.member_id = :me \
         LEFT JOIN consents c ON c.id = i.enterprise_consent_id AND c.member_id = :me \
         UNION ALL \
         SELECT i.id, 'team' AS side, i.need_id, i.state, i.reason, i.team_answer AS my_answer, \
         i.meeting_at, i.exchanged_at, i.closed_at, i.created_at, \
         CASE WHEN c.id IS NOT NULL THEN i.team_contact END AS my_contact_as_shown \
         FROM introductions i JOIN memberships m ON m.organisation_id = i.team_id AND m.member_id = :me \
         LEFT JOIN consents c ON c.id = i.team_consent_id AND c.member_id = :me \
         WHERE i.passed_at IS NOT NULL ORDER BY 1, 2",
    ),
    (
        "answer_links",
        "SELECT introduction_id, side, created_at, expires_at, used_at, revoked_at FROM answer_links \
         WHERE member_id = :me ORDER BY id",
    ),
    (
        "consents",
        "SELECT id, about, text_version, text, fields, channel, given_at, withdrawn_at FROM consents \
         WHERE member_id = :me ORDER BY id",
    ),
    (
        "disclosures",
        "SELECT d.consent_id, d.about, d.fields, d.made_at, o.name AS recipient FROM disclosures d \
         JOIN organisations o ON o.id = d.recipient_id WHERE d.member_id = :me ORDER BY d.id",
    ),
    (
        "mails",
        "SELECT id, letter, about, recipient, subject, CASE WHEN sealed THEN '' ELSE body_text END AS text, state, \
         created_at, sent_at FROM mails WHERE member_id = :me OR recipient = :email ORDER BY id",
    ),
];

/// Columns that hold a list or a record as JSON.
const NESTED: &[&str] =
    &["products", "fields", "targets", "cooperation", "excluded", "keywords", "changes", "my_contact_as_shown"];

/// The rows of one part.
pub(super) async fn part(
    db: &impl Read,
    sql: &str,
    member: MemberId,
    email: &Address,
) -> Result<Vec<serde_json::Value>, Fault> {
    let engine = ConnectionTrait::get_database_backend(db.reader());
    let mut values: Vec<Value> = Vec::new();
    let mut written = String::new();
    let mut rest = sql;
    while let Some(at) = rest.find(':') {
        written.push_str(&rest[..at]);
        rest = &rest[at..];
        let (name, value): (&str, Value) = if rest.starts_with(":me") {
            (":me", member.0.into())
        } else if rest.starts_with(":email") {
            (":email", email.as_str().into())
        } else {
            return Err(Fault::other("a part of a member's own names what is not known"));
        };
        values.push(value);
        match engine {
            DbBackend::Postgres => written.push_str(&format!("${}", values.len())),
            _ => written.push('?'),
        }
        rest = &rest[name.len()..];
    }
    written.push_str(rest);
    let statement = Statement::from_sql_and_values(engine, written, values);
    let mut rows = JsonValue::find_by_statement(statement).all(db.reader()).await.doing("reading a member's own")?;
    for row in rows.iter_mut().filter_map(JsonValue::as_object_mut) {
        for (_, value) in row.iter_mut().filter(|(name, _)| NESTED.contains(&name.as_str())) {
            let nested = value.as_str().and_then(|text| serde_json::from_str::<JsonValue>(text).ok());
            if let Some(nested) = nested.filter(|nested| nested.is_array() || nested.is_object()) {
                *value = nested;
            }
        }
    }
    Ok(rows)
}
