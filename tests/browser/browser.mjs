// An installed Chromium with GraphiQL open in it.
import { chromium } from 'playwright-core';

const FLAGS = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-gpu',
  '--disable-quic',
  '--disable-sync',
  '--no-first-run',
  '--no-sandbox',
];
const TIMEOUT_MS = 30_000;

/** What the page did that it must not do: errors it logged, and hosts other than its own that it asked. */
function watch(page, host) {
  const seen = { errors: [], foreignRequests: [], sockets: [] };
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) seen.errors.push(message.text());
  });
  page.on('pageerror', (error) => seen.errors.push(String(error)));
  page.on('websocket', (socket) => seen.sockets.push(new URL(socket.url()).host));
  page.on('requestfailed', (request) => {
    const { errorText } = request.failure();
    // Leaving a page aborts what it still loads.
    if (errorText !== 'net::ERR_ABORTED') seen.errors.push(`${request.url()}: ${errorText}`);
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (/^(http|ws)/.test(url.protocol) && url.host !== host) seen.foreignRequests.push(url.href);
  });
  return seen;
}

/** Opens GraphiQL in a fresh profile that reaches no host but the page's, and waits for its editor. */
export async function openGraphiQL(url, { executablePath, colorScheme = 'light', scale = 1, viewport } = {}) {
  const { host } = new URL(url);
  const browser = await chromium.launch({ args: FLAGS, executablePath, timeout: TIMEOUT_MS });
  const context = await browser.newContext({
    colorScheme,
    deviceScaleFactor: scale,
    viewport: viewport ?? { width: 1280, height: 800 },
  });
  context.setDefaultTimeout(TIMEOUT_MS);
  await context.route((address) => address.host !== host, (route) => route.abort());
  // The editors draw the lines in sight only; their models have the whole text.
  await context.addInitScript(() => {
    globalThis.editorModel = (ending) =>
      globalThis.__MONACO.editor.getModels().find((model) => model.uri.path.endsWith(ending));
  });
  const page = await context.newPage();
  const seen = watch(page, host);
  await page.goto(url);
  await editorIsReady(page);
  return { browser, context, page, seen };
}

/** The editor stands and the schema is there: its button spins until the introspection is answered. */
export async function editorIsReady(page) {
  await page.locator('.graphiql-query-editor .view-lines').waitFor();
  await page.locator('.graphiql-spin').waitFor({ state: 'detached' });
}

/** The text of an editor: operation.graphql, variables.json, request-headers.json or response.json. */
export function readEditor(page, name) {
  return page.evaluate((ending) => globalThis.editorModel(ending).getValue(), name);
}

export function writeEditor(page, name, text) {
  return page.evaluate(([ending, value]) => globalThis.editorModel(ending).setValue(value), [name, text]);
}

/** Waits until GraphiQL has understood the operation in the editor: the tab bears its name then. */
export function operationIsKnown(page, name) {
  return page.locator('.graphiql-tab-active', { hasText: name }).waitFor();
}

export async function writeOperation(page, query) {
  await writeEditor(page, 'operation.graphql', query);
  const name = /(?:query|mutation|subscription)\s+(\w+)/.exec(query)?.[1];
  if (name) await operationIsKnown(page, name);
}

export async function startRun(page) {
  await writeEditor(page, 'response.json', '');
  await page.getByRole('button', { name: /^Execute query/ }).click();
}

/** The next response that holds the text. */
export async function responseWith(page, text) {
  await page.waitForFunction((part) => globalThis.editorModel('response.json').getValue().includes(part), text);
  return JSON.parse(await readEditor(page, 'response.json'));
}

/** Presses Run and gives the response, the last one of a subscription, once all is done. */
export async function run(page) {
  await startRun(page);
  await page.waitForFunction(() => globalThis.editorModel('response.json').getValue() !== '');
  await page.getByRole('button', { name: /^Execute query/ }).waitFor();
  return JSON.parse(await readEditor(page, 'response.json'));
}

/** Takes the steps one after the other and prints what each gave, or how it failed, and what the page did. */
export async function report(steps, { browser, seen }) {
  const found = {};
  for (const [name, step] of Object.entries(steps)) {
    try {
      found[name] = await step();
    } catch (error) {
      found[name] = { failed: String(error) };
    }
  }
  await browser.close();
  console.log(JSON.stringify({ ...found, seen }));
}
