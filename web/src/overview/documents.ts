import { graphql } from "@/gql";

graphql(`
  fragment FailedMessage on Message { id recipient failure failedAt createdAt chat { name } }
`);

graphql(`
  fragment RefusedCall on Activation { id at refusal answer }
`);

export const OVERVIEW = graphql(`
  query Overview($workspaceId: ID!, $since: DateTime!) {
    workspace(id: $workspaceId) {
      queue { queued oldestQueuedAt }
      credits { balance queued }
      accounts(first: 50) { nodes { ...AccountCard } totalCount }
      incomingWebhook {
        enabled urlCreatedAt
        lastActivation { at }
        activations(outcome: REFUSED) { ...RefusedCall }
      }
      any: messages(first: 1) { nodes { id } }
      failed: messages(statuses: [FAILED], since: $since, first: 100) { nodes { ...FailedMessage } }
    }
  }
`);

export const ACTIVITY = graphql(`
  query Activity($workspaceId: ID!, $since: DateTime!, $until: DateTime!, $bucket: Int!) {
    workspace(id: $workspaceId) {
      activity(since: $since, until: $until, bucket: $bucket) { at accepted refused sent failed }
    }
  }
`);

export const CREDITS_CHANGED = graphql(`
  subscription CreditsChanged($workspaceId: ID!) { creditsChanged(workspaceId: $workspaceId) { balance } }
`);
