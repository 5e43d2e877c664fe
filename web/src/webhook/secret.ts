import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ask } from "@/api/ask";
import { ApiError } from "@/api/errors";
import type { RevealWebhookUrlMutation } from "@/gql/graphql";
import { useFailureToast } from "@/ui/toasts";
import { GENERATE, REVEAL } from "./documents";

export interface SecretUrl {
  /** The URL, while it is shown. */
  url: string | undefined;
  busy: boolean;
  /**
   * The URL, fetched where it is not known yet (the audit log says to whom), and made where there is none; undefined
   * where that failed.
   */
  use: () => Promise<string | undefined>;
  /** The same, and shows it. */
  reveal: () => Promise<string | undefined>;
  /** A new one, which is shown. */
  generate: () => Promise<string | undefined>;
  hide: () => void;
}

/** How the URL of the moment begins, null where there is none, and when that was read. */
interface Current {
  hint: string | null | undefined;
  readAt: number;
}

/**
 * The webhook's URL, in this component's state alone: no cache keeps it, and it is gone when the page is left, or when
 * somebody replaced it elsewhere.
 */
export function useSecretUrl(workspaceId: string, { hint, readAt }: Current): SecretUrl {
  const [known, setKnown] = useState<{ url: string; of: string; at: number }>();
  const [shown, show] = useState(false);
  const [busy, setBusy] = useState(false);
  const queries = useQueryClient();
  const tell = useFailureToast();
  const isOld = known && readAt > known.at && !known.url.includes(`/${hint?.replace(/…$/, "") ?? "…"}`);
  const url = known?.of === workspaceId && !isOld ? known.url : undefined;
  const fetchBy = async (document: typeof REVEAL | typeof GENERATE) => {
    setBusy(true);
    try {
      const { shown }: RevealWebhookUrlMutation = await ask(document, { workspaceId });
      setKnown({ url: shown.url, of: workspaceId, at: Date.now() });
      void queries.invalidateQueries();
      return shown.url;
    } catch (err) {
      tell(ApiError.of(err));
      return undefined;
    } finally {
      setBusy(false);
    }
  };
  const use = async () => url ?? fetchBy(hint === null ? GENERATE : REVEAL);
  const showing = async (fetched: Promise<string | undefined>) => {
    const url = await fetched;
    show(url !== undefined);
    return url;
  };
  return {
    url: shown ? url : undefined,
    busy,
    use,
    reveal: () => showing(use()),
    generate: () => showing(fetchBy(GENERATE)),
    hide: () => show(false),
  };
}
