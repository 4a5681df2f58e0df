// Uses GraphiQL as a person would and prints what was seen as JSON: node graphiql.mjs URL CHROMIUM
import {
  editorIsReady,
  openGraphiQL,
  operationIsKnown,
  readEditor,
  report,
  responseWith,
  run,
  startRun,
  writeEditor,
  writeOperation,
} from './browser.mjs';

const [url, executablePath] = process.argv.slice(2);
const { browser, context, page, seen } = await openGraphiQL(url, { executablePath });

async function chooseExample(name, operation) {
  await page.getByRole('button', { name: 'Examples' }).click();
  await page.getByRole('menuitem', { name }).click();
  await operationIsKnown(page, operation);
}

async function useToken(token) {
  await page.getByRole('button', { name: /^Use (a token|another)/ }).click();
  const hint = await page.locator('#ecoctrl-hint').innerText();
  await page.getByLabel('Access token').fill(token);
  await page.getByLabel('Access token').press('Enter');
  await page.getByText('Using a token').waitFor();
  await editorIsReady(page);
  return hint;
}

async function openPanel(name) {
  await page.getByRole('button', { name: `Show ${name}` }).click();
  return page.locator('.graphiql-plugin');
}

const steps = {
  async firstVisit() {
    const query = await readEditor(page, 'operation.graphql');
    const hint = await page.locator('.ecoctrl-hint').innerText();
    return { title: await page.title(), hint, query, response: await run(page) };
  },

  async examples() {
    await page.getByRole('button', { name: 'Examples' }).click();
    const names = await page.getByRole('menuitem').allInnerTexts();
    await page.keyboard.press('Escape');
    return names;
  },

  async example() {
    await chooseExample('One floor', 'Floor');
    const variables = JSON.parse(await readEditor(page, 'variables.json'));
    return { variables, response: await run(page), tabs: await page.getByRole('tab').count() };
  },

  async exampleBesideOwnQuery() {
    await writeOperation(page, 'query Mine { building { name } }');
    await chooseExample('A building and its floors', 'Building');
    return { tabs: (await page.locator('.graphiql-tab').allInnerTexts()).map((text) => text.trim()) };
  },

  async documentation() {
    const panel = await openPanel('Documentation Explorer');
    await panel.getByRole('link', { name: 'Query', exact: true }).click();
    await panel.getByRole('link', { name: 'Building', exact: true }).first().click();
    await panel.getByText('floors').waitFor();
    return panel.innerText();
  },

  async explorer() {
    const panel = await openPanel('GraphiQL Explorer');
    await panel.getByText('building', { exact: true }).first().waitFor();
    return panel.innerText();
  },

  async history() {
    const panel = await openPanel('History');
    await panel.getByRole('listitem').first().waitFor();
    return panel.getByRole('listitem').allInnerTexts();
  },

  async subscription() {
    await writeOperation(page, 'subscription Count { count(to: 3) }');
    return run(page);
  },

  async tokenByHttp() {
    const hint = await useToken(' Bearer box-token ');
    await writeOperation(page, 'query Who { authorization }');
    return { hint, response: await run(page) };
  },

  async tokenBySocket() {
    await writeOperation(page, 'subscription WhoOnce { connectionAuthorization }');
    return run(page);
  },

  async tokenChangesDuringSubscription() {
    await writeOperation(page, 'subscription WhoOpen { connectionAuthorization(stay: true) }');
    await startRun(page);
    const before = await responseWith(page, 'box-token');
    await useToken('other-token');
    const after = await responseWith(page, 'other-token');
    await page.getByRole('button', { name: /^Stop query/ }).click();
    return { before, after };
  },

  async headersTab() {
    await writeEditor(page, 'request-headers.json', '{"Authorization": "Bearer tab-token"}');
    await writeOperation(page, 'query WhoTab { authorization }');
    const http = await run(page);
    await writeOperation(page, 'subscription WhoTabOnce { connectionAuthorization }');
    return { http, socket: await run(page) };
  },

  async refusedSocket() {
    await writeEditor(page, 'request-headers.json', '{"Authorization": "Bearer refused"}');
    await writeOperation(page, 'subscription Refused { connectionAuthorization }');
    return run(page);
  },

  async reload() {
    await page.reload();
    await editorIsReady(page);
    return {
      stillUsed: await page.getByText('Using a token').isVisible(),
      local: await page.evaluate(() => JSON.stringify(localStorage)),
      history: await page.locator('.graphiql-plugin').getByRole('listitem').count(),
    };
  },

  async clearedStorage() {
    await page.evaluate(() => localStorage.setItem('other', 'kept'));
    await page.getByRole('button', { name: 'Open settings dialog' }).click();
    await page.getByRole('button', { name: 'Clear data' }).click();
    await page.getByText('Cleared data').waitFor();
    await page.keyboard.press('Escape');
    return page.evaluate(() => Object.keys(localStorage));
  },

  async newBrowserTab() {
    const other = await context.newPage();
    await other.goto(url);
    await editorIsReady(other);
    const login = await other.getByLabel('Name or e-mail').isVisible();
    await other.close();
    return { login };
  },

  async darkTheme() {
    const background = () =>
      page.locator('.ecoctrl-bar').evaluate((element) => getComputedStyle(element).backgroundColor);
    const light = await background();
    await page.emulateMedia({ colorScheme: 'dark' });
    return { light, dark: await background() };
  },
};

await report(steps, { browser, seen });
