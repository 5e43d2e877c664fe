import {
  keepPreviousData,
  QueryCache,
  QueryClient,
  type QueryKey,
  queryOptions,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import type { TypedDocumentString } from "@/gql/graphql";
import { type Saying, useFailureToast } from "@/ui/toasts";
import { ask } from "./ask";
import { ApiError } from "./errors";
import { nameOf } from "./name";
import { heard, missed } from "./reach";

/** Events are hints that may be lost, so whatever is shown is read again this often, in milliseconds. */
const REREAD = 30_000;

type Document<Data, Variables> = TypedDocumentString<Data, Variables>;

declare module "@tanstack/react-query" {
  interface Register {
    defaultError: ApiError;
  }
}

export function newQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onSuccess: heard,
      onError: (err) => {
        if (isUnanswered(err)) missed();
      },
    }),
    defaultOptions: {
      queries: {
        refetchInterval: REREAD,
        staleTime: 5_000,
        retry: (failures, err) => failures < 2 && isUnanswered(err),
        throwOnError: false,
      },
      // What cannot be done now says so; it does not wait, and then happen when nobody expects it any more.
      mutations: { networkMode: "always" },
    },
  });
}

function isUnanswered(thrown: unknown): boolean {
  return ["UNAVAILABLE", "OFFLINE"].includes(ApiError.of(thrown).code);
}

/** Where an operation's answers stand in the cache; without variables, all of them. */
export function keyOf<Data, Variables>(document: Document<Data, Variables>, variables?: Variables): QueryKey {
  const name = nameOf(document);
  return variables === undefined ? [name] : [name, variables];
}

/**
 * Asks again for what is shown under this key. What is being asked for the first time is asked again once it is answered:
 * that answer may be older than what happened just now, and the library would take it for the new one.
 */
export async function reread(client: QueryClient, queryKey: QueryKey): Promise<void> {
  const asked = client.getQueryCache().findAll({ queryKey, fetchStatus: "fetching" });
  await Promise.allSettled(
    asked.filter(({ state }) => state.data === undefined).map(({ promise }) => promise),
  );
  await client.invalidateQueries({ queryKey });
}

/** The same, for what a component shows and hears events of. */
export function useReread<Data, Variables>(
  document: Document<Data, Variables>,
  variables?: Variables,
): () => void {
  const client = useQueryClient();
  return () => void reread(client, keyOf(document, variables));
}

/** For loaders and hooks alike. */
export function asking<Data, Variables>(document: Document<Data, Variables>, variables: Variables) {
  return queryOptions<Data, ApiError>({
    queryKey: keyOf(document, variables),
    queryFn: () => ask(document, variables),
  });
}

/** Reads, and reads again every half minute. */
export function useAsk<Data, Variables>(document: Document<Data, Variables>, variables: Variables) {
  return useQuery(asking(document, variables));
}

interface Page<Node> {
  nodes: Node[];
  pageInfo: { hasNextPage: boolean; endCursor?: string | null };
  totalCount: number;
}

/** More pages than this are not read again as a whole; events keep their rows true, and their first page is. */
const LONG = 2;

/** An endless list: `pick` finds the connection in the answer. Variables must take `after`. */
export function useAskMore<Data, Variables extends { after?: string | null }, Node>(
  document: Document<Data, Variables>,
  variables: Omit<Variables, "after">,
  pick: (data: Data) => Page<Node> | null | undefined,
) {
  const client = useQueryClient();
  const queryKey = keyOf(document, variables as Variables);
  const headKey = ["First page", ...queryKey];
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => ask(document, { ...variables, after: pageParam } as Variables),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => {
      const info = pick(last)?.pageInfo;
      return info?.hasNextPage ? info.endCursor : undefined;
    },
    placeholderData: keepPreviousData,
    refetchInterval: (query) => ((query.state.data?.pages.length ?? 0) > LONG ? false : REREAD),
  });
  const pages = query.data?.pages ?? [];
  const isLong = pages.length > LONG && !query.isPlaceholderData;
  const head = useQuery<Data, ApiError>({
    queryKey: headKey,
    queryFn: () => ask(document, { ...variables, after: null } as Variables),
    enabled: isLong,
    // Only what was read since the list is long says anything new.
    gcTime: 0,
  });
  const latest = isLong ? head.data : undefined;
  const first = latest ?? pages[0];
  const rows = pages.flatMap((page) => pick(page)?.nodes ?? []);
  return {
    ...query,
    rows,
    /** Unknown while what was asked for before is shown. */
    total: query.isPlaceholderData || !first ? undefined : pick(first)?.totalCount,
    /** How many new rows a long list does not show yet. */
    fresh: latest ? newIn(pick(latest)?.nodes ?? [], rows) : 0,
    /** Takes a long list back to its first page, as it is now. */
    showFresh: () => {
      if (latest) client.setQueryData(queryKey, { pages: [latest], pageParams: [null] });
    },
    /** Reads again what there is: of a long list its first page. */
    renew: () => void reread(client, isLong ? headKey : queryKey),
  };
}

/** How many rows stand before the first that is known as it is. Rows are known by what orders them, too. */
export function newIn<Node>(latest: Node[], known: Node[]): number {
  const marks = new Set(known.map(markOf));
  const found = latest.findIndex((row) => marks.has(markOf(row)));
  return found < 0 ? latest.length : found;
}

/** A chat that is used again comes first again; a message stays in its place. */
function markOf(row: unknown): string {
  const { id, lastMessageAt } = row as { id?: unknown; lastMessageAt?: unknown };
  return `${id} ${lastMessageAt}`;
}

interface Doing<Data> {
  /** Whether a form shows the failure itself. */
  quiet?: boolean;
  /** What some codes mean here in particular. */
  saying?: Saying;
  onDone?: (data: Data) => void;
}

/** Changes something. A failure is told in a toast, unless `quiet`. What is shown is read again afterwards. */
export function useDo<Data, Variables>(
  document: Document<Data, Variables>,
  { quiet = false, saying, onDone }: Doing<Data> = {},
) {
  const client = useQueryClient();
  const tell = useFailureToast();
  return useMutation<Data, ApiError, Variables>({
    mutationFn: (variables) => ask(document, variables),
    onSuccess: (data) => onDone?.(data),
    onError: (err) => {
      if (!quiet) tell(err, saying);
    },
    onSettled: () => client.invalidateQueries(),
  });
}
