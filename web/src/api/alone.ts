const NAME = "nhip-refresh";
/** How long a tab may hold the fallback's lease, in milliseconds. */
const LEASE = 5_000;

/**
 * Runs `work` in one tab at a time. Refresh tokens are good once, and tabs share the cookie: two at once would end the
 * session. Web Locks where there are any; a lease in localStorage on plain-http addresses, where browsers have none.
 */
export async function alone<T>(work: () => Promise<T>): Promise<T> {
  if (navigator.locks) return navigator.locks.request(NAME, work);
  const mine = crypto.getRandomValues(new Uint32Array(2)).join("-");
  while (!(await won(mine))) await pause(100);
  try {
    return await work();
  } finally {
    localStorage.removeItem(NAME);
  }
}

async function won(mine: string): Promise<boolean> {
  const [, until] = (localStorage.getItem(NAME) ?? "").split(" ");
  if (Number(until) > Date.now()) return false;
  localStorage.setItem(NAME, `${mine} ${Date.now() + LEASE}`);
  // Whoever else saw it free has written by then; the last one stands.
  await pause(50);
  return localStorage.getItem(NAME)?.startsWith(mine) ?? false;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
