import type { Browser, Page } from "@playwright/test";
import { openPostOffice, type PostOffice } from "./post-office";
import { startProgram } from "./program";
import { expect, test } from "./story";

const PASSWORD = "correct horse battery staple";

/** Somebody new, with a workspace of their own. */
async function signUp(page: Page, url: string, name: string): Promise<string> {
  const email = `${name.toLowerCase()}@example.com`;
  await page.goto(new URL("/signup", url).href);
  await page.getByLabel("Your name").fill(name);
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByLabel("Workspace name").fill(`${name}'s`);
  await page.getByRole("button", { name: "Create account" }).click();
  await page.waitForURL(/\/w\//);
  return email;
}

async function anotherBrowser(browser: Browser): Promise<Page> {
  return (await browser.newContext({ locale: "en" })).newPage();
}

async function logIn(page: Page, url: string, email: string, password: string): Promise<void> {
  await page.goto(new URL("/login", url).href);
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Log in", exact: true }).click();
}

test("another password ends every other log-in, and only the new one opens", async ({
  page,
  browser,
  program,
}) => {
  const email = await signUp(page, program.url, "Thu");
  const other = await anotherBrowser(browser);
  await logIn(other, program.url, email, PASSWORD);
  await other.waitForURL(/\/w\//);

  await page.goto("/settings/profile");
  const sessions = page.getByRole("region", { name: "Where you are logged in" });
  await expect(sessions.getByRole("listitem")).toHaveCount(2);
  await expect(sessions.getByText("Chrome on Linux")).toHaveCount(2);
  await page.getByLabel("Current password").fill("a wrong one");
  await page.getByLabel("New password").fill("a much better passphrase");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("The current password is not right.")).toBeVisible();
  await page.getByLabel("Current password").fill(PASSWORD);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(sessions.getByRole("listitem")).toHaveCount(1);

  await other.reload();
  await expect(other).toHaveURL(/\/login/);
  await logIn(other, program.url, email, PASSWORD);
  await expect(other.getByText("This e-mail and password do not belong together.")).toBeVisible();
  await logIn(other, program.url, email, "a much better passphrase");
  await other.waitForURL(/\/w\//);
});

test("a log-in that is ended elsewhere is out", async ({ page, browser, program }) => {
  const email = await signUp(page, program.url, "Nam");
  const other = await anotherBrowser(browser);
  await logIn(other, program.url, email, PASSWORD);
  await other.waitForURL(/\/w\//);
  await page.goto("/settings/profile");
  await page.getByRole("button", { name: "End the log-in of Chrome on Linux" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "End log-in" }).click();
  await expect(page.getByRole("button", { name: /End the log-in/ })).toHaveCount(0);
  await other.reload();
  await expect(other).toHaveURL(/\/login/);
});

test("who has an account joins by logging in on the invitation's page", async ({
  page,
  browser,
  program,
  openDemo,
}) => {
  // Three browsers.
  test.slow();
  const theirs = await anotherBrowser(browser);
  await signUp(theirs, program.url, "Vy");
  const workspaceId = await openDemo(page);
  await page.goto(`/w/${workspaceId}/settings/members`);
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  await page.getByRole("dialog").getByLabel("E-mail").fill("vy@example.com");
  await page.getByRole("button", { name: "Make invitation" }).click();
  const link = (await page.getByText(/invitation#token=/).textContent()) ?? "";

  const elsewhere = await anotherBrowser(browser);
  await elsewhere.goto(link);
  await elsewhere.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await elsewhere.getByRole("button", { name: "Log in and join" }).click();
  await elsewhere.waitForURL((url) => url.pathname.startsWith(`/w/${workspaceId}`));

  await theirs.reload();
  await theirs.getByRole("button", { name: /^Workspace/ }).click();
  await expect(theirs.getByRole("menuitem", { name: /Demo shop/ })).toBeVisible();
});

test("where no mail is sent, a forgotten password is the operator's to mend", async ({ page }) => {
  await page.goto("/login");
  await page.getByRole("link", { name: "Forgot your password?" }).click();
  await expect(page.getByText("nhip user password-link")).toBeVisible();
});

/** A program that mails, ended even where its story runs out of time. */
const testMails = test.extend<{ mailing: { post: PostOffice; url: string } }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what it takes
  mailing: async ({}, use) => {
    const post = await openPostOffice();
    const program = await startProgram({ NHIP_SMTP_URL: post.url, NHIP_SMTP_FROM: "nhip@example.com" });
    await use({ post, url: program.url });
    await program.stop();
    await post.stop();
  },
});

testMails(
  "a forgotten password is replaced over the mailed link, which works once",
  async ({ page, browser, mailing: { post, url } }) => {
    test.slow();
    const email = await signUp(page, url, "Kim");
    const other = await anotherBrowser(browser);
    await other.goto(`${url}/login`);
    await other.getByRole("link", { name: "Forgot your password?" }).click();
    // The log-in page, too, has a field of that name.
    await expect(other.getByRole("heading", { name: "Forgot your password?" })).toBeVisible();
    await other.getByLabel("E-mail").fill(email);
    await other.getByRole("button", { name: "Send the link" }).click();
    await expect(other.getByText("a link is on its way")).toBeVisible();
    const link = await post.linkFor(email);

    await other.goto(link);
    await other.getByLabel("New password").fill("a much better passphrase");
    await other.getByRole("button", { name: "Save and log in" }).click();
    await other.waitForURL(/\/w\//);
    await page.reload();
    await expect(page).toHaveURL(/\/login/);
    await logIn(page, url, email, "a much better passphrase");
    await page.waitForURL(/\/w\//);

    const late = await anotherBrowser(browser);
    await late.goto(link);
    await late.getByLabel("New password").fill("yet another passphrase");
    await late.getByRole("button", { name: "Save and log in" }).click();
    await expect(late.getByText("This link was used already or has expired.")).toBeVisible();
  },
);
