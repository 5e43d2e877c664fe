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

/**
 * The webhook's URL, in this component's state alone: no cache keeps it, and it is gone when the page is left.
 */
export function useSecretUrl(workspaceId: string, hasUrl: boolean): SecretUrl {
  const [known, setKnown] = useState<{ url: string; of: string }>();
  const [shown, show] = useState(false);
  const [busy, setBusy] = useState(false);
  const queries = useQueryClient();
  const tell = useFailureToast();
  const url = known?.of === workspaceId ? known.url : undefined;
  const fetchBy = async (document: typeof REVEAL | typeof GENERATE) => {
    setBusy(true);
    try {
      const { shown }: RevealWebhookUrlMutation = await ask(document, { workspaceId });
      setKnown({ url: shown.url, of: workspaceId });
      void queries.invalidateQueries();
      return shown.url;
    } catch (err) {
      tell(ApiError.of(err));
      return undefined;
    } finally {
      setBusy(false);
    }
  };
  const use = async () => url ?? fetchBy(hasUrl ? REVEAL : GENERATE);
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
