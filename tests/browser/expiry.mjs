// Stays logged in while access tokens expire after six seconds: node expiry.mjs URL CHROMIUM PASSWORD
import {
  ask,
  askElsewhere,
  changeSession,
  countRefreshes,
  logIn,
  openTab,
  reload,
  sharedSession,
  standing,
} from './account.mjs';
import { openGraphiQL, report, responseWith, startRun, writeOperation } from './browser.mjs';

const [url, executablePath, password] = process.argv.slice(2);
const visit = await openGraphiQL(url, { executablePath });
const { context, page, seen } = visit;

const COUNT = 'query Count { faults { totalCount } }';
const WATCH = 'subscription Watch { ticks { user number } }';
const pings = [];
page.on('websocket', (socket) =>
  socket.on('framesent', ({ payload }) => {
    const message = JSON.parse(payload);
    if (message.type === 'ping') pings.push(Object.keys(message.payload));
  }),
);

async function watch(tab) {
  await writeOperation(tab, WATCH);
  await startRun(tab);
}

async function stop(tab) {
  await tab.getByRole('button', { name: /^Stop query/ }).click();
}

/** Makes the page miss the time to renew, as a machine that slept. */
async function oversleep() {
  await changeSession(page, { renewAt: Date.now() + 3_600_000 });
  await reload(page);
}

const steps = {
  async renewedInBand() {
    await logIn(page, 'ada', password);
    await watch(page);
    // Each takes 0.2 s: by then the first token has expired, and the second one is in use.
    const response = await responseWith(page, '"number": 45');
    await stop(page);
    return { response, sockets: seen.sockets.length, pings: pings.slice(0, 1), said: await standing(page).innerText() };
  },

  async expiredSocket() {
    await oversleep();
    const reopened = new Promise((resolve) => {
      const before = seen.sockets.length;
      page.on('websocket', () => seen.sockets.length >= before + 2 && resolve());
    });
    await watch(page);
    await reopened;
    const response = await responseWith(page, '"number": 5');
    await stop(page);
    return { response, said: await standing(page).innerText() };
  },

  async expiredRequest() {
    await oversleep();
    const { accessToken } = await sharedSession(page);
    while (!(await askElsewhere(url, COUNT, accessToken)).errors) await page.waitForTimeout(100);
    const count = countRefreshes(context);
    return { response: await ask(page, COUNT), refreshed: count.refreshes > 0 };
  },

  async eventsWithoutSockets() {
    const tab = await openTab(context, url, (fresh) =>
      fresh.addInitScript(() => {
        // A proxy that lets no websocket through: the page's policy refuses this address at once.
        const Real = WebSocket;
        globalThis.WebSocket = class extends Real {
          constructor(_, protocol) {
            super('ws://127.0.0.1:9/', protocol);
          }
        };
      }),
    );
    await watch(tab);
    const response = await responseWith(tab, '"number": 3');
    await stop(tab);
    await tab.close();
    return response.data.ticks.user;
  },
};

await report(steps, visit);
