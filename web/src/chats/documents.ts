import { graphql } from "@/gql";

graphql(`
  fragment ChatRow on Chat {
    id kind name phone jid lastMessageAt
    account { id name phone }
  }
`);

graphql(`
  fragment Bubble on Message {
    id status waitingFor failure text textErased fileName fileUrl createdAt
    chat { id }
  }
`);

export const CHATS = graphql(`
  query Chats($workspaceId: ID!, $accountId: ID, $search: String, $after: String) {
    workspace(id: $workspaceId) {
      chats(accountId: $accountId, search: $search, first: 50, after: $after) {
        nodes { ...ChatRow }
        pageInfo { hasNextPage endCursor }
        totalCount
      }
    }
  }
`);

export const CHAT = graphql(`
  query Chat($workspaceId: ID!, $id: ID!) {
    workspace(id: $workspaceId) {
      chat(id: $id) {
        ...ChatRow lastIncomingAt replyWindowEndsAt
        account { gateway state cappedUntil heldUntil template { name } }
      }
    }
  }
`);

/** Newest first. */
export const CONVERSATION = graphql(`
  query Conversation($workspaceId: ID!, $chatId: ID!, $after: String) {
    workspace(id: $workspaceId) {
      chat(id: $chatId) {
        messages(first: 40, after: $after) {
          nodes { ...Bubble }
          pageInfo { hasNextPage endCursor }
          totalCount
        }
      }
    }
  }
`);

export const BUBBLE_CHANGED = graphql(`
  subscription BubbleChanged($workspaceId: ID!, $chatId: ID!) {
    messageChanged(workspaceId: $workspaceId, chatId: $chatId) { ...Bubble }
  }
`);

export const RENAME_CHAT = graphql(`
  mutation RenameChat($chatId: ID!, $name: String!) {
    renameChat(input: { chatId: $chatId, name: $name }) { ...ChatRow }
  }
`);

export const SEND = graphql(`
  mutation SendMessage($input: SendMessageInput!) { sendMessage(input: $input) { ...Bubble } }
`);

export const CREDITS_LEFT = graphql(`
  query CreditsLeft($workspaceId: ID!) { workspace(id: $workspaceId) { credits { balance } } }
`);
