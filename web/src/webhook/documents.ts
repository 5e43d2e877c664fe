import { graphql } from "@/gql";

graphql(`
  fragment ActivationRow on Activation {
    id sequence at outcome httpStatus refusal answer field line column messageId
    message { recipient text textErased fileName chat { name } }
    requestBody requestBodyBase64 requestBodyTruncated responseBody ignoredFields
    remoteAddress userAgent durationMs
  }
`);

graphql(`
  fragment WebhookSwitch on IncomingWebhook { enabled urlHint urlCreatedAt lastActivation { id at outcome } }
`);

export const WEBHOOK = graphql(`
  query Webhook($workspaceId: ID!) {
    workspace(id: $workspaceId) {
      incomingWebhook { ...WebhookSwitch }
      chats(first: 1) { nodes { id } }
    }
  }
`);

export const ACTIVATIONS = graphql(`
  query Activations($workspaceId: ID!, $outcome: ActivationOutcome) {
    workspace(id: $workspaceId) {
      incomingWebhook { activations(outcome: $outcome) { ...ActivationRow } }
    }
  }
`);

export const ACTIVATION_LOGGED = graphql(`
  subscription ActivationLogged($workspaceId: ID!) {
    activationLogged(workspaceId: $workspaceId) { ...ActivationRow }
  }
`);

export const WEBHOOK_CHANGED = graphql(`
  subscription WebhookChanged($workspaceId: ID!) {
    webhookChanged(workspaceId: $workspaceId) { enabled urlHint }
  }
`);

export const LOG = graphql(`
  query WebhookLog($workspaceId: ID!, $format: TextFormat!) {
    workspace(id: $workspaceId) { incomingWebhook { log(format: $format) { name mime content } } }
  }
`);

export const SET_ENABLED = graphql(`
  mutation SetWebhookEnabled($workspaceId: ID!, $enabled: Boolean!) {
    setWebhookEnabled(input: { workspaceId: $workspaceId, enabled: $enabled }) { enabled }
  }
`);

export const REVEAL = graphql(`
  mutation RevealWebhookUrl($workspaceId: ID!) { shown: revealWebhookUrl(input: { workspaceId: $workspaceId }) { url } }
`);

export const GENERATE = graphql(`
  mutation GenerateWebhookUrl($workspaceId: ID!) {
    shown: generateWebhookUrl(input: { workspaceId: $workspaceId }) { url }
  }
`);

export const CHECK_FILE = graphql(`
  mutation CheckFileUrl($workspaceId: ID!, $url: String!, $fileName: String) {
    checkFileUrl(input: { workspaceId: $workspaceId, url: $url, fileName: $fileName }) {
      ok reason detail host directUrl fileName size mime
    }
  }
`);

export const TRY_CHOICES = graphql(`
  query TryChoices($workspaceId: ID!) {
    workspace(id: $workspaceId) {
      accounts(first: 100) { nodes { id name phone gateway isDefault } }
      chats(first: 50) { nodes { id name kind } }
    }
  }
`);

export const CALLED = graphql(`
  subscription Called($workspaceId: ID!) { activationLogged(workspaceId: $workspaceId) { id outcome } }
`);
