// GraphiQL's account bar, and the session that its tabs share.
import { editorIsReady, run, writeOperation } from './browser.mjs';

export const alert = (page) => page.locator('.ecoctrl-notice');
export const form = (page) => page.getByLabel('Name or e-mail');
export const standing = (page) => page.getByText(/^(Logged in as|Using a token)/);

/** Fills in the form and sends it, by the key or the button. */
export async function submit(page, name, password, { byKey = false } = {}) {
  await form(page).fill(name);
  await page.getByLabel('Password').fill(password);
  if (byKey) await page.getByLabel('Password').press('Enter');
  else await page.getByRole('button', { name: 'Log in', exact: true }).click();
}

export async function logIn(page, name, password) {
  await submit(page, name, password);
  await standing(page).waitFor();
  await editorIsReady(page);
}

export async function reload(page) {
  await page.reload();
  await editorIsReady(page);
}

/** Another browser tab with the page. */
export async function openTab(context, url, prepare = async () => {}) {
  const page = await context.newPage();
  await prepare(page);
  await page.goto(url);
  await editorIsReady(page);
  return page;
}

export async function ask(page, query) {
  await writeOperation(page, query);
  return run(page);
}

/** What the tabs share; null after a logout. */
export function sharedSession(page) {
  return page.evaluate(() => JSON.parse(localStorage.getItem('ecoctrl.session')));
}

/** Changes the shared session behind the page's back; a reload makes the page believe it. */
export function changeSession(page, changes) {
  return page.evaluate((values) => {
    const session = { ...JSON.parse(localStorage.getItem('ecoctrl.session')), ...values };
    localStorage.setItem('ecoctrl.session', JSON.stringify(session));
  }, changes);
}

/** Runs an operation as another program would that holds this access token. */
export async function askElsewhere(url, query, accessToken) {
  const response = await fetch(url, {
    body: JSON.stringify({ query }),
    headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
    method: 'POST',
  });
  return response.json();
}

/** Counts the refreshes that any tab asks for from now on. */
export function countRefreshes(context) {
  const count = { refreshes: 0 };
  context.on('request', (request) => {
    if (request.postData()?.includes('refreshSession')) count.refreshes += 1;
  });
  return count;
}
