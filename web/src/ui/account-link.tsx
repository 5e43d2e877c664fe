import { Link } from "./link";

interface Props {
  workspaceId: string;
  account: { id: string; name?: string | null; phone?: string | null };
}

/** An account by its name, leading to its page. */
export function AccountLink({ workspaceId, account }: Props) {
  const to: string = `/w/${workspaceId}/accounts/${account.id}`;
  return <Link to={to}>{account.name ?? account.phone}</Link>;
}
