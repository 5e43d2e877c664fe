import { Button, Group, Modal, PasswordInput, SegmentedControl, Stack, Text, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { useAsk, useDo } from "@/api/query";
import type { Gateway } from "@/gql/graphql";
import { useI18n } from "@/i18n";
import { Complaint } from "@/session/complaint";
import { Shown } from "@/ui/shown";
import { tellDone } from "@/ui/toasts";
import classes from "./connect.module.css";
import { CONNECT, GATEWAYS } from "./documents";
import { SIMULATED } from "./simulator";

interface Props {
  workspaceId: string;
  opened: boolean;
  onClose: () => void;
}

/** Connects an account, by one of the ways that this installation has. */
export default function ConnectDialog({ workspaceId, opened, onClose }: Props) {
  const { t } = useI18n();
  const query = useAsk(GATEWAYS, {});
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      size="lg"
      title={<Text fw={620}>{t("accounts.connect")}</Text>}
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      <Shown query={query}>
        {({ service }) => (
          <Form workspaceId={workspaceId} gateways={service.gateways.filter(isOffered)} onClose={onClose} />
        )}
      </Shown>
    </Modal>
  );
}

/** Pairing a phone comes with that gateway. */
function isOffered(gateway: Gateway): boolean {
  return gateway !== "WEB";
}

function Form({ workspaceId, gateways, onClose }: Omit<Props, "opened"> & { gateways: Gateway[] }) {
  const { t } = useI18n();
  const navigate = useNavigate();
  const [gateway, setGateway] = useState(gateways[0] ?? "SIMULATOR");
  const connect = useDo(CONNECT, {
    quiet: true,
    onDone: ({ connectAccount: { id, name, phone } }) => {
      onClose();
      tellDone(t("accounts.connected", { name: name ?? phone ?? "" }));
      void navigate({ to: "/w/$workspaceId/accounts/$accountId", params: { workspaceId, accountId: id } });
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const field = (name: string) => String(form.get(name) ?? "").trim();
    connect.mutate({
      workspaceId,
      gateway,
      phone: field("phone"),
      name: field("name") || undefined,
      cloudApi:
        gateway === "CLOUD_API"
          ? {
              phoneNumberId: field("phoneNumberId"),
              businessAccountId: field("businessAccountId"),
              accessToken: field("accessToken"),
              appSecret: field("appSecret"),
              verifyToken: field("verifyToken"),
            }
          : undefined,
    });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {gateways.length > 1 && (
          <SegmentedControl
            aria-label={t("accounts.gateway")}
            value={gateway}
            onChange={(value) => setGateway(value as Gateway)}
            data={gateways.map((value) => ({ value, label: t(`enums.Gateway.${value}`) }))}
          />
        )}
        <TextInput
          name="phone"
          type="tel"
          label={t("accounts.phone")}
          description={t(gateway === "SIMULATOR" ? "accounts.simulatedPhoneHint" : "accounts.phoneHint")}
          placeholder="+84901234567"
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
        {gateway === "CLOUD_API" && <CloudApi />}
        {gateway === "SIMULATOR" && <Simulator />}
        <Text size="sm" c="dimmed">
          {t("accounts.becomesDefault")}
        </Text>
        <Complaint error={connect.error} saying={{ CONFLICT: t("accounts.taken") }} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("common.cancel")}
          </Button>
          <Button type="submit" loading={connect.isPending}>
            {t("accounts.connect")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Simulator() {
  const { t } = useI18n();
  return (
    <section className={classes.simulator}>
      <strong>{t("accounts.simulatorTitle")}</strong>
      <span>{t("accounts.simulatorHint")}</span>
      <dl className={classes.numbers}>
        {SIMULATED.map(({ phone, does }) => (
          <div key={phone}>
            <dt>{phone}</dt>
            <dd>{t(does)}</dd>
          </div>
        ))}
      </dl>
      <span>{t("accounts.simulatorMore")}</span>
    </section>
  );
}

const SECRETS = ["accessToken", "appSecret", "verifyToken"] as const;

function CloudApi() {
  const { t } = useI18n();
  return (
    <>
      <Text size="sm" c="dimmed">
        {t("accounts.cloudHint")}
      </Text>
      <TextInput name="phoneNumberId" label={t("accounts.phoneNumberId")} required withAsterisk={false} />
      <TextInput
        name="businessAccountId"
        label={t("accounts.businessAccountId")}
        required
        withAsterisk={false}
      />
      {SECRETS.map((name) => (
        <PasswordInput
          key={name}
          name={name}
          label={t(`accounts.${name}`)}
          description={name === "verifyToken" ? t("accounts.verifyTokenHint") : undefined}
          autoComplete="off"
          required
          withAsterisk={false}
        />
      ))}
    </>
  );
}
