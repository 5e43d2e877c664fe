import { graphql } from "@/gql";

graphql(`
  fragment MessageRow on Message {
    id status waitingFor failure text textErased fileName fileUrl recipient createdAt
    chat { id name }
    account { id name phone }
  }
`);

export const MESSAGES = graphql(`
  query Messages(
    $workspaceId: ID!, $statuses: [MessageStatus!], $failures: [FailureReason!], $accountId: ID, $chatId: ID,
    $search: String, $since: DateTime, $until: DateTime, $after: String
  ) {
    workspace(id: $workspaceId) {
      messages(
        statuses: $statuses, failures: $failures, accountId: $accountId, chatId: $chatId, search: $search,
        since: $since, until: $until, first: 50, after: $after
      ) {
        nodes { ...MessageRow }
        pageInfo { hasNextPage endCursor }
        totalCount
      }
    }
  }
`);

export const ACCOUNT_CHOICES = graphql(`
  query AccountChoices($workspaceId: ID!) {
    workspace(id: $workspaceId) {
      accounts(first: 200) { nodes { id name phone } }
      removed: accounts(states: [REMOVED], first: 200) { nodes { id name phone } }
    }
  }
`);

export const CHAT_NAME = graphql(`
  query ChatName($workspaceId: ID!, $id: ID!) { workspace(id: $workspaceId) { chat(id: $id) { id name } } }
`);

export const MESSAGE = graphql(`
  query Message($workspaceId: ID!, $id: ID!) {
    workspace(id: $workspaceId) {
      message(id: $id) {
        ...MessageRow
        failureDetail suggestedFileUrl fileSize fileMime recipientKind source credits creditsRestored
        queuePosition expectedSendAt
        history { status at detail }
      }
    }
  }
`);

export const MESSAGE_CHANGED = graphql(`
  subscription MessageChanged($workspaceId: ID!, $messageIds: [ID!], $accountId: ID, $chatId: ID) {
    messageChanged(workspaceId: $workspaceId, messageIds: $messageIds, accountId: $accountId, chatId: $chatId) {
      ...MessageRow
    }
  }
`);

export const CANCEL = graphql(`
  mutation CancelMessage($workspaceId: ID!, $id: ID!) {
    cancelMessages(input: { workspaceId: $workspaceId, which: { messageIds: [$id] } }) { count }
  }
`);

/** What waits in the workspace, and what it has cost. */
export const WAITING = graphql(`
  query Waiting($workspaceId: ID!) { workspace(id: $workspaceId) { queue { queued queuedCredits } } }
`);

/** The same, of one account. */
export const ACCOUNT_WAITING = graphql(`
  query AccountWaiting($workspaceId: ID!, $accountId: ID!) {
    workspace(id: $workspaceId) { account(id: $accountId) { queued queuedCredits } }
  }
`);

/** At most 1,000 a call. */
export const CANCEL_WAITING = graphql(`
  mutation CancelWaiting($workspaceId: ID!, $which: CancelWhich!) {
    cancelMessages(input: { workspaceId: $workspaceId, which: $which }) { count creditsRestored }
  }
`);

export const RESEND = graphql(`
  mutation ResendMessage($id: ID!) { resendMessage(input: { messageId: $id }) { id credits } }
`);
