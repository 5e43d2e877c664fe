//! The schema's history: forward only, frozen once released, one table per file.

pub use sea_orm_migration::prelude::MigratorTrait;
use sea_orm_migration::prelude::*;

mod m20261122_000001_users;
mod m20261122_000002_sessions;
mod m20261122_000003_login_links;
mod m20261122_000004_workspaces;
mod m20261122_000005_members;
mod m20261122_000006_invitations;
mod m20261122_000007_api_tokens;
mod m20261122_000008_webhooks;
mod m20261122_000009_activations;
mod m20261122_000010_workers;
mod m20261122_000011_accounts;
mod m20261122_000012_chats;
mod m20261122_000013_messages;
mod m20261122_000014_status_changes;
mod m20261122_000015_idempotency_keys;
mod m20261122_000016_credit_entries;
mod m20261122_000017_sequencer;
mod m20261122_000018_audit_entries;
mod m20261122_000019_simulator_messages;
mod m20261122_000020_simulator_events;
mod m20261122_000021_messages_waiting_for_files;
mod m20261122_000022_ledger_audits;
mod m20261123_000030_log_in_attempts;
mod m20261123_000031_spent_refresh_tokens;
mod m20261123_000032_sessions_without_previous_refresh_hash;
mod m20261123_000040_tallies;
mod m20261123_000041_credit_entries_at;
mod m20261123_000042_lists;
mod m20261123_000043_message_grams;
mod m20261123_000044_activations_in_one_text;
mod m20261123_000045_texts_to_erase;
mod m20261123_000050_cloud_accounts;
mod m20261123_000051_cloud_callbacks;
mod m20261123_000052_messages_gateway_ref;
mod m20261123_000060_accounts_daily_cap_and_template;
mod m20261123_000061_messages_sent;
mod m20261123_000062_file_checks;
mod m20261123_000070_messages_unconfirmed;
mod m20261123_000071_accounts_held_until;
mod m20261123_000072_chats_addressed_as;
mod m20261129_000080_simulator_messages_received;
mod m20261129_000081_accounts_reported_at;
mod m20261129_000082_messages_failed;
mod m20261129_000083_spent_refresh_tokens_spent_at;
mod m20261130_000084_workspaces_version;
mod m20261130_000085_unchecked_on_accept;
mod m20261130_000086_without_messages_place;
mod m20261130_000087_activation_pages;

/// Every migration, oldest first.
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261122_000001_users::Migration),
            Box::new(m20261122_000002_sessions::Migration),
            Box::new(m20261122_000003_login_links::Migration),
            Box::new(m20261122_000004_workspaces::Migration),
            Box::new(m20261122_000005_members::Migration),
            Box::new(m20261122_000006_invitations::Migration),
            Box::new(m20261122_000007_api_tokens::Migration),
            Box::new(m20261122_000008_webhooks::Migration),
            Box::new(m20261122_000009_activations::Migration),
            Box::new(m20261122_000010_workers::Migration),
            Box::new(m20261122_000011_accounts::Migration),
            Box::new(m20261122_000012_chats::Migration),
            Box::new(m20261122_000013_messages::Migration),
            Box::new(m20261122_000014_status_changes::Migration),
            Box::new(m20261122_000015_idempotency_keys::Migration),
            Box::new(m20261122_000016_credit_entries::Migration),
            Box::new(m20261122_000017_sequencer::Migration),
            Box::new(m20261122_000018_audit_entries::Migration),
            Box::new(m20261122_000019_simulator_messages::Migration),
            Box::new(m20261122_000020_simulator_events::Migration),
            Box::new(m20261122_000021_messages_waiting_for_files::Migration),
            Box::new(m20261122_000022_ledger_audits::Migration),
            Box::new(m20261123_000030_log_in_attempts::Migration),
            Box::new(m20261123_000031_spent_refresh_tokens::Migration),
            Box::new(m20261123_000032_sessions_without_previous_refresh_hash::Migration),
            Box::new(m20261123_000040_tallies::Migration),
            Box::new(m20261123_000041_credit_entries_at::Migration),
            Box::new(m20261123_000042_lists::Migration),
            Box::new(m20261123_000043_message_grams::Migration),
            Box::new(m20261123_000044_activations_in_one_text::Migration),
            Box::new(m20261123_000045_texts_to_erase::Migration),
            Box::new(m20261123_000050_cloud_accounts::Migration),
            Box::new(m20261123_000051_cloud_callbacks::Migration),
            Box::new(m20261123_000052_messages_gateway_ref::Migration),
            Box::new(m20261123_000060_accounts_daily_cap_and_template::Migration),
            Box::new(m20261123_000061_messages_sent::Migration),
            Box::new(m20261123_000062_file_checks::Migration),
            Box::new(m20261123_000070_messages_unconfirmed::Migration),
            Box::new(m20261123_000071_accounts_held_until::Migration),
            Box::new(m20261123_000072_chats_addressed_as::Migration),
            Box::new(m20261129_000080_simulator_messages_received::Migration),
            Box::new(m20261129_000081_accounts_reported_at::Migration),
            Box::new(m20261129_000082_messages_failed::Migration),
            Box::new(m20261129_000083_spent_refresh_tokens_spent_at::Migration),
            Box::new(m20261130_000084_workspaces_version::Migration),
            Box::new(m20261130_000085_unchecked_on_accept::Migration),
            Box::new(m20261130_000086_without_messages_place::Migration),
            Box::new(m20261130_000087_activation_pages::Migration),
        ]
    }
}

/// A foreign key onto another table's `id`; what a deleted row owned goes with it.
pub(crate) fn references(table: &'static str, column: &'static str, to: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create().from(table, column).to(to, "id").on_delete(ForeignKeyAction::Cascade).take()
}
