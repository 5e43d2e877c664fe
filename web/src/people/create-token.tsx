import { Button, Checkbox, Select, Stack, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { useDo } from "@/api/query";
import type { Scope } from "@/gql/graphql";
import { useI18n } from "@/i18n";
import { Complaint } from "@/session/complaint";
import { Dialog, DialogFooter } from "@/ui/dialog";
import { CREATE_TOKEN } from "./documents";
import { SecretModal, type Told } from "./secret";

/** Billing scopes are given on the operator's command line alone. */
const SCOPES = ["WORKSPACE_READ", "MESSAGES_WRITE"] as const satisfies Scope[];
/** In days; 0 is never. */
const LIVES = ["30", "90", "365", "0"] as const;
const DAY = 86_400_000;

/** Makes a token, and shows it once. */
export function CreateToken({ workspaceId }: { workspaceId: string }) {
  const { t } = useI18n();
  const [opened, setOpened] = useState(false);
  const [told, setTold] = useState<Told | null>(null);
  return (
    <>
      <Button leftSection={<IconPlus size={16} aria-hidden="true" />} onClick={() => setOpened(true)}>
        {t("tokens.create")}
      </Button>
      <Dialog opened={opened} onClose={() => setOpened(false)} title={t("tokens.createTitle")}>
        <Form
          workspaceId={workspaceId}
          onCancel={() => setOpened(false)}
          onDone={(secret) => {
            setOpened(false);
            setTold({ title: t("tokens.made"), hint: t("tokens.madeHint"), secret });
          }}
        />
      </Dialog>
      <SecretModal told={told} onClose={() => setTold(null)} />
    </>
  );
}

interface FormProps {
  workspaceId: string;
  onCancel: () => void;
  onDone: (token: string) => void;
}

function Form({ workspaceId, onCancel, onDone }: FormProps) {
  const { t } = useI18n();
  const [scopes, setScopes] = useState<string[]>(["WORKSPACE_READ"]);
  const [life, setLife] = useState<string>("90");
  const create = useDo(CREATE_TOKEN, {
    quiet: true,
    onDone: ({ createApiToken }) => onDone(createApiToken.token),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get("name"));
    const expiresAt = life === "0" ? null : new Date(Date.now() + Number(life) * DAY).toISOString();
    create.mutate({ input: { workspaceId, name, scopes: scopes as Scope[], expiresAt } });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          name="name"
          label={t("tokens.name")}
          description={t("tokens.nameHint")}
          required
          withAsterisk={false}
          data-autofocus
        />
        <Checkbox.Group label={t("tokens.scopes")} value={scopes} onChange={setScopes}>
          <Stack gap="xs" mt={6}>
            {SCOPES.map((scope) => (
              <Checkbox key={scope} value={scope} label={t(`enums.Scope.${scope}`)} />
            ))}
          </Stack>
        </Checkbox.Group>
        <Select
          label={t("tokens.ends")}
          data={LIVES.map((value) => ({ value, label: lifeOf(value) }))}
          value={life}
          allowDeselect={false}
          onChange={(chosen) => chosen && setLife(chosen)}
        />
        <Complaint error={create.error} />
        <DialogFooter
          submit={t("tokens.create")}
          loading={create.isPending}
          disabled={scopes.length === 0}
          onCancel={onCancel}
        />
      </Stack>
    </form>
  );

  function lifeOf(days: string): string {
    return days === "0" ? t("tokens.endsNever") : t("tokens.inDays", { count: Number(days) });
  }
}
