import { graphql } from "@/gql";

graphql(`
  fragment AccountCard on Account {
    id phone name gateway isDefault queued nextSendAt drainsAt connectedAt
    ...AccountStanding
    pace { minMs maxMs }
  }
`);

export const ACCOUNTS = graphql(`
  query Accounts($workspaceId: ID!, $search: String, $after: String) {
    workspace(id: $workspaceId) {
      accounts(search: $search, first: 50, after: $after) {
        nodes { ...AccountCard }
        pageInfo { hasNextPage endCursor }
        totalCount
      }
    }
  }
`);

export const ACCOUNT = graphql(`
  query Account($workspaceId: ID!, $id: ID!) {
    workspace(id: $workspaceId) {
      account(id: $id) {
        ...AccountCard
        capabilities createdAt callbackUrl dailyCap cappedUntil
        template { name language }
      }
    }
  }
`);

export const ACCOUNT_CHANGED = graphql(`
  subscription AccountChanged($workspaceId: ID!) { accountChanged(workspaceId: $workspaceId) { id } }
`);

graphql(`fragment Beat on Message { id status sentAt failedAt account { id } }`);

export const BEATS = graphql(`
  query Beats($workspaceId: ID!, $accountId: ID) {
    workspace(id: $workspaceId) { messages(accountId: $accountId, statuses: [SENT, DELIVERED, READ, FAILED], first: 60) { nodes { ...Beat } } }
  }
`);

export const BEAT = graphql(`
  subscription Beat($workspaceId: ID!, $accountId: ID) {
    messageChanged(workspaceId: $workspaceId, accountId: $accountId) { ...Beat }
  }
`);

export const GATEWAYS = graphql(`query Gateways { service { gateways demo } }`);

export const CONNECT = graphql(`
  mutation ConnectAccount(
    $workspaceId: ID!, $gateway: Gateway!, $phone: String, $name: String, $cloudApi: CloudApiInput
  ) {
    connectAccount(
      input: { workspaceId: $workspaceId, gateway: $gateway, phone: $phone, name: $name, cloudApi: $cloudApi }
    ) { id name phone callbackUrl }
  }
`);

export const UPDATE_CREDENTIALS = graphql(`
  mutation UpdateCloudApiCredentials($id: ID!, $cloudApi: CloudApiInput!) {
    updateCloudApiCredentials(input: { accountId: $id, cloudApi: $cloudApi }) { id }
  }
`);

export const SET_TEMPLATE = graphql(`
  mutation SetAccountTemplate($id: ID!, $name: String, $language: String) {
    setAccountTemplate(input: { accountId: $id, name: $name, language: $language }) { id }
  }
`);

export const RENAME = graphql(`
  mutation RenameAccount($id: ID!, $name: String!) {
    renameAccount(input: { accountId: $id, name: $name }) { id }
  }
`);

export const SET_PACE = graphql(`
  mutation SetAccountPace($id: ID!, $minMs: Int!, $maxMs: Int!) {
    setAccountPace(input: { accountId: $id, minMs: $minMs, maxMs: $maxMs }) { id }
  }
`);

export const SET_DAILY_CAP = graphql(`
  mutation SetAccountDailyCap($id: ID!, $dailyCap: Int) {
    setAccountDailyCap(input: { accountId: $id, dailyCap: $dailyCap }) { id }
  }
`);

export const PAUSE = graphql(
  `mutation PauseAccount($id: ID!) { pauseAccount(input: { accountId: $id }) { id } }`,
);

export const RESUME = graphql(
  `mutation ResumeAccount($id: ID!) { resumeAccount(input: { accountId: $id }) { id } }`,
);

export const RECONNECT = graphql(`
  mutation ReconnectAccount($id: ID!) { reconnectAccount(input: { accountId: $id }) { id } }
`);

export const DISCONNECT = graphql(`
  mutation DisconnectAccount($id: ID!) { disconnectAccount(input: { accountId: $id }) { id } }
`);
