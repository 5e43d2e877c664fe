import { Menu } from "@mantine/core";
import type { TablerIcon } from "@tabler/icons-react";

interface Props {
  icon: TablerIcon;
  onClick: () => void;
  children: string;
}

/** A menu's entry that takes something away: red in both themes, where a shade of Mantine's turns white in the dark. */
export function DangerItem({ icon: Icon, onClick, children }: Props) {
  return (
    <Menu.Item
      style={{ "--menu-item-color": "var(--nhip-danger)", "--menu-item-hover": "var(--nhip-danger-soft)" }}
      leftSection={<Icon size={16} aria-hidden="true" />}
      onClick={onClick}
    >
      {children}
    </Menu.Item>
  );
}
