import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useMaySteer } from "@/shell/may";
import { lazyDialog } from "@/ui/lazy";

const ConnectDialog = lazyDialog(() => import("./connect"));

/** Opens the dialog, whose code comes with the first click. Nothing for those who may not. */
export function ConnectButton({ workspaceId, label }: { workspaceId: string; label: string }) {
  const may = useMaySteer();
  const [wanted, setWanted] = useState(false);
  const [opened, setOpened] = useState(false);
  if (!may) return null;
  return (
    <>
      <Button
        leftSection={<IconPlus size={16} />}
        onClick={() => {
          setWanted(true);
          setOpened(true);
        }}
      >
        {label}
      </Button>
      {wanted && <ConnectDialog workspaceId={workspaceId} opened={opened} onClose={() => setOpened(false)} />}
    </>
  );
}
