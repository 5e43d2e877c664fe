/** Three beats. */
export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#0f766e" />
      <rect x="6" y="13" width="4" height="6" rx="2" fill="#fff" opacity=".6" />
      <rect x="14" y="6" width="4" height="20" rx="2" fill="#fff" />
      <rect x="22" y="10" width="4" height="12" rx="2" fill="#5eead4" />
    </svg>
  );
}
