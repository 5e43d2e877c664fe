import { Avatar, Menu as Dropdown, UnstyledButton } from "@mantine/core";
import { IconCheck, IconLogout, IconSelector, IconUser } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { ApiError } from "@/api/errors";
import { logOut } from "@/api/session";
import { useI18n } from "@/i18n";
import { Link } from "@/ui/link";
import { Logo } from "@/ui/logo";
import { useFailureToast } from "@/ui/toasts";
import { NAVIGATION } from "./navigation";
import classes from "./shell.module.css";
import { useWhoAmI, useWorkspace } from "./workspaces";

export function Menu() {
  const { t } = useI18n();
  const workspace = useWorkspace();
  const items = NAVIGATION.filter(
    ({ roles }) => !roles || (workspace?.myRole && roles.includes(workspace.myRole)),
  );
  return (
    <div className={classes.menu}>
      <Link to="/" className={classes.brand}>
        <Logo /> Nhip
      </Link>
      <WorkspaceSwitch />
      <nav className={classes.nav} aria-label={t("common.navigation")}>
        {workspace &&
          items.map(({ to, label, icon: Icon, exact }) => (
            <Link
              key={to}
              to={to}
              params={{ workspaceId: workspace.id }}
              activeOptions={{ exact, includeSearch: false }}
              className={classes.item}
            >
              <Icon size={18} stroke={1.7} aria-hidden="true" /> {t(label)}
            </Link>
          ))}
      </nav>
      <Person />
    </div>
  );
}

function WorkspaceSwitch() {
  const { t } = useI18n();
  const navigate = useNavigate();
  const { data } = useWhoAmI();
  const current = useWorkspace();
  const go = (workspaceId: string) => navigate({ to: "/w/$workspaceId", params: { workspaceId } });
  return (
    <Dropdown width="target" position="bottom-start" shadow="md">
      <Dropdown.Target>
        <UnstyledButton className={classes.switch}>
          <span className={classes.names}>
            <small>{t("common.workspace")}</small>
            <span>{current?.name ?? "…"}</span>
          </span>
          <IconSelector size={16} aria-hidden="true" />
        </UnstyledButton>
      </Dropdown.Target>
      <Dropdown.Dropdown>
        <Dropdown.Label>{t("common.switchWorkspace")}</Dropdown.Label>
        {data?.workspaces.map(({ id, name, myRole }) => (
          <Dropdown.Item
            key={id}
            onClick={() => go(id)}
            rightSection={id === current?.id && <IconCheck size={15} aria-hidden="true" />}
          >
            <span className={classes.names}>
              <span>{name}</span>
              <small>{myRole && t(`enums.Role.${myRole}`)}</small>
            </span>
          </Dropdown.Item>
        ))}
      </Dropdown.Dropdown>
    </Dropdown>
  );
}

function Person() {
  const { t } = useI18n();
  const navigate = useNavigate();
  const { data } = useWhoAmI();
  const tell = useFailureToast();
  const leave = () =>
    logOut().catch((err: unknown) => {
      const error = ApiError.of(err);
      // Then nobody is logged in, which is what was wanted.
      if (error.code !== "UNAUTHENTICATED") tell(error, { OFFLINE: t("common.logOutFailed") });
    });
  return (
    <Dropdown width="target" position="top-start" shadow="md">
      <Dropdown.Target>
        <UnstyledButton className={classes.person}>
          <Avatar
            size={30}
            radius="xl"
            name={data?.me?.name}
            color="gray.8"
            variant="filled"
            aria-hidden="true"
          />
          <span className={classes.names}>
            <span>{data?.me?.name ?? "…"}</span>
            <small>{data?.me?.email}</small>
          </span>
        </UnstyledButton>
      </Dropdown.Target>
      <Dropdown.Dropdown>
        <Dropdown.Item
          leftSection={<IconUser size={16} aria-hidden="true" />}
          onClick={() => navigate({ to: "/settings/profile" })}
        >
          {t("common.profile")}
        </Dropdown.Item>
        <Dropdown.Item leftSection={<IconLogout size={16} aria-hidden="true" />} onClick={() => void leave()}>
          {t("common.logOut")}
        </Dropdown.Item>
      </Dropdown.Dropdown>
    </Dropdown>
  );
}
