import { useState } from "react";
import { useLive } from "@/api/live";
import { useAsk } from "@/api/query";
import type { BeatFragment } from "@/gql/graphql";
import { BEAT, BEATS } from "./documents";
import { BEFORE, type Beat, beatOf } from "./rhythm";

type Lanes = ReadonlyMap<string, Beat[]>;

/** What left a moment ago, by account, live. `onBeat` is called at each change of a message. */
export function useBeats(workspaceId: string, onBeat: () => void, accountId?: string): Lanes {
  const variables = { workspaceId, accountId };
  const [live, setLive] = useState<Map<string, BeatFragment>>(new Map());
  const read = useAsk(BEATS, variables).data?.workspace?.messages.nodes ?? [];
  useLive(BEAT, variables, ({ messageChanged }) => {
    setLive((before) => recent(before, messageChanged));
    onBeat();
  });
  return lanesOf([...read, ...live.values()]);
}

function recent(before: Map<string, BeatFragment>, fresh: BeatFragment): Map<string, BeatFragment> {
  const since = Date.now() - BEFORE;
  const kept = [...before].filter(([, message]) => (beatOf(message)?.at ?? 0) >= since);
  return new Map([...kept, [fresh.id, fresh]]);
}

/** What was told later wins. */
function lanesOf(messages: BeatFragment[]): Lanes {
  const lanes = new Map<string, Map<string, Beat>>();
  for (const message of messages) {
    const beat = beatOf(message);
    if (!beat) continue;
    const lane = lanes.get(message.account.id) ?? new Map<string, Beat>();
    lanes.set(message.account.id, lane.set(beat.id, beat));
  }
  return new Map([...lanes].map(([id, lane]) => [id, [...lane.values()]]));
}
