import { Button, Group, SegmentedControl, Stack, Text, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { useAsk, useDo } from "@/api/query";
import type { Gateway } from "@/gql/graphql";
import { useI18n } from "@/i18n";
import { Complaint } from "@/session/complaint";
import { Dialog, DialogFooter } from "@/ui/dialog";
import { Shown } from "@/ui/shown";
import { tellDone } from "@/ui/toasts";
import wrapping from "@/ui/wrapping.module.css";
import { CloudApiFields, cloudApiIn, isFieldOf, isRefused, Refused } from "./cloud-api";
import { CONNECT, GATEWAYS } from "./documents";
import { MetaHelp, MetaSteps } from "./meta-steps";
import { SimulatedNumbers } from "./simulated-numbers";

interface Props {
  workspaceId: string;
  opened: boolean;
  onClose: () => void;
}

/** An account that is connected here, but of which Meta must still be told. */
interface HalfWay {
  accountId: string;
  callbackUrl: string;
  verifyToken: string;
}

/** Connects an account, by one of the ways that this installation has. */
export default function ConnectDialog({ workspaceId, opened, onClose }: Props) {
  const { t } = useI18n();
  const query = useAsk(GATEWAYS, {});
  const navigate = useNavigate();
  const [half, setHalf] = useState<HalfWay>();
  const open = (accountId: string) => {
    setHalf(undefined);
    onClose();
    void navigate({ to: "/w/$workspaceId/accounts/$accountId", params: { workspaceId, accountId } });
  };
  return (
    <Dialog
      opened={opened}
      onClose={() => (half ? open(half.accountId) : onClose())}
      closeOnClickOutside={!half}
      size="lg"
      title={t(half ? "accounts.metaTitle" : "accounts.connect")}
    >
      {half ? (
        <AtMeta half={half} onDone={() => open(half.accountId)} />
      ) : (
        <Shown query={query}>
          {({ service }) => (
            <Form
              workspaceId={workspaceId}
              gateways={service.gateways.filter(isOffered)}
              demo={service.demo}
              onClose={onClose}
              onConnected={(accountId, atMeta) =>
                atMeta ? setHalf({ accountId, ...atMeta }) : open(accountId)
              }
            />
          )}
        </Shown>
      )}
    </Dialog>
  );
}

/** Pairing a phone comes with that gateway. */
function isOffered(gateway: Gateway): boolean {
  return gateway !== "WEB";
}

/** Who installed Nhip wants to reach phones; a demo reaches none. */
function firstOf(gateways: Gateway[], demo: boolean): Gateway {
  if (!demo && gateways.includes("CLOUD_API")) return "CLOUD_API";
  return gateways[0] ?? "SIMULATOR";
}

interface FormProps {
  workspaceId: string;
  gateways: Gateway[];
  demo: boolean;
  onClose: () => void;
  onConnected: (accountId: string, atMeta?: Omit<HalfWay, "accountId">) => void;
}

function Form({ workspaceId, gateways, demo, onClose, onConnected }: FormProps) {
  const { t } = useI18n();
  const [gateway, setGateway] = useState(firstOf(gateways, demo));
  const phone = useRef<HTMLInputElement>(null);
  // The dialog looked for its first field when it opened, and this form may have come later.
  useEffect(() => phone.current?.focus(), []);
  const connect = useDo(CONNECT, { quiet: true });
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const field = (name: string) => String(form.get(name) ?? "").trim();
    const cloudApi = gateway === "CLOUD_API" ? cloudApiIn(form) : undefined;
    const asked = { workspaceId, gateway, phone: field("phone"), name: field("name") || undefined, cloudApi };
    const { id, name, phone, callbackUrl } = (await connect.mutateAsync(asked)).connectAccount;
    tellDone(t("accounts.connected", { name: name ?? phone ?? "" }));
    onConnected(id, cloudApi && callbackUrl ? { callbackUrl, verifyToken: cloudApi.verifyToken } : undefined);
  };
  const { error } = connect;
  return (
    // What fails stands below the fields.
    <form onSubmit={(event) => void submit(event).catch(() => {})}>
      <Stack gap="md">
        {gateways.length > 1 && (
          <SegmentedControl
            aria-label={t("accounts.gateway")}
            fullWidth
            classNames={{ label: wrapping.label }}
            value={gateway}
            onChange={(value) => {
              connect.reset();
              setGateway(value as Gateway);
            }}
            data={gateways.map((value) => ({ value, label: t(`enums.Gateway.${value}`) }))}
          />
        )}
        <TextInput
          ref={phone}
          name="phone"
          type="tel"
          label={t("accounts.phone")}
          description={t(gateway === "SIMULATOR" ? "accounts.simulatedPhoneHint" : "accounts.phoneHint")}
          error={isRefused("phone", error) && <Refused field="phone" error={error} />}
          placeholder="+15105566777"
          required
          withAsterisk={false}
          data-autofocus
        />
        <TextInput
          name="name"
          label={t("accounts.yourName")}
          description={t("accounts.yourNameHint")}
          maxLength={100}
        />
        {gateway === "CLOUD_API" && <CloudApiFields error={error} />}
        {gateway === "SIMULATOR" && <SimulatedNumbers />}
        <Text size="sm" c="dimmed">
          {t("accounts.becomesDefault")}
        </Text>
        {isFieldOf(error, "phone") ? (
          <Complaint error={error} saying={{ BAD_INPUT: t("accounts.seeField") }} />
        ) : (
          <Complaint
            error={error}
            saying={{ CONFLICT: t(error?.field === "phone" ? "accounts.taken" : "accounts.takenAtMeta") }}
          />
        )}
        <DialogFooter submit={t("accounts.connect")} loading={connect.isPending} onCancel={onClose} />
      </Stack>
    </form>
  );
}

function AtMeta({ half, onDone }: { half: HalfWay; onDone: () => void }) {
  const { t } = useI18n();
  return (
    <Stack gap="md">
      <Text>{t("accounts.metaHint")}</Text>
      <MetaSteps callbackUrl={half.callbackUrl} verifyToken={half.verifyToken} />
      <Group justify="space-between">
        <MetaHelp />
        <Button onClick={onDone}>{t("common.done")}</Button>
      </Group>
    </Stack>
  );
}
