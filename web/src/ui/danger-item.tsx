import { Menu } from "@mantine/core";
import type { TablerIcon } from "@tabler/icons-react";

interface Props {
  icon: TablerIcon;
  onClick: () => void;
  children: string;
}

/** A menu's entry that takes something away: red in both themes, which Mantine's own `color` is not. */
export function DangerItem({ icon: Icon, onClick, children }: Props) {
  return (
    <Menu.Item c="var(--nhip-danger)" leftSection={<Icon size={16} aria-hidden="true" />} onClick={onClick}>
      {children}
    </Menu.Item>
  );
}
