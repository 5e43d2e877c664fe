import { graphql } from "@/gql";

export const CREDITS = graphql(`
  query Credits($workspaceId: ID!, $since: DateTime!) {
    workspace(id: $workspaceId) {
      credits { balance queued totals(since: $since) { granted charged restored adjusted } }
    }
  }
`);

export const CREDITS_OVER_TIME = graphql(`
  query CreditsOverTime($workspaceId: ID!, $since: DateTime!, $until: DateTime!, $bucket: Int!) {
    workspace(id: $workspaceId) {
      activity(since: $since, until: $until, bucket: $bucket) { at chargedCredits restoredCredits }
    }
  }
`);

graphql(`
  fragment LedgerRow on CreditEntry { id kind amount balanceAfter messageId failure reason at }
`);

export const LEDGER = graphql(`
  query Ledger($workspaceId: ID!, $kinds: [CreditKind!], $since: DateTime, $until: DateTime, $after: String) {
    workspace(id: $workspaceId) {
      credits {
        entries(kinds: $kinds, since: $since, until: $until, first: 50, after: $after) {
          nodes { ...LedgerRow }
          pageInfo { hasNextPage endCursor }
          totalCount
        }
      }
    }
  }
`);

export const EXPORT_LEDGER = graphql(`
  query ExportLedger($workspaceId: ID!, $format: TextFormat!, $since: DateTime, $until: DateTime) {
    workspace(id: $workspaceId) {
      credits { export(format: $format, since: $since, until: $until) { name mime content } }
    }
  }
`);

export const CREDITS_CHANGED = graphql(`
  subscription CreditsChanged($workspaceId: ID!) { creditsChanged(workspaceId: $workspaceId) { balance } }
`);
