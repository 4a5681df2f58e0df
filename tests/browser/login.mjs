// Logs in and out as a person would and prints what was seen as JSON: node login.mjs URL CHROMIUM PASSWORD
import {
  alert,
  ask,
  askElsewhere,
  changeSession,
  countRefreshes,
  form,
  logIn,
  openTab,
  reload,
  sharedSession,
  standing,
  submit,
} from './account.mjs';
import { openGraphiQL, report, responseWith, startRun, writeOperation } from './browser.mjs';

const [url, executablePath, password] = process.argv.slice(2);
const visit = await openGraphiQL(url, { executablePath });
const { context, page } = visit;

const ME = 'query Who { me { username role } }';
const COUNT = 'query Count { faults { totalCount } }';
const WATCH = 'subscription Watch { ticks { user number } }';
let second;

const steps = {
  async nobody() {
    const offered = await form(page).isVisible();
    return { offered, open: await ask(page, ME), closed: await ask(page, COUNT) };
  },

  async wrongPassword() {
    await submit(page, 'ada', 'not-the-password');
    const said = await alert(page).innerText();
    return { said, session: await sharedSession(page), offered: await form(page).isVisible() };
  },

  async logIn() {
    await submit(page, 'ADA@example.com', password, { byKey: true });
    const said = await standing(page).innerText();
    return { said, alerts: await alert(page).count(), response: await ask(page, ME) };
  },

  async socket() {
    await writeOperation(page, WATCH);
    await startRun(page);
    const response = await responseWith(page, 'ada');
    await page.getByRole('button', { name: /^Stop query/ }).click();
    return response.data.ticks.user;
  },

  async alert() {
    const since = new Date().toISOString();
    await writeOperation(page, `subscription New { alertAdded(since: "${since}") { alert { device } } }`);
    await startRun(page);
    const input = '{ device: "Chiller 7", level: HIGH, message: "Too warm" }';
    const { accessToken } = await sharedSession(page);
    await askElsewhere(url, `mutation { createAlert(input: ${input}) { alert { id } } }`, accessToken);
    const response = await responseWith(page, 'Chiller 7');
    await page.getByRole('button', { name: /^Stop query/ }).click();
    return response;
  },

  async keptSecrets() {
    await ask(page, 'mutation Typed { login(input: {login: "x", password: "typed-secret"}) { userErrors { code } } }');
    await page.waitForFunction(() => localStorage.getItem('graphiql:tabState').includes('mutation Typed'));
    const kept = await page.evaluate(() => JSON.stringify([localStorage, sessionStorage]));
    const { accessToken, refreshToken } = await sharedSession(page);
    const secrets = { accessToken, password, refreshToken, typed: 'typed-secret' };
    const times = ([name, secret]) => [name, kept.split(secret).length - 1];
    return { ...Object.fromEntries(Object.entries(secrets).map(times)), address: page.url() === url };
  },

  async secondTab() {
    second = await openTab(context, url);
    const shown = { said: await standing(second).innerText(), response: await ask(second, ME) };
    await page.bringToFront(); // browsers slow down what is out of sight
    return shown;
  },

  async staleTokenInBothTabs() {
    await changeSession(page, { accessToken: 'stale' });
    await Promise.all([reload(page), reload(second)]);
    const count = countRefreshes(context);
    const responses = await Promise.all([ask(page, COUNT), ask(second, COUNT)]);
    return { responses, ...count };
  },

  async refreshFails() {
    const isRefresh = (route) => route.request().postData()?.includes('refreshSession');
    await changeSession(page, { accessToken: 'stale' });
    await reload(page);
    await page.route('**/graphql', (route) => (isRefresh(route) ? route.abort() : route.fallback()));
    const meanwhile = await ask(page, COUNT);
    const said = await standing(page).innerText();
    await page.unrouteAll();
    return { meanwhile, said, later: await ask(page, COUNT) };
  },

  async pastedToken() {
    await page.getByRole('button', { name: 'Use a token' }).click();
    await page.getByLabel('Access token').fill('no-token-of-ours');
    await page.getByRole('button', { name: 'Use it' }).click();
    const refused = { said: await standing(page).innerText(), alert: await alert(page).innerText() };
    const answer = await ask(page, COUNT);
    await page.getByRole('button', { name: 'Use another' }).click();
    await page.getByLabel('Access token').fill((await sharedSession(page)).accessToken);
    await page.getByRole('button', { name: 'Use it' }).click();
    const accepted = await page.getByText('Using a token of').innerText();
    await page.getByRole('button', { name: 'Forget it' }).click();
    return { refused, answer, accepted, afterwards: await standing(page).innerText() };
  },

  async endedElsewhere() {
    await askElsewhere(url, 'mutation { logout }', (await sharedSession(page)).accessToken);
    await ask(page, COUNT);
    await form(second).waitFor();
    return { said: await alert(page).innerText(), inSecondTab: await alert(second).innerText() };
  },

  async endedDuringSubscription() {
    await logIn(page, 'ada', password);
    await writeOperation(page, WATCH);
    await startRun(page);
    await responseWith(page, 'ada');
    await askElsewhere(url, 'mutation { logout }', (await sharedSession(page)).accessToken);
    await form(page).waitFor();
    await page.getByRole('button', { name: /^Execute query/ }).waitFor();
    return { said: await alert(page).innerText() };
  },

  async logOut() {
    await logIn(page, 'ada', password);
    await standing(second).waitFor();
    const { accessToken } = await sharedSession(page);
    const answered = page.waitForResponse((response) => response.request().postData()?.includes('logout'));
    await page.getByRole('button', { name: 'Log out' }).click();
    await answered;
    await form(second).waitFor();
    return {
      alerts: await alert(page).count(),
      inSecondTab: await alert(second).innerText(),
      session: await sharedSession(page),
      oldToken: await askElsewhere(url, COUNT, accessToken),
    };
  },

  async tooManyAttempts() {
    for (let attempt = 0; attempt < 6; attempt += 1) {
      const answered = page.waitForResponse((response) => response.request().postData()?.includes('Login'));
      await submit(page, 'grace', 'guessed');
      await (await answered).finished();
    }
    await page.getByText('Too many attempts').waitFor();
    const said = await alert(page).innerText();
    return { said, blocked: await page.getByRole('button', { name: 'Log in', exact: true }).isDisabled() };
  },
};

await report(steps, visit);
